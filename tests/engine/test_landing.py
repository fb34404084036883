"""Integration, landing and rollback when somebody or something is in the way."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import pytest
from tests.engine.scene import HONEST, SPEC, Scene, make_scene

from snapline.base import wire
from snapline.base.clock import SystemClock
from snapline.engine.decisions import Decision, DecisionKind, NothingToDecide, decide
from snapline.engine.faults import Point
from snapline.engine.settings import Lane
from snapline.recover.report import RollbackReport
from snapline.store import views
from snapline.store.evidence import EvidenceStore
from snapline.store.states import RunState, TaskState, Waiting

CLOCK = SystemClock()


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    return make_scene(tmp_path)


def on_run(scene: Scene, run: str, kind: DecisionKind, **options: bool) -> None:
    decide(scene.database, Decision(run, None, kind, scene.run(run).token, "Ada", options=dict(options)), CLOCK)


def wait_for(scene: Scene, run: str, state: TaskState) -> None:
    for _ in range(600):
        if any(task.state is state for task in scene.tasks(run)):
            return
        time.sleep(0.05)
    pytest.fail(f"no task of {run} came to be {state}")


def test_a_commit_that_came_first_is_merged_with(scene: Scene) -> None:
    run = scene.request(HONEST)
    worker = scene.start(run)
    wait_for(scene, run, TaskState.VERIFYING)
    (scene.root / "other.txt").write_text("theirs\n")
    scene.git("add", "other.txt")
    scene.git("commit", "-qm", "Meanwhile")
    meanwhile = scene.git("rev-parse", "main")
    said = scene.finish(worker)
    assert scene.run(run).state is RunState.DONE, said
    assert scene.git("rev-parse", "main^1") == meanwhile
    assert scene.git("show", "main:other.txt") == "theirs"
    assert scene.git("show", "main:one.txt") == "one"


def test_a_work_tree_in_the_way_is_never_touched_and_the_person_is_waited_for(scene: Scene) -> None:
    run = scene.request(HONEST)
    (scene.root / "one.txt").write_text("mine, not committed\n")
    before = scene.git("rev-parse", "main")
    scene.execute(run)
    assert (scene.run(run).state, scene.run(run).reason) == (RunState.WAITING, Waiting.WORKING_TREE)
    assert (scene.root / "one.txt").read_text() == "mine, not committed\n"
    assert scene.git("rev-parse", "main") == before
    (scene.root / "one.txt").unlink()
    on_run(scene, run, DecisionKind.RETRY)
    said = scene.execute(run)
    assert scene.run(run).state is RunState.DONE, said
    assert scene.git("status", "--porcelain") == ""


def test_a_target_on_which_the_checks_fail_is_left_alone(scene: Scene) -> None:
    run = scene.request(HONEST, SPEC.replace("= two`", "= two && test ! -e broken`"))
    worker = scene.start(run)
    wait_for(scene, run, TaskState.VERIFYING)
    (scene.root / "broken").touch()
    scene.git("add", "broken")
    scene.git("commit", "-qm", "Break it")
    before = scene.git("rev-parse", "main")
    said = scene.finish(worker)
    assert (scene.run(run).state, scene.run(run).reason) == (RunState.WAITING, Waiting.LANDING_REFUSED), said
    assert "A2" in scene.run(run).detail
    assert scene.git("rev-parse", "main") == before


TWO = f"""{SPEC}
# Tasks
- T1: The first. Proves A1. Changes `one.txt`.
- T2: The second. Proves A2. Changes `two.txt`.
"""


def test_a_conflict_is_no_failure_and_goes_back_to_the_agent(scene: Scene) -> None:
    agent = (
        "case $SNAPLINE_ATTEMPT in */T1*) echo one > one.txt; echo T1 > shared.txt;; "
        "*) echo two > two.txt; [ -f shared.txt ] || { sleep 4; echo T2 > shared.txt; };; esac"
    )
    run = scene.request(agent, TWO)
    said = scene.execute(run)
    assert scene.run(run).state is RunState.DONE, said
    second = [one for one in scene.attempts(run) if one.task == "pair/T2"]
    assert [one.outcome for one in second] == ["conflict", "proved"]
    assert "shared.txt" in second[0].words
    assert scene.git("show", "main:shared.txt") == "T1"


def test_an_interrupted_attempt_costs_nothing_and_its_work_is_kept(scene: Scene) -> None:
    run = scene.request("if [ -f one.txt ]; then echo two > two.txt; else echo one > one.txt; sleep 60; fi")
    worker = scene.start(run)
    wait_for(scene, run, TaskState.RUNNING)
    end = time.monotonic() + 60
    while not any(scene.home.rglob("one.txt")) and time.monotonic() < end:
        time.sleep(0.05)
    os.kill(worker.pid, signal.SIGINT)
    scene.finish(worker, 10)
    assert worker.returncode == 130
    said = scene.execute(run)
    assert scene.run(run).state is RunState.DONE, said
    assert [one.outcome for one in scene.attempts(run)] == ["interrupted", "proved"]
    assert [one.charged for one in scene.attempts(run)] == [0, 1]


def test_rolling_back_restores_the_tree_and_is_done_once(scene: Scene) -> None:
    run = scene.request(HONEST)
    with pytest.raises(NothingToDecide):
        on_run(scene, run, DecisionKind.ROLLBACK)
    scene.execute(run)
    origin = scene.git("rev-parse", "main^1^{tree}")
    on_run(scene, run, DecisionKind.ROLLBACK)
    said = scene.execute(run)
    assert scene.run(run).state is RunState.ROLLED_BACK, said
    assert {task.state for task in scene.tasks(run)} == {TaskState.ROLLED_BACK}
    assert scene.git("rev-parse", "main^{tree}") == origin
    with scene.database.read() as connection:
        row = views.landings(connection, run)[-1]
    report = wire.decode(EvidenceStore(scene.home / "evidence").read(row.report or ""), RollbackReport)
    assert report.complete
    assert report.restored
    assert report.revert == scene.git("rev-parse", "main")
    assert [proof.id for proof in report.proofs] == ["A3"]
    with pytest.raises(NothingToDecide):
        on_run(scene, run, DecisionKind.ROLLBACK)


_ALWAYS = {"rollback.carry-out:effect", "rollback.confirm:effect"}
_KILLS = [f"rollback.{name}:{point}" for name in ("begin", "carry-out", "confirm") for point in Point]


@pytest.mark.parametrize(
    "fault", [pytest.param(one, marks=() if one in _ALWAYS else pytest.mark.soak) for one in _KILLS]
)
def test_a_kill_in_a_rollback_leaves_one_revert(scene: Scene, fault: str) -> None:
    plan = "- F1: Rollback: `$ echo once >> {marks}/marks`, revert"
    marks = scene.root.parent / "marks"
    marks.mkdir()
    text = SPEC.replace("- F1: Rollback: revert", plan.format(marks=marks))
    run = scene.request(HONEST, text, lane=Lane(sandbox="none"), accept="proved")
    scene.execute(run)
    (task,) = scene.tasks(run)
    decide(scene.database, Decision(run, task.id, DecisionKind.ACCEPT, task.token, "Ada"), CLOCK)
    scene.execute(run)
    origin = scene.git("rev-parse", "main^1^{tree}")
    on_run(scene, run, DecisionKind.ROLLBACK)
    victim = scene.start(run, SNAPLINE_FAULT=fault)
    said = scene.finish(victim)
    assert victim.returncode == -signal.SIGKILL, said
    said = scene.execute(run)
    assert scene.run(run).state is RunState.ROLLED_BACK, said
    assert (marks / "marks").read_text() == "once\n"
    assert scene.git("rev-parse", "main^{tree}") == origin
    assert scene.git("rev-list", "--count", "--first-parent", "main") == "4"
