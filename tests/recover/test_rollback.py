"""Steps, the revert and proofs, with real git, real processes and both tiers."""

from __future__ import annotations

import os
import signal
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest
from tests.recover.conftest import Landed

from snapline.base.ids import ClauseId, Oid, RevisionId
from snapline.base.text import Span
from snapline.recover.failureplan import Side, Step
from snapline.recover.report import ProofState, StepState
from snapline.recover.rollback import Workshop, prove, revert_commit, reverted, run_step
from snapline.repo import land
from snapline.repo.land import LandResult, LandsNothing
from snapline.sandbox import process
from snapline.sandbox.environment import Environment
from snapline.sandbox.runfolder import RunState, supervisor
from snapline.spec.model import Check, CheckKind, Spec, StepKind, TranscriptStep
from snapline.verify.environments import Environments

REVISION = RevisionId("3f" * 32)


def command(text: str, side: Side = Side.LANDED) -> Step:
    return Step(StepKind.COMMAND, text, side, ClauseId("F1"))


def said(workshop: Workshop, evidence: tuple[str, ...]) -> str:
    return b"".join(workshop.evidence.read(one) for one in evidence).decode()


@pytest.mark.parametrize(("commit", "level"), [("landing", "new"), ("before", "old")])
def test_a_step_runs_in_a_checkout_of_its_commit(commit: str, level: str, landed: Landed, workshop: Workshop) -> None:
    outcome = run_step(workshop, 1, command('cat "$LEVEL_FILE"; echo $DATABASE'), getattr(landed, commit))
    assert (outcome.state, outcome.exit, outcome.message) == (StepState.DONE, 0, "")
    assert said(workshop, outcome.evidence) == f"{level}\ndb.example\n"


def test_a_step_that_fails_says_why(landed: Landed, workshop: Workshop) -> None:
    outcome = run_step(workshop, 1, command("echo first; echo -e '\\e[31mno database'; exit 4"), landed.landing)
    assert (outcome.state, outcome.exit) == (StepState.FAILED, 4)
    assert outcome.message == "exit status 4: no database"


def test_a_step_that_takes_too_long_is_ended(landed: Landed, workshop: Workshop) -> None:
    outcome = run_step(replace(workshop, timeout=0.5), 1, command("sleep 60"), landed.landing)
    assert outcome.state is StepState.FAILED
    assert "longer than 0.5 s" in outcome.message


def test_a_pipe_is_not_stronger_than_its_weakest_part(landed: Landed, workshop: Workshop) -> None:
    assert run_step(workshop, 1, command("false | cat"), landed.landing).state is StepState.FAILED


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    """A file in which a command leaves a mark each time it runs."""
    return tmp_path / "count"


def test_a_step_is_carried_out_once(landed: Landed, open_to_all: Workshop, outside: Path) -> None:
    step = command(f"echo run >> {outside}")
    first = run_step(open_to_all, 1, step, landed.landing)
    assert run_step(open_to_all, 1, step, landed.landing) == first
    assert outside.read_text() == "run\n"
    run_step(open_to_all, 2, step, landed.landing)
    assert outside.read_text() == "run\nrun\n"


def test_a_step_that_still_runs_is_awaited(landed: Landed, open_to_all: Workshop, outside: Path) -> None:
    step = command(f"echo run >> {outside}; sleep 1")
    outcomes = []
    threads = [
        threading.Thread(target=lambda: outcomes.append(run_step(open_to_all, 1, step, landed.landing)))
        for _ in range(2)
    ]
    threads[0].start()
    run_dir = open_to_all.folder / "step-1" / "run"
    until(lambda: process.inspect(run_dir) is RunState.RUNNING)
    threads[1].start()
    for thread in threads:
        thread.join(timeout=20)
    assert [one.state for one in outcomes] == [StepState.DONE] * 2
    assert outside.read_text() == "run\n"


def test_a_step_that_was_broken_off_is_never_repeated(landed: Landed, open_to_all: Workshop, outside: Path) -> None:
    step = command(f"echo run >> {outside}; sleep 60")
    run_dir = open_to_all.folder / "step-1" / "run"
    thread = threading.Thread(target=lambda: run_step(open_to_all, 1, step, landed.landing))
    thread.start()
    until(lambda: outside.exists() and outside.read_text())
    who = supervisor(run_dir)
    assert who is not None
    assert process.inspect(run_dir) is RunState.RUNNING
    os.kill(who.shim.pid, signal.SIGKILL)
    thread.join(timeout=20)
    outcome = run_step(open_to_all, 1, step, landed.landing)
    assert outcome.state is StepState.UNKNOWN
    assert "not repeated" in outcome.message
    assert outside.read_text() == "run\n"


def until(condition: object, seconds: float = 10.0) -> None:
    assert callable(condition)
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_one_commit_takes_the_landing_back_and_keeps_later_work(landed: Landed, spec: Spec) -> None:
    joined = revert_commit(landed.vault, spec, REVISION, landed.later, [landed.landing], "@ann")
    assert joined.commit is not None
    assert revert_commit(landed.vault, spec, REVISION, landed.later, [landed.landing], "@ann") == joined
    moved = land.move_target(landed.user, landed.vault, "main", joined.commit, landed.later)
    assert moved.result is LandResult.LANDED
    assert landed.git("show", "HEAD:level.txt") == "old"
    assert landed.git("ls-tree", "--name-only", "HEAD").split() == ["kept.txt", "level.txt", "others.txt"]
    assert landed.git("log", "-1", "--format=%s") == "Roll back demo: Raise the level"
    trailers = landed.git("log", "-1", "--format=%(trailers)")
    assert f"Reverts: {landed.landing}" in trailers
    assert "By: @ann" in trailers
    with pytest.raises(LandsNothing):
        revert_commit(landed.vault, spec, REVISION, joined.commit, [landed.landing], "@ann")


def test_without_later_work_the_tree_is_the_one_from_before(landed: Landed, spec: Spec) -> None:
    joined = revert_commit(landed.vault, spec, REVISION, landed.landing, [landed.landing], "@ann")
    assert landed.vault.tree_of(joined.commit or Oid("")) == landed.vault.tree_of(landed.before)
    assert reverted(1, Step(StepKind.REVERT, "revert", Side.REVERTED), joined).state is StepState.DONE


def test_a_conflict_touches_nothing_and_names_the_files(landed: Landed, spec: Spec) -> None:
    (landed.root / "level.txt").write_text("newer\n")
    landed.git("commit", "-qam", "on top of it")
    tip = landed.user.head()
    landed.vault.fetch(landed.user, tip)
    joined = revert_commit(landed.vault, spec, REVISION, tip, [landed.landing], "@ann")
    assert joined.commit is None
    outcome = reverted(2, Step(StepKind.REVERT, "revert", Side.REVERTED), joined)
    assert (outcome.state, outcome.number) == (StepState.FAILED, 2)
    assert "level.txt" in outcome.message
    assert landed.user.head() == tip


def check(text: str, kind: CheckKind = CheckKind.COMMAND, steps: tuple[TranscriptStep, ...] = ()) -> Check:
    return Check(kind, Span(0, 0), text, steps=steps)


@pytest.mark.parametrize(
    ("given", "state"),
    [
        (check("grep -q old level.txt"), ProofState.HOLDS),
        (check("grep -q new level.txt"), ProofState.FAILS),
        (check("no-such-program-here"), ProofState.COULD_NOT_RUN),
        (check("", CheckKind.TRANSCRIPT, (TranscriptStep("cat level.txt", ("old",)),)), ProofState.HOLDS),
        (check("", CheckKind.TRANSCRIPT, (TranscriptStep("cat level.txt", ("new",)),)), ProofState.FAILS),
    ],
)
def test_a_proof_looks_at_the_commit(given: Check, state: ProofState, landed: Landed, workshop: Workshop) -> None:
    proof = prove(workshop, 1, ClauseId("F2"), given, landed.before)
    assert proof.state is state, proof
    assert proof.id == "F2"
    assert prove(workshop, 1, ClauseId("F2"), given, landed.before).state is state


def test_a_proof_is_looked_at_anew_each_time(landed: Landed, open_to_all: Workshop, outside: Path) -> None:
    given = check(f"test -e {outside}")
    assert prove(open_to_all, 1, ClauseId("F2"), given, landed.before).state is ProofState.FAILS
    outside.touch()
    assert prove(open_to_all, 1, ClauseId("F2"), given, landed.before).state is ProofState.HOLDS


@pytest.fixture
def broken(workshop: Workshop) -> Workshop:
    """A workshop whose environment cannot be built."""
    around = workshop.environments
    environment = Environment(setup=("echo no network; exit 3",), outputs=("deps",))
    return replace(workshop, environments=Environments(around.vault, around.layers, environment))


def test_without_its_environment_nothing_is_run(landed: Landed, broken: Workshop) -> None:
    outcome = run_step(broken, 1, command("true"), landed.landing)
    assert outcome.state is StepState.FAILED
    assert "environment" in outcome.message
    proof = prove(broken, 1, ClauseId("F2"), check("true"), landed.before)
    assert proof.state is ProofState.COULD_NOT_RUN
    assert "environment" in proof.message


def test_what_an_earlier_try_left_is_cleared_away(landed: Landed, workshop: Workshop) -> None:
    locked = workshop.folder / "step-1" / "tree" / "locked"
    locked.mkdir(parents=True)
    (locked / "left.txt").write_text("x")
    locked.chmod(0)
    outcome = run_step(workshop, 1, command("ls"), landed.before)
    assert outcome.state is StepState.DONE
    assert said(workshop, outcome.evidence) == "kept.txt\nlevel.txt\n"
