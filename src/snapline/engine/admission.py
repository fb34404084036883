"""Admission: the one transaction that claims what is due and hands it to a workflow."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from snapline.base import wire
from snapline.base.clock import stamp
from snapline.engine import faults
from snapline.engine.context import Context
from snapline.engine.dispatch import HEARTBEAT_SECONDS
from snapline.engine.faults import Point
from snapline.engine.runtime import ATTEMPTS, ENGINE_VERSION, LANDINGS, VERIFICATIONS, Job
from snapline.engine.settings import RunSettings, TaskPlan
from snapline.store import moves, views
from snapline.store.moves import Move, Moved
from snapline.store.states import SLOT_STATES, RunState, TaskState
from snapline.store.tables import ATTEMPTS as ATTEMPT_TABLE
from snapline.store.views import RunRow, TaskRow

Enqueue = Callable[[sa.Connection, Job], None]

DEADLINES: dict[TaskState | RunState, float] = {
    TaskState.PREPARING: 3600.0,
    TaskState.LAUNCHING: 120.0,
    TaskState.COLLECTING: 900.0,
    TaskState.VERIFYING: 6 * 3600.0,
    TaskState.INTEGRATING: 6 * 3600.0,
    RunState.LANDING: 6 * 3600.0,
    RunState.ROLLING_BACK: 6 * 3600.0,
}
"""Seconds that a state may last before the tick closes it; running has its budget and a margin."""

MERGED = frozenset({TaskState.INTEGRATED, TaskState.LANDING, TaskState.DONE})
"""What a task that comes after one of these builds upon is there."""

_AT_WORK = frozenset({RunState.OPEN, RunState.LANDING, RunState.ROLLING_BACK})


@dataclass(frozen=True, slots=True)
class Claim:
    """What admission decided: the moves, the workflow that then owns the state, and the attempt that begins."""

    moves: tuple[Move, ...]
    job: Job
    attempt: dict[str, Any] | None = None


@dataclass(frozen=True)
class Board:
    """One consistent view of all that is at work."""

    runs: tuple[RunRow, ...]
    tasks: tuple[TaskRow, ...]

    def of(self, run: RunRow) -> tuple[TaskRow, ...]:
        """The tasks of a run, in plan order."""
        return tuple(task for task in self.tasks if task.run == run.id)

    def slots_used(self) -> Counter[str]:
        """Slots taken, by lane."""
        return Counter(task.lane for task in self.tasks if task.state in SLOT_STATES)

    def verifying(self) -> int:
        """Verifications at work."""
        return sum(task.state is TaskState.VERIFYING and task.workflow is not None for task in self.tasks)

    def landing(self, run: RunRow) -> bool:
        """Whether something is being put together for the same repository and target: one at a time."""
        for other in self.runs:
            if (other.repository, other.target) != (run.repository, run.target):
                continue
            if other.state in {RunState.LANDING, RunState.ROLLING_BACK} and other.workflow is not None:
                return True
            if any(one.state is TaskState.INTEGRATING and one.workflow is not None for one in self.of(other)):
                return True
        return False


def admit(context: Context, enqueue: Enqueue) -> int:
    """Claim everything that is due, each claim in a transaction that reads again what it depends on.

    Returns how many workflows were enqueued.
    """
    admitted = 0
    while not context.stopping.is_set() and _admit_one(context, enqueue):
        admitted += 1
    return admitted


def _admit_one(context: Context, enqueue: Enqueue) -> bool:
    with context.database.read() as connection:
        if next(_due(connection, context.now()), None) is None:
            return False
    faults.reach("tick.admit", Point.BEFORE)
    with context.database.write() as connection:
        claim = next(_due(connection, context.now()), None)
        if claim is None:
            return False
        if moves.move_all(connection, claim.moves, context.clock) is not Moved.OK:
            raise AssertionError(f"{claim.job.id} was due, yet could not be claimed in the same transaction")
        if claim.attempt is not None:
            connection.execute(sa.insert(ATTEMPT_TABLE).values(**claim.attempt, began_at=stamp(context.clock.now())))
        enqueue(connection, claim.job)
        faults.reach("tick.admit", Point.EFFECT)
    faults.reach("tick.admit", Point.RECORDED)
    return True


def _due(connection: sa.Connection, now: float) -> Iterator[Claim]:
    """Claims that can be made now: the most urgent run first, then the oldest; what is nearly done first."""
    board = Board(views.runs(connection, states=_AT_WORK), views.tasks(connection))
    for run in sorted(board.runs, key=lambda one: one.priority):
        if run.workflow is not None or run.not_before > now or run.heartbeat <= now - HEARTBEAT_SECONDS:
            continue
        settings = wire.decode(run.settings, RunSettings)
        if not board.landing(run):
            yield from _landing(board, run, now)
            yield from _integration(board, run, now)
        if run.state is RunState.OPEN and board.verifying() < settings.verify_parallel:
            yield from _verification(board, run, now)
        if run.state is RunState.OPEN:
            yield from _attempt(connection, board, run, settings, now)


def _landing(board: Board, run: RunRow, now: float) -> Iterator[Claim]:
    """Land a run whose tasks are all integrated, or go on with a landing or rollback that was interrupted."""
    tasks = board.of(run)
    if run.state is RunState.OPEN and (not tasks or any(one.state is not TaskState.INTEGRATED for one in tasks)):
        return
    target = RunState.LANDING if run.state is RunState.OPEN else run.state
    name = "rollback" if target is RunState.ROLLING_BACK else "land"
    number, token = run.sequence + 1, run.token + 1
    key = f"{run.id}:{name}:{number}"
    job = Job(name, LANDINGS, f"{key}:v{ENGINE_VERSION}", (run.id, number, token))
    changes = {"workflow": job.id, "deadline": now + DEADLINES[target], "sequence": number, "token": token}
    moved = [Move(run.id, None, run.state, target, run.token, key, changes)]
    if run.state is RunState.OPEN:
        moved += [
            Move(run.id, one.id, one.state, TaskState.LANDING, one.token, f"{key}:{one.id}:landing") for one in tasks
        ]
    yield Claim(tuple(moved), job)


def _integration(board: Board, run: RunRow, now: float) -> Iterator[Claim]:
    for task in board.of(run):
        if task.state is TaskState.INTEGRATING and task.workflow is None and task.not_before <= now:
            yield _owned(task, "integrate", LANDINGS, now)


def _verification(board: Board, run: RunRow, now: float) -> Iterator[Claim]:
    for task in board.of(run):
        if task.state is TaskState.VERIFYING and task.workflow is None and task.not_before <= now:
            yield _owned(task, "verify", VERIFICATIONS, now)


def _owned(task: TaskRow, name: str, queue: str, now: float) -> Claim:
    """Hand a task that is where the last workflow left it to the next one."""
    key = f"{task.run}:{attempt_id_of(task)}:{name}:{task.token}"
    job = Job(name, queue, f"{key}:v{ENGINE_VERSION}", (task.run, task.id, task.number, task.token))
    changes = {"workflow": job.id, "deadline": now + DEADLINES[task.state], "detail": task.detail}
    return Claim((Move(task.run, task.id, task.state, task.state, task.token, key, changes),), job)


def _attempt(
    connection: sa.Connection, board: Board, run: RunRow, settings: RunSettings, now: float
) -> Iterator[Claim]:
    used = board.slots_used()
    merged = {one.id for one in board.of(run) if one.state in MERGED}
    for task in board.of(run):
        if task.state is not TaskState.QUEUED or task.not_before > now or used[task.lane] >= settings.lane.slots:
            continue
        plan = wire.decode(task.plan, TaskPlan)
        if not set(plan.after) <= merged:
            continue
        number, token = views.last_number(connection, run.repository, task.id) + 1, task.token + 1
        key = f"{run.id}:{task.id}#{number}"
        job = Job("attempt", ATTEMPTS, f"attempt:{key}:v{ENGINE_VERSION}", (run.id, task.id, number, token))
        changes = {
            "workflow": job.id,
            "deadline": now + DEADLINES[TaskState.PREPARING],
            "token": token,
            "number": number,
            # What people signed was the last candidate.
            "signed": "",
            "unsigned": "",
        }
        row = _attempt_row(run, task, settings, plan, number, token)
        told = {"attempt": number, "agent": row["agent"]}
        moved = Move(run.id, task.id, task.state, TaskState.PREPARING, task.token, f"{key}:preparing", changes, told)
        yield Claim((moved,), job, row)


def _attempt_row(
    run: RunRow, task: TaskRow, settings: RunSettings, plan: TaskPlan, number: int, token: int
) -> dict[str, Any]:
    return {
        "run": run.id,
        "task": task.id,
        "number": number,
        "repository": run.repository,
        "token": token,
        "agent": plan.agent or settings.agent,
        "base": "",
        "start": "",
        "words": "",
        "charged": 0,
        "seconds": 0.0,
    }


def attempt_id_of(task: TaskRow) -> str:
    """The id of a task's last attempt."""
    return f"{task.id}#{task.number}"
