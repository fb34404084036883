"""Where runs stand, as people read it: states, reasons, and what to do next."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from snapline.app.readmodel import AttemptStatus, LandingStatus, RunStatus, TaskStatus
from snapline.base import wire
from snapline.base.ids import short
from snapline.cli.live import COLOURS, clock
from snapline.cli.output import Output
from snapline.engine.targets import LAND, LANDED
from snapline.store.states import RunState, TaskState, Waiting


def document(statuses: Iterable[RunStatus]) -> dict[str, object]:
    """The JSON document of runs."""
    return {"version": 1, "runs": [json.loads(wire.encode(one)) for one in statuses]}


def show(output: Output, run: RunStatus, *, stopped: bool = False) -> None:
    """One run: its tasks with the reasons of each attempt, and what a person can do; ``stopped``: nobody executes."""
    stopped = stopped and not run.at_rest
    state, colour = _headline(run, stopped=stopped)
    output.line(f"{output.paint(run.run, bold=True)} on {run.target}: {output.paint(state, fg=colour)}")
    if run.detail and run.state is not RunState.DONE:
        _put(output, run.detail, 4)
    for task in run.tasks:
        _show_task(output, task, run.detail)
    if run.signed:
        output.line(f"  a person vouches for {', '.join(run.signed)}")
    for landing in run.landings:
        if landing.outcome == LANDED or landing is run.landings[-1]:
            _put(output, _landing(landing, run), 2)
    hints = [f"snapline run {run.spec}, to go on"] if stopped else list(_next(run))
    for number, hint in enumerate(hints):
        output.line(f"{'' if number else '  Next:':<7} {hint}")


def _headline(run: RunStatus, *, stopped: bool) -> tuple[str, str | None]:
    reason = f" ({run.reason})" if run.reason else ""
    if run.state is not RunState.OPEN:
        return f"{run.state}{reason}", COLOURS.get(run.state)
    if stopped:
        return "stopped; nobody is at work on it", "yellow"
    return ("waits for a person", "yellow") if run.at_rest else ("at work", "cyan")


def _show_task(output: Output, task: TaskStatus, of_run: str) -> None:
    reason = f" ({task.reason})" if task.reason else ""
    state = output.paint(f"{task.state}{reason}", fg=COLOURS.get(task.state))
    summary = f"  {task.summary}" if task.summary != task.task else ""
    output.line(f"  {task.task}  {state}{summary}")
    for attempt in task.attempts:
        _put(output, _attempt(attempt), 6)
    said = task.attempts[-1].words if task.attempts else ""
    more = task.detail.removeprefix(said).lstrip("; ")
    if more and more != of_run:
        _put(output, more, 6)
    if task.signed:
        output.line(f"      a person vouches for {', '.join(task.signed)}")


def _attempt(one: AttemptStatus) -> str:
    number = one.attempt.rpartition("#")[2]
    if one.outcome is None:
        return f"#{number} {one.agent}: not ended"
    words = f": {one.words}" if one.words else ""
    return f"#{number} {one.agent}, {clock(one.seconds)}, {one.outcome}{words}"


def _landing(one: LandingStatus, run: RunStatus) -> str:
    what = "landing" if one.kind == LAND else "rollback"
    if one.outcome == LANDED:
        return f"{'landed' if one.kind == LAND else 'rolled back'} as {short(one.new)}"
    words = f": {one.words}" if one.words and one.words != run.detail else ""
    return f"{what} {short(one.new)}: {one.outcome or 'not done'}{words}"


def _put(output: Output, text: str, indent: int) -> None:
    first, *rest = text.splitlines() or [""]
    output.line(f"{'':{indent}}{first}")
    for line in rest:
        output.line(f"{'':{indent + 2}}{line.strip()}")


def _next(run: RunStatus) -> Iterator[str]:
    """What a person can do now, the likeliest first."""
    again = f"snapline run {run.spec}"
    for task in run.tasks:
        yield from _next_of_task(task, again)
    match run.reason:
        case Waiting.SIGN_OFF:
            yield f"snapline accept {run.spec}{''.join(f' --sign {one}' for one in run.unsigned)}"
        case Waiting.WORKING_TREE:
            yield f"see to that work tree, then: {again}"
        case Waiting.ROLLBACK:
            yield f"mend that, then: snapline rollback {run.spec}"
        case None:
            pass
        case _:
            yield f"mend that, then: {again}"
    if run.state is RunState.DONE:
        yield f"snapline rollback {run.spec}, should it have been a mistake"
    if run.state is RunState.FAILED:
        yield f"{again}, to begin anew"


def _next_of_task(task: TaskStatus, again: str) -> Iterator[str]:
    send_back = f"snapline reject {task.task} --because TEXT, to send it back with your words"
    if task.state is TaskState.FAILED:
        yield f"snapline log {task.task}"
        yield send_back
    if task.state is not TaskState.WAITING:
        return
    match task.reason:
        case Waiting.REVIEW | Waiting.SIGN_OFF:
            yield f"snapline review {task.task}"
            yield f"snapline accept {task.task}{''.join(f' --sign {one}' for one in task.unsigned)}"
            yield send_back
        case Waiting.STUCK:
            yield f"snapline log {task.task}"
            yield send_back
        case _:
            yield f"mend that, then: {again}"
