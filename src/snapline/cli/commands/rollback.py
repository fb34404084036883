"""``snapline rollback``."""

from __future__ import annotations

from pathlib import Path

import click

from snapline.app.fence import refuse_inside_attempt
from snapline.app.judging import roll_back, rollback_report
from snapline.app.project import Project
from snapline.app.running import Floor
from snapline.base import wire
from snapline.base.clock import SystemClock
from snapline.base.errors import ExitStatus
from snapline.cli.options import reports
from snapline.cli.output import Output
from snapline.cli.runs import finish, stay_quiet
from snapline.cli.verbs import Command
from snapline.recover.report import exit_status, render
from snapline.store.states import RunState


@click.command(
    cls=Command,
    short_help="Carry out a landed spec's failure plan, and prove it.",
    examples=(
        ("snapline rollback retry-uploads", "As its failure plan says; without one, one revert commit."),
        ("snapline rollback retry-uploads --revert", "Revert, where the plan is prose that nobody can carry out."),
    ),
)
@click.argument("spec")
@click.option("--revert", is_flag=True, help="Make the revert commit although the plan is only prose.")
@click.option("--by", metavar="NAME", help="Who rolls back. [default: your name in git]")
@reports
def command(output: Output, spec: str, *, revert: bool, by: str | None) -> ExitStatus:
    """Carry out the failure plan of SPEC on its latest landing, and say what that proved.

    Commands of the plan run in their written order; the landing is taken back by one revert commit; then `Verify
    rollback` and the regression checks run on what came of it. A revert that conflicts touches nothing.
    """
    refuse_inside_attempt()
    floor = Floor(Project.discover(Path.cwd()))
    run = roll_back(floor, spec, by, SystemClock(), revert=revert)
    status = stay_quiet(output, floor, [run])[0]
    report = rollback_report(floor, run)
    if report is None:
        output.error("rollback-waits", status.detail or f"run {run} is {status.state}", "Mend that, and ask again.")
        return finish(floor, ExitStatus.WAITS)
    if output.as_json:
        output.document(wire.encode(report))
    output.line(render(report).rstrip("\n"))
    ended = exit_status(report)
    return finish(floor, ended if status.state is RunState.ROLLED_BACK or ended else ExitStatus.WAITS)
