"""Person's verbs are for persons: they refuse inside an attempt. A fence against mistakes, not a wall."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from snapline.agents.command import ATTEMPT
from snapline.base.errors import Refused
from snapline.sandbox import shim

_SHIM = Path(shim.__file__).name.encode()


class InsideAttempt(Refused):
    """An attempt cannot decide about itself."""

    code = "inside-attempt"
    hint = "Approving, accepting, rejecting and rolling back are for a person, outside of any attempt."


def refuse_inside_attempt(environment: Mapping[str, str] = os.environ) -> None:
    """Raise :class:`InsideAttempt` where the environment or an ancestor process says that an agent is asking."""
    attempt = environment.get(ATTEMPT)
    if attempt:
        raise InsideAttempt(f"this is inside the attempt {attempt}")
    if any(any(word.endswith(b"snapline/sandbox/" + _SHIM) for word in line) for line in _ancestors(os.getppid())):
        raise InsideAttempt("this process was started by an attempt")


def _ancestors(pid: int) -> Iterator[list[bytes]]:
    """The command lines of a process and of those above it, up to the first that cannot be read."""
    while pid > 1:
        try:
            yield Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
            pid = int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
        except OSError:
            return
