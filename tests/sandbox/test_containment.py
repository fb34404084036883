"""Whatever a job starts ends with it."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.sandbox.victims import PYTHON, Victims, wait_until

from snapline.sandbox import process
from snapline.sandbox.bare import Bare
from snapline.sandbox.bubblewrap import Bubblewrap
from snapline.sandbox.containment import SUBREAPER
from snapline.sandbox.identity import Identity, identify, is_alive, send
from snapline.sandbox.policy import Cause, Exit, Job, Sandbox
from snapline.sandbox.runfolder import intent, supervisor

Hostile = Callable[..., Job]
TRIALS = 5


def ready(run_dir: Path) -> None:
    wait_until(lambda: (run_dir / "log").exists() and b"ready" in (run_dir / "log").read_bytes())


@pytest.mark.parametrize("manner", ["daemons", "respawner"])
def test_killing_the_process_group_leaves_daemons(tree: Path, victims: Victims, manner: str) -> None:
    argv = [PYTHON, "-I", "-S", "hostile.py", victims.mark, manner]
    with subprocess.Popen(argv, cwd=tree, stdout=subprocess.PIPE, start_new_session=True) as naive:
        assert naive.stdout is not None
        naive.stdout.readline()
        os.killpg(naive.pid, signal.SIGKILL)
        naive.wait()
    assert victims.wait_alive(3)


def end_by_limit(sandbox: Sandbox, job: Job, run_dir: Path, victims: Victims, least: int) -> Exit:
    process.launch(sandbox, job, run_dir)
    ready(run_dir)
    victims.wait_alive(least)
    process.stop(run_dir)
    ended = process.wait(run_dir, 10)
    assert ended is not None
    assert not victims.alive()
    return ended


@pytest.mark.parametrize(("manner", "least"), [("daemons", 4), ("respawner", 4), ("silent", 1)])
def test_stop_ends_everything(
    sandbox: Sandbox, hostile: Hostile, victims: Victims, tmp_path: Path, manner: str, least: int
) -> None:
    for trial in range(TRIALS):
        ended = end_by_limit(sandbox, hostile(manner), tmp_path / f"run{trial}", victims, least)
        assert ended.cause is Cause.STOPPED
        assert ended.proved_empty


@pytest.mark.soak
@pytest.mark.parametrize(("manner", "least"), [("daemons", 4), ("respawner", 4)])
def test_stop_ends_everything_a_hundred_times(
    sandbox: Sandbox, hostile: Hostile, victims: Victims, tmp_path: Path, manner: str, least: int
) -> None:
    for trial in range(100):
        ended = end_by_limit(sandbox, hostile(manner), tmp_path / f"run{trial}", victims, least)
        assert ended.proved_empty


def test_daemons_of_a_finished_job_are_counted_and_ended(
    sandbox: Sandbox, hostile: Hostile, victims: Victims, tmp_path: Path
) -> None:
    """They hold standard error open; nobody waits for them."""
    for trial in range(TRIALS):
        ended = process.run(sandbox, hostile("leaves"), tmp_path / f"run{trial}")
        assert (ended.cause, ended.status, ended.survivors, ended.proved_empty) == (Cause.EXIT, 0, 3, True)
        assert ended.seconds < 2
        assert not victims.alive()


def test_the_polite_may_finish(sandbox: Sandbox, hostile: Hostile, victims: Victims, tmp_path: Path) -> None:
    process.launch(sandbox, hostile("polite", grace=5.0), tmp_path / "run")
    ready(tmp_path / "run")
    victims.wait_alive(1)
    process.stop(tmp_path / "run")
    ended = process.wait(tmp_path / "run", 10)
    assert ended is not None
    assert (ended.cause, ended.status) == (Cause.STOPPED, 7)
    assert (tmp_path / "run" / "log").read_text() == "ready\nbye\n"


def kill_shim(run_dir: Path) -> Identity:
    who = wait_until(lambda: supervisor(run_dir))
    assert is_alive(who.shim)
    os.kill(who.shim.pid, signal.SIGKILL)
    wait_until(lambda: not is_alive(who.shim))
    return who.shim


def lose_shim(sandbox: Sandbox, job: Job, run_dir: Path, victims: Victims) -> None:
    process.launch(sandbox, job, run_dir)
    ready(run_dir)
    victims.wait_alive(4)
    kill_shim(run_dir)
    assert process.inspect(run_dir) is process.RunState.ORPHANED
    kind = intent(run_dir).containment
    if kind == SUBREAPER:
        assert victims.alive()
        with pytest.raises(process.NotProvedDead):
            process.reap(run_dir)
        assert process.inspect(run_dir) is process.RunState.ORPHANED
        victims.end()
        return
    ended = process.reap(run_dir)
    assert (ended.cause, ended.status, ended.containment, ended.proved_empty) == (Cause.LOST, None, kind, True)
    assert not victims.alive()
    assert process.reap(run_dir) == ended


@pytest.mark.parametrize("manner", ["daemons", "respawner"])
def test_a_killed_shim_leaves_no_process_or_says_so(
    sandbox: Sandbox, hostile: Hostile, victims: Victims, tmp_path: Path, manner: str
) -> None:
    for trial in range(TRIALS):
        lose_shim(sandbox, hostile(manner), tmp_path / f"run{trial}", victims)


def test_in_a_namespace_everything_dies_with_the_shim(
    wrapped: Bubblewrap, hostile: Hostile, victims: Victims, tmp_path: Path
) -> None:
    """Nobody has to come and clear up."""
    for trial in range(TRIALS):
        run_dir = tmp_path / f"run{trial}"
        process.launch(wrapped, hostile("respawner"), run_dir)
        ready(run_dir)
        victims.wait_alive(4)
        kill_shim(run_dir)
        victims.wait_gone()


def test_a_bare_main_process_dies_with_the_shim(hostile: Hostile, victims: Victims, tmp_path: Path) -> None:
    process.launch(Bare(grouped=False), hostile("silent"), tmp_path / "run")
    ready(tmp_path / "run")
    victims.wait_alive(1)
    kill_shim(tmp_path / "run")
    victims.wait_gone()


@pytest.mark.soak
def test_a_killed_shim_leaves_no_process_a_hundred_times(
    sandbox: Sandbox, hostile: Hostile, victims: Victims, tmp_path: Path
) -> None:
    for trial in range(100):
        lose_shim(sandbox, hostile("respawner"), tmp_path / f"run{trial}", victims)


def shim_of(run_dir: Path) -> int | None:
    """The shim by its arguments: it may not have written anything yet."""
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                words = (entry / "cmdline").read_bytes().split(b"\0")
            except OSError:
                continue
            if words[:1] != [b"bwrap"] and str(run_dir).encode() in words:
                return int(entry.name)
    return None


def lose_shim_early(sandbox: Sandbox, job: Job, run_dir: Path, victims: Victims, after: float) -> None:
    process.launch(sandbox, job, run_dir)
    shim = shim_of(run_dir)
    time.sleep(after)
    if shim is not None:
        os.kill(shim, signal.SIGKILL)
    wait_until(lambda: process.inspect(run_dir) is not process.RunState.RUNNING)
    try:
        ended = process.reap(run_dir)
    except process.NotProvedDead:
        assert intent(run_dir).containment == SUBREAPER
        victims.end()
        return
    assert ended.cause in (Cause.LOST, Cause.NOT_STARTED)
    assert not victims.alive()


def test_a_shim_killed_at_its_start(sandbox: Sandbox, hostile: Hostile, victims: Victims, tmp_path: Path) -> None:
    for trial in range(2 * TRIALS):
        lose_shim_early(sandbox, hostile("daemons"), tmp_path / f"run{trial}", victims, trial * 0.006)


@pytest.mark.soak
def test_a_shim_killed_at_its_start_at_any_moment(
    sandbox: Sandbox, hostile: Hostile, victims: Victims, tmp_path: Path
) -> None:
    for trial in range(100):
        lose_shim_early(sandbox, hostile("daemons"), tmp_path / f"run{trial}", victims, trial * 0.001)


def test_a_number_that_came_round_again_is_not_signalled() -> None:
    with subprocess.Popen(["sleep", "30"]) as other:
        now = identify(other.pid)
        assert now is not None
        assert is_alive(now)
        assert not send(now._replace(start=now.start - 1), signal.SIGKILL)
        assert not send(now._replace(boot="another boot"), signal.SIGKILL)
        assert other.poll() is None
        assert send(now, signal.SIGKILL)
        assert other.wait() == -signal.SIGKILL
        assert not is_alive(now)
