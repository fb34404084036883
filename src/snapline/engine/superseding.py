"""Superseding: what is left of a run ends where a newer revision of its spec is dispatched."""

from __future__ import annotations

import sqlalchemy as sa

from snapline.base.clock import Clock
from snapline.engine.blocked import OVER
from snapline.store import moves, views
from snapline.store.moves import Move, Moved
from snapline.store.states import WORKFLOW_STATES, RunState, TaskState
from snapline.store.views import RunRow

_AT_WORK = WORKFLOW_STATES | {TaskState.LANDING, TaskState.QUARANTINED}


def supersede(connection: sa.Connection, run: RunRow, by: str, clock: Clock) -> bool:
    """End a run in favour of ``by``, in the caller's transaction; False, and nothing done, while any of it is at work.

    Candidates, reports and logs stay for inspection.
    """
    tasks = views.tasks(connection, run_id=run.id)
    idle = run.workflow is None and run.state in {RunState.OPEN, RunState.WAITING}
    if not idle or any(one.state in _AT_WORK for one in tasks):
        return False
    words = f"superseded by {by}"
    target, told = TaskState.SUPERSEDED, {"words": words}
    steps = [
        Move(
            run.id, one.id, one.state, target, one.token, f"{run.id}:{one.id}:{target}", _ended(one.token, words), told
        )
        for one in tasks
        if one.state not in OVER
    ]
    key = f"{run.id}:{RunState.CANCELLED}"
    steps.append(Move(run.id, None, run.state, RunState.CANCELLED, run.token, key, _ended(run.token, words), told))
    return moves.move_all(connection, steps, clock) is Moved.OK


def _ended(token: int, words: str) -> dict[str, object]:
    """The columns of what has ended: a new token, so that whoever still holds the old one comes too late."""
    return {"detail": words, "token": token + 1}
