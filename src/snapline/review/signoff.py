"""What people said about a candidate: the sign-off of what only a person can judge, and the rejection."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from snapline.base import wire
from snapline.base.errors import Refused
from snapline.base.ids import AttemptId, ClauseId, Digest, Oid, RevisionId, SpecId, TaskId
from snapline.base.wire import Wire
from snapline.repo.records import Records
from snapline.spec.model import Spec
from snapline.verify.report import Report

SIGN_OFFS = "sign-offs"
REJECTIONS = "rejections"
"""The kinds that they are recorded under."""


class NotSignable(Refused):
    """A sign-off cannot change this."""

    code = "not-signable"


class SignOff(Wire, frozen=True):
    """A person's word that these criteria hold for one named commit; it may be empty: the review is done."""

    task: TaskId
    spec: SpecId
    revision: RevisionId
    commit: Oid
    tree: Oid
    criteria: tuple[ClauseId, ...]
    by: str
    at: str
    version: int = 1


class Rejection(Wire, frozen=True):
    """A person's word that a candidate will not do; ``because`` goes to the next attempt."""

    task: TaskId
    attempt: AttemptId
    spec: SpecId
    revision: RevisionId
    commit: Oid | None
    because: str
    by: str
    at: str
    version: int = 1


def refuse_unsignable(spec: Spec, report: Report, criteria: Sequence[ClauseId], by: str) -> None:
    """Raise :class:`NotSignable` with every reason why ``by`` cannot sign ``criteria`` on this report.

    Only what waits for a person can be signed, and where the spec names who signs, only by that person: never does a
    word turn a failed check into a pass.
    """
    reasons = list(_reasons(spec, report, criteria, by))
    if reasons:
        raise NotSignable("; ".join(reasons), hint=_hint(report))


def record(records: Records, said: SignOff | Rejection) -> Digest:
    """Write a sign-off or a rejection; the same one twice is one record."""
    kind = SIGN_OFFS if isinstance(said, SignOff) else REJECTIONS
    return records.put(kind, said.spec, wire.encode(said))


def sign_offs(records: Records, spec: SpecId) -> tuple[SignOff, ...]:
    """All sign-offs of a spec, oldest first."""
    found = (wire.decode(raw, SignOff) for raw in records.all(SIGN_OFFS))
    return tuple(sorted((one for one in found if one.spec == spec), key=lambda one: one.at))


def signed(found: Iterable[SignOff], revision: RevisionId, tree: Oid) -> dict[ClauseId, SignOff]:
    """The criteria that somebody signed for exactly this revision and tree, each with its latest sign-off."""
    return {
        criterion: one for one in found if one.revision == revision and one.tree == tree for criterion in one.criteria
    }


def same_person(one: str, other: str) -> bool:
    """Whether two names mean one person: ``@Alice`` is ``alice``."""
    return one.strip().removeprefix("@").casefold() == other.strip().removeprefix("@").casefold()


def _reasons(spec: Spec, report: Report, criteria: Sequence[ClauseId], by: str) -> Iterator[str]:
    verdicts = {row.id: row.verdict for row in report.verdicts}
    for one in criteria:
        clause = spec.clause(one)
        if one not in verdicts or clause is None:
            yield f"{one} is no criterion of this task"
        elif one not in report.waiting:
            yield f"{one} is `{verdicts[one]}` and waits for nobody"
        else:
            signers = {check.options.signer for check in clause.checks} | {clause.options.signer}
            named = sorted(signer for signer in signers if signer)
            if named and not any(same_person(by, signer) for signer in named):
                yield f"{one} is for {' or '.join(named)} to sign, not for {by}"


def _hint(report: Report) -> str:
    if report.waiting:
        return f"What waits for a person: {', '.join(report.waiting)}."
    return "Nothing waits for a person; `snapline reject` sends the work back with your reasons."
