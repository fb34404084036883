"""Steps and workflows, as the engine writes them: durable, with fault points, and with outcomes as values."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from dbos import DBOS

from snapline.engine import faults
from snapline.engine.faults import Point

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")

GO = "go"
"""What a step returns when the next one may follow."""

SETTLED = "settled"
"""What a step returns when it has ended the thing itself."""

STALE = "stale"
"""What a step returns when its task has moved on without it: its workflow then ends."""


def step(name: str) -> Callable[[Callable[Arguments, Result]], Callable[Arguments, Result]]:
    """Make a function a durable step; its result is recorded and must be JSON.

    The body calls ``faults.reach(name, Point.EFFECT)`` between its effect and its move; ``before`` and ``recorded``
    are reached here. Steps are at least once: each looks first whether its effect is there.
    """

    def decorate(body: Callable[Arguments, Result]) -> Callable[Arguments, Result]:
        @functools.wraps(body)
        def guarded(*args: Arguments.args, **kwargs: Arguments.kwargs) -> Result:
            faults.reach(name, Point.BEFORE)
            result = body(*args, **kwargs)
            faults.reach(name, Point.RECORDED)
            return result

        return DBOS.step(name=name)(guarded)

    return decorate


def workflow(name: str) -> Callable[[Callable[Arguments, Result]], Callable[Arguments, Result]]:
    """Make a function a durable workflow, found by ``name`` when it goes on in another process."""
    return DBOS.workflow(name=name, max_recovery_attempts=1000)
