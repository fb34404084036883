"""The attestation: what a verification came to and what it rests on, as a statement that others can check offline."""

from __future__ import annotations

from collections.abc import Iterable

from snapline import __version__
from snapline.base import digest, statement, wire
from snapline.base.ids import ClauseId, Digest, Oid, RevisionId, SpecId
from snapline.base.signing import SigningKey
from snapline.base.statement import NotAuthentic, Statement, Subject
from snapline.base.wire import Wire
from snapline.sandbox.policy import Exit
from snapline.store.evidence import EvidenceMissing, EvidenceStore
from snapline.verify.outcome import CheckOutcome, CheckResult, CheckRun, Phase
from snapline.verify.procedure import Judged
from snapline.verify.report import ConstraintVerdict, CriterionRow, Report
from snapline.verify.verdict import State, Strength, Trust, Verdict

ATTESTATION_TYPE = "urn:snapline:schema:attestation:1"
"""The predicate type: the id of the schema that describes it, as `snapline schema attestation` prints it."""


class Work(Wire, frozen=True):
    """What was verified: an attempt of a task (``task``, ``number``), or landing ``number`` of the run."""

    run: str
    task: str | None
    number: int

    @property
    def name(self) -> str:
        """As people see it: ``retry-uploads/T1#2``, or the run's landing."""
        return f"{self.task}#{self.number}" if self.task is not None else f"{self.run}, landing {self.number}"


class Policy(Wire, frozen=True):
    """By what it was judged: digests of the approval, of the configuration in it and of the run's settings."""

    approval: Digest
    configuration: Digest
    settings: Digest
    accept: str


class AgentRun(Wire, frozen=True):
    """How the agent's own process ended. ``argv`` is the digest of its command line; evidence is digests."""

    name: str
    argv: Digest | None
    cause: str
    exit: int | None
    seconds: float
    containment: str
    prompt: Digest | None
    log: Digest | None


class CheckRunRow(Wire, frozen=True):
    """One check in one run. ``check`` is the digest of the check as it was run, ``tree`` the git tree it ran in.

    ``cause`` is how it ended, ``containment`` what held its processes, ``evidence`` what it left: log, exit record,
    report.
    """

    clause: str
    phase: Phase
    run: int
    tree: Oid
    check: Digest
    state: State
    cause: str
    exit: int | None
    seconds: float
    containment: str | None
    evidence: tuple[Digest, ...]


class VerdictRow(Wire, frozen=True):
    """The verdict on one criterion, and where its comparisons were made."""

    id: ClauseId
    regression: bool
    verdict: Verdict
    strength: Strength | None
    trust: tuple[Trust, ...]


class HeldRow(Wire, frozen=True):
    """What is known about one constraint."""

    id: str
    verdict: ConstraintVerdict


class Attestation(Wire, frozen=True):
    """The predicate. The subjects of its statement are ``candidate`` (a commit) and ``tree``.

    ``containment`` are the kinds that held the processes, ``environment`` is the digest of the environment,
    ``report`` that of the whole report, ``waiting`` are criteria that needed a person's word and did not have it.
    """

    spec: SpecId
    revision: RevisionId
    work: Work
    base: Oid
    policy: Policy
    tier: str
    containment: tuple[str, ...]
    environment: Digest
    agent: AgentRun | None
    runs: tuple[CheckRunRow, ...]
    verdicts: tuple[VerdictRow, ...]
    constraints: tuple[HeldRow, ...]
    waiting: tuple[ClauseId, ...]
    accepted: bool
    report: Digest
    snapline: str
    at: str
    version: int = 1


def attestation(
    judged: Judged, work: Work, policy: Policy, agent: AgentRun | None, at: str, evidence: EvidenceStore
) -> Attestation:
    """What is to be signed of a judgement whose report is kept in ``evidence``."""
    report = judged.report
    rows = tuple(row for run, result in judged.runs for row in _rows(run, result, evidence))
    held = {row.containment for row in rows if row.containment}
    return Attestation(
        spec=report.spec,
        revision=report.revision,
        work=work,
        base=report.base,
        policy=policy,
        tier=report.tier,
        containment=tuple(sorted(held | ({agent.containment} if agent else set()))),
        environment=judged.environment,
        agent=agent,
        runs=rows,
        verdicts=verdict_rows(report),
        constraints=held_rows(report),
        waiting=report.waiting,
        accepted=report.accepted,
        report=digest.of_bytes(wire.encode(report)),
        snapline=__version__,
        at=at,
    )


def seal(one: Attestation, commit: Oid, tree: Oid, key: SigningKey) -> bytes:
    """The signed envelope of an attestation about a commit and its tree."""
    subject = (Subject("candidate", {"gitCommit": commit}), Subject("tree", {"gitTree": tree}))
    return statement.sign(subject, ATTESTATION_TYPE, one, key)


def read(said: Statement) -> Attestation:
    """The attestation of a statement; raises :class:`NotAuthentic` for another kind of statement, and ``BadWire``."""
    if said.predicate_type != ATTESTATION_TYPE:
        raise NotAuthentic(f"it is about {said.predicate_type}, not an attestation of ours")
    return said.read(Attestation)


def says_the_same(one: Attestation, report: Report) -> bool:
    """Whether a report gives the verdicts that were signed."""
    signed = (one.verdicts, one.constraints, one.waiting, one.accepted, one.base, one.revision)
    told = (verdict_rows(report), held_rows(report), report.waiting, report.accepted, report.base, report.revision)
    return signed == told


def verdict_rows(report: Report) -> tuple[VerdictRow, ...]:
    """The verdicts of a report."""
    return tuple(VerdictRow(row.id, row.regression, row.verdict, row.strength, _trust(row)) for row in report.verdicts)


def held_rows(report: Report) -> tuple[HeldRow, ...]:
    """What a report says of the constraints that can be decided."""
    return tuple(HeldRow(row.id, row.verdict) for row in report.constraints)


def _trust(row: CriterionRow) -> tuple[Trust, ...]:
    return tuple(dict.fromkeys(one.trust for one in row.checks))


def _rows(run: CheckRun, result: CheckResult, evidence: EvidenceStore) -> Iterable[CheckRunRow]:
    for order, outcome in zip(run.orders, result.outcomes, strict=True):
        yield CheckRunRow(
            clause=run.clause,
            phase=run.phase,
            run=run.run,
            tree=run.tree,
            check=digest.of_value(order.identity()),
            state=outcome.state,
            cause=outcome.cause,
            exit=outcome.exit,
            seconds=round(outcome.seconds, 3),
            containment=_containment(outcome, evidence),
            evidence=outcome.evidence,
        )


def _containment(outcome: CheckOutcome, evidence: EvidenceStore) -> str | None:
    """What held a check's processes, from the record of its end; None where no process was started."""
    found = [one for one in outcome.evidence if evidence.kind(one) == "exit"]
    try:
        return wire.decode(evidence.read(found[-1]), Exit).containment if found else None
    except EvidenceMissing:
        return None
