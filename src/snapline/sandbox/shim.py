"""The shim: one small detached process per run that owns its pipes, limits, log, containment and exit record.

It is started by :mod:`snapline.sandbox.process`, leaves its parent, and enforces the limits alone; whoever started it
may die. It holds the lock of the run folder for as long as it lives. Standard library only, and little of it: it
starts without site packages in some 50 ms.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import signal
import sys
import time
from typing import Any

from snapline.sandbox import containment, identity
from snapline.sandbox.cappedlog import CappedLog
from snapline.sandbox.child import BareChild, NotOpened, Order, WrappedChild, start
from snapline.sandbox.containment import Containment, ControlGroup, Descendants, PidNamespace
from snapline.sandbox.pipes import Pipes

STOP_FILE, SHIM_FILE, EXIT_FILE, LOG_FILE, OUTPUT_FILE = "stop", "shim.json", "exit.json", "log", "stdout"
PROOF_SECONDS = 2.0
"""How long the kernel may take to show that a containment is empty."""
_TICK = 0.05
_FAST_TICK = 0.003
_SAMPLES = 8
_BUSY_SHARE = 0.05
_PR_SET_CHILD_SUBREAPER = 36
_LARGEST_STATUS = 128


class Progress:
    """Whether a run gets on: it writes, or it uses more than a twentieth of one processor."""

    def __init__(self, idle: float | None) -> None:
        self._idle = idle
        self._last = self._sampled = time.monotonic()
        self._received = 0
        self._ticks = 0

    def is_idle(self, received: int, held: Containment) -> bool:
        """Whether nothing has moved for the allowed time."""
        if self._idle is None:
            return False
        now = time.monotonic()
        if received != self._received:
            self._received, self._last = received, now
        passed = now - self._sampled
        if passed > self._idle / _SAMPLES:
            ticks = sum(identity.cpu_ticks(pid) for pid in held.members())
            if (ticks - self._ticks) / os.sysconf("SC_CLK_TCK") > _BUSY_SHARE * passed:
                self._last = now
            self._ticks, self._sampled = ticks, now
        return now - self._last > self._idle


class Supervision:
    """One run from its start to its exit record."""

    def __init__(self, order: Order) -> None:
        self._order = order
        self._folder: str = order["run_dir"]
        self._limits: dict[str, Any] = order["limits"]
        self._log = CappedLog(f"{self._folder}/{LOG_FILE}", self._limits["log_bytes"])
        capture = f"{self._folder}/{OUTPUT_FILE}" if order["capture"] else None
        self._pipes = Pipes(self._log, capture, self._limits["output_kill"])
        self._progress = Progress(self._limits["idle"])
        self._began = time.monotonic()
        self._told_to_stop = False

    def run(self) -> None:
        """Start the job, watch it, end everything, leave the record."""
        signal.signal(signal.SIGTERM, self._on_terminate)
        self._introduce(None)
        try:
            child = start(self._order, self._pipes)
        except OSError as error:
            self._log.add(f"cannot start {error.filename or self._order['argv'][0]}: {error.strerror}\n".encode())
            self._leave(None, "not-started", _planned(self._order))
            return
        except NotOpened as fault:
            self._say(fault)
            self._leave(None, "not-started", _planned(self._order))
            return
        finally:
            self._pipes.hand_over()
        try:
            cause = self._watch(child)
        except NotOpened as fault:
            child.kill()
            self._say(fault)
            cause = "not-started"
        except BaseException:
            child.kill()
            containment.empty(child.held, PROOF_SECONDS)
            raise
        self._leave(child, cause, child.held)

    def _say(self, fault: NotOpened) -> None:
        self._log.add(f"the network list cannot be served: {fault}\n".encode())

    def _on_terminate(self, _number: int, _frame: object) -> None:
        self._told_to_stop = True

    def _introduce(self, held: PidNamespace | None) -> None:
        me = identity.identify(os.getpid())
        write(f"{self._folder}/{SHIM_FILE}", {"shim": me, "first": None if held is None else held.first})

    def _watch(self, child: BareChild | WrappedChild) -> str | None:
        """Until the main process has ended; the reason why we ended it, None if we did not."""
        self._began = time.monotonic()
        cause: str | None = None
        asked = 0.0
        introduced = False
        while not child.has_ended():
            wrapped = child if isinstance(child, WrappedChild) else None
            if wrapped and wrapped.held.first and not introduced:
                introduced = True
                self._introduce(wrapped.held)
            fast = wrapped is not None and wrapped.find_main()
            self._pipes.pump(_FAST_TICK if fast else _TICK, also=child.descriptors())
            if cause is None:
                cause = self._reason_to_end(child.held)
                if cause is not None:
                    asked = time.monotonic()
                    containment.ask(child.held)
            elif time.monotonic() - asked > self._limits["grace"]:
                child.kill()
        return cause

    def _reason_to_end(self, held: Containment) -> str | None:
        if self._told_to_stop or os.path.exists(f"{self._folder}/{STOP_FILE}"):  # noqa: PTH110 - pathlib costs 10 ms
            return "stopped"
        if time.monotonic() - self._began > self._limits["wall"]:
            return "wall"
        if self._pipes.is_over():
            return "output"
        return "idle" if self._progress.is_idle(self._pipes.received, held) else None

    def _leave(self, child: BareChild | WrappedChild | None, cause: str | None, held: Containment) -> None:
        seconds = time.monotonic() - self._began
        proved = containment.empty(held, PROOF_SECONDS)
        if isinstance(held, ControlGroup):
            held.remove()
        if child is not None:
            child.close()
        self._pipes.drain()
        if cause is None and self._pipes.is_over():
            cause = "output"
        self._pipes.close()
        digest = self._log.close()
        clear(self._order["placed"])
        status, number = _ending(None if child is None else child.exit_code)
        cut_off = isinstance(child, WrappedChild) and child.was_cut_off
        record = {
            "status": status,
            "signal": number,
            "cause": cause or _own_cause(status, number, cut_off=cut_off),
            "seconds": round(seconds, 3),
            "output_bytes": self._pipes.received,
            "logged_bytes": self._log.stored,
            "log_digest": digest,
            "containment": held.kind,
            "survivors": 0 if child is None else child.survivors,
            "proved_empty": proved,
        }
        write(f"{self._folder}/{EXIT_FILE}", record)


def write(path: str, value: object) -> None:
    """Write JSON so that the file is there in full or not at all, also after a power cut."""
    part = f"{path}.part"
    with open(part, "w", encoding="utf-8") as stream:  # noqa: PTH123 - see above
        json.dump(value, stream)
        stream.flush()
        os.fsync(stream.fileno())
    os.rename(part, path)  # noqa: PTH104 - see above
    folder = os.open(os.path.dirname(path), os.O_RDONLY | os.O_DIRECTORY)  # noqa: PTH120 - see above
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def clear(placed: list[list[str]]) -> None:
    """Remove the links that were put into the tree for the run, where they are still what was put there."""
    for link, target in placed:
        with contextlib.suppress(OSError):
            if os.readlink(link) == target:  # noqa: PTH115 - see above
                os.unlink(link)  # noqa: PTH108 - see above


def main() -> None:
    """Read the order from standard input, leave the parent, and supervise."""
    order: Order = json.load(sys.stdin)
    if os.fork():
        os._exit(0)
    os.setsid()
    for number in (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT):
        signal.signal(number, signal.SIG_IGN)
    ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    os.set_inheritable(order["lock"], False)  # noqa: FBT003 - the function has no keyword
    Supervision(order).run()


def _planned(order: Order) -> Containment:
    if order["options"] is not None:
        return PidNamespace(order["mark"], None)
    return Descendants() if order["group"] is None else ControlGroup(order["group"])


def _ending(exit_code: int | None) -> tuple[int | None, int | None]:
    if exit_code is None or exit_code >= 0:
        return exit_code, None
    return _LARGEST_STATUS - exit_code, -exit_code


def _own_cause(status: int | None, number: int | None, *, cut_off: bool) -> str:
    if status is None:
        return "lost" if cut_off else "not-started"
    return "exit" if number is None else "signal"
