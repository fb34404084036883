"""Requesting a run: the rows that the tick then works on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert

from snapline.base import wire
from snapline.base.clock import Clock, stamp
from snapline.base.errors import Refused
from snapline.base.ids import Oid, RevisionId, RunId, SpecId, file_name, short
from snapline.engine.settings import RunSettings, TaskPlan
from snapline.engine.superseding import supersede
from snapline.plan.task import PlannedTask
from snapline.store import ledger, views
from snapline.store.database import Database
from snapline.store.states import RunState, TaskState
from snapline.store.tables import REPOSITORIES, RUNS, TASKS
from snapline.store.views import RunRow

HEARTBEAT_SECONDS = 15.0
"""A run is admitted only while its requester was seen within this time."""

UNFINISHED = frozenset({RunState.OPEN, RunState.LANDING, RunState.WAITING})
_STANDING = UNFINISHED | {RunState.DONE, RunState.ROLLING_BACK}


class OtherRevisionAtWork(Refused):
    """A run of another revision of this spec has not ended."""

    code = "other-revision-at-work"


@dataclass(frozen=True, slots=True)
class RunRequest:
    """What a person asks for: an approved revision, dispatched against a target branch.

    ``approval`` is the approval record, in the bytes in which it is kept.
    """

    repository: str
    root: Path
    spec: SpecId
    revision: RevisionId
    target: str
    base: Oid
    priority: int
    approval: bytes
    tasks: tuple[PlannedTask, ...]
    settings: RunSettings


def register(database: Database, repository: str, root: Path, clock: Clock) -> None:
    """Remember where a person uses a repository."""
    place = str(root)
    with database.write() as connection:
        connection.execute(
            insert(REPOSITORIES)
            .values(id=repository, root=place, registered_at=stamp(clock.now()))
            .on_conflict_do_update(index_elements=["id"], set_={"root": place})
        )


def request_run(database: Database, request: RunRequest, clock: Clock) -> RunId:
    """The run of this revision that has not ended or whose landing stands, else a new one; its requester is here now.

    What was landed is not done a second time. What an unfinished run of another revision has left is superseded;
    raises :class:`OtherRevisionAtWork` while something of it is at work.
    """
    register(database, request.repository, request.root, clock)
    with database.write() as connection:
        known = views.runs(connection, repository=request.repository, spec=request.spec, states=_STANDING)
        for one in known:
            if one.revision == request.revision:
                _beat(connection, [one.id], clock)
                return RunId(one.id)
        for one in known:
            name = f"{request.spec}@{short(request.revision)}"
            if one.state in UNFINISHED and not supersede(connection, one, name, clock):
                other = f"{one.spec}@{short(RevisionId(one.revision))}"
                raise OtherRevisionAtWork(
                    f"run {one.id} of another revision is at work",
                    hint=f"Let it come to rest first: snapline run {other}",
                )
        return _insert(connection, request, clock)


def standing_run(database: Database, repository: str, spec: SpecId, revision: RevisionId) -> RunRow | None:
    """The run of this revision that has not ended, or whose landing stands; None where a new one would begin."""
    with database.read() as connection:
        known = views.runs(connection, repository=repository, spec=spec, states=_STANDING)
    return next((one for one in known if one.revision == revision), None)


def beat(database: Database, runs: Iterable[str], clock: Clock) -> None:
    """Say that the requester of these runs is still here."""
    with database.write() as connection:
        _beat(connection, runs, clock)


def _beat(connection: sa.Connection, runs: Iterable[str], clock: Clock) -> None:
    connection.execute(sa.update(RUNS).where(RUNS.c.id.in_(list(runs))).values(heartbeat=clock.now().timestamp()))


def _insert(connection: sa.Connection, request: RunRequest, clock: Clock) -> RunId:
    name = f"{request.spec}@{short(request.revision)}"
    earlier = connection.execute(
        sa.select(sa.func.count()).where(RUNS.c.id.startswith(f"{name}.", autoescape=True))
    ).scalar_one()
    run = RunId(f"{name}.{earlier + 1}")
    at = stamp(clock.now())
    new = {"token": 1, "detail": "", "not_before": 0.0, "failures": 0, "changed_at": at, "signed": "", "unsigned": ""}
    connection.execute(sa.insert(RUNS).values(new | _run_values(request, run, clock)))
    body = {"revision": request.revision, "base": request.base, "target": request.target}
    ledger.append(connection, run, f"{run}:requested", at, "run.requested", run, body)
    for position, task in enumerate(request.tasks):
        connection.execute(sa.insert(TASKS).values(new | _task_values(task, run, position)))
        ledger.append(connection, run, f"{run}:{task.id}:queued", at, "task.queued", task.id, {})
    return run


def _run_values(request: RunRequest, run: RunId, clock: Clock) -> dict[str, object]:
    return {
        "id": run,
        "spec": request.spec,
        "revision": request.revision,
        "repository": request.repository,
        "target": request.target,
        "base": request.base,
        "priority": request.priority,
        "state": RunState.OPEN,
        "sequence": 0,
        "integration": f"refs/integration/{ref_name(run)}",
        "settings": wire.encode(request.settings),
        "approval": request.approval,
        "requested_at": stamp(clock.now()),
        "heartbeat": clock.now().timestamp(),
    }


def _task_values(task: PlannedTask, run: RunId, position: int) -> dict[str, object]:
    return {
        "run": run,
        "id": task.id,
        "position": position,
        "summary": task.summary,
        "plan": wire.encode(TaskPlan.of(task)),
        "lane": task.lane,
        "state": TaskState.QUEUED,
        "number": 0,
        "charged": 0,
        "seconds": 0.0,
    }


def ref_name(identifier: str) -> str:
    """An id as one part of a git ref: what git refuses there (``~``, ``..``) does not appear."""
    return file_name(identifier).replace("~", "=").replace("..", "=.")
