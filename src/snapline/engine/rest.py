"""Whether a run is at rest: it has ended, or nothing more will happen in it without a person."""

from __future__ import annotations

from snapline.base import wire
from snapline.engine.blocked import OVER
from snapline.engine.settings import TaskPlan
from snapline.store import views
from snapline.store.database import Database
from snapline.store.states import RunState, TaskState
from snapline.store.views import TaskRow

_RESTING_RUNS = frozenset({RunState.WAITING, RunState.DONE, RunState.FAILED, RunState.CANCELLED, RunState.ROLLED_BACK})
_RESTING_TASKS = frozenset(
    {
        TaskState.WAITING,
        TaskState.FAILED,
        TaskState.CANCELLED,
        TaskState.SUPERSEDED,
        TaskState.QUARANTINED,
    }
)
_ENDED = OVER | {TaskState.INTEGRATED}


def at_rest(database: Database, run_id: str) -> bool:
    """Whether the executor has nothing left to do for a run; raises :class:`NotFound`."""
    with database.read() as connection:
        run = views.run(connection, run_id)
        tasks = views.tasks(connection, run_id=run_id)
        decided = any(one.outcome is None for one in views.decisions(connection, run_id=run_id))
    if decided:
        return False
    if run.state is not RunState.OPEN:
        return run.state in _RESTING_RUNS
    # With every task integrated or over, the run is about to land, or to end.
    return all(_rests(task, tasks) for task in tasks) and any(task.state not in _ENDED for task in tasks)


def _rests(task: TaskRow, tasks: tuple[TaskRow, ...]) -> bool:
    if task.state in _RESTING_TASKS or task.state is TaskState.INTEGRATED:
        return True
    if task.state is not TaskState.QUEUED:
        return False
    before = set(wire.decode(task.plan, TaskPlan).after)
    # Behind a failed task it is about to be cancelled; behind a waiting one it waits as well.
    return any(
        one.id in before and one.state is not TaskState.INTEGRATED and _rests(one, tasks) for one in tasks
    ) and not any(one.id in before and one.state in {TaskState.FAILED, TaskState.CANCELLED} for one in tasks)
