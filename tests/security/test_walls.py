"""What a sandboxed process tries on the processes, sockets and powers outside; each works without the sandbox."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.sandbox.victims import demand

from snapline.base import wire
from snapline.sandbox import bubblewrap, process
from snapline.sandbox.bare import Bare
from snapline.sandbox.bubblewrap import Bubblewrap
from snapline.sandbox.policy import Job, Limits, Sandbox, Shape

REACH = Path(__file__).with_name("reach.py").read_text("utf-8")
PYTHON = str(Path(sys.executable).resolve())
Try = Callable[..., str]


@pytest.fixture
def attempt(tmp_path: Path) -> Try:
    """Run a shell text, or with ``reach`` the program that reaches out, and return what it printed."""
    demand("bubblewrap", works=bubblewrap.probe().ok)

    def run(sandbox: Sandbox, *words: str, shape: Shape = Shape.AGENT, network: bool = False) -> str:
        argv = ("bash", "-c", *words) if len(words) == 1 else (PYTHON, "-I", "-S", "-c", REACH, *words[1:])
        (tree := tmp_path / "tree").mkdir(exist_ok=True)
        toolchain = str(Path(PYTHON).parents[1])
        job = Job(argv, shape, Limits(20), tree=str(tree), toolchains=(toolchain,), network=network)
        folder = tmp_path / f"run{len(list(tmp_path.iterdir()))}"
        process.run(sandbox, job, folder)
        return (folder / "log").read_text()

    return run


@pytest.mark.parametrize("shape", list(Shape))
@pytest.mark.parametrize("what", ["signal", "environ", "trace"])
def test_no_process_outside_can_be_signalled_read_or_traced(attempt: Try, what: str, shape: Shape) -> None:
    with subprocess.Popen(["sleep", "60"], env={"KEPT": "secret", "PATH": os.defpath}) as victim:
        pid = str(victim.pid)
        assert attempt(Bare(), "reach", what, pid) == "reached\n"
        assert attempt(Bubblewrap(), "reach", what, pid, shape=shape).startswith("not reached")
        assert victim.poll() is None
        victim.kill()


@pytest.fixture
def ends() -> Iterator[dict[str, str]]:
    """Somebody who answers on TCP and UDP of the loopback, and on an abstract socket."""
    name = f"snapline-{os.getpid()}"
    with (
        socket.create_server(("127.0.0.1", 0)) as tcp,
        socket.socket(type=socket.SOCK_DGRAM) as udp,
        socket.socket(socket.AF_UNIX) as abstract,
    ):
        udp.bind(("127.0.0.1", 0))
        abstract.bind(f"\0{name}")
        abstract.listen()
        answering = threading.Thread(target=answer, args=(udp,), daemon=True)
        answering.start()
        yield {"tcp": str(tcp.getsockname()[1]), "udp": str(udp.getsockname()[1]), "abstract": name}
        with socket.socket(type=socket.SOCK_DGRAM) as end:
            end.sendto(b"end", udp.getsockname())
        answering.join()


def answer(udp: socket.socket) -> None:
    while True:
        said, sender = udp.recvfrom(4)
        if said == b"end":
            return
        udp.sendto(b"pong", sender)


@pytest.mark.parametrize("what", ["tcp", "udp", "abstract"])
def test_a_check_reaches_no_socket_of_the_machine(attempt: Try, ends: dict[str, str], what: str) -> None:
    assert attempt(Bare(), "reach", what, ends[what]) == "reached\n"
    assert attempt(Bubblewrap(), "reach", what, ends[what], shape=Shape.AGENT, network=True) == "reached\n"
    assert attempt(Bubblewrap(), "reach", what, ends[what], shape=Shape.CHECK).startswith("not reached")


def test_a_check_has_no_way_to_a_metadata_address(attempt: Try) -> None:
    if attempt(Bare(), "reach", "route") != "reached\n":
        pytest.skip("this machine itself has no way to such an address: NOT TESTED")
    assert "unreachable" in attempt(Bubblewrap(), "reach", "route", shape=Shape.CHECK)


def test_a_setuid_program_gives_nobody_elses_rights(attempt: Try, tmp_path: Path) -> None:
    if os.getuid():
        pytest.skip("only root can make a program of another user's: NOT TESTED")
    (tree := tmp_path / "tree").mkdir()
    shutil.copy(shutil.which("id") or "", tree / "other")
    shutil.chown(tree / "other", "nobody")
    (tree / "other").chmod(0o4755)
    text = "./other -u; grep NoNewPrivs /proc/self/status | cut -f2"
    naive = subprocess.run(["bash", "-c", text], cwd=tree, capture_output=True, text=True, check=True).stdout
    assert naive == "65534\n0\n"
    for shape in Shape:
        assert attempt(Bubblewrap(), text, shape=shape) == "0\n1\n"


def test_more_namespaces_uncover_nothing(attempt: Try, tmp_path: Path) -> None:
    """A process may make a user namespace inside, where it is root: what is hidden from it stays so."""
    (hidden := tmp_path / "hidden").mkdir()
    (hidden / "key").write_text("KEY")
    uncover = (
        f"for place in {hidden} {tmp_path} /tmp /home /root; do umount $place; umount -l $place; done 2>/dev/null\n"
        f"mount -o remount,rw,bind / 2>/dev/null; cat {hidden}/key 2>/dev/null\n"
        "touch /usr/x 2>/dev/null && echo WRITTEN"
    )
    cover = ["unshare", "--mount", *(() if os.getuid() == 0 else ("--user", "--map-root-user"))]
    text = f"mount -t tmpfs cover {hidden} && ! test -e {hidden}/key && umount {hidden} && cat {hidden}/key"
    naive = subprocess.run([*cover, "bash", "-c", text], capture_output=True, text=True, check=False).stdout
    assert naive == "KEY", "a cover made in the same namespace can be taken away"
    for shape in Shape:
        said = attempt(Bubblewrap(), f"{uncover}; unshare --user --keep-caps --mount bash -c '{uncover}'", shape=shape)
        assert "KEY" not in said
        assert "WRITTEN" not in said


def test_no_setting_of_the_kernel_can_be_changed(attempt: Try) -> None:
    """What names the program that takes core dumps makes the kernel run one of the agent's, as root, outside."""
    setting = "/proc/sys/kernel/core_pattern"
    change = f'value=$(cat {setting}); (echo "$value" > {setting}) 2>/dev/null && echo CHANGED; true'
    if "CHANGED" not in attempt(Bare(), change):
        pytest.skip("no ordinary user can change it anyway: NOT TESTED")
    for shape in Shape:
        text = f"{change}; find /proc/sys /sys -type f -writable | wc -l"
        assert attempt(Bubblewrap(), text, shape=shape) == "0\n"
        assert "CHANGED" not in attempt(
            Bubblewrap(), f"unshare --user --keep-caps --mount bash -c '{change}'", shape=shape
        )


LOGIN = """
import ctypes, os, subprocess, sys
add, call = (248, 250) if os.uname().machine == "x86_64" else (217, 219)
keys = ctypes.CDLL(None)
keys.syscall(call, 1, None)
if keys.syscall(add, b"user", sys.argv[1].encode(), b"TICKET", 6, -3) > 0:
    sys.exit(subprocess.run(sys.argv[2:]).returncode)
"""
"""A session with a ticket in the kernel's keyring; what it is given to run inherits that."""
IN_SANDBOX = """
import sys
from pathlib import Path
from snapline.base import wire
from snapline.sandbox import process
from snapline.sandbox.bubblewrap import Bubblewrap
from snapline.sandbox.policy import Job
process.run(Bubblewrap(), wire.decode(Path(sys.argv[1]).read_bytes(), Job), Path(sys.argv[2]))
"""


@pytest.mark.parametrize("shape", list(Shape))
def test_tickets_in_the_keyring_of_a_login_are_not_inherited(tmp_path: Path, shape: Shape) -> None:
    demand("bubblewrap", works=bubblewrap.probe().ok)
    name = f"snapline-{os.getpid()}"
    session = [sys.executable, "-c", LOGIN, name]
    reach = (PYTHON, "-I", "-S", "-c", REACH, "key", name)
    naive = subprocess.run([*session, *reach], capture_output=True, text=True, check=False).stdout
    if naive != "reached\n":
        pytest.skip("no key can be kept in this kernel: NOT TESTED")
    (tree := tmp_path / "tree").mkdir()
    job = Job(reach, shape, Limits(20), tree=str(tree), toolchains=(str(Path(PYTHON).parents[1]),))
    (tmp_path / "job").write_bytes(wire.encode(job))
    run = [sys.executable, "-c", IN_SANDBOX, str(tmp_path / "job"), str(tmp_path / "run")]
    assert subprocess.run([*session, *run], check=False).returncode == 0
    assert (tmp_path / "run" / "log").read_text() == "not reached\n"
