"""The shim as a program: what it makes of an order on standard input."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from tests.sandbox.victims import PYTHON, TOOLCHAIN, wait_until

from snapline.sandbox import containment, groups, identity, shim
from snapline.sandbox.bubblewrap import Bubblewrap
from snapline.sandbox.policy import Job, Limits, Shape
from snapline.sandbox.runfolder import RunState, inspect, locked, record

START = "from snapline.sandbox.shim import main; main()"


def order(folder: Path, *argv: str, **changes: object) -> dict[str, Any]:
    limits = {"wall": 20.0, "idle": None, "log_bytes": 1000, "output_kill": None, "grace": 0.2}
    given: dict[str, Any] = {
        "program": argv[0],
        "argv": argv,
        "env": {"PATH": os.environ["PATH"]},
        "cwd": "/",
        "options": None,
        "group": None,
        "placed": [],
        "run_dir": str(folder),
        "mark": "bwrap:test",
        "stdin": None,
        "capture": False,
        "allowed": [],
        "sources": "",
    }
    given |= changes
    return given | {"limits": limits | given.pop("limit", {})}


def supervise(given: dict[str, Any], folder: Path) -> dict[str, Any]:
    """Let a shim carry out the order; its record."""
    folder.mkdir(exist_ok=True)
    with locked(folder) as lock:
        given["lock"] = lock
        subprocess.run([sys.executable, "-c", START], input=json.dumps(given).encode(), pass_fds=(lock,), check=True)
    wait_until(lambda: inspect(folder) is not RunState.RUNNING, 20)
    found: dict[str, Any] = json.loads((folder / "exit.json").read_text())
    return found


def script(text: str) -> tuple[str, ...]:
    return (PYTHON, "-I", "-S", "-c", text)


@pytest.mark.parametrize(
    ("text", "changes", "cause", "status"),
    [
        ("print(1)", {}, "exit", 0),
        ("import os; os.kill(os.getpid(), 9)", {}, "signal", 137),
        ("import time; time.sleep(9)", {"limit": {"wall": 0.3}}, "wall", 143),
        ("import time; time.sleep(9)", {"limit": {"idle": 0.3}}, "idle", 143),
        ("while True: print('x' * 999)", {"limit": {"output_kill": 5000}}, "output", 143),
        ("import sys; print('x' * 99); sys.exit(3)", {"capture": True}, "exit", 3),
        (
            "import signal, time; signal.signal(15, signal.SIG_IGN); time.sleep(9)",
            {"limit": {"wall": 0.4}},
            "wall",
            137,
        ),
        ("import os\nif os.fork() == 0: os.setsid(); os.execlp('sleep', 'sleep', '99')", {}, "exit", 0),
    ],
)
def test_an_order_is_carried_out(tmp_path: Path, text: str, changes: dict[str, Any], cause: str, status: int) -> None:
    found = supervise(order(tmp_path, *script(text), **changes), tmp_path)
    assert (found["cause"], found["status"], found["containment"]) == (cause, status, "subreaper")
    assert found["proved_empty"]
    assert record(tmp_path).cause == cause


def test_an_order_with_a_control_group(tmp_path: Path) -> None:
    root = groups.usable_root()
    if root is None:
        pytest.skip("no control group of version 2 can be made here: NOT TESTED")
    group = Path(root) / f"snapline-test-{os.getpid()}"
    group.mkdir()
    text = "import os\nif os.fork() == 0: os.setsid(); os.execlp('sleep', 'sleep', '99')"
    found = supervise(order(tmp_path, *script(text), group=str(group)), tmp_path)
    assert (found["cause"], found["containment"], found["survivors"]) == ("exit", "cgroup2", 1)
    assert not group.exists()


@pytest.mark.parametrize(
    ("text", "limit", "cause", "survivors"),
    [
        (
            "import os, time\nif os.fork() == 0: os.setsid(); os.execlp('sleep', 'sleep', '99')\ntime.sleep(0.5)",
            {},
            "exit",
            1,
        ),
        ("import signal, time; signal.signal(15, signal.SIG_IGN); time.sleep(9)", {"wall": 0.5}, "wall", 0),
    ],
)
def test_an_order_in_a_namespace(
    wrapped: Bubblewrap, tree: Path, tmp_path: Path, text: str, limit: dict[str, float], cause: str, survivors: int
) -> None:
    job = Job(script(text), Shape.CHECK, Limits(20.0), tree=str(tree), toolchains=(TOOLCHAIN,))
    command = wrapped.prepare(job, tmp_path)
    given = order(tmp_path, *command.argv, program=command.program, options=command.options, limit=limit)
    found = supervise(given | {"cwd": str(tmp_path)}, tmp_path)
    assert (found["cause"], found["containment"]) == (cause, "pidns")
    assert (found["survivors"], found["proved_empty"]) == (survivors, True)


def test_a_program_that_cannot_be_started(tmp_path: Path) -> None:
    found = supervise(order(tmp_path, "/no/such/program"), tmp_path)
    assert (found["cause"], found["status"]) == ("not-started", None)
    assert "/no/such/program: No such file" in (tmp_path / "log").read_text()


def test_what_was_placed_is_removed_unless_it_was_changed(tmp_path: Path) -> None:
    for name, target in (("kept", "/elsewhere"), ("gone", "/there")):
        (tmp_path / name).symlink_to(target)
    shim.clear([[str(tmp_path / name), "/there"] for name in ("kept", "gone", "missing")])
    assert [path.name for path in tmp_path.iterdir()] == ["kept"]


def test_a_full_disk_ends_the_storing_and_not_the_run(tmp_path: Path) -> None:
    (tmp_path / "log").symlink_to("/dev/full")
    found = supervise(order(tmp_path, *script("print('x' * 50); import sys; sys.exit(5)")), tmp_path)
    assert (found["status"], found["output_bytes"], found["logged_bytes"]) == (5, 51, 0)


def test_descendants_are_found_and_ended(tmp_path: Path) -> None:
    """In a process of its own, as it must be a subreaper."""
    text = f"""
import ctypes, subprocess, sys
sys.path.insert(0, {str(Path(shim.__file__).parents[2])!r})
from snapline.sandbox.containment import Descendants, ask, empty
ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)
subprocess.run(["sh", "-c", "setsid sleep 99 & (trap '' TERM; sleep 99; sleep 99) & sleep 0.1"])
held = Descendants()
before = len(held.members())
ask(held)
print(before, held.is_empty(), empty(held, 2.0), held.members())
"""
    asked = subprocess.run([sys.executable, "-c", text], capture_output=True, text=True, check=True, cwd=tmp_path)
    assert asked.stdout == "3 False True []\n"


def test_a_group_kills_also_where_the_kernel_has_no_cgroup_kill(tmp_path: Path) -> None:
    """A folder stands in for such a group: it has the list of processes and no other file."""
    with subprocess.Popen(["sleep", "99"]) as victim:
        (tmp_path / "cgroup.procs").write_text(f"{victim.pid}\n")
        (tmp_path / "cgroup.events").write_text("populated 1\n")
        (tmp_path / "cgroup.kill").mkdir()
        group = containment.ControlGroup(str(tmp_path))
        assert group.members() == [victim.pid]
        assert not containment.empty(group, 0.1), "the kernel's word counts"
        assert victim.wait() == -9
        assert group.members() == []
    assert containment.ControlGroup(str(tmp_path / "gone")).is_empty()


def test_processes_that_are_not_there() -> None:
    gone = identity.Identity(identity.boot_id(), 2**22 + 1, 1)
    assert identity.identify(gone.pid) is None
    assert identity.parent_of(gone.pid) is None
    assert identity.cpu_ticks(gone.pid) == 0
    assert not identity.is_alive(gone)
