from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from snapline.base.clock import ManualClock
from snapline.store import ledger, moves, views
from snapline.store.database import Database, open_database
from snapline.store.moves import Move, Moved
from snapline.store.states import RUN_MOVES, TASK_MOVES, RunState, TaskState, Waiting
from snapline.store.tables import REPOSITORIES, RUNS, TASKS

CLOCK = ManualClock(datetime(2026, 11, 22, 17, 30, tzinfo=UTC))
START = Move("r", "t", TaskState.QUEUED, TaskState.PREPARING, 1, "t#1:preparing", {"token": 2, "number": 1})


@pytest.fixture
def database(tmp_path: Path) -> Database:
    opened = open_database(tmp_path / "state.db")
    common = {"token": 1, "detail": "", "not_before": 0.0, "failures": 0, "changed_at": ""}
    run = {"spec": "s", "revision": "f", "repository": "p", "target": "main", "base": "b", "priority": 2}
    run |= {
        "integration": "refs/i",
        "signed": "",
        "unsigned": "",
        "sequence": 0,
        "settings": b"",
        "approval": b"",
        "requested_at": "",
        "heartbeat": 0,
    }
    task = {"run": "r", "position": 0, "summary": "", "plan": b"", "lane": "default", "state": "queued"}
    task |= {"number": 0, "charged": 0, "seconds": 0.0, "signed": "", "unsigned": ""}
    with opened.write() as connection:
        connection.execute(sa.insert(REPOSITORIES).values(id="p", root="/p", registered_at=""))
        connection.execute(sa.insert(RUNS).values(id="r", state="open", **run, **common))
        for name in ("t", "u"):
            connection.execute(sa.insert(TASKS).values(id=name, **task, **common))
    return opened


def state(database: Database, task: str = "t") -> tuple[TaskState, int]:
    with database.read() as connection:
        row = views.task(connection, "r", task)
    return row.state, row.token


def keys(database: Database) -> list[str]:
    with database.read() as connection:
        assert ledger.verify_chain(connection, "r") is None or not ledger.events(connection)
        return [event.key for event in ledger.events(connection)]


def test_a_move_changes_the_task_and_tells_it_once(database: Database) -> None:
    assert moves.apply(database, [START], CLOCK) is Moved.OK
    assert state(database) == (TaskState.PREPARING, 2)
    assert moves.apply(database, [START], CLOCK) is Moved.REPLAYED
    assert state(database) == (TaskState.PREPARING, 2)
    assert keys(database) == ["t#1:preparing"]


@pytest.mark.parametrize(
    "late",
    [
        replace(START, key="k", token=7),
        replace(START, key="k", source=TaskState.WAITING, target=TaskState.FAILED),
        replace(START, key="k", task="nobody"),
        Move("r", None, RunState.OPEN, RunState.LANDING, 9, "k"),
    ],
)
def test_a_stale_move_changes_nothing_and_is_recorded_as_refused(database: Database, late: Move) -> None:
    assert moves.apply(database, [late], CLOCK) is Moved.STALE
    assert moves.apply(database, [late], CLOCK) is Moved.STALE
    assert state(database) == (TaskState.QUEUED, 1)
    assert keys(database) == ["k:refused"]


def test_several_moves_are_done_all_or_none(database: Database) -> None:
    other = replace(START, task="u", key="u#1:preparing")
    assert moves.apply(database, [START, replace(other, token=5)], CLOCK) is Moved.STALE
    assert state(database) == state(database, "u") == (TaskState.QUEUED, 1)
    assert moves.apply(database, [START, other], CLOCK) is Moved.OK
    assert moves.apply(database, [START, other], CLOCK) is Moved.REPLAYED
    assert state(database) == state(database, "u") == (TaskState.PREPARING, 2)


def test_a_new_state_forgets_what_belonged_to_the_old_one(database: Database) -> None:
    waiting = Move("r", "t", TaskState.QUEUED, TaskState.WAITING, 1, "w", {"reason": Waiting.STUCK, "detail": "why"})
    moves.apply(database, [waiting], CLOCK)
    with database.read() as connection:
        row = views.task(connection, "r", "t")
    assert (row.reason, row.detail) == (Waiting.STUCK, "why")
    moves.apply(database, [Move("r", "t", TaskState.WAITING, TaskState.QUEUED, 1, "q")], CLOCK)
    with database.read() as connection:
        row = views.task(connection, "r", "t")
    assert (row.reason, row.detail, row.workflow, row.deadline) == (None, "", None, None)


def test_a_transition_that_does_not_exist_is_a_bug(database: Database) -> None:
    with pytest.raises(ValueError, match="may not follow"):
        moves.apply(database, [replace(START, target=TaskState.DONE)], CLOCK)


def test_every_state_can_be_reached_and_has_its_followers() -> None:
    assert set(TASK_MOVES) == set(TaskState)
    assert set(RUN_MOVES) == set(RunState)
    assert set().union(*TASK_MOVES.values()) == set(TaskState)
    assert set().union(*RUN_MOVES.values()) == set(RunState)
