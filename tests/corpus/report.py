"""The bars that rules have to reach, the baselines that they have to beat, and the table of both."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from tests.corpus.bases import Base
from tests.corpus.cases import Case, Kind
from tests.corpus.measures import (
    ERRORS_PER_SPEC,
    NEAR_MISSES,
    PRECISION,
    RECALL,
    WARNINGS_PER_SPEC,
    Report,
    Tally,
    measured,
    wilson,
)
from tests.corpus.trials import judge, trials

from snapline.base.diagnostics import Severity
from snapline.lint.registry import all_rules
from snapline.lint.rule import Rule

ENOUGH: Final = 60
"""Seeded cases that a rule is measured on, at least."""
_WORDS: Final = re.compile(
    r"\b(?:fast|slow|quick(?:ly)?|easy|simple|robust|user-friendly|flexible|efficient(?:ly)?|reliable|intuitive|clean|"
    r"modern|scalable|seamless|good|better|faster|fewer|less|more|several|some|many|appropriate|adequate|minimal|normal|"
    r"should|may|might|could|maybe|perhaps|probably|etc|and so on|if possible|as needed|and/or|tbd|todo|either)\b",
    re.IGNORECASE,
)
"""A plain list of words that guides to writing warn of: what a linter without a parser would look for."""
_OF_WORDS: Final = ("LEX", "PLH", "ACC302", "ACC304", "ACC305", "ACC308")
"""Codes of rules that look at words, which the list of words is compared with."""


def evaluated(
    part: Mapping[str, tuple[Case, ...]], bases: tuple[Base, ...], seeds: int, others: int, clean: tuple[Base, ...] = ()
) -> Report:
    """The report over the cases of all rules that there are; ``clean`` are the bases that are looked at as they stand.

    None given: all.
    """
    known = {rule.code for rule in all_rules()}
    outcomes = (
        judge(trial) for code, cases in part.items() if code in known for trial in trials(cases, bases, seeds, others)
    )
    return measured(outcomes, clean or bases)


def failures(report: Report, part: Mapping[str, tuple[Case, ...]], enough: int = ENOUGH) -> Iterator[str]:
    """Each bar that is missed, in words; rules that only advise are measured but have no bar."""
    rules = {rule.code: rule for rule in all_rules()}
    yield from (f"{code}: there is no such rule" for code in part if code not in rules)
    for code in part:
        if code in rules and not advises(rules[code]):
            yield from (f"{code}: {fault}" for fault in _below(report.of(code), enough))
    for severity, bar in ((Severity.ERROR, ERRORS_PER_SPEC), (Severity.WARNING, WARNINGS_PER_SPEC)):
        if report.per_spec(severity) > bar:
            yield f"clean specs carry {report.per_spec(severity):.2f} {severity}s on average, more than {bar}"


def advises(rule: Rule) -> bool:
    """Whether a rule has no finding that counts."""
    return {rule.severity, *rule.severities.values()} == {Severity.INFO}


def _below(tally: Tally, enough: int) -> Iterator[str]:
    if tally.seeded < enough:
        yield f"only {tally.seeded} seeded cases"
    if tally.precision < PRECISION:
        yield f"precision {tally.precision:.3f}"
    if tally.recall < RECALL:
        yield f"recall {tally.recall:.3f}"
    if tally.near_rate > NEAR_MISSES:
        yield f"{tally.near_false} of {tally.near} near misses"


def pooled(report: Report, codes: Iterable[str]) -> Tally:
    """The sum of the tallies of several rules."""
    total = Tally()
    for code in codes:
        for name, value in vars(report.of(code)).items():
            setattr(total, name, getattr(total, name) + value)
    return total


def table(report: Report, part: Mapping[str, tuple[Case, ...]]) -> str:
    """The measures of every rule as a Markdown table, then what clean specs carry, then the baselines."""
    lines = [
        "| rule | seeded | recall (95 %) | precision (95 %) | near misses | fixes | base rate |",
        "|---|---:|---|---|---:|---:|---:|",
    ]
    known = [rule.code for rule in all_rules() if rule.code in part]
    lines += [_row(code, report.of(code)) for code in known]
    lines.append(_row("**all**", pooled(report, known)))
    clean = (report.per_spec(severity) for severity in (Severity.ERROR, Severity.WARNING))
    lines += ["", "Clean specs: {}, with {:.2f} errors and {:.2f} warnings each.".format(len(report.clean), *clean)]
    return "\n".join((*lines, "", *_baselines(report, part, known)))


def _row(code: str, tally: Tally) -> str:
    recall, precision = wilson(tally.hits, tally.seeded), wilson(tally.hits, tally.hits + tally.false)
    cells = (
        code,
        str(tally.seeded),
        f"{tally.recall:.3f} ({recall[0]:.2f}-{recall[1]:.2f})",
        f"{tally.precision:.3f} ({precision[0]:.2f}-{precision[1]:.2f})",
        f"{tally.near_false}/{tally.near}",
        f"{tally.fixes - tally.fixes_failed}/{tally.fixes}",
        f"{base_rate(tally):.2f}",
    )
    return f"| {' | '.join(cells)} |"


def base_rate(tally: Tally) -> float:
    """The precision of a rule that flags every case."""
    count = tally.seeded + tally.near + tally.fixes
    return tally.seeded / count if count else 0.0


def _baselines(report: Report, part: Mapping[str, tuple[Case, ...]], known: Iterable[str]) -> Iterator[str]:
    listed = [code for code in known if code.startswith(_OF_WORDS)]
    yield "| on the rules about words | recall | precision |"
    yield "|---|---:|---:|"
    ours = pooled(report, listed)
    yield f"| the rules | {ours.recall:.3f} | {ours.precision:.3f} |"
    yield f"| always flag | 1.000 | {base_rate(ours):.3f} |"
    recall, precision = _by_words([case for code in listed for case in part[code]])
    yield f"| a list of vague words | {recall:.3f} | {precision:.3f} |"


def _by_words(cases: Iterable[Case]) -> tuple[float, float]:
    """Recall and precision of the list of words, each case counted once."""
    flagged = [(case.kind in {Kind.SEEDED, Kind.PARAPHRASE}, bool(_WORDS.search(case.text))) for case in cases]
    both = sum(bad and found for bad, found in flagged)
    return both / max(1, sum(bad for bad, _ in flagged)), both / max(1, sum(found for _, found in flagged))
