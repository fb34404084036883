"""Runs as people read them, and the way of every verb that stays until its work has ended or waits."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterable
from typing import NoReturn

from snapline.app.readmodel import RunStatus, TaskStatus, exit_status
from snapline.app.running import Floor
from snapline.base import wire
from snapline.base.errors import ExitStatus
from snapline.base.ids import RunId, short
from snapline.cli import live
from snapline.cli.output import Output
from snapline.store.states import RunState, TaskState, Waiting

_COLOURS = {
    TaskState.DONE: "green",
    TaskState.INTEGRATED: "green",
    TaskState.FAILED: "red",
    TaskState.QUARANTINED: "red",
    TaskState.WAITING: "yellow",
}


def stay(output: Output, floor: Floor, runs: Iterable[RunId]) -> ExitStatus:
    """Work on runs until each is at rest, then show them; the exit status says how they ended."""
    statuses = stay_quiet(output, floor, runs)
    for one in statuses:
        show(output, one)
    if output.as_json:
        output.document(document(statuses))
    return finish(floor, exit_status(statuses))


def stay_quiet(output: Output, floor: Floor, runs: Iterable[RunId]) -> tuple[RunStatus, ...]:
    """Work on runs until each is at rest, with progress on stderr.

    Ctrl-C stops cleanly: nothing more is admitted, agents are told to end, and a later ``snapline run`` goes on. A
    second Ctrl-C leaves at once; what runs is then adopted later.
    """
    mine = tuple(runs)
    try:
        with live.following(output) as on_event:
            return floor.stay(mine, on_event)
    except KeyboardInterrupt:
        _leave(output, floor)


def finish(floor: Floor, status: ExitStatus) -> ExitStatus:
    """End this process's part: quietly, or at once where the executor still works for others."""
    if floor.leaves_work():
        _end(status)
    floor.executor.close()
    return status


def _leave(output: Output, floor: Floor) -> NoReturn:
    signal.signal(signal.SIGINT, lambda *_: os._exit(ExitStatus.INTERRUPTED))
    if floor.executor.executes:
        output.note("\nStopping: agents are told to end; `snapline run` goes on later. Ctrl-C again leaves at once.")
        floor.executor.stop()
    output.error("interrupted", "interrupted", "The same command goes on where this stopped.")
    _end(ExitStatus.INTERRUPTED)


def _end(status: ExitStatus) -> NoReturn:
    """Leave although threads still work: crash and stop are one path, and the next executor goes on."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)


def document(statuses: Iterable[RunStatus]) -> dict[str, object]:
    """The JSON document of runs."""
    return {"version": 1, "runs": [_plain(one) for one in statuses]}


def _plain(status: RunStatus) -> object:
    import json  # noqa: PLC0415 - only for --json

    return json.loads(wire.encode(status))


def show(output: Output, run: RunStatus) -> None:
    """One run: its state, its tasks with the reasons of each attempt, and what a person can do next."""
    words = f" ({run.reason})" if run.reason else ""
    output.line(f"{output.paint(run.run, bold=True)}  {run.state}{words}  target {run.target}")
    if run.detail and run.state is not RunState.DONE:
        output.line(f"    {run.detail}")
    for task in run.tasks:
        reason = f" ({task.reason})" if task.reason else ""
        state = output.paint(f"{task.state}{reason}", fg=_COLOURS.get(task.state))
        output.line(f"  {task.task}  {state}  {task.summary}")
        for attempt in task.attempts:
            output.line(f"      #{attempt.attempt.rpartition('#')[2]} {attempt.outcome or 'at work'}: {attempt.words}")
        if more := _beyond(task):
            output.line(f"      {more}")
    for landing in run.landings:
        output.line(f"  {landing.kind} {short(landing.new)}: {landing.outcome or 'not done'} {landing.words}".rstrip())
    for hint in _next(run):
        output.line(f"  Next: {hint}")


def _beyond(task: TaskStatus) -> str:
    """What a task's state is explained by beyond the words of its last attempt."""
    said = task.attempts[-1].words if task.attempts else ""
    return task.detail.removeprefix(said).lstrip("; ") if said else task.detail


def _next(run: RunStatus) -> list[str]:
    hints = [hint for task in run.tasks for hint in _next_of_task(task)]
    if run.unsigned:
        hints.append(f"snapline accept {run.spec} {' '.join(f'--sign {one}' for one in run.unsigned)}")
    elif run.reason in {Waiting.WORKING_TREE, Waiting.LANDING_REFUSED, Waiting.ENVIRONMENT}:
        hints.append(f"mend that, then: snapline run {run.spec}")
    if run.state is RunState.DONE:
        hints.append(f"snapline rollback {run.spec}, should it have been a mistake")
    return hints


def _next_of_task(task: TaskStatus) -> list[str]:
    if task.state is not TaskState.WAITING:
        return [f"snapline log {task.task}"] if task.state is TaskState.FAILED else []
    match task.reason:
        case Waiting.REVIEW | Waiting.SIGN_OFF:
            signs = "".join(f" --sign {one}" for one in task.unsigned)
            return [f"snapline review {task.task}", f"snapline accept {task.task}{signs}"]
        case Waiting.STUCK:
            return [f"snapline log {task.task}", f"snapline reject {task.task} --because TEXT, to send it back"]
        case _:
            return [f"mend that, then: snapline run {task.task.partition('/')[0]}"]
