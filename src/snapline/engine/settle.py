"""Settling an attempt: the one transaction that ends it and sends its task where it goes next."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from snapline.base import wire
from snapline.base.clock import stamp
from snapline.engine.context import Context
from snapline.engine.outcomes import CHARGED, Ending, Next, Outcome, Past, following
from snapline.engine.settings import RunSettings
from snapline.store import views
from snapline.store.moves import Move, Moved
from snapline.store.states import TaskState
from snapline.store.tables import ATTEMPTS, TASKS
from snapline.store.views import AttemptRow, TaskRow

REJECT = "reject"
"""The kind of decision after which the attempts before it are no longer held against the task."""

_INFRASTRUCTURE = frozenset({Ending.LOST})


def settle(
    context: Context,
    task: TaskRow,
    outcome: Outcome,
    *,
    token: int,
    source: TaskState,
    values: Mapping[str, Any] | None = None,
) -> Moved:
    """End the task's last attempt with ``outcome``, under ``token``; ``values`` are columns of the attempt to set.

    Done once however often it is called: the event's key names the attempt, the state it ends from and the token.
    """
    with context.database.read() as connection:
        run = views.run(connection, task.run)
        attempt = views.attempt(connection, task.run, task.id, task.number)
        past = _past(connection, task, attempt)
    settings = wire.decode(run.settings, RunSettings)
    follow = following(outcome, past, settings, f"{task.run}:{task.id}#{task.number}")
    key = f"{task.run}:{task.id}#{task.number}:{source}:{token}:{outcome.ending}"
    move = Move(
        task.run,
        task.id,
        source,
        follow.state,
        token,
        key,
        _changes(context, task, outcome, follow),
        _body(outcome, follow),
    )

    def record(connection: sa.Connection) -> None:
        columns = {**(values or {}), "words": outcome.words, "outcome": outcome.ending}
        columns |= {"charged": int(outcome.ending in CHARGED), "ended_at": stamp(context.clock.now())}
        if outcome.signature:
            columns |= {"signature": outcome.signature}
        connection.execute(sa.update(ATTEMPTS).where(_row(attempt)).values(columns))
        connection.execute(_recount(task))

    return context.move(move, also=record)


def _row(attempt: AttemptRow) -> sa.ColumnElement[bool]:
    mine = (ATTEMPTS.c.run == attempt.run) & (ATTEMPTS.c.task == attempt.task)
    return mine & (ATTEMPTS.c.number == attempt.number)


def _recount(task: TaskRow) -> sa.Update:
    """Charges and time are sums over the attempts, so that settling one twice cannot count it twice."""
    mine = (ATTEMPTS.c.run == task.run) & (ATTEMPTS.c.task == task.id)
    charged = sa.select(sa.func.coalesce(sa.func.sum(ATTEMPTS.c.charged), 0)).where(mine).scalar_subquery()
    seconds = sa.select(sa.func.coalesce(sa.func.sum(ATTEMPTS.c.seconds), 0.0)).where(mine).scalar_subquery()
    row = (TASKS.c.run == task.run) & (TASKS.c.id == task.id)
    return sa.update(TASKS).where(row).values(charged=charged, seconds=seconds)


def _changes(context: Context, task: TaskRow, outcome: Outcome, follow: Next) -> dict[str, Any]:
    failures = task.failures + 1 if outcome.ending in _INFRASTRUCTURE else 0
    changes: dict[str, Any] = {"detail": follow.words, "reason": follow.reason, "failures": failures}
    changes["not_before"] = context.now() + follow.delay if follow.delay else 0.0
    if outcome.ending in {Ending.PROVED, Ending.WAITS}:
        changes |= {"unsigned": ",".join(outcome.unsigned), "signed": ""}
    return changes


def _body(outcome: Outcome, follow: Next) -> dict[str, Any]:
    body: dict[str, Any] = {"ending": outcome.ending, "words": follow.words}
    if follow.reason is not None:
        body["reason"] = follow.reason
    if outcome.unsigned:
        body["unsigned"] = list(outcome.unsigned)
    return body


def _past(connection: sa.Connection, task: TaskRow, attempt: AttemptRow) -> Past:
    judged = last_rejected(connection, task.run, task.id)
    before = [one for one in views.attempts(connection, task.run, task.id) if one.number < attempt.number]
    seconds = sum(one.seconds for one in before) + attempt.seconds
    charged = [one for one in before if one.charged and one.number > judged]
    last = charged[-1] if charged else None
    tree = (last.tree or "") if last else None
    return Past(len(charged), task.failures, seconds, last.signature if last else None, tree)


def last_rejected(connection: sa.Connection, run: str, task: str) -> int:
    """The last attempt that a person sent back; 0 for none. Those up to it are not counted again."""
    bodies = (
        json.loads(one.body)
        for one in views.decisions(connection, run_id=run)
        if one.task == task and one.kind == REJECT and one.outcome is not None
    )
    return max((int(body["number"]) for body in bodies), default=0)
