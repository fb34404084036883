"""``snapline run``."""

from __future__ import annotations

from pathlib import Path

import click

from snapline.app.dispatching import Orders, dispatch
from snapline.app.fence import refuse_inside_attempt
from snapline.app.judging import retry_mended
from snapline.app.project import Project
from snapline.app.running import Floor
from snapline.base.clock import SystemClock
from snapline.base.errors import ExitStatus
from snapline.cli.options import reports
from snapline.cli.output import Output
from snapline.cli.runs import stay
from snapline.cli.verbs import Command


@click.command(
    cls=Command,
    short_help="Dispatch approved specs to agents, and stay until they have ended.",
    examples=(
        ("snapline run retry-uploads --agent codex", "With an agent that Snapline knows."),
        ("snapline run retry-uploads --agent-cmd './my-agent --yes'", "With any command; the prompt is its stdin."),
        ("snapline run retry-uploads auth-tokens --slots 4", "Several specs, four attempts at once."),
        ("snapline run retry-uploads", "Again, after Ctrl-C or a crash: goes on where it was."),
    ),
)
@click.argument("specs", metavar="SPEC...", nargs=-1, required=True)
@click.option("--agent", metavar="NAME", help="The agent for tasks that name none.")
@click.option("--agent-cmd", metavar="CMD", help="A command for `bash -c` in the workspace, as the agent.")
@click.option("--slots", type=click.IntRange(1, 1000), help="How many attempts run at once. [default: the lane's]")
@reports
def command(output: Output, specs: tuple[str, ...], **options: str | int | None) -> ExitStatus:
    """Give each task of SPEC to an agent in a workspace of its own, verify what comes back, and land it.

    CMD gets the prompt on stdin and its path in SNAPLINE_PROMPT_FILE. What an agent says, and its exit status, decide
    nothing: the criteria do, run by us in fresh checkouts. Exits 0 when all has landed, 1 when a task failed, 5 when a
    person has to decide. A second `snapline run` follows the first.
    """
    refuse_inside_attempt()
    project = Project.discover(Path.cwd())
    floor = Floor(project)
    orders = Orders(specs, **options)  # type: ignore[arg-type]
    runs = dispatch(project, floor.database, orders, SystemClock(), output.note)
    for one in runs:
        retry_mended(floor, one, SystemClock())
    return stay(output, floor, runs)
