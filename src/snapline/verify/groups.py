"""The checks of a spec in the groups that run together: those of one clause that share a question and a tree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from snapline.base.ids import ClauseId
from snapline.spec.model import (
    Binding,
    Check,
    CheckKind,
    Clause,
    ConstraintEntry,
    ConstraintWord,
    InterfaceEntry,
    SectionKind,
    Spec,
)
from snapline.verify import orders
from snapline.verify.orders import CheckOrder
from snapline.verify.subject import Subject


@dataclass(frozen=True)
class Group:
    """Checks of one clause. ``regression`` compares with the base; ``runs`` is how often each side runs at least.

    ``slow`` ones run on the candidate only after every other check has passed.
    """

    clause: ClauseId
    orders: tuple[CheckOrder, ...]
    regression: bool
    runs: int
    slow: bool = False


def criteria(subject: Subject) -> tuple[Clause, ...]:
    """The criteria that are judged, in reading order."""
    wanted = subject.criteria
    return tuple(
        clause
        for clause in subject.spec.criteria
        if wanted is None or clause.id in wanted or clause.id in subject.extra_passing
    )


def of_criterion(clause: Clause, timeout: float, *, keep: bool = False) -> tuple[Group, ...]:
    """The groups of a criterion's executable checks; with ``keep`` all are regressions."""
    return _grouped(clause.id, clause.executable, clause, timeout, keep=keep)


def of_constraint(spec: Spec, clause: Clause, timeout: float) -> tuple[Group, ...]:
    """The groups of a Keep passing, each a regression: its own checks and those of the criteria it names."""
    entry = clause.entry
    if not isinstance(entry, ConstraintEntry) or entry.word is not ConstraintWord.KEEP_PASSING:
        return ()
    groups = list(_grouped(clause.id, entry.checks, clause, timeout, keep=True))
    for clause_id in entry.ids:
        named = spec.clause(clause_id)
        if named is not None:
            groups += _grouped(clause.id, named.executable, named, timeout, keep=True)
    return tuple(groups)


def kept(spec: Spec) -> tuple[Clause, ...]:
    """The Keep passing constraints."""
    return tuple(
        clause
        for clause in spec.clauses(SectionKind.CONSTRAINTS)
        if isinstance(clause.entry, ConstraintEntry) and clause.entry.word is ConstraintWord.KEEP_PASSING
    )


def _grouped(
    clause_id: ClauseId, checks: Sequence[Check], clause: Clause, timeout: float, *, keep: bool
) -> tuple[Group, ...]:
    found: dict[tuple[bool, bool], list[Check]] = {}
    for one in checks:
        found.setdefault((keep or is_regression(one, clause), is_slow(one, clause)), []).append(one)
    groups = []
    for (regression, slow), chosen in sorted(found.items()):
        runs = max(one.options.runs or clause.options.runs or 1 for one in chosen)
        made = tuple(orders.order(one, clause.options.timeout or timeout) for one in chosen)
        groups.append(Group(clause_id, made, regression, runs, slow))
    return tuple(groups)


def is_regression(check: Check, clause: Clause) -> bool:
    """Whether a check only has to stay true."""
    return check.options.regression or clause.options.regression


def is_slow(check: Check, clause: Clause) -> bool:
    """Whether a check waits until every other one has passed."""
    return check.options.slow or clause.options.slow


def is_manual(clause: Clause) -> bool:
    """Whether a person judges the criterion: it says so, or there is nothing to run."""
    return (
        not clause.executable or clause.options.manual or any(check.kind is CheckKind.MANUAL for check in clause.checks)
    )


def provided(spec: Spec) -> frozenset[str]:
    """The programs and paths that the spec says it provides or adds."""
    entries = (clause.entry for clause in spec.clauses(SectionKind.INTERFACES))
    spans = (one for entry in entries if isinstance(entry, InterfaceEntry) for one in entry.named)
    return frozenset(
        one.text.partition("::")[0] for one in spans if one.new or one.binding in (Binding.PROVIDES, Binding.NEW)
    )


def goals(spec: Spec, clause: Clause) -> frozenset[ClauseId]:
    """The goals that a criterion proves; one that names none proves the whole section."""
    every = frozenset(one.id for one in spec.clauses(SectionKind.GOAL))
    referred = frozenset(one.clause for one in clause.references if one.spec is None and one.clause.startswith("G"))
    return referred & every or every
