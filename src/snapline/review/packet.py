"""The review packet: clause x verdict x evidence x diff, what nothing explains, and what the agent said."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from snapline.base.ids import AttemptId, ClauseId, Digest, Oid, RevisionId, SpecId, TaskId
from snapline.base.plain import clipped, plain
from snapline.base.wire import Wire
from snapline.plan.task import PlannedTask
from snapline.repo.changes import Change
from snapline.review.coverage import explained_by
from snapline.review.signoff import SignOff
from snapline.spec.model import Check, CheckKind, Clause, Spec
from snapline.verify.outcome import Keepsake
from snapline.verify.report import AgentNetwork, CheckRow, ConstraintRow, ConstraintVerdict, CriterionRow, Report
from snapline.verify.verdict import State, Strength, Trust, Verdict

PATCH = 200_000
"""Most bytes of the diff that a packet carries; the whole is in the vault."""


class PacketCheck(Wire, frozen=True):
    """One check with its outcome; ``text`` is what ran, ``baseline`` how it ended before the change."""

    kind: CheckKind
    text: str
    verdict: Verdict
    strength: Strength | None
    baseline: State | None
    trust: Trust
    cause: str
    exit: int | None
    seconds: float
    message: str
    evidence: tuple[Digest, ...]
    kept: tuple[Keepsake, ...] = ()


class PacketCriterion(Wire, frozen=True):
    """One criterion: its words, its verdict and why, who signed it, and the changed files that it explains."""

    id: ClauseId
    text: str
    regression: bool
    verdict: Verdict
    strength: Strength | None
    waits: bool
    signed_by: str | None
    checks: tuple[PacketCheck, ...]
    files: tuple[str, ...]


class PacketConstraint(Wire, frozen=True):
    """One constraint with its words; ids that are no clause's are rules of our own and have none."""

    id: str
    text: str
    verdict: ConstraintVerdict
    message: str


class PacketFile(Wire, frozen=True):
    """One changed file, and the clauses that say that it changes; the counts are lines, None for a binary file."""

    path: str
    status: str
    added: int | None
    removed: int | None
    explained_by: tuple[ClauseId, ...]


class EarlierAttempt(Wire, frozen=True):
    """An attempt in a line: why it ended, and its diff as a stat."""

    attempt: AttemptId
    reason: str
    stat: str = ""


class Packet(Wire, frozen=True):
    """All that a person needs to judge a candidate. ``said`` are the agent's last words, safe to show: no evidence."""

    task: TaskId
    attempt: AttemptId
    spec: SpecId
    revision: RevisionId
    title: str
    summary: str
    base: Oid
    commit: Oid
    tier: str
    accepted: bool
    waiting: tuple[ClauseId, ...]
    criteria: tuple[PacketCriterion, ...]
    constraints: tuple[PacketConstraint, ...]
    files: tuple[PacketFile, ...]
    unexplained: tuple[str, ...]
    said: str
    handoff: tuple[EarlierAttempt, ...]
    patch: str
    agent_network: AgentNetwork | None = None
    version: int = 1


@dataclass(frozen=True, slots=True)
class Candidate:
    """What is reviewed: the attempt's changes with their patch, its last words, and the attempts before it."""

    attempt: AttemptId
    changes: Sequence[Change]
    patch: str
    said: str = ""
    handoff: Sequence[EarlierAttempt] = ()


def build(
    spec: Spec, task: PlannedTask, report: Report, candidate: Candidate, signed: Mapping[ClauseId, SignOff]
) -> Packet:
    """The packet of a candidate; ``signed`` are the sign-offs of exactly its tree."""
    files = tuple(
        PacketFile(plain(one.path), one.status, one.added, one.removed, explained_by(spec, one.path))
        for one in candidate.changes
    )
    return Packet(
        task=task.id,
        attempt=candidate.attempt,
        spec=spec.id,
        revision=report.revision,
        title=plain(spec.title),
        summary=plain(task.summary),
        base=report.base,
        commit=report.commit,
        tier=report.tier,
        accepted=report.accepted,
        waiting=tuple(one for one in report.waiting if one not in signed),
        criteria=tuple(_criterion(spec, row, report, files, signed) for row in report.verdicts),
        constraints=tuple(_constraint(spec, row) for row in report.constraints),
        files=files,
        unexplained=tuple(one.path for one in files if not one.explained_by),
        said=plain(candidate.said),
        handoff=tuple(candidate.handoff),
        patch=clipped(plain(candidate.patch), PATCH),
        agent_network=report.agent_network,
    )


def _criterion(
    spec: Spec, row: CriterionRow, report: Report, files: Sequence[PacketFile], signed: Mapping[ClauseId, SignOff]
) -> PacketCriterion:
    clause = spec.clause(row.id)
    return PacketCriterion(
        id=row.id,
        text=_words(clause),
        regression=row.regression,
        verdict=row.verdict,
        strength=row.strength,
        waits=row.id in report.waiting and row.id not in signed,
        signed_by=signed[row.id].by if row.id in signed else None,
        checks=tuple(_checks(clause, row)),
        files=tuple(one.path for one in files if row.id in one.explained_by),
    )


def _checks(clause: Clause | None, row: CriterionRow) -> Iterator[PacketCheck]:
    """The rows of a criterion with the words of their checks, which stand in the same order."""
    declared = clause.checks if clause and len(clause.checks) == len(row.checks) else ()
    for number, one in enumerate(row.checks):
        yield _check(one, declared[number] if declared else None)


def _check(row: CheckRow, declared: Check | None) -> PacketCheck:
    return PacketCheck(
        kind=row.kind,
        text=plain(declared.text) if declared and declared.kind is not CheckKind.MANUAL else "",
        verdict=row.verdict,
        strength=row.strength,
        baseline=row.baseline,
        trust=row.trust,
        cause=row.cause,
        exit=row.exit,
        seconds=row.seconds,
        message=plain(row.message),
        evidence=row.evidence,
        kept=row.kept,
    )


def _constraint(spec: Spec, row: ConstraintRow) -> PacketConstraint:
    return PacketConstraint(row.id, _words(spec.clause(row.id)), row.verdict, plain(row.message))


def _words(clause: Clause | None) -> str:
    return plain(clause.text) if clause else ""
