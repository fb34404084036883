"""Healing: closing what a workflow left behind when it died, was cut off or ran out of time."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from snapline.engine import faults
from snapline.engine.context import Context
from snapline.engine.faults import Point
from snapline.engine.outcomes import POISON, Ending, Outcome
from snapline.engine.settle import settle
from snapline.store import views
from snapline.store.moves import Move
from snapline.store.states import SLOT_STATES, WORKFLOW_STATES, RunState, TaskState, Waiting
from snapline.store.views import RunRow, TaskRow

Ended = Callable[[Iterable[str]], dict[str, str]]
"""Tells which workflows will never move on, and how each ended."""
ProveDead = Callable[[TaskRow], bool]
"""Kills what is left of a task's attempt; whether the kernel proved that nothing is."""

AGAIN_SECONDS = 5.0
"""How long a quarantined task rests before its death is tried to be proved again."""

_RUN_STATES = frozenset({RunState.LANDING, RunState.ROLLING_BACK})


def heal(context: Context, ended: Ended, prove_dead: ProveDead) -> int:
    """Give every task and run whose workflow is gone its one legal recovery; returns how many."""
    with context.database.read() as connection:
        tasks = views.tasks(connection, states=WORKFLOW_STATES | {TaskState.QUARANTINED})
        runs = views.runs(connection, states=_RUN_STATES)
    owners = [one.workflow for one in tasks] + [one.workflow for one in runs]
    gone = ended(one for one in owners if one is not None)
    healed = 0
    faults.reach("tick.heal", Point.BEFORE)
    for task in tasks:
        why = _why(task, gone, context.now())
        if why is not None:
            _heal_task(context, task, why, prove_dead)
            healed += 1
    for run in runs:
        why = _why(run, gone, context.now())
        if why is not None:
            _heal_run(context, run, why)
            healed += 1
    faults.reach("tick.heal", Point.RECORDED)
    return healed


def _why(row: TaskRow | RunRow, gone: dict[str, str], now: float) -> str | None:
    if row.state is TaskState.QUARANTINED:
        return "what it left behind is dead now" if row.not_before <= now else None
    if row.workflow in gone:
        return f"the workflow ended without a result ({gone[row.workflow]})"
    if row.deadline is not None and row.deadline <= now:
        return f"it was {row.state} for longer than it may be"
    return None


def _heal_task(context: Context, task: TaskRow, why: str, prove_dead: ProveDead) -> None:
    if task.state not in SLOT_STATES:
        _again(context, task, why)
        return
    # No new attempt beside a survivor: its death is proved first, or its slot stays taken.
    if not prove_dead(task):
        _quarantine(context, task)
        return
    faults.reach("tick.heal", Point.EFFECT)
    settle(context, task, Outcome(Ending.LOST, why), token=task.token, source=task.state)


def _again(context: Context, task: TaskRow, why: str) -> None:
    """Hand a verification or integration to a new workflow; the old one's token is no longer good."""
    key = f"{task.run}:{task.id}#{task.number}:{task.state}:{task.token}:lost"
    changes: dict[str, Any] = {"token": task.token + 1, "failures": task.failures + 1, "detail": task.detail}
    body = {"ending": Ending.LOST, "words": why}
    target: TaskState = task.state
    if task.failures + 1 >= POISON:
        target = TaskState.WAITING
        changes |= {"reason": Waiting.POISON, "detail": f"{why} ({POISON} times in a row)"}
    context.move(Move(task.run, task.id, task.state, target, task.token, key, changes, body))


def _quarantine(context: Context, task: TaskRow) -> None:
    changes = {
        "token": task.token + 1,
        "not_before": context.now() + AGAIN_SECONDS,
        "detail": "its processes could not be proved dead; its slot stays taken until they are",
        "failures": task.failures,
    }
    key = f"{task.run}:{task.id}#{task.number}:quarantined:{task.token}"
    context.move(Move(task.run, task.id, task.state, TaskState.QUARANTINED, task.token, key, changes))


def _heal_run(context: Context, run: RunRow, why: str) -> None:
    """Let the next landing or rollback of a run begin; it finds what the last one had done."""
    key = f"{run.id}:{run.state}:{run.sequence}:lost"
    changes: dict[str, Any] = {"token": run.token + 1, "failures": run.failures + 1, "detail": why}
    target: RunState = run.state
    if run.failures + 1 >= POISON:
        target = RunState.WAITING
        changes |= {"reason": Waiting.POISON, "detail": f"{why} ({POISON} times in a row)"}
    body = {"ending": Ending.LOST, "words": why}
    context.move(Move(run.id, None, run.state, target, run.token, key, changes, body))
