"""``snapline status``."""

from __future__ import annotations

from pathlib import Path

import click

from snapline.app.project import Project
from snapline.app.readmodel import find_task, repository_runs
from snapline.app.running import Floor
from snapline.base.errors import ExitStatus
from snapline.base.ids import RunId
from snapline.cli.options import reports
from snapline.cli.output import Output
from snapline.cli.standing import document, show
from snapline.cli.verbs import Command
from snapline.engine.dispatch import UNFINISHED

_RECENT = 5


@click.command(
    cls=Command,
    short_help="Show where runs and their tasks stand.",
    examples=(
        ("snapline status", "What is unfinished, and the latest runs."),
        ("snapline status retry-uploads", "All runs of one spec."),
        ("snapline status retry-uploads/T1 --json", "The run of one task, for a program."),
    ),
)
@click.argument("name", metavar="[SPEC|TASK]", required=False)
@reports
def command(output: Output, name: str | None) -> ExitStatus:
    """Show the runs of this repository: each task with its attempts, what it waits for and what to do next.

    Looking changes nothing.
    """
    floor = Floor(Project.discover(Path.cwd()))
    statuses = floor.statuses(_wanted(floor, name))
    if output.as_json:
        output.document(document(statuses))
    if not statuses:
        output.line("Nothing was dispatched here yet. Next: snapline run SPEC")
    stopped = not floor.at_work()
    for one in statuses:
        show(output, one, stopped=stopped)
    return ExitStatus.DONE


def _wanted(floor: Floor, name: str | None) -> tuple[RunId, ...]:
    """The runs that are meant: of a spec, of a task, or the unfinished and the latest ones."""
    rows = repository_runs(floor.database, floor.project.id, name)
    if name is None:
        recent = {row.id for row in rows[-_RECENT:]}
        return tuple(RunId(row.id) for row in rows if row.state in UNFINISHED or row.id in recent)
    if rows:
        return tuple(RunId(row.id) for row in rows)
    return (RunId(find_task(floor.database, floor.project.id, name).run),)
