from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from snapline.agents.base import AgentProfile
from snapline.engine import faults
from snapline.engine.lock import ExecutorLock, this_process
from snapline.engine.outcomes import Ending, Next, Outcome, Past, delay, following
from snapline.engine.settings import Backoff, Budgets, RunSettings
from snapline.store.states import TaskState, Waiting

SETTINGS = RunSettings(
    agent="a", agents={"a": AgentProfile(name="a", argv=("true",))}, budgets=Budgets(attempts=3, wall=100)
)
NOTHING = Past(0, 0, 0.0)
RED = Outcome(Ending.FAILED, "red", "s1", "t1")


@pytest.mark.parametrize(
    ("outcome", "past", "state", "reason"),
    [
        (Outcome(Ending.PROVED, ""), NOTHING, TaskState.INTEGRATING, None),
        (Outcome(Ending.WAITS, "", unsigned=("A1",)), NOTHING, TaskState.WAITING, Waiting.SIGN_OFF),
        (Outcome(Ending.WAITS, ""), NOTHING, TaskState.WAITING, Waiting.REVIEW),
        (RED, NOTHING, TaskState.QUEUED, None),
        (RED, Past(1, 0, 1.0, "s1", "t1"), TaskState.WAITING, Waiting.STUCK),
        (RED, Past(1, 0, 1.0, "s1", "t0"), TaskState.QUEUED, None),
        (RED, Past(1, 0, 1.0, "s0", "t1"), TaskState.QUEUED, None),
        (RED, Past(2, 0, 1.0, "s0", "t0"), TaskState.FAILED, None),
        (RED, Past(1, 0, 100.0, "s0", "t0"), TaskState.FAILED, None),
        (Outcome(Ending.REFUSED, "", "s"), NOTHING, TaskState.QUEUED, None),
        (Outcome(Ending.UNCHANGED, "", "s"), Past(1, 0, 0.0, "s", ""), TaskState.WAITING, Waiting.STUCK),
        (Outcome(Ending.CONFLICT, ""), Past(2, 2, 1.0), TaskState.QUEUED, None),
        (Outcome(Ending.INTERRUPTED, ""), Past(2, 2, 1.0), TaskState.QUEUED, None),
        (Outcome(Ending.ENVIRONMENT, ""), NOTHING, TaskState.WAITING, Waiting.ENVIRONMENT),
        (Outcome(Ending.LOST, ""), Past(2, 1, 1.0), TaskState.QUEUED, None),
        (Outcome(Ending.LOST, ""), Past(0, 2, 1.0), TaskState.WAITING, Waiting.POISON),
    ],
)
def test_where_a_task_goes(outcome: Outcome, past: Past, state: TaskState, reason: Waiting | None) -> None:
    found = following(outcome, past, SETTINGS, "seed")
    assert (found.state, found.reason) == (state, reason)


def test_the_wait_doubles_up_to_its_most_give_or_take_the_jitter() -> None:
    backoff = Backoff(first=10, most=300, jitter=0.2)
    for failures, plain in ((0, 10), (1, 20), (2, 40), (5, 300), (60, 300)):
        found = [delay(backoff, failures, f"seed {number}") for number in range(50)]
        assert plain * 0.8 <= min(found) < plain < max(found) <= plain * 1.2
    assert delay(backoff, 1, "x") == delay(backoff, 1, "x")


def test_what_needs_no_wait_has_none() -> None:
    assert following(Outcome(Ending.CONFLICT, "why"), NOTHING, SETTINGS, "") == Next(TaskState.QUEUED, "why")


def test_the_lock_is_held_by_one_and_given_back_by_death(tmp_path: Path) -> None:
    path = tmp_path / "executor.lock"
    program = (
        "import sys; from pathlib import Path; from snapline.engine.lock import ExecutorLock;"
        "lock = ExecutorLock(Path(sys.argv[1])); print(lock.acquire(), flush=True); sys.stdin.read()"
    )
    other = subprocess.Popen(
        [sys.executable, "-c", program, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert other.stdout is not None
    assert other.stdout.readline() == "True\n"
    lock = ExecutorLock(path)
    assert not lock.acquire()
    holder = lock.holder()
    assert holder is not None
    assert holder.pid == other.pid
    other.kill()
    other.communicate()
    assert lock.acquire()
    assert lock.acquire()
    assert lock.holder() == this_process()
    lock.release()
    assert lock.holder() is None
    assert not lock.held


def dies_at(passes: int, fault: str | None) -> bool:
    """Whether a process that comes ``passes`` times before the admission, and once before the healing, is killed."""
    program = (
        "import sys; from snapline.engine.faults import Point, reach\n"
        "for _ in range(int(sys.argv[1])): reach('tick.admit', Point.BEFORE)\n"
        "reach('tick.heal', Point.BEFORE)"
    )
    environment = {name: value for name, value in os.environ.items() if name != faults.VARIABLE}
    if fault is not None:
        environment[faults.VARIABLE] = fault
    done = subprocess.run(
        [sys.executable, "-c", program, str(passes)], env=environment, check=False, start_new_session=True
    )
    assert done.returncode in {0, -signal.SIGKILL}
    return done.returncode != 0


def test_nothing_dies_without_being_told() -> None:
    assert not dies_at(9, None)
    assert not dies_at(6, "tick.admit:before:7")
    assert dies_at(7, "tick.admit:before:7")
    assert dies_at(1, "tick.heal:before")
    assert not dies_at(1, "tick.heal:effect")
