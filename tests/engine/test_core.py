"""The engine's core, on real DBOS, SQLite and processes, with workflows that do almost nothing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from snapline.agents.base import AgentProfile
from snapline.base.clock import SystemClock
from snapline.base.ids import Oid, RevisionId, RunId, SpecId, TaskId
from snapline.engine.dispatch import RunRequest, request_run
from snapline.engine.places import Places
from snapline.engine.settings import Backoff, Lane, RunSettings
from snapline.plan.task import PlannedTask
from snapline.store import ledger, views
from snapline.store.database import Database, open_database
from snapline.store.states import RunState, TaskState, Waiting

WORKER = Path(__file__).with_name("tiny_worker.py")
AGENT = AgentProfile(name="none", argv=("true",))
SETTINGS = RunSettings(agent="none", agents={"none": AGENT}, backoff=Backoff(first=0.05, most=0.1), lane=Lane(slots=2))


def planned(name: str, *after: str) -> PlannedTask:
    return PlannedTask(TaskId(name), None, name, (), after=tuple(TaskId(one) for one in after))


FOUR = (planned("s/T1"), planned("s/T2"), planned("s/T3", "s/T1", "s/T2"), planned("s/T4", "s/T1"))


@pytest.fixture
def database(tmp_path: Path) -> Database:
    return open_database(Places(tmp_path).database)


def request(database: Database, *tasks: PlannedTask, settings: RunSettings = SETTINGS, spec: str = "s") -> RunId:
    wanted = RunRequest(
        repository="p",
        root=database.path.parent,
        spec=SpecId(spec),
        revision=RevisionId("f" * 64),
        target="main",
        base=Oid("0" * 40),
        priority=2,
        approval=b"{}",
        tasks=tasks,
        settings=settings,
    )
    return request_run(database, wanted, SystemClock())


def start(database: Database, *runs: str, **env: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, str(WORKER), str(database.path.parent), *runs],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
        env={**os.environ, **env},
    )


def finish(process: subprocess.Popen[str], seconds: float = 30) -> str:
    try:
        said, _ = process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        said, _ = process.communicate()
        pytest.fail(f"the worker did not end:\n{said}")
    return said


def states(database: Database, run: str) -> dict[str, TaskState]:
    with database.read() as connection:
        return {task.id: task.state for task in views.tasks(connection, run_id=run)}


def run_state(database: Database, run: str) -> RunState:
    with database.read() as connection:
        return views.run(connection, run).state


def assert_sound(database: Database, run: str) -> None:
    """Every task ended once, no attempt acted twice, no slot was given twice, and the chain holds."""
    with database.read() as connection:
        told = ledger.events(connection, stream=run)
        assert ledger.verify_chain(connection, run) is None
    done = Counter(event.subject for event in told if event.kind == "task.done")
    assert set(done.values()) == {1}
    acted = Counter((database.path.parent / "acted").read_text().split())
    assert not [one for one, times in acted.items() if times > 2], acted


def test_tasks_run_in_the_order_of_their_dependencies(database: Database) -> None:
    run = request(database, *FOUR)
    said = finish(start(database, run))
    assert run_state(database, run) is RunState.DONE, said
    assert set(states(database, run).values()) == {TaskState.DONE}
    acted = [line.partition("#")[0] for line in (database.path.parent / "acted").read_text().split()]
    assert sorted(acted) == ["s/T1", "s/T2", "s/T3", "s/T4"]
    assert acted.index("s/T3") > max(acted.index("s/T1"), acted.index("s/T2"))
    assert_sound(database, run)


FAULTS = [
    "tick.admit:before",
    "tick.admit:effect",
    "tick.admit:recorded",
    "tick.admit:recorded:3",
    "attempt.launch:before",
    "attempt.launch:effect",
    "attempt.launch:recorded",
    "attempt.collect:effect",
    "attempt.collect:recorded",
    "verify.verdict:effect",
    "verify.verdict:recorded",
    "integrate.move:before",
    "integrate.move:recorded",
    "land.move:effect",
    "land.move:recorded",
]


@pytest.mark.parametrize("fault", FAULTS)
def test_after_a_kill_at_any_point_going_on_ends_every_task_once(database: Database, fault: str) -> None:
    run = request(database, *FOUR)
    victim = start(database, run, SNAPLINE_FAULT=fault)
    finish(victim)
    assert victim.returncode == -signal.SIGKILL
    assert run_state(database, run) is not RunState.DONE or fault.startswith("land.move:recorded")
    said = finish(start(database, run))
    assert run_state(database, run) is RunState.DONE, said
    assert_sound(database, run)


def test_a_failed_attempt_is_tried_again_and_the_budget_ends_it(database: Database) -> None:
    run = request(database, planned("s"))
    finish(start(database, run, TINY_FAILS="s#1 s#2"))
    assert run_state(database, run) is RunState.DONE
    with database.read() as connection:
        tried = views.attempts(connection, run)
        assert [one.outcome for one in tried] == ["failed", "failed", "proved"]
        assert views.task(connection, run, "s").charged == 3


def test_when_the_attempts_are_used_up_the_task_fails_and_so_does_what_comes_after(database: Database) -> None:
    run = request(database, planned("s/T1"), planned("s/T2", "s/T1"))
    finish(start(database, run, TINY_FAILS="s/T1#1 s/T1#2 s/T1#3"))
    assert run_state(database, run) is RunState.FAILED
    assert states(database, run) == {"s/T1": TaskState.FAILED, "s/T2": TaskState.CANCELLED}


def test_a_workflow_that_breaks_is_healed_and_poison_is_set_aside(database: Database) -> None:
    run = request(database, planned("s/T1"), planned("s/T2"))
    worker = start(database, run, TINY_RAISES="s/T1")
    for _ in range(200):
        with database.read() as connection:
            task = views.task(connection, run, "s/T1")
        if task.state is TaskState.WAITING:
            break
        time.sleep(0.1)
    os.killpg(worker.pid, signal.SIGKILL)
    worker.communicate()
    assert (task.state, task.reason, task.number, task.charged) == (TaskState.WAITING, Waiting.POISON, 3, 0)
    assert states(database, run)["s/T2"] in {TaskState.INTEGRATED, TaskState.INTEGRATING}
    with database.read() as connection:
        detail = views.task(connection, run, "s/T1").detail
    kept = [path.read_text() for path in (database.path.parent / "evidence").rglob("*.traceback")]
    assert "RuntimeError: a bug; its traceback is evidence " in detail
    assert any("tiny_worker.py" in one and "RuntimeError: a bug" in one for one in kept)


def test_a_second_executor_is_not_admitted_but_follows_and_takes_over(database: Database) -> None:
    run = request(database, planned("s/T1"), planned("s/T2"))
    first = start(database, run, TINY_SECONDS="1.5")
    assert first.stdout is not None
    assert first.stdout.readline() == "executing\n"
    second = start(database, run, TINY_SECONDS="0.1")
    assert second.stdout is not None
    assert second.stdout.readline() == "following\n"
    time.sleep(0.7)
    assert first.poll() is None
    os.killpg(first.pid, signal.SIGKILL)
    first.communicate()
    said = finish(second)
    assert run_state(database, run) is RunState.DONE, said
    assert_sound(database, run)


def test_a_run_is_admitted_only_while_its_requester_is_there(database: Database) -> None:
    left, attended = request(database, planned("s/T1")), request(database, planned("t/T1"), spec="t")
    with database.write() as connection:
        connection.exec_driver_sql("UPDATE runs SET heartbeat = heartbeat - 60 WHERE id = ?", (left,))
    worker = start(database, left, attended, TINY_SILENT="1")
    end = time.monotonic() + 60
    while run_state(database, attended) is not RunState.DONE and time.monotonic() < end:
        with database.write() as connection:
            connection.exec_driver_sql("UPDATE runs SET heartbeat = ? WHERE id = ?", (time.time(), attended))
        time.sleep(0.1)
    assert worker.poll() is None
    os.killpg(worker.pid, signal.SIGKILL)
    worker.communicate()
    assert (run_state(database, attended), run_state(database, left)) == (RunState.DONE, RunState.OPEN)
