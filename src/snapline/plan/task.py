"""A planned task and the plan that it belongs to."""

from __future__ import annotations

from dataclasses import dataclass

from snapline.base.ids import ClauseId, SpecId, TaskId
from snapline.spec.model import Fault


@dataclass(frozen=True, slots=True)
class PlannedTask:
    """The smallest unit that is assigned.

    ``clause`` is None for a spec without a breakdown. ``proves`` are ids of criteria, ``changes`` are globs (none
    written: the whole of what the spec allows), ``after`` are tasks that must be integrated first, ``agent`` is None
    where the spec names none.
    """

    id: TaskId
    clause: ClauseId | None
    summary: str
    proves: tuple[ClauseId, ...]
    changes: tuple[str, ...] = ()
    after: tuple[TaskId, ...] = ()
    agent: str | None = None
    lane: str = "default"


@dataclass(frozen=True, slots=True)
class Plan:
    """All tasks of one revision in reading order, and in waves: a wave's tasks may run side by side.

    A task that is on a cycle, or waits for one that is, is in no wave. ``faults`` carry the codes of the lint rules
    PLN701 to PLN704, which turn them into findings; a plan with faults is not dispatched.
    """

    spec: SpecId
    tasks: tuple[PlannedTask, ...]
    waves: tuple[tuple[TaskId, ...], ...]
    faults: tuple[Fault, ...] = ()

    def task(self, task_id: str) -> PlannedTask | None:
        """The task with this id."""
        return next((one for one in self.tasks if one.id == task_id), None)
