"""A fence, not a wall: noticing that we were started from inside a run, where a person's verbs are not for use."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from snapline.sandbox import identity
from snapline.sandbox.bubblewrap import MARK
from snapline.sandbox.process import is_shim


def is_inside_a_run() -> bool:
    """Whether this process descends from a job: below a shim, or in a namespace that bubblewrap made for us."""
    if any(word.startswith(MARK) for word in _arguments(1)[:1]):
        return True
    pid: int | None = os.getpid()
    while pid:
        if is_shim(_arguments(pid)):
            return True
        pid = identity.parent_of(pid)
    return False


def _arguments(pid: int) -> list[str]:
    with suppress(OSError):
        return [os.fsdecode(word) for word in Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")]
    return []
