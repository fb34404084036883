"""What a person judges: the review packet of a task, and the decisions accept, reject and rollback."""

from __future__ import annotations

from dataclasses import dataclass

from snapline.app.approving import person
from snapline.app.readmodel import NothingKnown, attempt_number, find_task, repository_runs
from snapline.app.running import Floor
from snapline.base import wire
from snapline.base.clock import Clock, stamp
from snapline.base.ids import AttemptId, ClauseId, Oid, RevisionId, RunId, SpecId, TaskId, attempt_id
from snapline.engine.decisions import Decision, DecisionKind, NothingToDecide, TooLate, decide
from snapline.memory.handoff import last_words, recall, stat
from snapline.plan.derive import plan
from snapline.recover.report import RollbackReport
from snapline.repo.vault import Vault
from snapline.review import packet, signoff
from snapline.review.approval import Approval
from snapline.review.packet import Candidate, EarlierAttempt, Packet
from snapline.review.signoff import Rejection, SignOff
from snapline.spec.model import Spec
from snapline.spec.parser import parse
from snapline.store import views
from snapline.store.states import RunState, TaskState, Waiting
from snapline.store.views import AttemptRow, RunRow, TaskRow
from snapline.verify.report import Report

MENDABLE = frozenset({Waiting.ENVIRONMENT, Waiting.POISON, Waiting.WORKING_TREE, Waiting.LANDING_REFUSED})
"""What a person mends outside of Snapline, and ``snapline run`` then tries again."""


class NothingToReview(NothingToDecide):
    """There is no candidate to look at."""

    code = "nothing-to-review"
    hint = "`snapline status` says where the work stands."


@dataclass(frozen=True)
class Judged:
    """A task with the candidate that is judged, and everything that the judgement rests on."""

    floor: Floor
    run: RunRow
    task: TaskRow
    attempt: AttemptRow
    report: Report

    @classmethod
    def of(cls, floor: Floor, name: str) -> Judged:
        """The task (or attempt) of that name; raises ``NothingKnown`` and :class:`NothingToReview`."""
        task = find_task(floor.database, floor.project.id, name)
        number = attempt_number(name) or task.number
        with floor.database.read() as connection:
            run = views.run(connection, task.run)
            attempts = views.attempts(connection, task.run, task.id)
        attempt = next((one for one in attempts if one.number == number), None)
        if attempt is None and attempts:
            raise NothingKnown(f"there is no attempt `{name}`", hint=f"There is {_listed(attempts)}.")
        if attempt is None or attempt.candidate is None or attempt.report is None:
            raise NothingToReview(f"{name} has no verified candidate: it is {task.state}")
        return cls(floor, run, task, attempt, wire.decode(floor.evidence.read(attempt.report), Report))

    @property
    def spec(self) -> Spec:
        """The approved spec."""
        return parse(wire.decode(self.run.approval, Approval).source)

    @property
    def candidate(self) -> Oid:
        """The commit that is judged."""
        return Oid(self.attempt.candidate or "")

    @property
    def vault(self) -> Vault:
        """Where its objects are."""
        return self.floor.project.vault


def review(floor: Floor, name: str) -> Packet:
    """Clause x verdict x evidence x diff, and what the agent said, for the newest candidate of a task."""
    judged = Judged.of(floor, name)
    spec, vault, attempt = judged.spec, judged.vault, judged.attempt
    planned = plan(spec).task(TaskId(judged.task.id))
    if planned is None:
        raise NothingKnown(f"the approved spec has no task {judged.task.id}")
    said = signoff.sign_offs(floor.project.records, spec.id)
    candidate = Candidate(
        attempt_id(planned.id, attempt.number),
        vault.diff(attempt.base, judged.candidate),
        vault.patch(attempt.base, judged.candidate),
        last_words(floor.evidence.path(attempt.log)) if attempt.log and floor.evidence.has(attempt.log) else "",
        _earlier(judged),
    )
    given = signoff.signed(said, RevisionId(judged.run.revision), vault.tree_of(judged.candidate))
    return packet.build(spec, planned, judged.report, candidate, given)


def _earlier(judged: Judged) -> tuple[EarlierAttempt, ...]:
    with judged.floor.database.read() as connection:
        rows = views.attempts(connection, judged.task.run, judged.task.id)
    return tuple(
        EarlierAttempt(attempt_id(TaskId(one.task), one.number), one.words, _stat(judged.floor, one))
        for one in rows
        if one.number < judged.attempt.number
    )


def _stat(floor: Floor, attempt: AttemptRow) -> str:
    """What an attempt changed, in one line; empty where it left no handoff."""
    return stat(recall(floor.evidence, attempt.handoff).touched) if attempt.handoff else ""


def accept(floor: Floor, name: str, sign: tuple[ClauseId, ...], by: str | None, clock: Clock) -> RunId:
    """Accept what waits for a person, vouching for the criteria in ``sign``; returns the run that goes on.

    Raises ``NotSignable`` for what a person cannot sign, ``WaitsForPerson`` while criteria stay unsigned, and
    ``NothingToDecide`` where nothing waits.
    """
    who = by or person(floor.project)
    waiting = _waiting_run(floor, name)
    if waiting is not None:
        return _accept_run(floor, waiting, sign, who, clock)
    judged = Judged.of(floor, name)
    _demand_newest(name, judged.task)
    signoff.refuse_unsignable(judged.spec, judged.report, sign, who)
    decision = Decision(judged.run.id, judged.task.id, DecisionKind.ACCEPT, judged.task.token, who, sign=sign)
    decide(floor.database, decision, clock)
    _record(floor, judged.run, TaskId(judged.task.id), judged.candidate, sign, who, clock)
    return RunId(judged.run.id)


def _demand_newest(name: str, task: TaskRow) -> None:
    """Raise ``TooLate`` when an attempt is named that another has followed: what is decided is about the newest."""
    if attempt_number(name) not in (None, task.number):
        raise TooLate(f"{name} is not the newest attempt: {task.id}#{task.number} is")


def _listed(attempts: tuple[AttemptRow, ...]) -> str:
    return ", ".join(f"{one.task}#{one.number}" for one in attempts)


def _waiting_run(floor: Floor, name: str) -> RunRow | None:
    """The run of the spec ``name`` that waits as a whole, for signatures that no task could collect."""
    for run in reversed(repository_runs(floor.database, floor.project.id, name)):
        if run.state is RunState.WAITING and run.reason is Waiting.SIGN_OFF:
            return run
    return None


def _accept_run(floor: Floor, run: RunRow, sign: tuple[ClauseId, ...], who: str, clock: Clock) -> RunId:
    with floor.database.read() as connection:
        landing = views.landings(connection, run.id)[-1]
    spec = parse(wire.decode(run.approval, Approval).source)
    if landing.report is not None:
        report = wire.decode(floor.evidence.read(landing.report), Report)
        signoff.refuse_unsignable(spec, report, sign, who)
    decide(floor.database, Decision(run.id, None, DecisionKind.ACCEPT, run.token, who, sign=sign), clock)
    _record(floor, run, TaskId(spec.id), Oid(landing.new), sign, who, clock)
    return RunId(run.id)


def _record(
    floor: Floor, run: RunRow, task: TaskId, commit: Oid, sign: tuple[ClauseId, ...], who: str, clock: Clock
) -> None:
    said = SignOff(
        task=task,
        spec=SpecId(run.spec),
        revision=RevisionId(run.revision),
        commit=commit,
        tree=floor.project.vault.tree_of(commit),
        criteria=sign,
        by=who,
        at=stamp(clock.now()),
    )
    signoff.record(floor.project.records, said)


def reject(floor: Floor, name: str, because: str, by: str | None, clock: Clock) -> RunId:
    """Send a task back to its agent with a person's reasons; returns the run that goes on."""
    who = by or person(floor.project)
    task = find_task(floor.database, floor.project.id, name)
    _demand_newest(name, task)
    with floor.database.read() as connection:
        run = views.run(connection, task.run)
    decide(floor.database, Decision(run.id, task.id, DecisionKind.REJECT, task.token, who, because=because), clock)
    said = Rejection(
        task=TaskId(task.id),
        attempt=AttemptId(f"{task.id}#{task.number}"),
        spec=SpecId(run.spec),
        revision=RevisionId(run.revision),
        commit=Oid(task.candidate) if task.candidate else None,
        because=because,
        by=who,
        at=stamp(clock.now()),
    )
    signoff.record(floor.project.records, said)
    return RunId(run.id)


def retry_mended(floor: Floor, run_id: RunId, clock: Clock) -> None:
    """Try again what waited for something that a person mends outside: a tool, a work tree, a login."""
    who = person(floor.project)
    with floor.database.read() as connection:
        run = views.run(connection, run_id)
        tasks = views.tasks(connection, run_id=run_id)
    if run.state is RunState.WAITING and run.reason in MENDABLE:
        decide(floor.database, Decision(run.id, None, DecisionKind.RETRY, run.token, who), clock)
    for task in tasks:
        if task.state is TaskState.WAITING and task.reason in MENDABLE:
            decide(floor.database, Decision(run.id, task.id, DecisionKind.RETRY, task.token, who), clock)


def roll_back(floor: Floor, spec: str, by: str | None, clock: Clock, *, revert: bool) -> RunId:
    """Ask for the failure plan of the latest landing of a spec to be carried out; returns its run."""
    runs = repository_runs(floor.database, floor.project.id, spec)
    if not runs:
        raise NothingKnown(f"nothing of `{spec}` was ever dispatched here")
    landed = [one for one in runs if one.state is RunState.DONE or one.reason is Waiting.ROLLBACK]
    run = (landed or list(runs))[-1]
    options = {"revert": revert}
    who = by or person(floor.project)
    decide(floor.database, Decision(run.id, None, DecisionKind.ROLLBACK, run.token, who, options=options), clock)
    return RunId(run.id)


def rollback_report(floor: Floor, run_id: RunId) -> RollbackReport | None:
    """What the last rollback of a run did and proved; None when it did not come to a report."""
    with floor.database.read() as connection:
        rows = [one for one in views.landings(connection, run_id) if one.kind == "rollback" and one.report]
    return wire.decode(floor.evidence.read(rows[-1].report or ""), RollbackReport) if rows else None
