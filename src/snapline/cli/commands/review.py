"""``snapline review``."""

from __future__ import annotations

from pathlib import Path

import click

from snapline.app.judging import review
from snapline.app.project import Project
from snapline.app.running import Floor
from snapline.base import wire
from snapline.base.errors import ExitStatus
from snapline.cli.options import reports
from snapline.cli.output import Output
from snapline.cli.verbs import Command
from snapline.review.text import render


@click.command(
    cls=Command,
    short_help="Show a task's candidate against its spec, clause by clause.",
    examples=(
        ("snapline review retry-uploads/T1", "Each criterion with its evidence, the files nothing explains, the diff."),
        ("snapline review retry-uploads/T1#1", "An earlier attempt."),
    ),
)
@click.argument("task")
@reports
def command(output: Output, task: str) -> ExitStatus:
    """Show the review packet of TASK: clause, verdict, evidence and diff, and what the agent said.

    Judge it with `snapline accept` or `snapline reject`. Looking changes nothing.
    """
    packet = review(Floor(Project.discover(Path.cwd())), task)
    if output.as_json:
        output.document(wire.encode(packet))
    output.line(render(packet).rstrip("\n"))
    return ExitStatus.DONE
