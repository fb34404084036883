"""Running the rules over the corpus, and what came of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

from tests.corpus.bases import Base, neighbours, parsed
from tests.corpus.cases import Case, Kind
from tests.corpus.seeding import Trial, seeded
from tests.corpus.variants import digest

from snapline.base.diagnostics import Finding, Severity
from snapline.base.ids import ClauseId, SpecId
from snapline.lint.rule import Context
from snapline.lint.run import lint
from snapline.lint.shell import ShellFault, read_fault, shell_texts
from snapline.sandbox import syntax
from snapline.spec.interfaces import PathTree
from snapline.spec.model import Spec

_SEVERITIES = MappingProxyType({"E": Severity.ERROR, "W": Severity.WARNING, "I": Severity.INFO})


@dataclass(frozen=True)
class Outcome:
    """What lint said about one trial.

    ``hit`` tells that the rule of the case found it at its place (of a fix or a near miss: that it said anything).
    ``strays`` are findings that nobody seeded.
    """

    trial: Trial
    hit: bool
    strays: tuple[Finding, ...]


def findings(base: Base, trial: Trial | None = None) -> tuple[Finding, ...]:
    """The findings of a base, or of a trial in it."""
    spec = parsed(base.name, trial.text if trial else base.text)
    files = dict.fromkeys(base.tree, b"") | (dict(trial.files) if trial else {})
    retired = frozenset(ClauseId(one) for one in trial.retired) if trial else frozenset()
    flight = trial.flight if trial else None
    return lint(
        Context(
            spec,
            PathTree(files),
            neighbours_of(),
            retired=retired,
            history=retired,
            vacuous={ClauseId(key): reason for key, reason in trial.facts.items()} if trial else {},
            shell_faults=_shell_faults(spec),
            in_flight={SpecId("other-work"): parsed("other-work", flight)} if flight else {},
        )
    )


@lru_cache(maxsize=1)
def neighbours_of() -> dict[SpecId, Spec]:
    """The neighbours, read once."""
    return neighbours()


@lru_cache(maxsize=200)
def _of_base(base_name: str, base_text: str, tree: frozenset[str]) -> tuple[Finding, ...]:
    return findings(Base(base_name, base_text, tree, {}))


def of_base(base: Base) -> tuple[Finding, ...]:
    """The findings of a base as it stands."""
    return _of_base(base.name, base.text, base.tree)


@lru_cache(maxsize=5000)
def _complaint(text: str) -> str | None:
    return syntax.complaint(text)


def _shell_faults(spec: Spec) -> dict[str, ShellFault]:
    said = {text: _complaint(text) for text in shell_texts(spec)}
    return {text: read_fault(words) for text, words in said.items() if words is not None}


def trials(cases: Iterable[Case], bases: tuple[Base, ...], seeds: int, others: int) -> Iterator[Trial]:
    """The trials of one rule: ``seeds`` in all of what carries its defect, ``others`` of each fix and near miss.

    Every wording is used as often as any other; which base it goes into is decided by a digest.
    """
    listed = tuple(cases)
    carrying = [case for case in listed if case.kind in {Kind.SEEDED, Kind.PARAPHRASE}]
    for case in listed:
        count = -(-seeds // len(carrying)) if case in carrying else others
        yield from _in_bases(case, bases, count)


def _in_bases(case: Case, bases: tuple[Base, ...], count: int) -> Iterator[Trial]:
    ranked = sorted(bases, key=lambda base: digest(base.name, case.code, case.place, case.text))
    found = (trial for base in ranked if (trial := seeded(base, case)) is not None)
    for trial, _ in zip(found, range(count), strict=False):
        yield trial


def judge(trial: Trial) -> Outcome:
    """Lint a trial and tell what was found from what was not seeded."""
    case, base = trial.case, trial.base
    before = Counter((one.code, trial.base.text[one.span.start : one.span.end]) for one in of_base(base))
    fresh = [one for one in findings(base, trial) if not _was_there(one, trial, before)]
    own = [one for one in fresh if one.code == case.code]
    implied = case.words("implies") | base.expects
    others = tuple(one for one in fresh if one.code != case.code and one.code not in implied)
    if case.kind in {Kind.FIX, Kind.NEAR_MISS}:
        tolerated = case.code in case.words("implies")
        return Outcome(trial, bool(own) and not tolerated, others)
    hits = [one for one in own if _at_its_place(one, trial)]
    missed = tuple(one for one in own if one not in hits)
    return Outcome(trial, bool(hits), (*others, *(missed if case.code not in implied else ())))


def _was_there(finding: Finding, trial: Trial, before: Counter[tuple[str, str]]) -> bool:
    key = finding.code, trial.text[finding.span.start : finding.span.end]
    before[key] -= 1
    return before[key] >= 0


def _at_its_place(finding: Finding, trial: Trial) -> bool:
    wanted = {_SEVERITIES[one] for one in trial.case.words("sev")}
    if wanted and finding.severity not in wanted:
        return False
    mark = trial.mark
    return (
        mark is None
        or mark.overlaps(finding.span)
        or (finding.span.start == finding.span.end and mark.covers(finding.span))
    )
