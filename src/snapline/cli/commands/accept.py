"""``snapline accept``."""

from __future__ import annotations

from pathlib import Path

import click

from snapline.app.fence import refuse_inside_attempt
from snapline.app.judging import accept
from snapline.app.project import Project
from snapline.app.running import Floor
from snapline.base.clock import SystemClock
from snapline.base.errors import ExitStatus
from snapline.base.ids import ClauseId
from snapline.cli.options import reports
from snapline.cli.output import Output
from snapline.cli.runs import stay
from snapline.cli.verbs import Command


@click.command(
    cls=Command,
    short_help="Accept what waits for a person, vouching for criteria.",
    examples=(
        ("snapline accept retry-uploads/T1", "The review is done."),
        ("snapline accept retry-uploads/T1 --sign A3 --sign A4", "And A3 and A4 hold: you looked at it."),
    ),
)
@click.argument("task", metavar="TASK|SPEC")
@click.option("--sign", metavar="ID", multiple=True, help="A criterion that you vouch for; repeatable.")
@click.option("--by", metavar="NAME", help="Who accepts. [default: your name in git]")
@reports
def command(output: Output, task: str, sign: tuple[str, ...], by: str | None) -> ExitStatus:
    """Accept the candidate of TASK, and go on with its run.

    You can sign what only a person can judge; no word turns a failed check into a pass. The sign-off is a record of
    your name, the commit and the criteria.
    """
    refuse_inside_attempt()
    floor = Floor(Project.discover(Path.cwd()))
    signed = tuple(ClauseId(one.strip()) for given in sign for one in given.split(","))
    return stay(output, floor, [accept(floor, task, signed, by, SystemClock())])
