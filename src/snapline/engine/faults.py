"""Fault injection: die at a named point, as a power cut would, so that tests can prove what a crash leaves.

``SNAPLINE_FAULT=STEP:POINT`` kills the whole process group by SIGKILL when that point is reached; ``STEP:POINT:N`` at
the Nth time in this process. ``before``: nothing was done; ``effect``: the effect is published outside, the state is
not moved; ``recorded``: the state is moved, the workflow engine has not yet heard of it.
"""

from __future__ import annotations

import os
import signal
import threading
from collections import Counter
from enum import StrEnum

VARIABLE = "SNAPLINE_FAULT"


class Point(StrEnum):
    """Where in a step."""

    BEFORE = "before"
    EFFECT = "effect"
    RECORDED = "recorded"


STEPS = (
    "tick.admit",
    "tick.heal",
    "tick.decide",
    "attempt.begin",
    "attempt.prepare",
    "attempt.launch",
    "attempt.await",
    "attempt.reap",
    "attempt.collect",
    "verify.environment",
    "verify.plan",
    "verify.check",
    "verify.verdict",
    "integrate.merge",
    "integrate.environment",
    "integrate.plan",
    "integrate.check",
    "integrate.move",
    "land.merge",
    "land.environment",
    "land.plan",
    "land.check",
    "land.intent",
    "land.move",
    "land.confirm",
    "rollback.begin",
    "rollback.carry-out",
    "rollback.confirm",
    "cleanup.trash",
)
"""Every step that can be told to die."""

_seen: Counter[str] = Counter()
_guard = threading.Lock()


def reach(step: str, point: Point) -> None:
    """Pass a point; the process group dies here when it was told to."""
    wanted = os.environ.get(VARIABLE, "")
    name = f"{step}:{point}"
    if not wanted.startswith(name):
        return
    with _guard:
        _seen[name] += 1
        if wanted in {name, f"{name}:{_seen[name]}"}:
            os.killpg(os.getpgrp(), signal.SIGKILL)
