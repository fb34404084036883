"""A sample of the corpus against the bars, every day; ``make lint-eval`` measures all of it."""

from __future__ import annotations

from collections import Counter

import pytest
from tests.corpus.bases import Base, read_bases
from tests.corpus.cases import Case, Kind, read_cases
from tests.corpus.measures import PRECISION, RECALL, Report, Tally, wilson
from tests.corpus.report import advises, evaluated, failures, pooled
from tests.corpus.seeding import seeded
from tests.corpus.trials import judge, of_base

from snapline.lint.registry import all_rules

PARTS = ("open", "sealed")
BASES = {part: read_bases(part) for part in PARTS}
CASES = {part: read_cases(part) for part in PARTS}
SAMPLE = 6
"""Seeded cases per rule in the sample."""
LATER = {part: read_cases(part) for part in ("sealed-second", "sealed-third")}
"""Wordings written later for some rules, in their order; only ``tools/lint_eval.py --PART`` runs the rules on them."""
LEAST = {"sealed-second": (20, 12), "sealed-third": (26, 14)}
"""How many seeded wordings and how many near misses a rule has in a later part, at least."""
NOT_OF_THE_CATALOGUE = ("SUP", "FMT015")
"""Beginnings of codes about marks that programs leave, not about how a spec is written."""


@pytest.fixture(scope="module")
def report() -> Report:
    return evaluated({code: sampled(cases) for code, cases in CASES["open"].items()}, BASES["open"], SAMPLE, 1)


def sampled(cases: tuple[Case, ...]) -> tuple[Case, ...]:
    carrying = [case for case in cases if case.kind in {Kind.SEEDED, Kind.PARAPHRASE}][:SAMPLE]
    near = [case for case in cases if case.kind is Kind.NEAR_MISS][:2]
    return (*carrying, *near)


def test_there_are_enough_clean_specs_of_enough_kinds_of_work() -> None:
    bases = [base for part in PARTS for base in BASES[part]]
    assert len(bases) >= 40
    assert len({base.values["kind"] for base in bases}) >= 10
    assert len({base.name for base in bases}) == len(bases)


def test_every_rule_of_the_catalogue_has_its_cases_in_both_parts() -> None:
    codes = {rule.code for rule in all_rules() if not rule.code.startswith(NOT_OF_THE_CATALOGUE)}
    for part in PARTS:
        assert codes <= set(CASES[part])
    for code in codes:
        kinds = Counter(case.kind for part in PARTS for case in CASES[part][code])
        assert kinds[Kind.SEEDED] >= 8, code
        assert kinds[Kind.NEAR_MISS] >= 10, code


def test_a_third_of_the_wordings_is_kept_apart() -> None:
    counts = {part: sum(case.kind is Kind.SEEDED for found in CASES[part].values() for case in found) for part in PARTS}
    assert 0.3 <= counts["sealed"] / sum(counts.values()) <= 0.4


@pytest.mark.parametrize(("part", "code"), [(part, code) for part, cases in LATER.items() for code in cases])
def test_the_later_sealed_cases_are_enough_and_new_and_go_somewhere(part: str, code: str) -> None:
    assert code in {rule.code for rule in all_rules()}
    kinds = Counter(case.kind for case in LATER[part][code])
    seeds, near = LEAST[part]
    assert kinds[Kind.SEEDED] >= seeds
    assert kinds[Kind.NEAR_MISS] >= near
    earlier = texts_before(part)
    assert [case.text for case in LATER[part][code] if plain(case) in earlier] == []
    for case in LATER[part][code]:
        trial = next((found for one in PARTS for base in BASES[one] if (found := seeded(base, case))), None)
        assert trial, case.text
        assert (trial.mark is None) == ("«" not in case.text), case.text


def test_each_later_sealed_part_has_cases() -> None:
    """No folder of cases is lost unseen: without cases there would be nothing to look at above."""
    assert {part: sorted(cases) for part, cases in LATER.items()} == {
        "sealed-second": ["ACC303", "ACC305", "ACC310", "ACC319", "CON506", "FPL801", "LEX201"],
        "sealed-third": ["ACC319", "FPL801", "LEX201"],
    }


def texts_before(part: str) -> frozenset[str]:
    """The plain texts of all parts that were there before a later one."""
    parts = CASES | LATER
    return frozenset(
        plain(case) for one in list(parts)[: list(parts).index(part)] for cases in parts[one].values() for case in cases
    )


def plain(case: Case) -> str:
    return case.text.replace("«", "").replace("»", "").lower()


@pytest.mark.parametrize("base", BASES["open"], ids=lambda base: base.name)
def test_a_clean_spec_is_clean(base: Base) -> None:
    assert {one.code for one in of_base(base) if one.severity != "info"} <= base.expects


def test_the_sample_holds_its_bars(report: Report) -> None:
    counting = [rule.code for rule in all_rules() if rule.code in CASES["open"] and not advises(rule)]
    total = pooled(report, counting)
    assert total.recall >= RECALL
    assert total.precision >= PRECISION
    assert [code for code in counting if report.of(code).misses > 1] == []
    assert list(failures(report, {}, 0)) == []


def test_a_seeded_defect_is_where_it_was_put() -> None:
    cases = [case for case in CASES["open"]["LEX202"] if case.kind is Kind.SEEDED]
    found = [trial for case in cases for base in BASES["open"][:5] if (trial := seeded(base, case))]
    assert found
    for trial in found:
        assert trial.mark is not None
        quoted = trial.text[trial.mark.start : trial.mark.end]
        assert " ".join(quoted.strip("*").split()).lower() in " ".join(trial.case.text.split()).lower()
        assert trial.text != trial.base.text
        assert not set("«»%") & set(trial.text) - set(trial.base.text)


def test_a_defect_that_no_rule_finds_is_a_miss_and_one_that_nobody_seeded_is_false() -> None:
    base = next(one for one in BASES["open"] if one.name == "retry-uploads")
    seed = Case("SEC007", Kind.SEEDED, "end", "«# Notes»\n\nNothing.", ())
    (trial,) = (one for one in [seeded(base, seed)] if one)
    assert judge(trial).hit
    other = Case("LEX202", Kind.SEEDED, "end", "«# Notes»\n\nNothing.", ())
    (trial,) = (one for one in [seeded(base, other)] if one)
    outcome = judge(trial)
    assert not outcome.hit
    assert [one.code for one in outcome.strays] == ["SEC007"]


def test_a_report_below_a_bar_says_so() -> None:
    report = Report({"SEC001": Tally(hits=50, misses=10, false=5, near=10, near_false=1)})
    part = {"SEC001": CASES["open"]["SEC001"]}
    assert list(failures(report, part)) == [
        "SEC001: precision 0.909",
        "SEC001: recall 0.833",
        "SEC001: 1 of 10 near misses",
    ]
    assert list(failures(Report({"SEC001": Tally(hits=60)}), part)) == []


def test_the_bounds_are_wilsons() -> None:
    low, high = wilson(57, 60)
    assert round(low, 3) == 0.863
    assert round(high, 3) == 0.983
    assert wilson(0, 0) == (0.0, 1.0)
