"""What holds the processes of a run, so that all of them can be found, ended, and proved ended.

Three kinds, best first. A PID namespace: when its first process is gone, the kernel has ended all others before. A
version 2 control group, also of a hybrid set-up: the kernel says whether it is populated. A subreaper: orphans become
children of the shim, so that a shim without children is proof; it proves nothing once the shim itself is gone.

Standard library only: the shim starts without site packages.
"""

from __future__ import annotations

import contextlib
import os
import signal
import time
from typing import Protocol

from snapline.sandbox import identity
from snapline.sandbox.identity import Identity

PID_NAMESPACE, CONTROL_GROUP, SUBREAPER = "pidns", "cgroup2", "subreaper"
_STEP = 0.005


class Containment(Protocol):
    """All processes of one run."""

    kind: str

    def members(self) -> list[int]:
        """The processes of the job that run now."""

    def kill(self) -> None:
        """Send every one of them SIGKILL, once."""

    def is_empty(self) -> bool:
        """Whether the kernel shows that none is left."""


class PidNamespace:
    """The processes of a PID namespace that bubblewrap made under the first argument ``mark``.

    They are held by the namespace's ``first`` process, which is bubblewrap's own. Before it is known, bubblewrap's
    processes are found by the mark; when they have gone, so has the namespace.
    """

    kind = PID_NAMESPACE

    def __init__(self, mark: str, first: Identity | None) -> None:
        self.mark = mark
        self.first = first
        self._seen: set[Identity] = set()
        self._namespace = _namespace_of(first.pid) if first and identity.is_alive(first) else None

    def members(self) -> list[int]:
        """All of the namespace but its first process."""
        if self._namespace is None or self.first is None or not identity.is_alive(self.first):
            return []
        others = (pid for pid in identity.all_pids() if pid != self.first.pid)
        found = (pid for pid in others if _namespace_of(pid) == self._namespace)
        return [pid for pid in found if identity.parent_of(pid) is not None]

    def kill(self) -> None:
        """End the first process; the kernel ends the others."""
        for who in [self.first] if self.first else self._bubblewraps():
            identity.send(who, signal.SIGKILL)

    def is_empty(self) -> bool:
        """The first process is gone, or a zombie: it becomes one only after the kernel has emptied the namespace."""
        return not any(identity.is_alive(who) for who in ([self.first] if self.first else self._bubblewraps()))

    def _bubblewraps(self) -> set[Identity]:
        """Also those seen before: the arguments of a process vanish a moment before the process."""
        self._seen.update(_marked(self.mark))
        return self._seen


class ControlGroup:
    """The processes of a version 2 control group and of those that they made below it."""

    kind = CONTROL_GROUP

    def __init__(self, path: str) -> None:
        self.path = path

    def members(self) -> list[int]:
        """The group's processes."""
        found: list[int] = []
        for folder, _, _ in os.walk(self.path):
            with contextlib.suppress(OSError), open(f"{folder}/cgroup.procs", encoding="ascii") as stream:  # noqa: PTH123 - see identity
                found += [int(line) for line in stream.read().split()]
        return [pid for pid in found if identity.parent_of(pid) is not None]

    def kill(self) -> None:
        """Through ``cgroup.kill`` (Linux 5.14), which no fork outruns; member by member before that."""
        try:
            with open(f"{self.path}/cgroup.kill", "w", encoding="ascii") as stream:  # noqa: PTH123 - see identity
                stream.write("1")
        except OSError:
            for pid in self.members():
                _kill_now(pid)

    def is_empty(self) -> bool:
        """What ``cgroup.events`` says; a group that is gone is empty."""
        try:
            with open(f"{self.path}/cgroup.events", encoding="ascii") as stream:  # noqa: PTH123 - see identity
                return "populated 0" in stream.read()
        except FileNotFoundError:
            return True

    def remove(self) -> None:
        """Remove the empty group and what was made below it."""
        for folder, _, _ in os.walk(self.path, topdown=False):
            with contextlib.suppress(OSError):
                os.rmdir(folder)  # noqa: PTH106 - see identity


class Descendants:
    """Every process below this one, which must be a subreaper: orphans then stay below it."""

    kind = SUBREAPER

    def members(self) -> list[int]:
        """All live descendants."""
        below: dict[int, list[int]] = {}
        for pid in identity.all_pids():
            parent = identity.parent_of(pid)
            if parent is not None:
                below.setdefault(parent, []).append(pid)
        found: list[int] = []
        waiting = [os.getpid()]
        while waiting:
            children = below.get(waiting.pop(), [])
            found += children
            waiting += children
        return found

    def kill(self) -> None:
        """Stop them first, so that fewer are born meanwhile; then end them. One call may miss a fork: repeat."""
        members = self.members()
        for number in (signal.SIGSTOP, signal.SIGKILL):
            for pid in members:
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.kill(pid, number)

    def is_empty(self) -> bool:
        """No child, dead or alive, is left: the kernel would have made every orphan ours."""
        while True:
            try:
                pid, _ = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return True
            if pid == 0:
                return False


def ask(containment: Containment) -> None:
    """Send every member SIGTERM, once."""
    for pid in containment.members():
        who = identity.identify(pid)
        if who is not None:
            identity.send(who, signal.SIGTERM)


def empty(containment: Containment, seconds: float) -> bool:
    """Kill until the containment is proved empty; False if it is not within ``seconds``."""
    end = time.monotonic() + seconds
    while not containment.is_empty():
        if time.monotonic() > end:
            return False
        containment.kill()
        time.sleep(_STEP)
    return True


def _marked(argument: str) -> list[Identity]:
    """The processes whose first argument is exactly ``argument``: bubblewrap's own two, started under that mark."""
    found = []
    for pid in identity.all_pids():
        with contextlib.suppress(OSError), open(f"/proc/{pid}/cmdline", "rb") as stream:  # noqa: PTH123 - see identity
            if stream.read().partition(b"\0")[0] == argument.encode():
                who = identity.identify(pid)
                found += [] if who is None else [who]
    return found


def group_root() -> str | None:
    """The control group (version 2) that this process is in, as a folder; None where no such hierarchy is mounted."""
    mount = _group_mount()
    if mount is None:
        return None
    with open("/proc/self/cgroup", encoding="utf-8") as stream:  # noqa: PTH123 - see identity
        for line in stream:
            if line.startswith("0::"):
                return mount + line[3:].strip().rstrip("/")
    return None


def _group_mount() -> str | None:
    with open("/proc/self/mounts", encoding="utf-8") as stream:  # noqa: PTH123 - see identity
        for line in stream:
            _, place, kind, *_ = line.split()
            if kind == "cgroup2":
                return place.replace("\\040", " ")
    return None


def _namespace_of(pid: int) -> str | None:
    try:
        return os.readlink(f"/proc/{pid}/ns/pid")  # noqa: PTH115 - see identity
    except OSError:
        return None


def _kill_now(pid: int) -> None:
    who = identity.identify(pid)
    if who is not None:
        identity.send(who, signal.SIGKILL)
