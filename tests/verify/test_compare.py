"""Comparing a regression's runs, on values."""

from __future__ import annotations

import pytest

from snapline.spec.model import CheckKind
from snapline.verify import keeping
from snapline.verify.orders import CheckOrder
from snapline.verify.outcome import CheckOutcome
from snapline.verify.tests import TestOutcome, TestReport, TestResult
from snapline.verify.verdict import State, Verdict

ORDER = CheckOrder(CheckKind.COMMAND, "make test", 60.0)
LETTERS = {"p": TestOutcome.PASSED, "f": TestOutcome.FAILED, "e": TestOutcome.ERROR, "s": TestOutcome.SKIPPED}


def ran(tests: str | None, status: int = 0, state: State | None = None, finished: int | None = 0) -> CheckOutcome:
    """An outcome whose tests a, b, c ... ended as the letters say; None reported nothing, a dash is not there."""
    report = None
    if tests is not None:
        results = tuple(TestResult(chr(97 + n), LETTERS[one]) for n, one in enumerate(tests) if one != "-")
        report = TestReport(results, tuple(one.id for one in results), finished=finished)
    decided = state or (State.PASSED if status == 0 else State.FAILED)
    return CheckOutcome(CheckKind.COMMAND, decided, "exit", status, 0.1, "", report)


@pytest.mark.parametrize(
    ("before", "after", "again", "expected"),
    [
        (ran("pp"), ran("pp"), None, Verdict.PASS),
        (ran("pp"), ran("ppp"), None, Verdict.PASS),
        (ran("pp"), ran("ppf", 1), None, Verdict.PASS),
        (ran("pf", 1), ran("pf", 1), None, Verdict.PASS),
        (ran("pf", 1), ran("pp"), None, Verdict.PASS),
        (ran("pf", 1), ran("p-"), None, Verdict.PASS),
        (ran("ps"), ran("ps"), None, Verdict.PASS),
        (ran("pp"), ran("pf", 1), ran("pp"), Verdict.FAIL),
        (ran("pp"), ran("pf", 1), ran("pf", 1), Verdict.FLAKY),
        (ran("ppp"), ran("pff", 1), ran("pfp", 1), Verdict.FAIL),
        (ran("pp"), ran("p-"), None, Verdict.FAIL),
        (ran("pp"), ran("ps"), None, Verdict.FAIL),
        (ran("pp"), ran("pe", 1), None, Verdict.FAIL),
        (ran("pp"), ran(None), None, Verdict.FAIL),
        (ran("pp"), ran("pp", 1), None, Verdict.FAIL),
        (ran("pp"), ran("pp", 3), None, Verdict.FAIL),
        (ran("pp"), ran("pp", finished=None), None, Verdict.FAIL),
        (ran("pp"), ran("pp", state=State.FAILED), None, Verdict.FAIL),
        (ran("pp"), ran(None, 127, State.COULD_NOT_RUN), None, Verdict.COULD_NOT_RUN),
        (ran("ff", 1), ran("ff", 1), None, Verdict.COULD_NOT_RUN),
        (ran("", 5), ran("", 5), None, Verdict.COULD_NOT_RUN),
        (ran("p", 1, finished=None), ran("p"), None, Verdict.COULD_NOT_RUN),
        (ran(None), ran(None), None, Verdict.PASS),
        (ran(None), ran(None, 1), ran(None), Verdict.FAIL),
        (ran(None), ran(None, 1), ran(None, 1), Verdict.FLAKY),
        (ran(None, 1), ran(None), None, Verdict.COULD_NOT_RUN),
        (ran(None), ran(None, 127, State.ABSENT), None, Verdict.FAIL),
    ],
)
def test_a_regression(before: CheckOutcome, after: CheckOutcome, again: CheckOutcome | None, expected: Verdict) -> None:
    assert keeping.compare(ORDER, before, after, again)[0] is expected


@pytest.mark.parametrize(
    ("before", "after", "asks"),
    [
        (ran("pp"), ran("pf", 1), True),
        (ran("pf", 1), ran("pf", 1), False),
        (ran(None), ran(None, 1), True),
        (ran(None, 1), ran(None, 1), False),
        (ran("p"), ran(None, 127, State.COULD_NOT_RUN), False),
    ],
)
def test_when_the_base_is_asked_again(before: CheckOutcome, after: CheckOutcome, asks: bool) -> None:  # noqa: FBT001 - a column of the table
    assert keeping.needs_another_look(before, after) is asks


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        (ran(None), ran(None), None),
        (ran("pf", 1), ran("pp"), None),
        (ran("pf", 1), ran("pppp"), None),
        (ran("pf", 1), ran(None), "it reported no tests, though it did on the base"),
        (ran("pf", 1), ran("-p"), "a: it is gone"),
        (ran("pf", 1), ran("ps"), "b: skipped"),
        (ran("pf", 1), ran("p-"), "b is gone"),
    ],
)
def test_a_pass_with_fewer_tests(before: CheckOutcome, after: CheckOutcome, words: str | None) -> None:
    assert keeping.fewer(before, after) == words


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        (ran(None), ran(None), None),
        (ran("pf", 1), ran("pf", 1), None),
        (ran("pf", 1), ran("ppp"), None),
        (ran("pf", 1), ran("sp"), "t.py, here: a: skipped"),
        (ran("pf", 1), ran("p-"), "t.py, here: b is gone"),
        (ran("pf", 1), ran(None), "t.py, here: a: it is gone"),
    ],
)
def test_neighbours(before: CheckOutcome, after: CheckOutcome, words: str | None) -> None:
    assert keeping.neighbours("t.py", before, after, "here") == words
