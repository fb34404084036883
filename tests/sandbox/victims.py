"""Finding the processes of hostile programs from the outside."""

from __future__ import annotations

import os
import secrets
import signal
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Literal, TypeVar

import pytest

from snapline.sandbox import identity

HOSTILE = Path(__file__).with_name("hostile.py")
PYTHON = str(Path(sys.executable).resolve())
TOOLCHAIN = str(Path(PYTHON).parents[1])
Found = TypeVar("Found")


class Victims:
    """The processes of a hostile program, found from the outside by a mark among their arguments."""

    def __init__(self) -> None:
        self.mark = f"{secrets.randbelow(10**6) + 10**6}.{secrets.randbelow(10**9)}"

    def alive(self) -> list[int]:
        found = []
        for pid in identity.all_pids():
            with suppress(OSError):
                words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
                ours = words[0] != b"bwrap" and not words[0].startswith(b"bwrap:")
                if ours and self.mark.encode() in words and identity.parent_of(pid) is not None:
                    found.append(pid)
        return found

    def wait_alive(self, count: int) -> list[int]:
        return wait_until(lambda: (found := self.alive()) and len(found) >= count and found)

    def wait_gone(self) -> None:
        wait_until(lambda: not self.alive())

    def end(self) -> None:
        for _ in range(500):
            found = self.alive()
            if not found:
                return
            for pid in found:
                with suppress(OSError):
                    os.kill(pid, signal.SIGKILL)


def wait_until(look: Callable[[], Found | Literal[False] | None], seconds: float = 5.0) -> Found:
    end = time.monotonic() + seconds
    while not (found := look()):
        assert time.monotonic() < end, "it does not come to pass"
        time.sleep(0.01)
    return found


def demand(what: str, *, works: bool) -> None:
    """Skip without a part of the machine; in CI that is a failure."""
    if not works:
        assert "CI" not in os.environ, f"{what} is missing"
        pytest.skip(f"{what} is missing: NOT TESTED")
