"""What the store knows, as typed rows: runs, tasks, attempts, landings and decisions."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, TypeVar

import sqlalchemy as sa

from snapline.base.errors import NotFound
from snapline.store.states import RunState, TaskState, Waiting
from snapline.store.tables import ATTEMPTS, DECISIONS, LANDINGS, REPOSITORIES, RUNS, TASKS

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class RunRow:
    """A run. Times that are floats are seconds since the epoch; ``settings`` and ``approval`` are their JSON.

    ``integration`` is the vault's ref of its accepted work; ``unsigned`` and ``signed`` are criteria that no task
    proves and that wait for a person's word, or have it, parted by commas.
    """

    id: str
    spec: str
    revision: str
    repository: str
    target: str
    base: str
    priority: int
    state: RunState
    reason: Waiting | None
    detail: str
    token: int
    workflow: str | None
    deadline: float | None
    not_before: float
    sequence: int
    failures: int
    integration: str
    signed: str
    unsigned: str
    settings: bytes
    approval: bytes
    requested_at: str
    heartbeat: float
    changed_at: str


@dataclass(frozen=True, slots=True)
class TaskRow:
    """A task of a run. ``number`` is its last attempt, ``charged`` counts those that were its agent's to lose.

    ``failures`` counts infrastructure failures in a row, ``seconds`` the agent's time over all attempts, ``unsigned``
    and ``signed`` are the criteria of ``candidate`` that wait for a person's word and that have it, parted by commas;
    ``plan`` is its planned task as JSON.
    """

    run: str
    id: str
    position: int
    summary: str
    plan: bytes
    lane: str
    state: TaskState
    reason: Waiting | None
    detail: str
    token: int
    workflow: str | None
    deadline: float | None
    not_before: float
    number: int
    charged: int
    failures: int
    seconds: float
    candidate: str | None
    signed: str
    unsigned: str
    changed_at: str


@dataclass(frozen=True, slots=True)
class AttemptRow:
    """One try at a task. ``prompt, log, report, handoff`` are digests of evidence; ``start`` is where it began."""

    run: str
    task: str
    number: int
    repository: str
    token: int
    agent: str
    base: str
    start: str
    outcome: str | None
    words: str
    charged: int
    seconds: float
    candidate: str | None
    tree: str | None
    signature: str | None
    prompt: str | None
    log: str | None
    report: str | None
    handoff: str | None
    began_at: str
    ended_at: str | None


@dataclass(frozen=True, slots=True)
class LandingRow:
    """An intended move of the target branch from ``old`` to ``new``; ``outcome`` is None until it is known."""

    run: str
    number: int
    kind: str
    old: str
    new: str
    outcome: str | None
    words: str
    report: str | None
    at: str


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """A person's decision; ``outcome`` is None until the tick has acted on it, ``body`` its JSON."""

    key: str
    run: str
    task: str | None
    kind: str
    token: int
    body: str
    at: str
    outcome: str | None


@dataclass(frozen=True, slots=True)
class RepositoryRow:
    """A repository that was registered, and where a person last used it."""

    id: str
    root: str
    registered_at: str


def run(connection: sa.Connection, run_id: str) -> RunRow:
    """One run; raises :class:`NotFound`."""
    row = connection.execute(sa.select(RUNS).where(RUNS.c.id == run_id)).first()
    if row is None:
        raise NotFound(f"there is no run {run_id}")
    return _run(row)


def runs(
    connection: sa.Connection,
    *,
    repository: str | None = None,
    spec: str | None = None,
    states: Collection[RunState] | None = None,
) -> tuple[RunRow, ...]:
    """Runs, oldest first."""
    query = sa.select(RUNS).order_by(sa.literal_column("rowid"))
    if repository is not None:
        query = query.where(RUNS.c.repository == repository)
    if spec is not None:
        query = query.where(RUNS.c.spec == spec)
    if states is not None:
        query = query.where(RUNS.c.state.in_(list(states)))
    return tuple(_run(row) for row in connection.execute(query))


def task(connection: sa.Connection, run_id: str, task_id: str) -> TaskRow:
    """One task of a run; raises :class:`NotFound`."""
    row = connection.execute(sa.select(TASKS).where((TASKS.c.run == run_id) & (TASKS.c.id == task_id))).first()
    if row is None:
        raise NotFound(f"run {run_id} has no task {task_id}")
    return _task(row)


def tasks(
    connection: sa.Connection, *, run_id: str | None = None, states: Collection[TaskState] | None = None
) -> tuple[TaskRow, ...]:
    """Tasks in plan order, of one run or of all."""
    query = sa.select(TASKS).order_by(TASKS.c.run, TASKS.c.position)
    if run_id is not None:
        query = query.where(TASKS.c.run == run_id)
    if states is not None:
        query = query.where(TASKS.c.state.in_(list(states)))
    return tuple(_task(row) for row in connection.execute(query))


def latest_task(connection: sa.Connection, repository: str, task_id: str) -> TaskRow:
    """The task in the newest run of its spec in a repository; raises :class:`NotFound`."""
    join = TASKS.join(RUNS, TASKS.c.run == RUNS.c.id)
    query = sa.select(TASKS).select_from(join).where((RUNS.c.repository == repository) & (TASKS.c.id == task_id))
    row = connection.execute(query.order_by(sa.desc(sa.literal_column("runs.rowid")))).first()
    if row is None:
        raise NotFound(f"there is no task {task_id}", hint="`snapline status` lists them.")
    return _task(row)


def attempts(connection: sa.Connection, run_id: str, task_id: str | None = None) -> tuple[AttemptRow, ...]:
    """The attempts of a run, or of one task of it, by task and number."""
    query = sa.select(ATTEMPTS).where(ATTEMPTS.c.run == run_id).order_by(ATTEMPTS.c.task, ATTEMPTS.c.number)
    if task_id is not None:
        query = query.where(ATTEMPTS.c.task == task_id)
    return tuple(_plain(AttemptRow, row) for row in connection.execute(query))


def attempt(connection: sa.Connection, run_id: str, task_id: str, number: int) -> AttemptRow:
    """One attempt; raises :class:`NotFound`."""
    found = [one for one in attempts(connection, run_id, task_id) if one.number == number]
    if not found:
        raise NotFound(f"there is no attempt {task_id}#{number}")
    return found[0]


def last_number(connection: sa.Connection, repository_id: str, task_id: str) -> int:
    """The highest number that an attempt at this task ever had in a repository, over all runs; 0 for none."""
    query = sa.select(sa.func.coalesce(sa.func.max(ATTEMPTS.c.number), 0))
    query = query.where((ATTEMPTS.c.repository == repository_id) & (ATTEMPTS.c.task == task_id))
    return int(connection.execute(query).scalar_one())


def landings(connection: sa.Connection, run_id: str) -> tuple[LandingRow, ...]:
    """A run's landings and rollbacks, oldest first."""
    query = sa.select(LANDINGS).where(LANDINGS.c.run == run_id).order_by(LANDINGS.c.number)
    return tuple(_plain(LandingRow, row) for row in connection.execute(query))


def decisions(connection: sa.Connection, *, run_id: str | None = None) -> tuple[DecisionRow, ...]:
    """Decisions, oldest first: all those of one run, or those of any run that wait to be acted on."""
    query = sa.select(DECISIONS).order_by(sa.literal_column("rowid"))
    query = query.where(DECISIONS.c.run == run_id) if run_id is not None else query.where(DECISIONS.c.outcome.is_(None))
    return tuple(_plain(DecisionRow, row) for row in connection.execute(query))


def repository(connection: sa.Connection, repository_id: str) -> RepositoryRow:
    """A registered repository; raises :class:`NotFound`."""
    row = connection.execute(sa.select(REPOSITORIES).where(REPOSITORIES.c.id == repository_id)).first()
    if row is None:
        raise NotFound(f"there is no repository {repository_id}", hint="Run `snapline init` in it.")
    return _plain(RepositoryRow, row)


def _run(row: sa.Row[Any]) -> RunRow:
    reason = Waiting(row.reason) if row.reason else None
    return dataclasses.replace(_plain(RunRow, row), state=RunState(row.state), reason=reason)


def _task(row: sa.Row[Any]) -> TaskRow:
    reason = Waiting(row.reason) if row.reason else None
    return dataclasses.replace(_plain(TaskRow, row), state=TaskState(row.state), reason=reason)


def _plain(shape: type[Row], row: sa.Row[Any]) -> Row:
    return shape(**row._mapping)  # noqa: SLF001 - SQLAlchemy's documented way to a row's mapping
