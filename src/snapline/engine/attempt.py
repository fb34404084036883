"""The attempt: a workspace is prepared, the agent runs in it under its shim, and its work is collected.

``begin, prepare, launch, await, reap, collect``: each step looks first whether its effect is there.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa

from snapline.base import digest
from snapline.base.errors import EnvironmentFault, SnaplineError
from snapline.engine import collection, faults, supervision, traffic, workplace
from snapline.engine.admission import DEADLINES
from snapline.engine.context import current
from snapline.engine.faults import Point
from snapline.engine.outcomes import Ending, Outcome
from snapline.engine.settle import settle
from snapline.engine.steps import GO, SETTLED, STALE, step, workflow
from snapline.engine.world import Try
from snapline.repo.git import GitFault
from snapline.repo.intake import Intake
from snapline.sandbox import process
from snapline.sandbox.policy import Cause, Exit
from snapline.sandbox.process import NotProvedDead, RunState
from snapline.store.moves import Move, Moved
from snapline.store.states import TaskState
from snapline.store.tables import ATTEMPTS

MARGIN_SECONDS = 300.0
"""How much longer than its limit a run may take before the tick closes it: the shim enforces the limit itself."""

LOOK_SECONDS = 1.0
"""How often a wait for the agent looks up."""

Body = Callable[[Try], str]


@workflow("attempt")
def attempt(run: str, task: str, number: int, token: int) -> str:
    """One try at a task, from the claim to the collected work."""
    for part in (begin, prepare, launch, wait, reap, collect):
        said = part(run, task, number, token)
        if said != GO:
            return said
    return GO


def _part(name: str, *states: TaskState) -> Callable[[Body], Callable[[str, str, int, int], str]]:
    """A step of an attempt that may only act while the task is the attempt's, in one of ``states``.

    What a person or the machine has to mend ends the attempt, at nobody's charge.
    """

    def decorate(body: Body) -> Callable[[str, str, int, int], str]:
        def guarded(run: str, task: str, number: int, token: int) -> str:
            this = Try.of(current(), run, task, number, token)
            if this.task.token != token or this.task.state not in states:
                return GO if this.task.token == token and _passed(this.task.state, states) else STALE
            try:
                return body(this)
            except SnaplineError as fault:
                return _give_up(this, fault)

        guarded.__name__ = body.__name__
        guarded.__qualname__ = body.__qualname__
        guarded.__doc__ = body.__doc__
        return step(name)(guarded)

    return decorate


_ORDER = (
    TaskState.PREPARING,
    TaskState.LAUNCHING,
    TaskState.RUNNING,
    TaskState.COLLECTING,
    TaskState.VERIFYING,
)


def _passed(state: TaskState, states: tuple[TaskState, ...]) -> bool:
    """Whether a step that belongs to ``states`` was done, since the task is further on."""
    return state in _ORDER and _ORDER.index(state) > max(_ORDER.index(one) for one in states)


def _give_up(this: Try, fault: SnaplineError) -> str:
    """End the attempt, unless something of it may live: then its slot stays taken, and the tick sees to it."""
    if not supervision.prove_dead(this.world.context, this.task):
        return SETTLED
    lasting = isinstance(fault, EnvironmentFault) and not isinstance(fault, GitFault)
    ending = Ending.ENVIRONMENT if lasting else Ending.LOST
    settle(this.world.context, this.task, Outcome(ending, fault.told), token=this.token, source=this.task.state)
    return SETTLED


@_part("attempt.begin", TaskState.PREPARING)
def begin(this: Try) -> str:
    """Fix what the attempt starts from: the run's integration, with the last candidate's work where there is one."""
    if this.attempt.base:
        return GO
    base = this.world.integration()
    start = workplace.carried(this, base) or base
    faults.reach("attempt.begin", Point.EFFECT)
    _note(this, base=base, start=start)
    return GO


@_part("attempt.prepare", TaskState.PREPARING)
def prepare(this: Try) -> str:
    """Make the workspace, the private home and the prompt."""
    prompt = workplace.prepare(this)
    faults.reach("attempt.prepare", Point.EFFECT)
    _note(this, prompt=prompt)
    return GO


@_part("attempt.launch", TaskState.PREPARING, TaskState.LAUNCHING)
def launch(this: Try) -> str:
    """Start the agent under its shim; one that was started is adopted, one that was only meant to be is swept."""
    if this.task.state is TaskState.PREPARING:
        workplace.preflight(this)
        deadline = this.world.context.now() + DEADLINES[TaskState.LAUNCHING]
        if not _move(this, TaskState.PREPARING, TaskState.LAUNCHING, deadline):
            return STALE
    folder = this.run_folder("agent")
    job = workplace.job(this)
    if process.inspect(folder) is RunState.ABSENT:
        process.launch(this.world.sandbox, job, folder)
    faults.reach("attempt.launch", Point.EFFECT)
    deadline = this.world.context.now() + job.limits.wall + MARGIN_SECONDS
    return GO if _move(this, TaskState.LAUNCHING, TaskState.RUNNING, deadline) else STALE


@_part("attempt.await", TaskState.RUNNING)
def wait(this: Try) -> str:
    """Wait until the agent's shim has written its record, or is gone."""
    folder = this.run_folder("agent")
    while process.wait(folder, LOOK_SECONDS) is None and process.inspect(folder) is RunState.RUNNING:
        if this.world.context.stopping.is_set():
            process.stop(folder)
    faults.reach("attempt.await", Point.EFFECT)
    return GO


@_part("attempt.reap", TaskState.RUNNING)
def reap(this: Try) -> str:
    """Make sure that nothing of the agent lives; where that cannot be proved the slot stays taken."""
    try:
        ended = process.reap(this.run_folder("agent"))
    except NotProvedDead as fault:
        changes = {"not_before": this.world.context.now(), "detail": fault.message}
        move = Move(
            this.world.run.id,
            this.task.id,
            TaskState.RUNNING,
            TaskState.QUARANTINED,
            this.token,
            this.key("quarantined"),
            changes,
        )
        this.world.context.move(move)
        return SETTLED
    faults.reach("attempt.reap", Point.EFFECT)
    log = this.run_folder("agent") / process.LOG_FILE
    kept = this.world.context.evidence.put(log, "log") if log.exists() else None
    _note(this, log=kept, seconds=ended.seconds)
    traffic.tell(this)
    if ended.cause in {Cause.LOST, Cause.NOT_STARTED}:
        words = _why_lost(this, ended.cause)
        outcome = Outcome(Ending.LOST, words)
        settle(this.world.context, this.task, outcome, token=this.token, source=TaskState.RUNNING)
        return SETTLED
    deadline = this.world.context.now() + DEADLINES[TaskState.COLLECTING]
    return GO if _move(this, TaskState.RUNNING, TaskState.COLLECTING, deadline) else STALE


def _why_lost(this: Try, cause: Cause) -> str:
    if cause is Cause.LOST:
        return "the agent's supervision was lost; nothing of it is left"
    log = this.run_folder("agent") / process.LOG_FILE
    said = log.read_text("utf-8", "replace").strip() if log.exists() else ""
    return f"the agent did not start: {said}" if said else "the agent did not start"


@_part("attempt.collect", TaskState.COLLECTING)
def collect(this: Try) -> str:
    """Bring the work into the vault as a candidate, and hand it to verification."""
    if not this.attempt.base:
        raise AssertionError("an attempt that collects has begun")
    ended = process.record(this.run_folder("agent"))
    taken = collection.collect(this)
    faults.reach("attempt.collect", Point.EFFECT)
    values = _collected(this, taken)
    if ended.cause is Cause.STOPPED:
        outcome = Outcome(Ending.INTERRUPTED, "it was interrupted; what it had done is kept")
        settle(this.world.context, this.task, outcome, token=this.token, source=this.task.state, values=values)
        return SETTLED
    if taken.candidate is None:
        _refuse(this, taken, values, ended)
        return SETTLED
    changes = {"candidate": taken.candidate}
    target = TaskState.VERIFYING
    move = Move(this.world.run.id, this.task.id, this.task.state, target, this.token, this.key(target), changes)
    moved = this.world.context.move(move, also=lambda connection: _write(connection, this, values))
    collection.clear(this)
    return STALE if moved is Moved.STALE else GO


def _collected(this: Try, taken: Intake) -> dict[str, Any]:
    if taken.candidate is None:
        return {}
    return {"candidate": taken.candidate, "tree": this.world.vault.tree_of(taken.candidate)}


def _refuse(this: Try, taken: Intake, values: dict[str, Any], ended: Exit) -> None:
    """End an attempt that brought nothing that could be verified."""
    if taken.refusals:
        words = "; ".join(one.message for one in taken.refusals)
        ending = Ending.REFUSED
        tree = this.world.vault.tree_of(taken.tip) if taken.tip else ""
    else:
        words, ending, tree = f"the agent changed nothing{_limit(ended)}", Ending.UNCHANGED, ""
    handoff = collection.handoff(this, words, taken)
    outcome = Outcome(ending, words, digest.of_value([ending, words]), tree)
    values = {**values, "handoff": handoff, "tree": tree or None}
    settle(this.world.context, this.task, outcome, token=this.token, source=this.task.state, values=values)


def _limit(ended: Exit) -> str:
    """Which limit ended the agent, in words; nothing where it ended by itself."""
    match ended.cause:
        case Cause.WALL:
            return f"; it was stopped after {ended.seconds:.0f} s: its wall time was used up"
        case Cause.IDLE:
            return f"; it was stopped after {ended.seconds:.0f} s: it had shown no sign of life for too long"
        case _:
            return ""


def _move(this: Try, source: TaskState, target: TaskState, deadline: float) -> bool:
    changes = {"workflow": this.task.workflow, "deadline": deadline}
    move = Move(this.world.run.id, this.task.id, source, target, this.token, this.key(target), changes)
    return this.world.context.move(move) is not Moved.STALE


def _note(this: Try, **values: Any) -> None:  # noqa: ANN401 - columns of the attempt
    """Write down what the attempt found; no state changes by it."""
    with this.world.context.database.write() as connection:
        _write(connection, this, values)


def _write(connection: sa.Connection, this: Try, values: dict[str, Any]) -> None:
    mine = (ATTEMPTS.c.run == this.attempt.run) & (ATTEMPTS.c.task == this.attempt.task)
    mine = mine & (ATTEMPTS.c.number == this.attempt.number) & (ATTEMPTS.c.token == this.token)
    if values:
        connection.execute(sa.update(ATTEMPTS).where(mine).values(values))
