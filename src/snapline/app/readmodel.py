"""What a person is told about runs: their tasks, attempts, verdicts and landings, as one document."""

from __future__ import annotations

from typing import Any

from snapline.base import wire
from snapline.base.errors import ExitStatus, NotFound, worst
from snapline.base.ids import ClauseId, RunId
from snapline.base.plain import plain
from snapline.base.wire import Wire
from snapline.engine.rest import at_rest
from snapline.store import views
from snapline.store.database import Database
from snapline.store.evidence import EvidenceStore
from snapline.store.states import RunState, TaskState, Waiting
from snapline.store.views import AttemptRow, LandingRow, RunRow, TaskRow
from snapline.verify.report import ConstraintVerdict, Report


class NothingKnown(NotFound):
    """Nothing of that name was ever dispatched here."""

    code = "nothing-known"
    hint = "`snapline status` lists the runs of this repository."


class VerdictLine(Wire, frozen=True):
    """One criterion or constraint of an attempt: its id, verdict and strength, and why."""

    id: str
    verdict: str
    strength: str | None
    message: str


class AttemptStatus(Wire, frozen=True):
    """One attempt. ``outcome`` is None while it is at work; ``prompt``, ``log`` and ``report`` name evidence."""

    attempt: str
    agent: str
    outcome: str | None
    words: str
    seconds: float
    began_at: str
    ended_at: str | None
    base: str
    candidate: str | None
    verdicts: tuple[VerdictLine, ...]
    prompt: str | None
    log: str | None
    report: str | None


class TaskStatus(Wire, frozen=True):
    """One task with its attempts; ``reason`` says what it waits for.

    ``unsigned`` are the criteria that need a person's word, ``signed`` those that have it.
    """

    task: str
    summary: str
    state: TaskState
    reason: Waiting | None
    detail: str
    unsigned: tuple[ClauseId, ...]
    attempts: tuple[AttemptStatus, ...]
    signed: tuple[ClauseId, ...] = ()


class LandingStatus(Wire, frozen=True):
    """One intended move of the target: a landing or a rollback, and what became of it."""

    kind: str
    old: str
    new: str
    outcome: str | None
    words: str
    report: str | None
    at: str


class RunStatus(Wire, frozen=True):
    """One run, whole; ``at_rest`` when nothing more happens in it without a person."""

    run: RunId
    spec: str
    revision: str
    state: RunState
    reason: Waiting | None
    detail: str
    target: str
    base: str
    requested_at: str
    tasks: tuple[TaskStatus, ...]
    landings: tuple[LandingStatus, ...]
    unsigned: tuple[ClauseId, ...] = ()
    signed: tuple[ClauseId, ...] = ()
    at_rest: bool = False


def run_status(database: Database, evidence: EvidenceStore, run_id: str) -> RunStatus:
    """A run as it is now; raises :class:`NotFound`."""
    with database.read() as connection:
        run = views.run(connection, run_id)
        tasks = views.tasks(connection, run_id=run_id)
        attempts = views.attempts(connection, run_id)
        landings = views.landings(connection, run_id)
    return RunStatus(
        run=RunId(run.id),
        spec=run.spec,
        revision=run.revision,
        state=run.state,
        reason=run.reason,
        detail=plain(run.detail),
        target=run.target,
        base=run.base,
        requested_at=run.requested_at,
        tasks=tuple(_task(one, [a for a in attempts if a.task == one.id], evidence) for one in tasks),
        landings=tuple(_landing(one) for one in landings),
        unsigned=_missing(run.unsigned, run.signed),
        signed=_listed(run.signed),
        at_rest=at_rest(database, run_id),
    )


def repository_runs(database: Database, repository: str, spec: str | None = None) -> tuple[RunRow, ...]:
    """The runs of a repository, or of one of its specs, oldest first."""
    with database.read() as connection:
        return views.runs(connection, repository=repository, spec=spec)


def find_task(database: Database, repository: str, name: str) -> TaskRow:
    """The task (or the task of the attempt) of that name in its latest run; raises :class:`NothingKnown`."""
    with database.read() as connection:
        try:
            return views.latest_task(connection, repository, name.partition("#")[0])
        except NotFound as unknown:
            fault = unknown
    raise _unknown(database, repository, name) from fault


def attempt_number(name: str) -> int | None:
    """Which attempt ``TASK#N`` names, None for a task; raises :class:`NothingKnown` where ``N`` is no number."""
    _, mark, digits = name.partition("#")
    if mark and not digits.isdecimal():
        raise NothingKnown(f"`{name}` names no attempt", hint="An attempt is named by its number: TASK#1.")
    return int(digits) if mark else None


def _unknown(database: Database, repository: str, name: str) -> NothingKnown:
    """What is wrong with a task's name: its spec was never dispatched, or has other tasks."""
    spec, _, _ = name.partition("/")
    runs = repository_runs(database, repository, spec)
    if not runs:
        return NothingKnown(f"nothing of `{spec}` was ever dispatched here")
    with database.read() as connection:
        there = ", ".join(one.id for one in views.tasks(connection, run_id=runs[-1].id))
    return NothingKnown(f"{spec} has no task `{name}`", hint=f"It has {there}.")


def _task(row: TaskRow, attempts: list[AttemptRow], evidence: EvidenceStore) -> TaskStatus:
    return TaskStatus(
        task=row.id,
        summary=plain(row.summary),
        state=row.state,
        reason=row.reason,
        detail=plain(row.detail),
        unsigned=_missing(row.unsigned, row.signed),
        attempts=tuple(_attempt(one, evidence) for one in attempts),
        signed=_listed(row.signed),
    )


def _missing(unsigned: str, signed: str) -> tuple[ClauseId, ...]:
    given = _listed(signed)
    return tuple(one for one in _listed(unsigned) if one not in given)


def _listed(ids: str) -> tuple[ClauseId, ...]:
    return tuple(ClauseId(one) for one in ids.split(",") if one)


def _attempt(row: AttemptRow, evidence: EvidenceStore) -> AttemptStatus:
    return AttemptStatus(
        attempt=f"{row.task}#{row.number}",
        agent=row.agent,
        outcome=row.outcome,
        words=plain(row.words),
        seconds=row.seconds,
        began_at=row.began_at,
        ended_at=row.ended_at,
        base=row.base,
        candidate=row.candidate,
        verdicts=_verdicts(evidence, row.report),
        prompt=row.prompt,
        log=row.log,
        report=row.report,
    )


def _verdicts(evidence: EvidenceStore, report: str | None) -> tuple[VerdictLine, ...]:
    """The criteria and the constraints that say something, of a report in the evidence."""
    if report is None or not evidence.has(report):
        return ()
    found = wire.decode(evidence.read(report), Report)
    criteria = (
        VerdictLine(row.id, row.verdict, row.strength, plain("; ".join(c.message for c in row.checks if c.message)))
        for row in found.verdicts
    )
    constraints = (
        VerdictLine(row.id, row.verdict, None, plain(row.message))
        for row in found.constraints
        if row.verdict is not ConstraintVerdict.PROSE
    )
    return (*criteria, *constraints)


def _landing(row: LandingRow) -> LandingStatus:
    return LandingStatus(row.kind, row.old, row.new, row.outcome, plain(row.words), row.report, row.at)


def exit_status(runs: tuple[RunStatus, ...]) -> ExitStatus:
    """The exit status of a dispatch: failed (1), nothing could run (3), waits for a person (5), else done."""
    return worst(*(_one_status(run) for run in runs))


def _one_status(run: RunStatus) -> ExitStatus:
    if run.state is RunState.DONE:
        return ExitStatus.DONE
    if run.state in (RunState.FAILED, RunState.CANCELLED):
        return ExitStatus.FAILED
    states = [ExitStatus.FAILED for one in run.tasks if one.state is TaskState.FAILED]
    reasons: list[Any] = [run.reason, *(one.reason for one in run.tasks if one.state is TaskState.WAITING)]
    unusable = {Waiting.ENVIRONMENT, Waiting.POISON}
    states += [ExitStatus.ENVIRONMENT if one in unusable else ExitStatus.WAITS for one in reasons if one is not None]
    states += [ExitStatus.ENVIRONMENT for one in run.tasks if one.state is TaskState.QUARANTINED]
    return worst(*states) if states else ExitStatus.WAITS
