"""A fix that came with its test, held against itself: what `verify` says with and without a check source."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from tests.verify.world import World, check, criterion, sandboxed, spec_of

from snapline.base.ids import Oid
from snapline.verify.report import Report, exit_status
from snapline.verify.verdict import State, Strength, Verdict

SPEC = spec_of("- A1: Lists of one are summed: `tests/test_sums.py::TestTotal::test_one`.")
HELPER = (
    "def total(numbers):\n    result = 0\n    for number in numbers[1:]:\n        result += number\n    return result\n"
)
TESTS = """import pytest

from sums.total import total


class TestTotal:
    def test_none(self):
        assert total([]) == 0

    @pytest.mark.parametrize("zeros", [1, 2])
    def test_zeros(self, zeros):
        assert total([0] * zeros) == 0
"""
ONE = "\n    def test_one(self):\n        assert total([4]) == 4\n"
GUTTED = "\n    def test_one(self):\n        assert True\n"


@dataclass(frozen=True)
class History:
    """A library's history: the parent of a fix, the fix with its test, and the fix with its test gutted."""

    world: World
    parent: Oid
    fix: Oid
    gutted: Oid


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> History:
    world = sandboxed(tmp_path_factory.mktemp("matrix"))
    parent = world.commit(
        {
            "sums/__init__.py": "",
            "sums/total.py": HELPER,
            "tests/test_sums.py": TESTS,
            "pyproject.toml": "[tool.pytest.ini_options]\naddopts = '-q'\n",
        }
    )
    fixed = {"sums/total.py": HELPER.replace("numbers[1:]", "numbers")}
    fix = world.commit({**fixed, "tests/test_sums.py": TESTS + ONE})
    gutted = world.commit({**fixed, "tests/test_sums.py": TESTS + GUTTED}, parent)
    return History(world, parent, fix, gutted)


def said(report: Report) -> tuple[Verdict, Strength | None, State | None]:
    return criterion(report).verdict, criterion(report).strength, check(report).baseline


def test_the_fix_passes_in_full_with_the_tests_of_the_fix(history: History) -> None:
    report = history.world.verify(SPEC, history.parent, history.fix, checks_from=history.fix)
    assert said(report) == (Verdict.PASS, Strength.FULL, State.FAILED)
    assert report.accepted
    assert exit_status(report) == 0


def test_the_parent_fails_by_the_tests_assertion(history: History) -> None:
    grandparent = history.world.commit({"README.md": "Sums.\n"}, history.parent)
    report = history.world.verify(SPEC, history.parent, grandparent, checks_from=history.fix)
    assert said(report) == (Verdict.FAIL, None, State.FAILED)
    assert "assert 0 == 4" in check(report).message
    itself = history.world.verify(SPEC, history.parent, history.parent, checks_from=history.fix)
    assert said(itself) == (Verdict.FAIL, None, State.FAILED)
    assert "assert 0 == 4" in check(itself).message
    assert exit_status(itself) == 1


@pytest.mark.parametrize("with_source", [True, False])
def test_the_fix_on_itself_is_vacuous(history: History, with_source: bool) -> None:  # noqa: FBT001 - a parameter
    source = history.fix if with_source else None
    report = history.world.verify(SPEC, history.fix, history.fix, checks_from=source)
    assert said(report) == (Verdict.VACUOUS, None, State.PASSED)
    assert not report.accepted
    assert exit_status(report) == 1


def test_without_a_source_the_fixs_own_test_is_authored(history: History) -> None:
    report = history.world.verify(SPEC, history.parent, history.fix)
    assert said(report) == (Verdict.PASS, Strength.AUTHORED, State.ABSENT)
    assert report.waiting == ("A1",)
    assert not report.accepted
    assert exit_status(report) == 5


def test_a_gutted_test_is_vacuous(history: History) -> None:
    report = history.world.verify(SPEC, history.parent, history.gutted)
    assert said(report) == (Verdict.VACUOUS, None, State.ABSENT)
    assert "on the base too" in check(report).message
    restored = history.world.verify(SPEC, history.parent, history.gutted, checks_from=history.fix)
    assert said(restored) == (Verdict.PASS, Strength.FULL, State.FAILED)


def test_named_cases_and_classes(history: History) -> None:
    cases = spec_of(
        "- A1: `tests/test_sums.py::TestTotal::test_zeros[2]` (regression).\n"
        "- A2: `tests/test_sums.py::TestTotal` (regression).\n"
        "- A3: `tests/test_sums.py::TestTotal::test_zeros[3]`.\n"
        "- A4: `tests/test_sums.py::TestTotal::test_one`.\n"
    )
    report = history.world.verify(cases, history.parent, history.fix, checks_from=history.fix)
    assert criterion(report, "A1").verdict is Verdict.PASS
    assert criterion(report, "A2").verdict is Verdict.PASS
    assert criterion(report, "A3").verdict is Verdict.FAIL
    assert check(report, "A3").message == "tests/test_sums.py::TestTotal::test_zeros[3] is not there"
    assert criterion(report, "A4").verdict is Verdict.PASS
