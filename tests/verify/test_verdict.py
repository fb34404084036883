"""The decision tables of the spec language, section 3, written out."""

from __future__ import annotations

import itertools

import pytest

from snapline.base.ids import ClauseId
from snapline.verify import verdict
from snapline.verify.verdict import State, Strength, Verdict

P, F, A, C = State.PASSED, State.FAILED, State.ABSENT, State.COULD_NOT_RUN
PASS, FAIL, FLAKY, VACUOUS, NOT_RUN = (
    Verdict.PASS,
    Verdict.FAIL,
    Verdict.FLAKY,
    Verdict.VACUOUS,
    Verdict.COULD_NOT_RUN,
)


@pytest.mark.parametrize(
    ("states", "expected"),
    [
        ([P], PASS),
        ([P, P, P], PASS),
        ([F], FAIL),
        ([A], FAIL),
        ([F, A], FAIL),
        ([P, F], FLAKY),
        ([F, P, P], FLAKY),
        ([C], NOT_RUN),
        ([P, C], NOT_RUN),
        ([F, C], FAIL),
        ([], NOT_RUN),
    ],
)
def test_runs_on_the_candidate(states: list[State], expected: Verdict) -> None:
    assert verdict.after_runs(states) is expected


@pytest.mark.parametrize(
    ("states", "expected"),
    [([P], P), ([F, F], F), ([A], A), ([F, A], A), ([P, F], None), ([P, C], C), ([C], C), ([], C)],
)
def test_runs_on_the_base(states: list[State], expected: State | None) -> None:
    assert verdict.before_runs(states) is expected


@pytest.mark.parametrize(
    ("before", "after", "transplant", "expected"),
    [
        (F, PASS, None, (PASS, Strength.FULL)),
        (A, PASS, None, (PASS, Strength.FULL)),
        (P, PASS, None, (VACUOUS, None)),
        (C, PASS, None, (NOT_RUN, None)),
        (None, PASS, None, (FLAKY, None)),
        (P, FAIL, None, (FAIL, None)),
        (F, FAIL, None, (FAIL, None)),
        (F, FLAKY, None, (FLAKY, None)),
        (F, NOT_RUN, None, (NOT_RUN, None)),
        (A, PASS, P, (VACUOUS, None)),
        (A, PASS, F, (PASS, Strength.AUTHORED)),
        (A, PASS, A, (PASS, Strength.WEAK)),
        (A, PASS, C, (NOT_RUN, None)),
        (A, FAIL, F, (FAIL, None)),
    ],
)
def test_a_check_that_has_to_become_true(
    before: State | None, after: Verdict, transplant: State | None, expected: tuple[Verdict, Strength | None]
) -> None:
    assert verdict.prove(before, after, transplant)[:2] == expected


@pytest.mark.parametrize(
    ("before", "after", "again", "expected"),
    [
        (P, PASS, None, (PASS, Strength.FULL)),
        (P, FAIL, P, (FAIL, None)),
        (P, FAIL, F, (FLAKY, None)),
        (P, NOT_RUN, None, (NOT_RUN, None)),
        (F, PASS, None, (NOT_RUN, None)),
        (A, PASS, None, (NOT_RUN, None)),
        (C, PASS, None, (NOT_RUN, None)),
        (None, PASS, None, (FLAKY, None)),
    ],
)
def test_a_regression_without_a_report(
    before: State | None, after: Verdict, again: State | None, expected: tuple[Verdict, Strength | None]
) -> None:
    assert verdict.keep(before, after, again)[:2] == expected


def test_only_a_pass_before_and_after_is_ever_vacuous_and_only_a_pass_has_a_strength() -> None:
    for before, after, moved in itertools.product((*State, None), Verdict, (*State, None)):
        decided, strength, _ = verdict.prove(before, after, moved)
        assert (strength is not None) == (decided is PASS)
        if decided is PASS:
            assert after is PASS
            assert moved in (None, F, A)
        if after is not PASS:
            assert decided is after


def test_all_checks_of_a_criterion_must_pass() -> None:
    assert verdict.worst([PASS, PASS]) is PASS
    assert verdict.worst([PASS, NOT_RUN]) is NOT_RUN
    assert verdict.worst([FLAKY, NOT_RUN, Verdict.UNSIGNED]) is FLAKY
    assert verdict.worst([VACUOUS, FAIL]) is FAIL
    assert verdict.worst([]) is Verdict.UNSIGNED
    assert verdict.whole([P, F]) is F
    assert verdict.whole([P, P]) is P
    assert verdict.whole([F, A, C]) is C


def test_authored_and_weak_wait_unless_their_goals_are_proved_in_full() -> None:
    g1, g2 = frozenset({ClauseId("G1")}), frozenset({ClauseId("G2")})
    a1, a2, a3 = ClauseId("A1"), ClauseId("A2"), ClauseId("A3")
    assert verdict.uncovered({a1: (Strength.AUTHORED, g1)}) == (a1,)
    assert verdict.uncovered({a1: (Strength.AUTHORED, g1), a2: (Strength.FULL, g1)}) == ()
    assert verdict.uncovered({a1: (Strength.WEAK, g1 | g2), a2: (Strength.FULL, g1)}) == (a1,)
    assert verdict.uncovered({a1: (Strength.AUTHORED, g1), a2: (Strength.FULL, g2), a3: (Strength.WEAK, g2)}) == (a1,)
    assert verdict.uncovered({a1: (Strength.AUTHORED, frozenset())}) == (a1,)
