"""A person's decisions: written down against the state that the person saw, and acted on by the tick."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, assert_never

import sqlalchemy as sa

from snapline.base import digest
from snapline.base.clock import Clock, stamp
from snapline.base.errors import Refused, WaitsForPerson
from snapline.engine import faults
from snapline.engine.blocked import behind
from snapline.engine.context import Context
from snapline.engine.faults import Point
from snapline.engine.settle import REJECT
from snapline.store import ledger, moves, views
from snapline.store.database import Database
from snapline.store.moves import Move, Moved
from snapline.store.states import RunState, TaskState, Waiting
from snapline.store.tables import DECISIONS
from snapline.store.views import DecisionRow, RunRow, TaskRow


class DecisionKind(StrEnum):
    """What a person can decide."""

    ACCEPT = "accept"
    REJECT = REJECT
    RETRY = "retry"
    CANCEL = "cancel"
    ROLLBACK = "rollback"


class TooLate(Refused):
    """The task has moved on since it was looked at."""

    code = "moved-on"
    hint = "Look again: `snapline status`."


class NothingToDecide(Refused):
    """This cannot be decided now."""

    code = "nothing-to-decide"


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision on a task, or on a run (``task`` None: retry its landing, roll it back).

    ``token`` is the one that the person saw. ``sign`` are criteria that this person vouches for, ``because`` is told
    to the agent; ``options`` go to the rollback.
    """

    run: str
    task: str | None
    kind: DecisionKind
    token: int
    by: str
    because: str = ""
    sign: tuple[str, ...] = ()
    options: dict[str, Any] = field(default_factory=dict)


_JUDGED = frozenset({Waiting.REVIEW, Waiting.SIGN_OFF})


def decide(database: Database, decision: Decision, clock: Clock) -> str:
    """Write a decision down, once; returns its key.

    Raises :class:`TooLate` when the person saw another state, :class:`NothingToDecide` when this state knows no such
    decision, and :class:`WaitsForPerson` for an acceptance that leaves criteria unsigned.
    """
    with database.write() as connection:
        number = _check(connection, decision)
        body = {
            "by": decision.by,
            "because": decision.because,
            "sign": list(decision.sign),
            "number": number,
            "options": decision.options,
        }
        subject = decision.task or decision.run
        name = digest.of_value(body)[:8]
        key = f"{decision.run}:{decision.task or ''}:{decision.kind}:{decision.token}:{name}"
        if ledger.known(connection, key):
            return key
        at = stamp(clock.now())
        ledger.append(connection, decision.run, key, at, f"decision.{decision.kind}", subject, body)
        connection.execute(
            sa.insert(DECISIONS).values(
                key=key,
                run=decision.run,
                task=decision.task,
                kind=decision.kind,
                token=decision.token,
                body=digest.canonical_json(body).decode(),
                at=at,
            )
        )
    return key


def _check(connection: sa.Connection, decision: Decision) -> int:
    """Whether the decision can be made now; returns the number of the attempt that it is about."""
    if decision.task is None:
        run = views.run(connection, decision.run)
        _same(run, decision)
        _check_run(run, decision)
        return run.sequence
    task = views.task(connection, decision.run, decision.task)
    _same(task, decision)
    _check_task(task, decision)
    return task.number


def _check_run(run: RunRow, decision: Decision) -> None:
    signs = run.state is RunState.WAITING and run.reason is Waiting.SIGN_OFF
    match decision.kind:
        case DecisionKind.ACCEPT if signs:
            _demand_signatures(run, decision.sign)
        case DecisionKind.RETRY if run.state is RunState.WAITING and not signs:
            pass
        case DecisionKind.ROLLBACK if run.state is RunState.DONE or run.reason is Waiting.ROLLBACK:
            pass
        case _:
            raise NothingToDecide(f"run {run.id} is {_shown(run)}: there is nothing to {_said(decision.kind)}")


def _same(row: TaskRow | RunRow, decision: Decision) -> None:
    if row.token != decision.token:
        raise TooLate(f"{row.id} has moved on: it is {row.state} now")


def _check_task(task: TaskRow, decision: Decision) -> None:
    waits = task.state is TaskState.WAITING
    match decision.kind:
        case DecisionKind.ACCEPT:
            _check_acceptance(task, decision)
        case DecisionKind.REJECT:
            if not (waits or task.state is TaskState.FAILED) or task.number == 0:
                raise NothingToDecide(f"{task.id} is {_shown(task)}: there is nothing to reject")
        case DecisionKind.RETRY:
            if not waits or task.reason in _JUDGED:
                raise NothingToDecide(f"{task.id} is {_shown(task)}: there is nothing to try again")
        case DecisionKind.CANCEL:
            if not waits and task.state is not TaskState.QUEUED:
                raise NothingToDecide(f"{task.id} is {_shown(task)}: it cannot be cancelled now")
        case DecisionKind.ROLLBACK:
            raise NothingToDecide("a landing is rolled back as a whole, not task by task")
        case _:
            assert_never(decision.kind)


def _check_acceptance(task: TaskRow, decision: Decision) -> None:
    if task.state is not TaskState.WAITING or task.reason not in _JUDGED:
        raise NothingToDecide(f"{task.id} is {_shown(task)}: there is nothing to accept")
    _demand_signatures(task, decision.sign)


def _demand_signatures(row: TaskRow | RunRow, sign: tuple[str, ...]) -> None:
    missing = _missing(row, sign)
    if missing:
        raise WaitsForPerson(
            f"{row.id}: {', '.join(missing)} can only be judged by a person",
            hint=f"Look at it with `snapline review {row.id}`, then say so: "
            f"`snapline accept {row.id} {' '.join(f'--sign {one}' for one in missing)}`.",
        )


def _missing(row: TaskRow | RunRow, sign: tuple[str, ...]) -> list[str]:
    given = {*sign, *row.signed.split(",")}
    return [one for one in row.unsigned.split(",") if one and one not in given]


def _said(kind: DecisionKind) -> str:
    return {DecisionKind.RETRY: "try again", DecisionKind.ROLLBACK: "roll back"}.get(kind, kind.value)


def _shown(row: TaskRow | RunRow) -> str:
    return f"{row.state} ({row.reason})" if row.reason else row.state


def act(context: Context) -> int:
    """Carry out the decisions that were written down; returns how many."""
    with context.database.read() as connection:
        waiting = views.decisions(connection)
    faults.reach("tick.decide", Point.BEFORE)
    for one in waiting:
        with context.database.write() as connection:
            outcome = _carry_out(connection, context, one)
            connection.execute(sa.update(DECISIONS).where(DECISIONS.c.key == one.key).values(outcome=outcome))
            faults.reach("tick.decide", Point.EFFECT)
    faults.reach("tick.decide", Point.RECORDED)
    return len(waiting)


def _carry_out(connection: sa.Connection, context: Context, one: DecisionRow) -> str:
    body = json.loads(one.body)
    if one.task is None:
        run = views.run(connection, one.run)
        steps = _run_moves(run, DecisionKind(one.kind), one, body)
    else:
        task = views.task(connection, one.run, one.task)
        run = views.run(connection, one.run)
        steps = _task_moves(run, task, DecisionKind(one.kind), one, body)
        if task.state is TaskState.FAILED and DecisionKind(one.kind) is DecisionKind.REJECT:
            steps += [_revive(other, one) for other in behind(task, views.tasks(connection, run_id=run.id))]
    moved = moves.move_all(connection, steps, context.clock)
    if moved is Moved.STALE:
        moves.refuse(connection, steps[0], context.clock)
    return moved


def _task_moves(run: RunRow, task: TaskRow, kind: DecisionKind, one: DecisionRow, body: dict[str, Any]) -> list[Move]:
    changes: dict[str, Any] = {"not_before": 0.0, "failures": 0, "token": one.token + 1}
    match kind:
        case DecisionKind.ACCEPT:
            target = TaskState.INTEGRATING
            changes |= {"signed": ",".join(sorted({*body["sign"], *filter(None, task.signed.split(","))}))}
        case DecisionKind.REJECT | DecisionKind.RETRY:
            target = TaskState.QUEUED
            changes |= {"detail": body["because"]}
        case DecisionKind.CANCEL:
            target = TaskState.CANCELLED
            changes |= {"detail": body["because"]}
        case DecisionKind.ROLLBACK:
            raise AssertionError("no task is rolled back by itself")
        case _:
            assert_never(kind)
    told = {"by": body["by"], "because": body["because"], "sign": body["sign"]}
    steps = [Move(run.id, task.id, task.state, target, one.token, f"{one.key}:done", changes, told)]
    if run.state is RunState.FAILED:
        reopened = {"token": run.token + 1}
        steps.append(Move(run.id, None, run.state, RunState.OPEN, run.token, f"{one.key}:reopened", reopened))
    return steps


def _revive(task: TaskRow, one: DecisionRow) -> Move:
    """Queue a task again that was cancelled because the one that is tried again had failed."""
    changes = {"not_before": 0.0, "token": task.token + 1}
    return Move(one.run, task.id, task.state, TaskState.QUEUED, task.token, f"{one.key}:{task.id}:revived", changes)


def _run_moves(run: RunRow, kind: DecisionKind, one: DecisionRow, body: dict[str, Any]) -> list[Move]:
    changes: dict[str, Any] = {"not_before": 0.0, "failures": 0, "token": one.token + 1}
    told = {"by": body["by"], "options": body["options"]}
    if kind is DecisionKind.ROLLBACK:
        return [Move(run.id, None, run.state, RunState.ROLLING_BACK, one.token, f"{one.key}:done", changes, told)]
    if kind is DecisionKind.ACCEPT:
        changes |= {"signed": ",".join(sorted({*body["sign"], *filter(None, run.signed.split(","))}))}
    return [Move(run.id, None, run.state, RunState.OPEN, one.token, f"{one.key}:done", changes, told)]
