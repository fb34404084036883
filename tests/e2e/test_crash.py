"""Crashes: the whole process group is killed at a step, or at any moment; going on ends every task exactly once.

Four tasks in two waves on two slots. The judge is ``witness.py``, which imports nothing of ours; each test of a kill
first sees that the kill happened. A few points run always; every step, point and many random instants are soak tests.
"""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.e2e.stage import MakeStage, Stage, toolchain

from snapline.base.errors import ExitStatus
from snapline.engine.faults import STEPS, Point

TASKS = ("T1", "T2", "T3", "T4")
WITNESS = Path(__file__).parent / "witness.py"
ON_THE_WAY = [step for step in STEPS if not step.startswith("rollback.")]
"""The steps of a run that lands; those of a rollback are tried by themselves."""
AGENT = """
exec 9>> ~/started/$(basename "${SNAPLINE_ATTEMPT%#*}").lock
flock -n 9 || echo "two at once: $SNAPLINE_ATTEMPT" >> ~/started/starts
echo "start $SNAPLINE_ATTEMPT" >> ~/started/starts
sleep 0.2
mkdir -p out && task=${SNAPLINE_ATTEMPT%#*} && echo "${task##*/}" >> "out/${task##*/}.txt"
"""
SPEC = """\
# Four files

# Task
Four files are missing from the folder of results, and other people's programs look for them there.

# Goal
- G1: Each file is there and holds its own name.

# Constraints
- C1: Change only: `out/**`

# Interfaces
- I1: new `out/T1.txt`, `out/T2.txt`, `out/T3.txt`, `out/T4.txt`

# Acceptance
- A1: `$ test "$(cat out/T1.txt)" = T1`
- A2: `$ test "$(cat out/T2.txt)" = T2`
- A3: `$ test "$(cat out/T3.txt)" = T3`
- A4: `$ test "$(cat out/T4.txt)" = T4`

# Failure plan
- F1: Rollback: revert

# Tasks
- T1: First. Proves A1. Changes `out/T1.txt`.
- T2: Second. Proves A2. Changes `out/T2.txt`.
- T3: Third. Proves A3. Changes `out/T3.txt`. After T1.
- T4: Fourth. Proves A4. Changes `out/T4.txt`. After T2.
"""


@pytest.fixture
def stage(make_stage: MakeStage) -> Iterator[Stage]:
    """Four approved tasks, and a folder of the person's home in which the agents leave their mark."""
    stage = make_stage("shell")
    stage.measured = False
    (stage.root / "specs/add.md").unlink()
    config = f"[env]\n{toolchain()}\n[lanes.default]\nslots = 2\nlogin = ['~/started']\n"
    stage.write({"specs/four.md": SPEC, "snapline.toml": config})
    stage.commit("Ask for four files")
    (stage.user_home / "started").mkdir()
    approved = stage.snapline("approve", "four", "--by", "Ada")
    assert approved.status == 0, approved.stderr
    yield stage
    for pid in runners(stage):
        os.killpg(pid, signal.SIGKILL)


def start(stage: Stage, fault: str = "") -> subprocess.Popen[bytes]:
    """Begin or go on with the run, in a process group of its own."""
    environment = {**stage.env(), "SNAPLINE_FAULT": fault}
    with (stage.home.parent / "out.log").open("ab") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "snapline", "run", "four", "--agent-cmd", AGENT, "--slots", "2"],
            cwd=stage.root,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )


def runners(stage: Stage) -> list[int]:
    """The process groups that still run ``snapline run`` for this stage: none, after a test that passed."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                if (entry / "cwd").readlink() == stage.root and b"snapline" in (entry / "cmdline").read_bytes():
                    found.append(os.getpgid(int(entry.name)))
            except OSError:
                continue
    return found


def go_on(stage: Stage) -> None:
    """Run to the end, then let the witness look."""
    log = stage.home.parent / "out.log"
    process = start(stage)
    try:
        status = process.wait(90)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        pytest.fail(f"going on never ended:\n{log.read_text()}")
    assert status == 0, log.read_text()
    looked = subprocess.run(
        [sys.executable, "-I", WITNESS, stage.root, stage.home, stage.user_home / "started/starts", *TASKS],
        capture_output=True,
        text=True,
        check=False,
    )
    assert looked.returncode == 0, looked.stdout + looked.stderr + log.read_text()


def die_at(stage: Stage, fault: str) -> None:
    """Run until the fault kills the group; that it does is part of the test."""
    process = start(stage, fault)
    assert process.wait(90) == -signal.SIGKILL, (
        f"{fault} was never reached:\n{(stage.home.parent / 'out.log').read_text()}"
    )


def die_at_random(stage: Stage, chance: random.Random) -> None:
    """Kill the whole group after some time, unless the run was quicker."""
    process = start(stage)
    time.sleep(chance.uniform(0.3, 6))
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


@pytest.mark.parametrize(
    "fault",
    [
        "tick.admit:recorded",
        "attempt.prepare:effect",
        "attempt.launch:before",
        "attempt.launch:effect",
        "attempt.await:before",
        "attempt.collect:effect",
        "verify.check:effect",
        "integrate.move:effect",
        "land.move:effect",
        "land.confirm:before",
    ],
)
def test_goes_on_after_a_kill(stage: Stage, fault: str) -> None:
    die_at(stage, fault)
    go_on(stage)


def test_goes_on_after_two_kills_in_a_row(stage: Stage) -> None:
    die_at(stage, "attempt.launch:effect")
    die_at(stage, "attempt.reap:before")
    go_on(stage)


ON_DEMAND = {("tick.heal", Point.EFFECT), ("tick.decide", Point.EFFECT)}
"""Points that are reached only where there is something to heal or to decide: each has a test of its own."""
OFTEN = ("attempt.", "verify.", "integrate.merge", "integrate.environment", "integrate.plan", "integrate.move")
"""Steps that a run passes at least three times, so that a later pass can be waited for."""
POINTS = [(step, point) for step in ON_THE_WAY for point in Point if (step, point) not in ON_DEMAND]


@pytest.mark.soak
@pytest.mark.parametrize("trial", [1, 2, 3])
@pytest.mark.parametrize(("step", "point"), POINTS)
def test_every_point(stage: Stage, step: str, point: Point, trial: int) -> None:
    if step == "land.check":
        move_the_target(stage)
    fault = f"{step}:{point}:{trial}" if step.startswith(OFTEN) else f"{step}:{point}"
    die_at(stage, fault)
    if trial == 2:
        die_again(stage, fault)
    go_on(stage)


def move_the_target(stage: Stage) -> None:
    """Let the landing's tree be one that nobody has checked: somebody else commits meanwhile."""
    stage.write({"elsewhere.txt": "Work of others.\n"})
    stage.commit("Go on elsewhere")


def test_goes_on_after_a_kill_while_healing(stage: Stage) -> None:
    heal_under_a_kill(stage)


@pytest.mark.soak
@pytest.mark.parametrize("trial", [1, 2, 3])
def test_every_kill_while_healing(stage: Stage, trial: int) -> None:
    heal_under_a_kill(stage, trial)


def heal_under_a_kill(stage: Stage, trial: int = 1) -> None:
    """A workflow that will never move on is found by the tick; the process dies just as it is being healed."""
    die_at(stage, f"attempt.await:before:{trial}")
    with sqlite3.connect(stage.home / "state.db") as database:
        lost = database.execute("update workflow_status set status = 'ERROR' where status = 'PENDING'").rowcount
    assert lost, "no workflow was at work"
    die_at(stage, "tick.heal:effect")
    go_on(stage)


def test_a_decision_outlives_a_kill_while_it_is_carried_out(stage: Stage) -> None:
    decide_under_a_kill(stage)


@pytest.mark.soak
@pytest.mark.parametrize("trial", [1, 2, 3])
def test_every_kill_while_deciding(stage: Stage, trial: int) -> None:
    decide_under_a_kill(stage, trial)


def decide_under_a_kill(stage: Stage, times: int = 1) -> None:
    """A person's acceptance is written down; the process dies as it acts on it, also again; going on lands once."""
    path = stage.root / "specs/four.md"
    path.write_text(path.read_text().replace('`$ test "$(cat out/T4.txt)" = T4`', "The fourth is a pleasure. (manual)"))
    stage.commit("Let a person judge the fourth")
    assert stage.snapline("approve", "four", "--by", "Ada").status == 0
    waiting = start(stage)
    assert waiting.wait(90) == ExitStatus.WAITS
    accepted = [sys.executable, "-m", "snapline", "accept", "four/T4", "--sign", "A4", "--by", "Ada"]
    environment = {**stage.env(), "SNAPLINE_FAULT": "tick.decide:effect"}
    killed = subprocess.run(accepted, cwd=stage.root, env=environment, check=False, start_new_session=True)
    assert killed.returncode == -signal.SIGKILL
    for _ in range(times - 1):
        die_again(stage, "tick.decide:effect")
    go_on(stage)


def die_again(stage: Stage, fault: str) -> None:
    """The same fault a second time in a row, where going on passes it again."""
    process = start(stage, fault)
    assert process.wait(90) in {0, -signal.SIGKILL}


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(50))
def test_any_instant(stage: Stage, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - instants of kills, no secrets
    for _ in range(1 + seed % 3):
        die_at_random(stage, chance)
    go_on(stage)
