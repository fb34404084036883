"""The process that a shim starts: the job itself, or bubblewrap with the job inside.

Standard library only: the shim starts without site packages.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import resource
import select
import signal
import subprocess
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol

from snapline.sandbox import identity, keyring
from snapline.sandbox.containment import Containment, ControlGroup, Descendants, PidNamespace
from snapline.sandbox.pipes import Pipes

if TYPE_CHECKING:
    from snapline.sandbox.passage import Passage

Order = dict[str, Any]
_PR_SET_PDEATHSIG = 1
_FIRST_JOB_NUMBER = "2"
_LIBC = ctypes.CDLL(None, use_errno=True)


class NotOpened(Exception):
    """A job's way to the hosts that it may reach could not be made, so it was not started."""


class Child(Protocol):
    """A started job. ``exit_code`` is negative for a signal, None before the end and without an end of its own."""

    held: Containment
    survivors: int
    exit_code: int | None

    def descriptors(self) -> list[int]:
        """What becomes readable when there is something to do in :meth:`has_ended`."""

    def has_ended(self) -> bool:
        """Look after it; whether the job's main process has ended."""

    def kill(self) -> None:
        """End it and everything it holds, at once."""

    def close(self) -> None:
        """End what serves it from outside, once nothing of it lives."""


class BareChild:
    """The job as a plain child, in a control group if there is one."""

    def __init__(self, order: Order, pipes: Pipes) -> None:
        group = order["group"]
        self.held: Containment = Descendants() if group is None else ControlGroup(group)
        self._process = _spawn(order, pipes, order["argv"], order["env"], _into_group(group))
        self._descriptor = os.pidfd_open(self._process.pid)
        self.survivors = 0
        self.exit_code: int | None = None

    def descriptors(self) -> list[int]:
        """Readable at the end of the process."""
        return [self._descriptor]

    def has_ended(self) -> bool:
        """Whether it has; counts those that it left."""
        if self.exit_code is None and self._process.poll() is not None:
            self.exit_code = self._process.returncode
            self.survivors = len(self.held.members())
        return self.exit_code is not None

    def kill(self) -> None:
        """End all of them."""
        self._process.kill()
        self.held.kill()

    def close(self) -> None:
        """Nothing serves it."""


class WrappedChild:
    """Bubblewrap's outer process, which waits for the job inside and is told by a pipe what becomes of it.

    When the job's main process ends, bubblewrap ends at once, and the kernel everything that was left. To count
    those, the outer process (which only waits) is stopped once the main one is seen to run, and continued after the
    count. A main process that has ended before it is seen leaves a count of 0; nothing but the number depends on it.

    Where the job may reach listed hosts it waits until the proxy serves its network namespace.
    """

    def __init__(self, order: Order, pipes: Pipes) -> None:
        options = os.memfd_create("options")
        os.write(options, b"".join(os.fsencode(option) + b"\0" for option in order["options"]))
        os.lseek(options, 0, os.SEEK_SET)
        self._status, status_end = os.pipe()
        os.set_blocking(self._status, False)
        self._passage = _passage(order)
        waiting = self._passage.options() if self._passage else []
        keep = (options, status_end, *(self._passage.descriptors() if self._passage else ()))
        told = ["--args", str(options), "--json-status-fd", str(status_end), *waiting]
        try:
            self._process = _spawn(order, pipes, [order["mark"], *told, "--", *order["argv"]], {}, _with_parent, keep)
        except OSError:
            self.close()
            raise
        finally:
            os.close(options)
            os.close(status_end)
        self._descriptor = os.pidfd_open(self._process.pid)
        self._said = b""
        self._main: int | None = None
        self._begun = False
        self.held: PidNamespace = PidNamespace(order["mark"], None)
        self.survivors = 0
        self.exit_code: int | None = None

    @property
    def was_cut_off(self) -> bool:
        """Whether bubblewrap itself was killed, after the job's main process was seen."""
        return self._begun and (self._process.returncode or 0) < 0

    def descriptors(self) -> list[int]:
        """Readable at bubblewrap's end, the main process's end, and (until it is known) when bubblewrap says more."""
        known = self.held.first is not None
        return [self._descriptor, *([] if known else [self._status]), *([] if self._main is None else [self._main])]

    def has_ended(self) -> bool:
        """Whether bubblewrap has ended, and with it the job."""
        self._listen()
        if self._main is not None and _is_readable(self._main):
            self.survivors = len(self.held.members())
            os.close(self._main)
            self._main = None
            self._process.send_signal(signal.SIGCONT)
        ended = self._process.poll() is not None
        if ended:
            self._listen()
        return ended

    def kill(self) -> None:
        """End the namespace, and bubblewrap outside it."""
        self.held.kill()
        self._process.kill()

    def close(self) -> None:
        """End the proxy."""
        if self._passage is not None:
            self._passage.close()
            self._passage = None

    def find_main(self) -> bool:
        """Look for the job's main process; whether to look again soon."""
        first = self.held.first
        if self._main is not None or first is None or not identity.is_alive(first):
            return False
        for pid in _children(first.pid):
            if _number_inside(pid) == _FIRST_JOB_NUMBER:
                with contextlib.suppress(ProcessLookupError):
                    self._main = os.pidfd_open(pid)
                    self._begun = True
                    self._process.send_signal(signal.SIGSTOP)
                return False
        return True

    def _listen(self) -> None:
        with contextlib.suppress(BlockingIOError):
            while chunk := os.read(self._status, 1 << 16):
                self._said += chunk
        *lines, self._said = self._said.split(b"\n")
        for line in filter(None, lines):
            said = json.loads(line)
            if "child-pid" in said:
                self.held = PidNamespace(self.held.mark, identity.identify(said["child-pid"]))
                if self._passage is not None:
                    self._passage.open(said["child-pid"])
            self.exit_code = said.get("exit-code", self.exit_code)


def start(order: Order, pipes: Pipes) -> BareChild | WrappedChild:
    """Start the job, without what the caller's login keeps in the kernel; raises OSError when it cannot be started."""
    keyring.leave()
    return BareChild(order, pipes) if order["options"] is None else WrappedChild(order, pipes)


def _passage(order: Order) -> Passage | None:
    if not order["allowed"]:
        return None
    from snapline.sandbox.passage import Passage  # noqa: PLC0415 - the other runs need not wait for it

    return Passage(order["allowed"], order["run_dir"], order["sources"], _with_parent)


def _spawn(
    order: Order,
    pipes: Pipes,
    argv: list[str],
    env: dict[str, str],
    before: Callable[[], None],
    keep: tuple[int, ...] = (),
) -> subprocess.Popen[bytes]:
    with open(order["stdin"] or os.devnull, "rb") as stdin:  # noqa: PTH123 - pathlib costs the shim 10 ms
        return subprocess.Popen(
            argv,
            executable=order["program"],
            stdin=stdin,
            stdout=pipes.output_end,
            stderr=pipes.error_end,
            env=env,
            cwd=order["cwd"],
            pass_fds=keep,
            start_new_session=True,
            preexec_fn=before,  # noqa: PLW1509 - the shim has one thread
        )


def _with_parent() -> None:
    """In the new process: end when the shim ends, and leave no core file."""
    _LIBC.prctl(_PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    for number in (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT):
        signal.signal(number, signal.SIG_DFL)


def _into_group(group: str | None) -> Callable[[], None]:
    def enter() -> None:
        _with_parent()
        if group is not None:
            with open(f"{group}/cgroup.procs", "w", encoding="ascii") as stream:  # noqa: PTH123 - as above
                stream.write("0")

    return enter


def _children(pid: int) -> list[int]:
    return [child for child in identity.all_pids() if identity.parent_of(child) == pid]


def _number_inside(pid: int) -> str | None:
    """The process's number in its innermost namespace."""
    try:
        with open(f"/proc/{pid}/status", encoding="utf-8", errors="replace") as stream:  # noqa: PTH123 - as above
            return next((line.split()[-1] for line in stream if line.startswith("NSpid:")), None)
    except (FileNotFoundError, ProcessLookupError):
        return None


def _is_readable(descriptor: int) -> bool:
    poll = select.poll()
    poll.register(descriptor, select.POLLIN)
    return bool(poll.poll(0))
