"""``snapline log``."""

from __future__ import annotations

import json
from pathlib import Path

import click

from snapline.app.history import History, history
from snapline.app.project import Project
from snapline.app.running import Floor
from snapline.base import wire
from snapline.base.errors import ExitStatus
from snapline.cli import events
from snapline.cli.options import reports
from snapline.cli.output import Output
from snapline.cli.verbs import Command

_TAIL = 40


@click.command(
    cls=Command,
    short_help="Tell the story of a task: events, verdicts, and what its agent printed.",
    examples=(
        ("snapline log retry-uploads/T1", "Everything about a task, and the end of its last agent's output."),
        ("snapline log retry-uploads/T1#1 --full", "The whole output of its first attempt."),
        ("snapline log retry-uploads/T1 --prompt", "The prompt that the last attempt was given."),
    ),
)
@click.argument("task")
@click.option("--full", is_flag=True, help=f"All of the agent's output instead of its last {_TAIL} lines.")
@click.option("--prompt", is_flag=True, help="Only the prompt of the attempt.")
@reports
def command(output: Output, task: str, *, full: bool, prompt: bool) -> ExitStatus:
    """Tell what happened to TASK (or to one attempt, TASK#N), in order.

    What the agent printed is shown without its terminal escapes; it is no evidence of anything.
    """
    found = history(Floor(Project.discover(Path.cwd())), task)
    if output.as_json:
        output.document(_document(found))
    elif prompt:
        output.line(found.prompt.rstrip("\n"))
    else:
        _show(output, found, full=full)
    return ExitStatus.DONE


def _document(found: History) -> dict[str, object]:
    return {
        "version": 1,
        "task": found.task,
        "run": found.run,
        "events": [
            {"at": one.at, "kind": one.kind, "subject": one.subject, "body": dict(one.body)} for one in found.events
        ],
        "attempts": [json.loads(wire.encode(one)) for one in found.attempts],
        "prompt": found.prompt,
        "output": found.output,
    }


def _show(output: Output, found: History, *, full: bool) -> None:
    for event in found.events:
        if not events.is_claim(event):
            output.line(f"{event.at}  {events.line(event)}")
    for attempt in found.attempts:
        output.line(f"\n{attempt.attempt} by {attempt.agent}: {attempt.outcome or 'at work'}: {attempt.words}")
        for row in attempt.verdicts:
            words = f"  {row.message.splitlines()[0]}" if row.message else ""
            output.line(f"  {row.id:<12} {row.verdict}{words}")
    lines = found.output.splitlines()
    if not lines:
        return
    shown = lines if full else lines[-_TAIL:]
    left = len(lines) - len(shown)
    more = f", its last {len(shown)} lines (--full shows {left} more)" if left else ""
    output.line(f"\nOutput of {found.shown}{more}:")
    for line in shown:
        output.line(f"  {line}")
