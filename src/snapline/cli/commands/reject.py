"""``snapline reject``."""

from __future__ import annotations

from pathlib import Path

import click

from snapline.app.fence import refuse_inside_attempt
from snapline.app.judging import reject
from snapline.app.project import Project
from snapline.app.running import Floor
from snapline.base.clock import SystemClock
from snapline.base.errors import ExitStatus, UsageFault
from snapline.cli.options import reports
from snapline.cli.output import Output
from snapline.cli.runs import stay
from snapline.cli.verbs import Command


@click.command(
    cls=Command,
    short_help="Send a task back to its agent, with your reasons.",
    examples=(("snapline reject retry-uploads/T1 --because 'the retry has no upper bound'", "The agent reads that."),),
)
@click.argument("task")
@click.option("--because", metavar="TEXT", required=True, help="What is wrong; goes to the agent as it stands.")
@click.option("--by", metavar="NAME", help="Who rejects. [default: your name in git]")
@reports
def command(output: Output, task: str, because: str, by: str | None) -> ExitStatus:
    """Reject the candidate of TASK: the next attempt begins with it, and with your words.

    What is already integrated or landed cannot be rejected; `snapline rollback` takes a landing back.
    """
    refuse_inside_attempt()
    if not because.strip():
        raise UsageFault("a rejection needs a reason", hint="It is all that the next attempt has to go by.")
    floor = Floor(Project.discover(Path.cwd()))
    return stay(output, floor, [reject(floor, task, because, by, SystemClock())])
