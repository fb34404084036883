"""The report of a verification: exactly what ``snapline verify --json`` prints, and what follows from it."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from snapline.base.errors import ExitStatus, worst
from snapline.base.ids import ClauseId, Digest, Oid, RevisionId, SpecId
from snapline.base.wire import Wire
from snapline.spec.model import CheckKind
from snapline.verify.outcome import Keepsake
from snapline.verify.verdict import State, Strength, Trust, Verdict


class CheckRow(Wire, frozen=True):
    """One check of a criterion. ``exit`` and ``seconds`` are those of the run that decided; evidence is digests.

    ``kept`` are the files that ``(keep GLOB)`` kept of the last run on the candidate.
    """

    kind: CheckKind
    verdict: Verdict
    strength: Strength | None
    baseline: State | None
    cause: str
    exit: int | None
    seconds: float
    trust: Trust
    message: str
    evidence: tuple[Digest, ...] = ()
    kept: tuple[Keepsake, ...] = ()


class CriterionRow(Wire, frozen=True):
    """One criterion with its checks; ``strength`` is None unless it passed."""

    id: ClauseId
    regression: bool
    verdict: Verdict
    strength: Strength | None
    checks: tuple[CheckRow, ...]


class ConstraintVerdict(StrEnum):
    """What is known about a constraint; ``PROSE`` is enforced by nobody."""

    PASS = "pass"  # noqa: S105 - a verdict, not a password
    FAIL = "fail"
    COULD_NOT_RUN = "could-not-run"
    ASK = "ask"
    PROSE = "prose"


class ConstraintRow(Wire, frozen=True):
    """One constraint. Ids that are no clause's are ours: ``protected``, ``check-files``, ``unchanged``."""

    id: str
    verdict: ConstraintVerdict
    message: str


class AgentNetwork(Wire, frozen=True):
    """What the agent of an attempt could reach of the network, as its sandbox held it.

    ``mode`` is ``on`` (all that the machine reaches), ``none``, or ``listed``: the destinations in ``allowed``, by a
    proxy. ``passed`` and ``refused`` count its requests there; ``requests`` is the evidence that holds each of them.
    """

    mode: Literal["on", "none", "listed"]
    allowed: tuple[str, ...] = ()
    passed: int = 0
    refused: int = 0
    requests: Digest | None = None


class Report(Wire, frozen=True):
    """A verification of one commit against one revision of a spec.

    ``waiting`` are the criteria that need a person; ``accepted`` is False while anything waits. ``agent_network`` is
    there where an agent of ours made the commit.
    """

    spec: SpecId
    revision: RevisionId
    approved: bool
    base: Oid
    commit: Oid
    tier: str
    verdicts: tuple[CriterionRow, ...]
    constraints: tuple[ConstraintRow, ...]
    waiting: tuple[ClauseId, ...]
    accepted: bool
    agent_network: AgentNetwork | None = None
    version: int = 1


_FAILED = {Verdict.FAIL, Verdict.VACUOUS, Verdict.FLAKY}


def is_accepted(
    verdicts: tuple[CriterionRow, ...], constraints: tuple[ConstraintRow, ...], waiting: tuple[ClauseId, ...]
) -> bool:
    """Whether every criterion passes, no constraint is violated, undecided or asks, and nobody is waited for."""
    held = all(row.verdict in (ConstraintVerdict.PASS, ConstraintVerdict.PROSE) for row in constraints)
    return not waiting and held and all(row.verdict is Verdict.PASS for row in verdicts)


def exit_status(report: Report) -> ExitStatus:
    """The exit status of a report, worst first: failed (1), could not run (3), waits for a person (5)."""
    statuses = [ExitStatus.WAITS] if report.waiting else []
    for verdict in (row.verdict for row in report.verdicts):
        if verdict in _FAILED:
            statuses.append(ExitStatus.FAILED)
        elif verdict is Verdict.COULD_NOT_RUN:
            statuses.append(ExitStatus.ENVIRONMENT)
        elif verdict is Verdict.UNSIGNED:
            statuses.append(ExitStatus.WAITS)
    for row in report.constraints:
        match row.verdict:
            case ConstraintVerdict.FAIL:
                statuses.append(ExitStatus.FAILED)
            case ConstraintVerdict.COULD_NOT_RUN:
                statuses.append(ExitStatus.ENVIRONMENT)
            case ConstraintVerdict.ASK:
                statuses.append(ExitStatus.WAITS)
            case ConstraintVerdict.PASS | ConstraintVerdict.PROSE:
                pass
    return worst(*statuses)
