"""Measures of the rules over the corpus: precision, recall, near misses and what clean specs carry."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from math import sqrt
from typing import Final

from tests.corpus.bases import Base
from tests.corpus.cases import Kind
from tests.corpus.trials import Outcome, of_base

from snapline.base.diagnostics import Finding, Severity

PRECISION: Final = 0.98
RECALL: Final = 0.95
NEAR_MISSES: Final = 0.02
ERRORS_PER_SPEC: Final = 0.2
WARNINGS_PER_SPEC: Final = 2.0
_Z: Final = 1.959964
"""The normal quantile of a two-sided bound of 95 percent."""


@dataclass
class Tally:
    """What happened with one rule."""

    hits: int = 0
    misses: int = 0
    false: int = 0
    near: int = 0
    near_false: int = 0
    fixes: int = 0
    fixes_failed: int = 0

    @property
    def seeded(self) -> int:
        """Cases that carry the defect."""
        return self.hits + self.misses

    @property
    def precision(self) -> float:
        """Findings that were seeded, of all findings of the rule."""
        found = self.hits + self.false
        return self.hits / found if found else 1.0

    @property
    def recall(self) -> float:
        """Seeded cases that were found."""
        return self.hits / self.seeded if self.seeded else 0.0

    @property
    def near_rate(self) -> float:
        """Near misses that the rule fell for."""
        return self.near_false / self.near if self.near else 0.0


@dataclass
class Report:
    """The tallies by code, the outcomes that went wrong, and what each clean spec carries."""

    tallies: dict[str, Tally] = field(default_factory=dict)
    wrong: list[Outcome] = field(default_factory=list)
    clean: dict[str, tuple[Finding, ...]] = field(default_factory=dict)

    def of(self, code: str) -> Tally:
        """The tally of a rule."""
        return self.tallies.setdefault(code, Tally())

    def per_spec(self, severity: Severity) -> float:
        """Findings of a severity that a clean spec carries on average."""
        counts = Counter(one.severity for found in self.clean.values() for one in found)
        return counts[severity] / max(1, len(self.clean))


def measured(outcomes: Iterable[Outcome], bases: Iterable[Base]) -> Report:
    """The report of many outcomes; a finding on a clean spec that its way of writing does not explain is false."""
    report = Report()
    for base in bases:
        found = report.clean[base.name] = of_base(base)
        for one in found:
            if one.severity is not Severity.INFO and one.code not in base.expects:
                report.of(one.code).false += 1
    for outcome in outcomes:
        _count(report, outcome)
    return report


def _count(report: Report, outcome: Outcome) -> None:
    case = outcome.trial.case
    tally = report.of(case.code)
    right = not outcome.hit
    match case.kind:
        case Kind.SEEDED | Kind.PARAPHRASE:
            right = outcome.hit
            tally.hits += outcome.hit
            tally.misses += not outcome.hit
        case Kind.FIX:
            tally.fixes += 1
            tally.fixes_failed += outcome.hit
            tally.false += outcome.hit
        case Kind.NEAR_MISS:
            tally.near += 1
            tally.near_false += outcome.hit
            tally.false += outcome.hit
    for code in {one.code for one in outcome.strays}:
        report.of(code).false += 1
    if outcome.strays or not right:
        report.wrong.append(outcome)


def wilson(hits: int, count: int) -> tuple[float, float]:
    """The 95 % bounds of a proportion by Wilson's score interval (E. B. Wilson, JASA 22, 1927)."""
    if not count:
        return 0.0, 1.0
    share = hits / count
    middle = share + _Z**2 / (2 * count)
    spread = _Z * sqrt(share * (1 - share) / count + _Z**2 / (4 * count**2))
    below = 1 + _Z**2 / count
    return max(0.0, (middle - spread) / below), min(1.0, (middle + spread) / below)
