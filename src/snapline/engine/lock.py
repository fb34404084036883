"""The executor's lock: whoever holds it, and only that process, runs workflows and moves states by the tick."""

from __future__ import annotations

import fcntl
import os
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from snapline.base import wire
from snapline.base.wire import Wire


class Holder(Wire, frozen=True):
    """The process that holds the lock, told apart from a later one with its number by start time and boot."""

    pid: int
    started: int
    boot: str


@dataclass(slots=True)
class ExecutorLock:
    """An exclusive lock on a file, given back by the kernel when the process ends, however it ends."""

    path: Path
    _stream: IO[bytes] | None = None

    @property
    def held(self) -> bool:
        """Whether this object holds the lock."""
        return self._stream is not None

    def acquire(self) -> bool:
        """Take the lock if it is free; never waits."""
        if self._stream is not None:
            return True
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        # "a+b" neither truncates the holder's entry nor hands the descriptor to children (close-on-exec).
        stream = self.path.open("a+b")
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            stream.close()
            return False
        stream.truncate(0)
        stream.write(wire.encode(this_process()))
        stream.flush()
        self._stream = stream
        return True

    def release(self) -> None:
        """Give the lock back."""
        if self._stream is not None:
            self._stream.truncate(0)
            self._stream.close()
            self._stream = None

    def holder(self) -> Holder | None:
        """Who says to hold the lock; None when nobody does."""
        try:
            raw = self.path.read_bytes()
        except FileNotFoundError:
            return None
        return wire.decode(raw, Holder) if raw else None


def this_process() -> Holder:
    """The identity of this process."""
    return _identity(os.getpid())


def lives(holder: Holder) -> bool:
    """Whether the very process that says to hold the lock is still there."""
    try:
        return _identity(holder.pid) == holder
    except (FileNotFoundError, ProcessLookupError):
        return False


def _identity(pid: int) -> Holder:
    # Field 22 of stat, counted behind the command's closing parenthesis, since a command may contain blanks.
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    return Holder(pid, int(fields[19]), boot)
