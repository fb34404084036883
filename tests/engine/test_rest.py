"""When nothing more will happen in a run without a person."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa

from snapline.agents.base import AgentProfile
from snapline.base.clock import SystemClock
from snapline.base.ids import Oid, RevisionId, RunId, SpecId, TaskId
from snapline.engine.dispatch import RunRequest, request_run
from snapline.engine.places import Places
from snapline.engine.rest import at_rest
from snapline.engine.settings import RunSettings
from snapline.plan.task import PlannedTask
from snapline.store.database import Database, open_database
from snapline.store.states import RunState, TaskState
from snapline.store.tables import RUNS, TASKS

A, B = "s/T1", "s/T2"


@pytest.fixture
def database(tmp_path: Path) -> Database:
    return open_database(Places(tmp_path).database)


def set_up(database: Database, run: RunState, first: TaskState, second: TaskState, *, after: bool) -> RunId:
    tasks = (
        PlannedTask(TaskId(A), None, "A", ()),
        PlannedTask(TaskId(B), None, "B", (), after=(TaskId(A),) if after else ()),
    )
    wanted = RunRequest(
        repository="p",
        root=database.path.parent,
        spec=SpecId("s"),
        revision=RevisionId("f" * 64),
        target="main",
        base=Oid("0" * 40),
        priority=2,
        approval=b"{}",
        tasks=tasks,
        settings=RunSettings(agent="none", agents={"none": AgentProfile(name="none", argv=("true",))}),
    )
    made = request_run(database, wanted, SystemClock())
    with database.write() as connection:
        connection.execute(sa.update(RUNS).values(state=run))
        for task, state in ((A, first), (B, second)):
            connection.execute(sa.update(TASKS).where(TASKS.c.id == task).values(state=state))
    return made


S = TaskState


@pytest.mark.parametrize(
    ("first", "second", "after", "rests"),
    [
        (S.QUEUED, S.QUEUED, False, False),
        (S.WAITING, S.RUNNING, False, False),
        (S.WAITING, S.INTEGRATED, False, True),
        (S.WAITING, S.FAILED, False, True),
        (S.WAITING, S.QUEUED, True, True),
        (S.QUARANTINED, S.FAILED, False, True),
        # What comes after a failed task is about to be cancelled.
        (S.FAILED, S.QUEUED, True, False),
        # With everything over or integrated, the run itself is about to fail or to land.
        (S.FAILED, S.FAILED, False, False),
        (S.FAILED, S.CANCELLED, True, False),
        (S.FAILED, S.INTEGRATED, False, False),
        (S.INTEGRATED, S.INTEGRATED, False, False),
    ],
)
def test_an_open_run(database: Database, first: TaskState, second: TaskState, *, after: bool, rests: bool) -> None:
    assert at_rest(database, set_up(database, RunState.OPEN, first, second, after=after)) is rests


@pytest.mark.parametrize("state", RunState)
def test_a_run_that_is_not_open_goes_by_its_own_state(database: Database, state: RunState) -> None:
    run = set_up(database, state, S.FAILED, S.FAILED, after=False)
    assert at_rest(database, run) is (state not in {RunState.OPEN, RunState.LANDING, RunState.ROLLING_BACK})
