"""The report of a subject, from everything that was found: pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from snapline.base.ids import ClauseId
from snapline.repo.changes import Change
from snapline.spec.enforced import unenforced
from snapline.spec.model import Clause, SectionKind
from snapline.verify import constraints, groups, rows, verdict
from snapline.verify.checkfiles import Choice
from snapline.verify.constraints import Added, listing
from snapline.verify.examination import Examination
from snapline.verify.groups import Group
from snapline.verify.manifests.dependency import Additions
from snapline.verify.outcome import CheckResult
from snapline.verify.report import (
    CheckRow,
    ConstraintRow,
    ConstraintVerdict,
    CriterionRow,
    Report,
    is_accepted,
)
from snapline.verify.rows import GroupResults
from snapline.verify.trees import CheckTrees
from snapline.verify.verdict import State, Strength, Verdict


@dataclass(frozen=True)
class Findings:
    """What the runs and the diff gave. With a ``fault`` nothing could run; ``results`` are by the group's number."""

    changes: Sequence[Change]
    fault: str | None = None
    made: CheckTrees | None = None
    results: Mapping[int, GroupResults] = field(default_factory=dict)
    faults: Mapping[str, str] = field(default_factory=dict)
    always: CheckResult | None = None


_HELD_BACK = "not run: slow checks run once every other check has passed"


def report(
    examination: Examination,
    findings: Findings,
    tier: str,
    added: Sequence[Added] = (),
    additions: Additions | None = None,
) -> Report:
    """The report; ``added`` are the lines that the candidate adds, where a constraint asks for them.

    ``additions`` are the dependencies that it adds, likewise.
    """
    subject = examination.subject
    judged = _Judgement(examination, findings)
    verdicts = tuple(judged.criterion(clause) for clause in examination.criteria)
    held = (
        *constraints.hold(subject.spec, findings.changes, judged.kept, added, additions),
        *constraints.protected(findings.changes, subject.spec_path, by_agent=subject.by_agent),
        *judged.check_files(),
        *judged.always(),
        *judged.unchanged(),
        *judged.not_enforced(),
        *judged.environment(),
    )
    waiting = judged.waiting(verdicts)
    return Report(
        spec=subject.spec.id,
        revision=subject.revision,
        approved=subject.approved,
        base=subject.base,
        commit=subject.commit,
        tier=tier,
        verdicts=verdicts,
        constraints=held,
        waiting=waiting,
        accepted=is_accepted(verdicts, held, waiting),
    )


@dataclass(frozen=True)
class _Judgement:
    examination: Examination
    findings: Findings

    def criterion(self, clause: Clause) -> CriterionRow:
        """The row of a criterion: executable checks, and a person's judgement where it is asked for."""
        subject, found = self.examination.subject, self.examination.criteria[clause]
        proving = [row for group in found if not group.regression for row in self._rows(group)]
        checks = [*proving, *(row for group in found if group.regression for row in self._rows(group))]
        if groups.is_manual(clause):
            checks.append(rows.manual_row(signed=clause.id in subject.signed))
        regression = bool(found) and all(group.regression for group in found)
        return rows.criterion_row(clause.id, regression, checks, proving)

    def _rows(self, group: Group) -> tuple[CheckRow, ...]:
        if self.findings.fault:
            return tuple(rows.blocked_row(order, "environment", self.findings.fault) for order in group.orders)
        number = next(number for number, one in enumerate(self.examination.all_groups) if one is group)
        if number not in self.findings.results:
            return tuple(rows.blocked_row(order, "slow", _HELD_BACK) for order in group.orders)
        return rows.check_rows(group, self.findings.results[number], self.findings.faults)

    def kept(self, clause: Clause) -> ConstraintRow:
        """The row of a Keep passing constraint."""
        checks = [row for group in self.examination.kept.get(clause, ()) for row in self._rows(group)]
        return rows.kept_row(clause.id, checks)

    def check_files(self) -> Iterator[ConstraintRow]:
        """What the candidate did to check files: lost tests, files left out or rewritten."""
        if self.findings.made is None:
            return
        choice, by_agent = self.findings.made.choice, self.examination.subject.by_agent
        faults = list(_faults(choice, self.findings.faults))
        said: list[str] = []
        if choice.rewritten:
            (faults if by_agent else said).append(f"changed, but checks run it: {listing(choice.rewritten)}")
        if choice.untouched_by_checks:
            said.append(f"checks ran with the base's version of: {listing(choice.untouched_by_checks)}")
        if choice.foreign:
            said.append(f"left out of the check trees, as the base has no such file: {listing(choice.foreign)}")
        if choice.unannounced:
            said.append(f"changed, and checks start it, but the spec names it nowhere: {listing(choice.unannounced)}")
        if faults:
            yield ConstraintRow("check-files", ConstraintVerdict.FAIL, "; ".join((*faults, *said)))
        elif said:
            asks = by_agent and bool(choice.foreign or choice.unannounced)
            yield ConstraintRow(
                "check-files", ConstraintVerdict.ASK if asks else ConstraintVerdict.PASS, "; ".join(said)
            )

    def always(self) -> Iterator[ConstraintRow]:
        """The row of the commands that must pass on every candidate."""
        if self.findings.always is None:
            return
        bad = [one for one in self.findings.always.outcomes if one.state is not State.PASSED]
        if not bad:
            yield ConstraintRow("always", ConstraintVerdict.PASS, "")
        elif all(one.state is State.COULD_NOT_RUN for one in bad):
            yield ConstraintRow("always", ConstraintVerdict.COULD_NOT_RUN, bad[0].message)
        else:
            yield ConstraintRow("always", ConstraintVerdict.FAIL, bad[0].message)

    def unchanged(self) -> Iterator[ConstraintRow]:
        """A candidate that changes nothing is never accepted."""
        if not self.findings.changes:
            yield ConstraintRow("unchanged", ConstraintVerdict.FAIL, "the candidate's tree is the base's")

    def not_enforced(self) -> Iterator[ConstraintRow]:
        """What this version reads outside of criteria and constraints, and does not enforce."""
        spec = self.examination.subject.spec
        judged = {clause.id for clause in spec.clauses(SectionKind.ACCEPTANCE, SectionKind.CONSTRAINTS)}
        for one in unenforced(spec):
            if one.clause not in judged:
                message = f"{one.what} is not enforced by this version"
                yield ConstraintRow(one.clause or "front-matter", ConstraintVerdict.COULD_NOT_RUN, message)

    def environment(self) -> Iterator[ConstraintRow]:
        """What kept everything from running, where no check is there to say it: a person's word is no answer to it."""
        if self.findings.fault and not self.examination.all_groups:
            yield ConstraintRow("environment", ConstraintVerdict.COULD_NOT_RUN, self.findings.fault)

    def waiting(self, verdicts: Sequence[CriterionRow]) -> tuple[ClauseId, ...]:
        """The criteria that need a person: unsigned ones, and those that rest on the candidate's own check files."""
        spec, signed = self.examination.subject.spec, self.examination.subject.signed
        passes: dict[ClauseId, tuple[Strength, frozenset[ClauseId]]] = {}
        for clause, row in zip(self.examination.criteria, verdicts, strict=True):
            if row.verdict is Verdict.PASS and row.strength is not None and not row.regression:
                passes[row.id] = (Strength.FULL if row.id in signed else row.strength, groups.goals(spec, clause))
        unsure = verdict.uncovered(passes)
        return tuple(
            row.id
            for row in verdicts
            if row.id in unsure or any(check.verdict is Verdict.UNSIGNED for check in row.checks)
        )


def _faults(choice: Choice, neighbours: Mapping[str, str]) -> Iterator[str]:
    if choice.deleted:
        yield f"tests vanished, and Interfaces `removes` none of them: {listing(choice.deleted)}"
    yield from (fault for path, fault in neighbours.items() if path not in choice.edited)
