"""A run outlives whoever launched it, and is found again."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from tests.sandbox.victims import Victims, wait_until

from snapline.base import wire
from snapline.sandbox import process
from snapline.sandbox.bare import Bare
from snapline.sandbox.policy import Cause, Job, Limits, Mount, Sandbox, Shape
from snapline.sandbox.process import RunState
from snapline.sandbox.runfolder import INTENT_FILE, intent, locked, supervisor

Hostile = Callable[..., Job]
Shell = Callable[..., Job]
LAUNCHER = """
import os, signal, sys
from pathlib import Path
from snapline.base import wire
from snapline.sandbox import process
from snapline.sandbox.bare import Bare
from snapline.sandbox.bubblewrap import Bubblewrap
from snapline.sandbox.policy import Job
sandbox = {"T0": Bare(), "T2": Bubblewrap()}[sys.argv[1]]
process.launch(sandbox, wire.decode(Path(sys.argv[2]).read_bytes(), Job), Path(sys.argv[3]))
if sys.argv[4] == "kill":
    os.kill(0, signal.SIGKILL)
"""


def launch_elsewhere(sandbox: Sandbox, job: Job, run_dir: Path, then: str) -> int:
    """Launch by another process, which then ends: by itself, or with its whole process group by SIGKILL."""
    order = run_dir.with_suffix(".order")
    order.write_bytes(wire.encode(job))
    argv = [sys.executable, "-c", LAUNCHER, sandbox.tier, str(order), str(run_dir), then]
    return subprocess.run(argv, start_new_session=True, check=False).returncode


def test_a_run_is_adopted_after_its_launcher_was_killed(either: Sandbox, shell: Shell, tmp_path: Path) -> None:
    for trial in range(5):
        run_dir = tmp_path / f"run{trial}"
        job = shell("sleep 0.3; echo done; exit 4")
        assert launch_elsewhere(either, job, run_dir, "kill") == -signal.SIGKILL
        assert process.inspect(run_dir) is RunState.RUNNING
        ended = process.run(either, job, run_dir)
        assert (ended.cause, ended.status) == (Cause.EXIT, 4)
        assert (run_dir / "log").read_text() == "done\n"


@pytest.mark.soak
def test_a_run_is_adopted_a_hundred_times(either: Sandbox, hostile: Hostile, victims: Victims, tmp_path: Path) -> None:
    for trial in range(100):
        run_dir = tmp_path / f"run{trial}"
        launch_elsewhere(either, hostile("daemons", wall=0.5), run_dir, "kill")
        victims.wait_alive(1)
        assert process.run(either, hostile("daemons"), run_dir).cause is Cause.WALL
        assert not victims.alive()


def test_limits_hold_without_the_launcher(either: Sandbox, hostile: Hostile, victims: Victims, tmp_path: Path) -> None:
    launch_elsewhere(either, hostile("daemons", wall=1.0), tmp_path / "run", "kill")
    victims.wait_alive(4)
    victims.wait_gone()
    ended = wait_until(lambda: process.wait(tmp_path / "run", 0))
    assert (ended.cause, ended.proved_empty) == (Cause.WALL, True)


def test_the_states_of_a_run(either: Sandbox, shell: Shell, tmp_path: Path) -> None:
    run_dir = tmp_path / "run"
    assert process.inspect(run_dir) is RunState.ABSENT
    assert process.wait(run_dir) is None
    process.launch(either, shell("sleep 0.2"), run_dir)
    assert process.inspect(run_dir) is RunState.RUNNING
    assert process.wait(run_dir, timeout=0) is None
    with pytest.raises(process.AlreadyLaunched):
        process.launch(either, shell("true"), run_dir)
    first = process.wait(run_dir)
    assert process.inspect(run_dir) is RunState.ENDED
    with pytest.raises(process.AlreadyLaunched):
        process.launch(either, shell("true"), run_dir)
    assert first == process.run(either, shell("exit 9"), run_dir) == process.reap(run_dir) == process.record(run_dir)


def test_a_run_that_was_only_intended_was_never_started(either: Sandbox, shell: Shell, tmp_path: Path) -> None:
    run_dir = tmp_path / "run"
    process.run(either, shell("true"), run_dir)
    for name in ("shim.json", "exit.json"):
        (run_dir / name).unlink()
    wait_until(lambda: process.inspect(run_dir) is RunState.INTENDED)
    assert process.run(either, shell("true"), run_dir).cause is Cause.NOT_STARTED
    assert process.inspect(run_dir) is RunState.ENDED


def test_a_lost_run_of_an_earlier_boot_is_dead(shell: Shell, tmp_path: Path) -> None:
    run_dir = tmp_path / "run"
    process.launch(Bare(grouped=False), shell("sleep 30"), run_dir)
    who = wait_until(lambda: supervisor(run_dir))
    os.kill(who.shim.pid, signal.SIGKILL)
    wait_until(lambda: process.inspect(run_dir) is RunState.ORPHANED)
    with pytest.raises(process.NotProvedDead):
        process.reap(run_dir)
    earlier = msgspec.structs.replace(intent(run_dir), boot="an earlier one")
    (run_dir / INTENT_FILE).write_bytes(wire.encode(earlier))
    assert process.reap(run_dir).cause is Cause.LOST


def test_reaping_a_live_run_stops_it(either: Sandbox, hostile: Hostile, victims: Victims, tmp_path: Path) -> None:
    process.launch(either, hostile("daemons"), tmp_path / "run")
    victims.wait_alive(4)
    assert process.reap(tmp_path / "run").cause is Cause.STOPPED
    assert not victims.alive()


def test_reaping_nothing(tmp_path: Path) -> None:
    assert process.reap(tmp_path).cause is Cause.NOT_STARTED


def test_terminating_the_shim_stops_the_run(
    either: Sandbox, hostile: Hostile, victims: Victims, tmp_path: Path
) -> None:
    process.launch(either, hostile("daemons"), tmp_path / "run")
    victims.wait_alive(4)
    who = supervisor(tmp_path / "run")
    assert who is not None
    os.kill(who.shim.pid, signal.SIGTERM)
    ended = process.wait(tmp_path / "run", 10)
    assert ended is not None
    assert ended.cause is Cause.STOPPED
    assert not victims.alive()


def test_a_look_at_a_run_does_not_disturb_its_launch(tmp_path: Path) -> None:
    with locked(tmp_path):
        assert process.inspect(tmp_path) is RunState.RUNNING
        with pytest.raises(process.AlreadyLaunched), locked(tmp_path):
            pass
    assert process.inspect(tmp_path) is RunState.ABSENT


def test_the_record_of_a_job_holds_no_values_of_variables(either: Sandbox, shell: Shell, tmp_path: Path) -> None:
    process.run(either, shell("test ${#KEY} = 6", env={"KEY": "s3cret"}), tmp_path / "run")
    assert process.record(tmp_path / "run").ok
    assert process.job(tmp_path / "run").env == {"KEY": ""}
    for file in (tmp_path / "run").iterdir():
        assert not file.is_file() or b"s3cret" not in file.read_bytes()


def test_links_into_a_bare_tree_go_when_the_run_goes(tree: Path, tmp_path: Path) -> None:
    layer = tmp_path / "layer"
    layer.mkdir()
    (layer / "tool").write_text("tool")
    (tree / "vendor").mkdir()
    (tree / "kept").mkdir()
    (tree / "kept" / "file").touch()
    mounts = tuple(Mount(str(layer), f"/workspace/{name}") for name in (".venv", "sub/.venv", "vendor", "kept"))
    argv = ("sh", "-c", "cat .venv/tool sub/.venv/tool vendor/tool; ls kept")
    ended = process.run(Bare(), Job(argv, Shape.CHECK, Limits(9.0), tree=str(tree), mounts=mounts), tmp_path / "run")
    assert ended.ok
    assert (tmp_path / "run" / "log").read_text() == "tooltooltoolfile\n"
    assert sorted(str(path.relative_to(tree)) for path in tree.rglob("*") if not path.is_dir()) == [
        "hostile.py",
        "kept/file",
    ]


def test_a_shim_that_cannot_start_says_why(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "log").mkdir()
    process.launch(Bare(), shell("true"), tmp_path / "run")
    wait_until(lambda: process.inspect(tmp_path / "run") is RunState.INTENDED)
    assert "IsADirectoryError" in (tmp_path / "run" / "shim.err").read_text()
    (tmp_path / "run" / "log").rmdir()
    group = intent(tmp_path / "run").group
    assert process.reap(tmp_path / "run").cause is Cause.NOT_STARTED
    assert group is None or not Path(group).exists()


def test_the_record_is_plain_json(either: Sandbox, shell: Shell, tmp_path: Path) -> None:
    process.run(either, shell("exit 3"), tmp_path / "run")
    written = json.loads((tmp_path / "run" / "exit.json").read_text())
    assert written["status"] == 3
    assert set(written) == set(process.record(tmp_path / "run").__struct_fields__)
