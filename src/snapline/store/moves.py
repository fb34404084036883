"""The one writer of the states of tasks and runs.

A move is one transaction: nothing when its event's key is known (``REPLAYED``), else a compare-and-swap on (id, state,
token), its event, and the link in the chain. No row changed means that somebody else has moved the thing on: ``STALE``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from snapline.base.clock import Clock, stamp
from snapline.store import ledger
from snapline.store.database import Database
from snapline.store.states import RunState, TaskState, legal
from snapline.store.tables import RUNS, TASKS


class Moved(StrEnum):
    """What came of a move."""

    OK = "ok"
    REPLAYED = "replayed"
    STALE = "stale"


@dataclass(frozen=True, slots=True)
class Move:
    """A transition of a task of ``run``, or of the run itself when ``task`` is None.

    ``token`` is the one that the mover acts under. ``changes`` are further columns to set (``token`` for a new one),
    ``body`` is what the event tells beside the states.
    """

    run: str
    task: str | None
    source: TaskState | RunState
    target: TaskState | RunState
    token: int
    key: str
    changes: Mapping[str, Any] = field(default_factory=dict)
    body: Mapping[str, Any] = field(default_factory=dict)

    @property
    def subject(self) -> str:
        """What is moved: the task, else the run."""
        return self.task if self.task is not None else self.run


def move(connection: sa.Connection, one: Move, clock: Clock) -> Moved:
    """Carry out one move inside the caller's transaction."""
    if not legal(one.source, one.target):
        raise ValueError(f"{one.subject}: {one.target} may not follow {one.source}")
    if ledger.known(connection, one.key):
        return Moved.REPLAYED
    at = stamp(clock.now())
    if not _swap(connection, one, at):
        return Moved.STALE
    body = {"from": one.source, "to": one.target, "token": one.token, **one.body}
    kind = "task" if one.task is not None else "run"
    ledger.append(connection, one.run, one.key, at, f"{kind}.{one.target}", one.subject, body)
    return Moved.OK


def _swap(connection: sa.Connection, one: Move, at: str) -> bool:
    # A new state has neither the old one's workflow nor its deadline, nor its reason to wait, unless it says so.
    values = {"workflow": None, "deadline": None, "reason": None, "detail": "", **one.changes}
    values |= {"state": one.target, "changed_at": at}
    if one.task is None:
        row = (RUNS.c.id == one.run) & (RUNS.c.state == one.source) & (RUNS.c.token == one.token)
        return connection.execute(sa.update(RUNS).where(row).values(values)).rowcount == 1
    row = (TASKS.c.run == one.run) & (TASKS.c.id == one.task)
    row = row & (TASKS.c.state == one.source) & (TASKS.c.token == one.token)
    return connection.execute(sa.update(TASKS).where(row).values(values)).rowcount == 1


def move_all(connection: sa.Connection, moves: Sequence[Move], clock: Clock) -> Moved:
    """Carry out several moves in the caller's transaction, all or none.

    ``REPLAYED`` when the first was done before (then all were). A stale one after the first undoes the others.
    """
    savepoint = connection.begin_nested()
    for number, one in enumerate(moves):
        moved = move(connection, one, clock)
        if moved is Moved.REPLAYED and number == 0:
            savepoint.rollback()
            return moved
        if moved is not Moved.OK:
            savepoint.rollback()
            return Moved.STALE
    savepoint.commit()
    return Moved.OK


def apply(
    database: Database, moves: Sequence[Move], clock: Clock, also: Callable[[sa.Connection], None] | None = None
) -> Moved:
    """Carry out moves in a transaction of their own; a stale one is written into the ledger as refused.

    ``also`` writes what belongs to them (no states) in the same transaction, if and only if they are done now.
    """
    with database.write() as connection:
        moved = move_all(connection, moves, clock)
        if moved is Moved.OK and also is not None:
            also(connection)
        if moved is Moved.STALE:
            refuse(connection, moves[0], clock)
    return moved


def refuse(connection: sa.Connection, one: Move, clock: Clock) -> None:
    """Record that a move came too late: its token or state was no longer the thing's own."""
    key = f"{one.key}:refused"
    if not ledger.known(connection, key):
        body = {"from": one.source, "to": one.target, "token": one.token, "reason": Moved.STALE}
        ledger.append(connection, one.run, key, stamp(clock.now()), "refused", one.subject, body)
