"""What can no longer happen: tasks that wait for one that failed, and runs in which nothing is left to do."""

from __future__ import annotations

from collections.abc import Iterable

from snapline.base import wire
from snapline.engine.context import Context
from snapline.engine.settings import TaskPlan
from snapline.store import views
from snapline.store.moves import Move
from snapline.store.states import RunState, TaskState
from snapline.store.views import RunRow, TaskRow

OVER = frozenset({TaskState.FAILED, TaskState.CANCELLED, TaskState.SUPERSEDED})
"""A task that ended without being integrated."""

_STILL = OVER | {TaskState.INTEGRATED, TaskState.DONE, TaskState.ROLLED_BACK}


def close_blocked(context: Context) -> int:
    """Cancel tasks that come after a failed one, and end runs that can only have failed; returns how many moved."""
    closed = 0
    with context.database.read() as connection:
        runs = views.runs(connection, states={RunState.OPEN})
        tasks = views.tasks(connection)
    for run in runs:
        mine = [task for task in tasks if task.run == run.id]
        over = {task.id for task in mine if task.state in OVER}
        for task in mine:
            blocker = next((one for one in wire.decode(task.plan, TaskPlan).after if one in over), None)
            if task.state is TaskState.QUEUED and blocker is not None:
                _cancel(context, task, blocker)
                closed += 1
        if over and all(task.state in _STILL for task in mine):
            _fail(context, run, mine)
            closed += 1
    return closed


def behind(task: TaskRow, tasks: Iterable[TaskRow]) -> list[TaskRow]:
    """The cancelled tasks that come after ``task``, at however many removes: they may get done after all with it."""
    cancelled = [one for one in tasks if one.state is TaskState.CANCELLED]
    ids, found = {task.id}, []
    while more := [one for one in cancelled if one.id not in ids and ids & set(wire.decode(one.plan, TaskPlan).after)]:
        ids |= {one.id for one in more}
        found += more
    return found


def _cancel(context: Context, task: TaskRow, blocker: str) -> None:
    words = f"{blocker}, which it comes after, did not get done"
    key = f"{task.run}:{task.id}:cancelled:{task.token}"
    changes = {"detail": words}
    context.move(Move(task.run, task.id, task.state, TaskState.CANCELLED, task.token, key, changes, {"words": words}))


def _fail(context: Context, run: RunRow, tasks: list[TaskRow]) -> None:
    failed = ", ".join(task.id for task in tasks if task.state in OVER)
    words = f"nothing is left to do: {failed} did not get done"
    key = f"{run.id}:failed:{run.token}"
    changes = {"detail": words, "token": run.token + 1}
    context.move(Move(run.id, None, run.state, RunState.FAILED, run.token, key, changes, {"words": words}))
