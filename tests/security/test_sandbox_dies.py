"""A sandbox that does not come up, or dies: never a pass, and never the failure that a base must show either."""

from __future__ import annotations

import os
import signal
import subprocess
from pathlib import Path

import pytest
from tests.sandbox.victims import wait_until
from tests.verify.world import World, check, criterion, sandboxed, spec_of

from snapline.sandbox import process
from snapline.sandbox.identity import parent_of
from snapline.sandbox.policy import Cause, Job, Limits, Shape
from snapline.sandbox.runfolder import supervisor
from snapline.verify.procedure import Verifier
from snapline.verify.verdict import State, Verdict

ENDS = {
    "it cannot mount": "echo 'bwrap: cannot mount' >&2; exit 1",
    "it says that all is well": "exit 0",
    "it is killed at its start": "kill -9 $$",
}
SPEC = spec_of("- A1: It is there: `$ test -e made`.")


@pytest.fixture
def world(tmp_path: Path) -> World:
    return sandboxed(tmp_path)


def stand_in(folder: Path, text: str) -> str:
    """A search path on which bubblewrap does as ``text`` says."""
    folder.mkdir()
    (folder / "bwrap").write_text(f"#!/bin/sh\n{text}\n")
    (folder / "bwrap").chmod(0o755)
    return f"{folder}:{os.environ['PATH']}"


@pytest.mark.parametrize("how", ENDS)
def test_a_sandbox_that_does_not_come_up_proves_nothing(
    how: str, world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    base = world.commit({"a": "1\n"})
    commit = world.commit({"made": "1\n"})
    monkeypatch.setenv("PATH", stand_in(tmp_path / "bin", ENDS[how]))
    naive = subprocess.run(["bwrap", "--", "test", "-e", "made"], cwd="/", capture_output=True, check=False)
    assert (naive.returncode == 0) is (how == "it says that all is well"), "its status is taken for the check's"
    (row,) = Verifier(world.bench).baseline(SPEC, base, "").rows
    assert row.state is State.COULD_NOT_RUN
    report = world.verify(SPEC, base, commit)
    assert criterion(report).verdict is Verdict.COULD_NOT_RUN
    assert check(report).message
    assert not report.accepted


@pytest.mark.parametrize("outer", [True, False])
def test_a_sandbox_that_is_killed_ends_its_job_and_is_no_pass(
    world: World,
    tmp_path: Path,
    outer: bool,  # noqa: FBT001 - which of its two processes
) -> None:
    (tree := tmp_path / "tree").mkdir()
    run = tmp_path / "run"
    job = Job(("sh", "-c", "echo at work; sleep 30; echo PASS"), Shape.CHECK, Limits(20), tree=str(tree))
    process.launch(world.bench.sandbox, job, run)
    who = wait_until(lambda: (found := supervisor(run)) and found.first and found)
    wait_until(lambda: (run / "log").exists() and (run / "log").read_text() == "at work\n")
    assert who.first is not None
    os.kill(parent_of(who.first.pid) or 0 if outer else who.first.pid, signal.SIGKILL)
    ended = wait_until(lambda: process.wait(run, 0), 10)
    assert not ended.ok
    assert (ended.cause, ended.status) == ((Cause.LOST, None) if outer else (Cause.EXIT, 137))
    assert ended.proved_empty
    assert ended.seconds < 10


def test_a_check_that_was_killed_on_the_base_is_not_one_that_fails_there(world: World) -> None:
    """An agent that takes all memory can have checks of others killed: a base must fail by itself."""
    killed = "test -e made || kill -9 $$"
    assert subprocess.run(["bash", "-c", killed], cwd="/", check=False).returncode, "a failure, by its status alone"
    spec = spec_of(f"- A1: It is there: `$ {killed}`.")
    base = world.commit({"a": "1\n"})
    report = world.verify(spec, base, world.commit({"made": "1\n"}))
    assert check(report).baseline is State.COULD_NOT_RUN
    assert "it was killed" in Verifier(world.bench).baseline(spec, base, "").rows[0].because
    assert not report.accepted
    failed = world.verify(spec, base, world.commit({"other": "1\n"}, base))
    assert criterion(failed).verdict is not Verdict.PASS
