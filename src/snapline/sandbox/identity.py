"""Which process is meant: its number alone says nothing once numbers come round again.

Standard library only: the shim starts without site packages.
"""

from __future__ import annotations

import os
import signal
from typing import NamedTuple

_STATE, _PARENT, _START = 0, 1, 19
_CPU_TIMES = slice(11, 15)
_DEAD = frozenset("ZXx")


class Identity(NamedTuple):
    """A process: boot id of the machine, process id, start time in clock ticks since boot."""

    boot: str
    pid: int
    start: int


def boot_id() -> str:
    """The id of this boot of the machine."""
    with open("/proc/sys/kernel/random/boot_id", encoding="ascii") as stream:  # noqa: PTH123 - pathlib costs the shim 10 ms
        return stream.read().strip()


def identify(pid: int) -> Identity | None:
    """The identity of process ``pid`` now; None if there is none."""
    fields = stat_fields(pid)
    return None if fields is None else Identity(boot_id(), pid, int(fields[_START]))


def is_alive(identity: Identity) -> bool:
    """Whether exactly this process runs: a zombie has ended."""
    if identity.boot != boot_id():
        return False
    fields = stat_fields(identity.pid)
    return fields is not None and int(fields[_START]) == identity.start and fields[_STATE] not in _DEAD


def send(identity: Identity, number: signal.Signals) -> bool:
    """Signal exactly this process; False if it is gone. Identity is looked at again once the number is held fast."""
    try:
        descriptor = os.pidfd_open(identity.pid)
    except (ProcessLookupError, PermissionError):
        return False
    try:
        if not is_alive(identity):
            return False
        signal.pidfd_send_signal(descriptor, number)
    except (ProcessLookupError, PermissionError):
        return False
    finally:
        os.close(descriptor)
    return True


def stat_fields(pid: int) -> list[str] | None:
    """The fields of ``/proc/PID/stat`` from the state on; None if there is no such process."""
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as stream:  # noqa: PTH123 - as above
            return stream.read().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None


def parent_of(pid: int) -> int | None:
    """The parent of a live process; None for one that has ended."""
    fields = stat_fields(pid)
    return None if fields is None or fields[_STATE] in _DEAD else int(fields[_PARENT])


def cpu_ticks(pid: int) -> int:
    """Processor time of a process and its waited-for children, in clock ticks; 0 if it is gone."""
    fields = stat_fields(pid)
    return 0 if fields is None else sum(int(field) for field in fields[_CPU_TIMES])


def all_pids() -> list[int]:
    """Every process that is to be seen."""
    return [int(name) for name in os.listdir("/proc") if name.isdigit()]  # noqa: PTH208 - as above
