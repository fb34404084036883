"""The states of tasks and runs, and which may follow which."""

from __future__ import annotations

from enum import StrEnum


class TaskState(StrEnum):
    """Where a task is. A task is *live* from preparing to collecting: it then holds a slot of its lane."""

    QUEUED = "queued"
    PREPARING = "preparing"
    LAUNCHING = "launching"
    RUNNING = "running"
    COLLECTING = "collecting"
    VERIFYING = "verifying"
    INTEGRATING = "integrating"
    INTEGRATED = "integrated"
    LANDING = "landing"
    DONE = "done"
    ROLLED_BACK = "rolled-back"
    WAITING = "waiting"
    FAILED = "failed"
    CANCELLED = "cancelled"
    SUPERSEDED = "superseded"
    QUARANTINED = "quarantined"


class RunState(StrEnum):
    """Where a run is: at work on its tasks, landing them, or at its end."""

    OPEN = "open"
    LANDING = "landing"
    WAITING = "waiting"
    DONE = "done"
    ROLLING_BACK = "rolling-back"
    ROLLED_BACK = "rolled-back"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Waiting(StrEnum):
    """What a waiting task or run waits for: a person, each time."""

    REVIEW = "review"
    SIGN_OFF = "sign-off"
    WORKING_TREE = "working tree"
    LANDING_REFUSED = "landing refused"
    STUCK = "stuck"
    POISON = "poison"
    ENVIRONMENT = "environment"
    ROLLBACK = "rollback"


SLOT_STATES = frozenset(
    {TaskState.PREPARING, TaskState.LAUNCHING, TaskState.RUNNING, TaskState.COLLECTING, TaskState.QUARANTINED}
)
"""A task in one of these holds a slot of its lane."""

WORKFLOW_STATES = frozenset(
    {
        TaskState.PREPARING,
        TaskState.LAUNCHING,
        TaskState.RUNNING,
        TaskState.COLLECTING,
        TaskState.VERIFYING,
        TaskState.INTEGRATING,
    }
)
"""A task in one of these is in the hands of a workflow, or is about to be handed to one."""

_ATTEMPT_ENDS = frozenset({TaskState.QUEUED, TaskState.WAITING, TaskState.FAILED, TaskState.QUARANTINED})
_PERSON = frozenset({TaskState.CANCELLED, TaskState.SUPERSEDED})

TASK_MOVES: dict[TaskState, frozenset[TaskState]] = {
    TaskState.QUEUED: frozenset({TaskState.PREPARING, TaskState.WAITING, TaskState.FAILED}) | _PERSON,
    TaskState.PREPARING: frozenset({TaskState.LAUNCHING}) | _ATTEMPT_ENDS | _PERSON,
    TaskState.LAUNCHING: frozenset({TaskState.RUNNING}) | _ATTEMPT_ENDS | _PERSON,
    TaskState.RUNNING: frozenset({TaskState.COLLECTING}) | _ATTEMPT_ENDS | _PERSON,
    TaskState.COLLECTING: frozenset({TaskState.VERIFYING}) | _ATTEMPT_ENDS | _PERSON,
    TaskState.VERIFYING: frozenset({TaskState.INTEGRATING}) | _ATTEMPT_ENDS | _PERSON,
    TaskState.INTEGRATING: frozenset({TaskState.INTEGRATED}) | _ATTEMPT_ENDS | _PERSON,
    TaskState.INTEGRATED: frozenset({TaskState.LANDING, TaskState.QUEUED}) | _PERSON,
    TaskState.LANDING: frozenset({TaskState.DONE, TaskState.INTEGRATED, TaskState.WAITING, TaskState.FAILED}),
    TaskState.DONE: frozenset({TaskState.ROLLED_BACK}),
    TaskState.ROLLED_BACK: frozenset(),
    TaskState.WAITING: frozenset(
        {TaskState.QUEUED, TaskState.VERIFYING, TaskState.INTEGRATING, TaskState.INTEGRATED, TaskState.FAILED}
    )
    | _PERSON,
    TaskState.FAILED: frozenset({TaskState.QUEUED}) | _PERSON,
    TaskState.CANCELLED: frozenset({TaskState.QUEUED}),
    TaskState.SUPERSEDED: frozenset(),
    TaskState.QUARANTINED: frozenset({TaskState.QUEUED, TaskState.WAITING, TaskState.FAILED}) | _PERSON,
}

RUN_MOVES: dict[RunState, frozenset[RunState]] = {
    RunState.OPEN: frozenset({RunState.LANDING, RunState.WAITING, RunState.FAILED, RunState.CANCELLED}),
    RunState.LANDING: frozenset({RunState.OPEN, RunState.WAITING, RunState.DONE, RunState.FAILED}),
    RunState.WAITING: frozenset({RunState.OPEN, RunState.LANDING, RunState.ROLLING_BACK, RunState.CANCELLED}),
    RunState.DONE: frozenset({RunState.ROLLING_BACK}),
    RunState.ROLLING_BACK: frozenset({RunState.ROLLED_BACK, RunState.WAITING, RunState.DONE}),
    RunState.ROLLED_BACK: frozenset(),
    RunState.FAILED: frozenset({RunState.OPEN, RunState.CANCELLED}),
    RunState.CANCELLED: frozenset(),
}


def legal(source: TaskState | RunState, target: TaskState | RunState) -> bool:
    """Whether ``target`` may follow ``source``; a state may always follow itself (a new token or workflow)."""
    if isinstance(source, TaskState):
        return source is target or target in TASK_MOVES[source]
    return source is target or target in RUN_MOVES[source]
