"""Version 2 control groups of our own: where they can be made, found out by making one and killing through it."""

from __future__ import annotations

import os
import secrets
import subprocess
from functools import lru_cache
from pathlib import Path

from snapline.sandbox import containment
from snapline.sandbox.containment import ControlGroup

_SECONDS = 2.0


@lru_cache(maxsize=1)
def usable_root() -> str | None:
    """The folder below which runs get control groups; None where that does not work. Tried out once per process."""
    root = containment.group_root()
    return root if root is not None and fault(root) is None else None


def fault(root: str) -> str | None:
    """Why no control group below ``root`` can hold and kill a process; None if one can."""
    group = ControlGroup(f"{root}/snapline-trial-{secrets.token_hex(4)}")
    try:
        Path(group.path).mkdir()
    except OSError as error:
        return f"no group can be made below {root}: {error.strerror}"
    victim = subprocess.Popen(["/bin/sleep", "60"], stdin=subprocess.DEVNULL)
    try:
        _enter(group.path, victim.pid)
        group.kill()
        victim.wait(_SECONDS)
        return None if containment.empty(group, _SECONDS) else "a killed group does not become empty"
    except (OSError, subprocess.TimeoutExpired) as error:
        return f"a process in a group cannot be killed through it: {error}"
    finally:
        victim.kill()
        victim.wait()
        group.remove()


def _enter(group: str, pid: int) -> None:
    descriptor = os.open(f"{group}/cgroup.procs", os.O_WRONLY)
    try:
        os.write(descriptor, str(pid).encode())
    finally:
        os.close(descriptor)
