"""The folder of a run: what was intended, who supervises it, how it ended; and what it says at any moment.

``intent.json`` is written before anything is started, ``shim.json`` by the shim before it starts the job, and
``exit.json`` at the end. ``lock`` is held by the shim, and by it alone, for as long as it lives.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path

from snapline.base import wire
from snapline.base.errors import SnaplineError
from snapline.base.wire import Wire
from snapline.sandbox import shim
from snapline.sandbox.identity import Identity
from snapline.sandbox.policy import Exit, Job

JOB_FILE, INTENT_FILE, LOCK_FILE, CRASH_FILE = "job.json", "intent.json", "lock", "shim.err"
LOG_FILE, OUTPUT_FILE = shim.LOG_FILE, shim.OUTPUT_FILE
_LOCK_TRIES = 100
_STEP = 0.01


class RunState(StrEnum):
    """What a run folder says: nothing begun; begun but no shim came; a shim lives; it died early; a record is there."""

    ABSENT = "absent"
    INTENDED = "intended"
    RUNNING = "running"
    ORPHANED = "orphaned"
    ENDED = "ended"


class AlreadyLaunched(SnaplineError):
    """This run was begun before: look at it, or reap it."""

    code = "already-launched"


class Intent(Wire, frozen=True):
    """What a launch was going to do: kind of containment, its mark or group, links placed; and in which boot."""

    boot: str
    containment: str
    mark: str
    group: str | None
    placed: tuple[tuple[str, str], ...]


class Shim(Wire, frozen=True):
    """Who supervises the run, and the first process of its namespace as far as it was known."""

    shim: Identity
    first: Identity | None


def inspect(run_dir: Path) -> RunState:
    """What has become of a run."""
    if (run_dir / shim.EXIT_FILE).exists():
        return RunState.ENDED
    if _is_held(run_dir):
        return RunState.RUNNING
    if (run_dir / shim.EXIT_FILE).exists():  # it ended between the two looks
        return RunState.ENDED
    if (run_dir / shim.SHIM_FILE).exists():
        return RunState.ORPHANED
    return RunState.INTENDED if (run_dir / INTENT_FILE).exists() else RunState.ABSENT


def intent(run_dir: Path) -> Intent:
    """What the launch wrote before it started anything."""
    return wire.decode((run_dir / INTENT_FILE).read_bytes(), Intent)


def supervisor(run_dir: Path) -> Shim | None:
    """Who supervises the run; None if no shim came so far."""
    file = run_dir / shim.SHIM_FILE
    return wire.decode(file.read_bytes(), Shim) if file.exists() else None


def record(run_dir: Path) -> Exit:
    """How the run ended."""
    return wire.decode((run_dir / shim.EXIT_FILE).read_bytes(), Exit)


def job(run_dir: Path) -> Job:
    """What was run, with the values of its environment left out: they may be secrets."""
    return wire.decode((run_dir / JOB_FILE).read_bytes(), Job)


@contextmanager
def locked(run_dir: Path) -> Iterator[int]:
    """Hold the folder's lock; whoever inherits the descriptor goes on holding it. Raises AlreadyLaunched if held."""
    descriptor = os.open(run_dir / LOCK_FILE, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        if not any(_take(descriptor, fcntl.LOCK_EX) for _ in range(_LOCK_TRIES)):
            raise AlreadyLaunched(f"{run_dir.name} is running")
        yield descriptor
    finally:
        os.close(descriptor)


def _is_held(run_dir: Path) -> bool:
    try:
        descriptor = os.open(run_dir / LOCK_FILE, os.O_RDWR | os.O_CLOEXEC)
    except FileNotFoundError:
        return False
    try:
        return not _take(descriptor, fcntl.LOCK_SH, pause=0)
    finally:
        os.close(descriptor)


def _take(descriptor: int, kind: int, pause: float = _STEP) -> bool:
    """Lock at once or not at all. A look at the state holds the lock for microseconds, hence ``pause`` and repeat."""
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        time.sleep(pause)
        return False
    return True
