"""Steps and workflows, as the engine writes them: durable, with fault points, and with outcomes as values."""

from __future__ import annotations

import functools
import traceback
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from dbos import DBOS, error

from snapline.base.ids import short
from snapline.engine import faults
from snapline.engine.context import current
from snapline.engine.faults import Point

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")

GO = "go"
"""What a step returns when the next one may follow."""

SETTLED = "settled"
"""What a step returns when it has ended the thing itself."""

STALE = "stale"
"""What a step returns when its task has moved on without it: its workflow then ends."""


class WorkflowBroke(Exception):
    """A workflow ended by a bug, or by the machine: in words, with the evidence that holds its traceback."""


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
    """Make a function a durable workflow, found by ``name`` when it goes on in another process.

    What it raises is a bug, or the machine's: its traceback is kept as evidence before the workflow ends by it.
    """

    def decorate(body: Callable[Arguments, Result]) -> Callable[Arguments, Result]:
        @functools.wraps(body)
        def told(*args: Arguments.args, **kwargs: Arguments.kwargs) -> Result:
            try:
                return body(*args, **kwargs)
            except error.DBOSException:
                raise
            except Exception as bug:
                kept = current().evidence.put("".join(traceback.format_exception(bug)).encode(), "traceback")
                raise WorkflowBroke(f"{type(bug).__name__}: {bug}; its traceback is evidence {short(kept)}") from bug

        return DBOS.workflow(name=name, max_recovery_attempts=1000)(told)

    return decorate
