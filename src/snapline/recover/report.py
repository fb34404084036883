"""The report of a rollback: how far it came, what it proved, and what follows from that."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from enum import StrEnum
from typing import assert_never

from snapline.base.errors import ExitStatus, worst
from snapline.base.ids import ClauseId, Digest, Oid, RevisionId, SpecId, short
from snapline.base.wire import Wire
from snapline.recover.failureplan import Side
from snapline.spec.model import StepKind
from snapline.verify.report import ConstraintVerdict, Report
from snapline.verify.verdict import Verdict


class StepState(StrEnum):
    """How a step ended. ``UNKNOWN``: it began, and nobody can tell how far it came; it is never repeated unseen."""

    DONE = "done"
    FAILED = "failed"
    UNKNOWN = "unknown"


class StepOutcome(Wire, frozen=True):
    """One step that was begun; ``number`` counts from 1 in the order of the plan."""

    number: int
    kind: StepKind
    text: str
    side: Side
    state: StepState
    message: str = ""
    exit: int | None = None
    seconds: float = 0.0
    evidence: tuple[Digest, ...] = ()


class ProofState(StrEnum):
    """Whether a check holds after the rollback."""

    HOLDS = "holds"
    FAILS = "fails"
    COULD_NOT_RUN = "could-not-run"


class Proof(Wire, frozen=True):
    """One check after the rollback: of ``Verify rollback``, or a regression criterion; ``text`` is what ran."""

    id: ClauseId
    text: str
    state: ProofState
    message: str = ""
    evidence: tuple[Digest, ...] = ()


class RollbackReport(Wire, frozen=True):
    """A rollback of one landed spec.

    ``before`` and ``after`` are the target's commits; ``revert`` is the commit that took the landing back, None where
    the plan does not revert or it did not come to that. ``restored`` says that the tree is the one from before the
    landing. ``conflicts`` are the paths for which the revert touched nothing. ``unfinished`` counts the steps that were
    not begun.
    """

    spec: SpecId
    revision: RevisionId
    target: str
    landings: tuple[Oid, ...]
    before: Oid
    after: Oid
    revert: Oid | None
    restored: bool
    steps: tuple[StepOutcome, ...]
    unfinished: int = 0
    conflicts: tuple[str, ...] = ()
    proofs: tuple[Proof, ...] = ()
    escalate: str | None = None
    version: int = 1

    @property
    def complete(self) -> bool:
        """Whether every step was done and everything that was checked afterwards holds."""
        return exit_status(self) is ExitStatus.DONE


def regression_proofs(report: Report, asked: Collection[ClauseId]) -> tuple[Proof, ...]:
    """What a verification of the rolled-back commit says about the criteria and constraints that were asked for."""
    criteria = (
        Proof(
            row.id,
            "",
            _proof_state(row.verdict),
            "; ".join(check.message for check in row.checks if check.message),
            tuple(one for check in row.checks for one in check.evidence),
        )
        for row in report.verdicts
        if row.id in asked
    )
    kept = (
        Proof(ClauseId(row.id), "", _kept_state(row.verdict), row.message)
        for row in report.constraints
        if row.id in asked
    )
    return (*criteria, *kept)


def exit_status(report: RollbackReport) -> ExitStatus:
    """Failed (1) for a command or a proof, could not run (3), waits for a person (5) where it stopped undecided.

    A revert that cannot be made, or that the target does not take, has changed nothing: it waits.
    """
    statuses = [ExitStatus.WAITS] if report.conflicts else []
    for step in report.steps:
        match step.state:
            case StepState.FAILED:
                statuses.append(ExitStatus.WAITS if step.kind is StepKind.REVERT else ExitStatus.FAILED)
            case StepState.UNKNOWN:
                statuses.append(ExitStatus.WAITS)
            case StepState.DONE:
                pass
            case _:
                assert_never(step.state)
    for proof in report.proofs:
        match proof.state:
            case ProofState.FAILS:
                statuses.append(ExitStatus.FAILED)
            case ProofState.COULD_NOT_RUN:
                statuses.append(ExitStatus.ENVIRONMENT)
            case ProofState.HOLDS:
                pass
            case _:
                assert_never(proof.state)
    return worst(*statuses)


def render(report: RollbackReport) -> str:
    """What was done and what that proved, in words, a line each."""
    return "\n".join((*_done(report), *_proved(report))) + "\n"


def _done(report: RollbackReport) -> Iterator[str]:
    yield f"Rollback of {report.spec}@{short(report.revision)} on {report.target}"
    for step in report.steps:
        why = f": {step.message}" if step.message else ""
        yield f"  {step.number}. {step.text} ({step.side}): {step.state}{why}"
    if report.conflicts:
        yield f"  The revert conflicts, so nothing was touched: {', '.join(report.conflicts)}"
    if report.unfinished:
        yield f"  Not begun: {report.unfinished} of {len(report.steps) + report.unfinished} steps"
    if report.escalate and not report.complete:
        yield f"  Tell {report.escalate}: the failure plan names them for this."


def _proved(report: RollbackReport) -> Iterator[str]:
    yield "What it proved"
    if report.revert:
        taken = ", ".join(short(one) for one in report.landings)
        yield f"  Commit {short(report.revert)} takes back {taken}; {report.target} is at {short(report.after)}."
    if report.restored:
        yield "  The tree is the very one from before the landing."
    for proof in report.proofs:
        what = f" `{proof.text.strip().splitlines()[0]}`" if proof.text.strip() else ""
        why = f": {proof.message}" if proof.message and proof.state is not ProofState.HOLDS else ""
        yield f"  {proof.id}{what} {proof.state}{why}"
    if not report.restored and not report.proofs:
        yield "  Nothing: no check ran afterwards, and the tree differs from the one before the landing."


def first_failure(steps: Sequence[StepOutcome]) -> StepOutcome | None:
    """The step at which a rollback stopped; None while every step is done."""
    return next((step for step in steps if step.state is not StepState.DONE), None)


def _proof_state(verdict: Verdict) -> ProofState:
    match verdict:
        case Verdict.PASS:
            return ProofState.HOLDS
        case Verdict.FAIL | Verdict.VACUOUS | Verdict.FLAKY:
            return ProofState.FAILS
        case Verdict.COULD_NOT_RUN | Verdict.UNSIGNED:
            return ProofState.COULD_NOT_RUN
        case _:
            assert_never(verdict)


def _kept_state(verdict: ConstraintVerdict) -> ProofState:
    match verdict:
        case ConstraintVerdict.PASS:
            return ProofState.HOLDS
        case ConstraintVerdict.FAIL:
            return ProofState.FAILS
        case ConstraintVerdict.COULD_NOT_RUN | ConstraintVerdict.ASK | ConstraintVerdict.PROSE:
            return ProofState.COULD_NOT_RUN
        case _:
            assert_never(verdict)
