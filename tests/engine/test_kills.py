"""Kills: the whole group dies at a step; a second executor goes on, and every task ends exactly once."""

from __future__ import annotations

import os
import random
import signal
import time
from collections import Counter
from pathlib import Path

import pytest
from tests.engine.scene import Scene, make_scene

from snapline.engine.faults import STEPS, Point
from snapline.engine.settings import Lane
from snapline.store.states import RunState, TaskState

SPEC = """\
# Task
Three files are missing.

# Goal
- G1: All files are there.

# Constraints
- C1: Do not change: `README.md`

# Interfaces
- I1: new `out/T1.txt`, `out/T2.txt`, `out/T3.txt`

# Acceptance
- A1: `$ test "$(cat out/T1.txt)" = T1`
- A2: `$ test "$(cat out/T2.txt)" = T2`
- A3: `$ test "$(cat out/T3.txt)" = T3`

# Failure plan
- F1: Rollback: revert

# Tasks
- T1: First. Proves A1. Changes `out/T1.txt`.
- T2: Second. Proves A2. Changes `out/T2.txt`.
- T3: Third. Proves A3. Changes `out/T3.txt`. After T1.
"""
AGENT = """
echo "$SNAPLINE_ATTEMPT" >> {marks}/starts
task=${{SNAPLINE_ATTEMPT%#*}}; task=${{task##*/}}
mkdir -p out; echo "$task" >> "out/$task.txt"
"""


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    (tmp_path / "marks").mkdir()
    return make_scene(tmp_path)


def request(scene: Scene) -> str:
    marks = scene.root.parent / "marks"
    return scene.request(AGENT.format(marks=marks), SPEC, lane=Lane(slots=2, login=(str(marks),)))


def assert_ended_once(scene: Scene, run: str, said: str) -> None:
    assert scene.run(run).state is RunState.DONE, said
    assert {task.state for task in scene.tasks(run)} == {TaskState.DONE}, said
    done = Counter(kind for kind in scene.events(run) if kind in {"task.done", "run.done"})
    assert done == {"task.done": 3, "run.done": 1}
    assert len(scene.git("log", "--merges", "--format=%H", "--first-parent", "main").split()) == 1
    for name in ("T1", "T2", "T3"):
        assert scene.git("show", f"main:out/{name}.txt") == name
    starts = Counter((scene.root.parent / "marks" / "starts").read_text().split())
    assert set(starts.values()) == {1}, starts
    left = [path for name in ("ws", "trees", "trash") for path in (scene.home / name).rglob("*") if path.is_file()]
    assert not left
    assert scene.git("status", "--porcelain") == ""


def move_target(scene: Scene, run: str) -> None:
    """Make the landing's tree one that nobody has checked before; else the stored results answer."""
    while all(task.state is not TaskState.VERIFYING for task in scene.tasks(run)):
        time.sleep(0.05)
    (scene.root / "meanwhile").touch()
    scene.git("add", "meanwhile")
    scene.git("commit", "-qm", "Meanwhile")


def die_and_go_on(scene: Scene, *faults: str) -> None:
    run = request(scene)
    for fault in faults:
        victim = scene.start(run, SNAPLINE_FAULT=fault)
        if fault.startswith("land.check"):
            move_target(scene, run)
        said = scene.finish(victim, 90)
        assert victim.returncode == -signal.SIGKILL, f"{fault} was not reached:\n{said}"
    assert_ended_once(scene, run, scene.execute(run))


@pytest.mark.parametrize(
    "fault",
    [
        "attempt.launch:effect",
        "attempt.collect:recorded",
        "verify.check:effect:2",
        "integrate.move:effect",
        "land.move:effect",
    ],
)
def test_goes_on_after_a_kill(scene: Scene, fault: str) -> None:
    die_and_go_on(scene, fault)


def test_goes_on_after_two_kills(scene: Scene) -> None:
    die_and_go_on(scene, "attempt.await:before", "attempt.reap:effect")


_ORDINARY = [one for one in STEPS if not one.startswith("rollback.")]
_ONLY_WITH_WORK = {("tick.heal", Point.EFFECT), ("tick.decide", Point.EFFECT)}


@pytest.mark.soak
@pytest.mark.parametrize("point", Point)
@pytest.mark.parametrize("step", _ORDINARY)
def test_goes_on_after_a_kill_at_every_point(scene: Scene, step: str, point: Point) -> None:
    if (step, point) in _ONLY_WITH_WORK:
        pytest.skip("an ordinary run has nothing to heal and nothing to decide")
    die_and_go_on(scene, f"{step}:{point}")


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(20))
def test_goes_on_after_a_kill_at_any_instant(scene: Scene, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - instants of kills, no secrets
    run = request(scene)
    for _ in range(1 + seed % 3):
        victim = scene.start(run)
        time.sleep(chance.uniform(0.5, 8))
        if victim.poll() is None:
            os.killpg(victim.pid, signal.SIGKILL)
        victim.communicate()
    assert_ended_once(scene, run, scene.execute(run))
