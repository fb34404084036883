"""Regressions, repeated runs and flakiness: what was true must stay true, and luck proves nothing."""

from __future__ import annotations

from tests.verify.world import World, check, constraint, criterion, spec_of

from snapline.verify.verdict import State, Strength, Verdict

CALC = "def add(a, b):\n    return a + b\n\n\ndef sub(a, b):\n    return a - b\n"
TESTS = """from calc import add, sub


def test_add():
    assert add(2, 3) == 5


def test_sub():
    assert sub(5, 2) == 3


def test_red():
    assert add("2", 3) == 5
"""
BASE = {"calc.py": CALC, "tests/test_calc.py": TESTS}
MUL = CALC + "\n\ndef mul(a, b):\n    return a * b\n"
NEW = "- A1: It multiplies: `$ python -c 'import calc; assert calc.mul(2, 3) == 6'`."
KEEP = "- C1: Keep passing: `$ python -m pytest -q tests`, `tests/test_calc.py::test_add`."


def test_what_passed_must_pass_and_what_failed_is_listed(world: World) -> None:
    spec = spec_of(f"{NEW}\n- A2: Tests: `$ python -m pytest -q tests` (regression).", KEEP)
    base = world.commit(BASE)
    report = world.verify(spec, base, world.commit({"calc.py": MUL}))
    assert criterion(report, "A2").verdict is Verdict.PASS
    assert criterion(report, "A2").regression
    assert criterion(report, "A2").strength is Strength.FULL
    assert check(report, "A2").baseline is State.FAILED
    assert check(report, "A2").message == ("fails on the base already, not demanded: tests/test_calc.py::test_red")
    assert constraint(report, "C1").verdict == "pass"
    assert report.accepted


def test_what_breaks_is_named(world: World) -> None:
    spec = spec_of(f"{NEW}\n- A2: Tests: `$ python -m pytest -q tests` (regression).", KEEP)
    base = world.commit(BASE)
    report = world.verify(spec, base, world.commit({"calc.py": MUL.replace("a - b", "b - a")}))
    assert criterion(report, "A2").verdict is Verdict.FAIL
    assert "passed on the base: tests/test_calc.py::test_sub: assert -3 == 3" in check(report, "A2").message
    assert constraint(report, "C1").verdict == "fail"
    assert not report.accepted


def test_a_regression_holds_the_bases_tests_and_not_the_agents(world: World) -> None:
    """Edited, skipped or deleted: the base's version of every check file is what a regression runs."""
    spec = spec_of(NEW, "- C1: Keep passing: `$ python -m pytest -q tests`.")
    base = world.commit(BASE)
    broken = {"calc.py": MUL.replace("a - b", "b - a")}
    edited = world.commit({**broken, "tests/test_calc.py": TESTS.replace("sub(5, 2) == 3", "True")})
    report = world.verify(spec, base, edited)
    assert constraint(report, "C1").verdict == "fail"
    assert "test_sub" in constraint(report, "C1").message
    deleted = world.commit({"tests/test_calc.py": None})
    report = world.verify(spec, base, deleted)
    assert constraint(report, "C1").verdict == "fail"
    assert "tests vanished" in constraint(report, "check-files").message


def test_tests_may_vanish_where_interfaces_says_so(world: World) -> None:
    spec = spec_of(NEW, interfaces="- I1: Removes `tests/test_calc.py`.")
    base = world.commit(BASE)
    report = world.verify(spec, base, world.commit({"calc.py": MUL, "tests/test_calc.py": None}))
    assert report.accepted
    unsaid = world.verify(spec_of(NEW), base, world.commit({}))
    assert constraint(unsaid, "check-files").verdict == "fail"


def test_keep_passing_takes_ids(world: World) -> None:
    spec = spec_of(f"{NEW}\n- A2: It adds: `tests/test_calc.py::test_add` (regression).", "- C1: Keep passing: A2.")
    base = world.commit(BASE)
    report = world.verify(spec, base, world.commit({"calc.py": MUL}))
    assert constraint(report, "C1").verdict == "pass"
    broken = world.verify(spec, base, world.commit({"calc.py": MUL.replace("a + b", "0")}))
    assert constraint(broken, "C1").verdict == "fail"


REPORT = """#!/bin/sh
first=$(./sum.sh 2 3) second=$(./sum.sh 0 0)
mkdir -p out
{
  echo '<testsuite><testcase name="adds">'
  test "$first" = 5 || echo '<failure message="not 5"/>'
  echo '</testcase><testcase name="zero">'
  test "$second" = 0 || echo '<failure message="not 0"/>'
  echo '</testcase></testsuite>'
} >out/junit.xml
test "$first" = 5 && test "$second" = 0
"""
SHELL = {"sum.sh": "#!/bin/sh\necho 0\n", "tests/run.sh": REPORT}
DONE = "- A1: It is documented: `$ test -e README`."


def test_a_red_base_without_a_report_could_not_run_and_with_one_is_compared(world: World) -> None:
    base = world.commit(SHELL)
    better = world.commit({"README": "Sums.\n"})
    worse = world.commit({"sum.sh": "#!/bin/sh\necho 1\n"})
    plain = spec_of(f"{DONE}\n- A2: Tests: `$ tests/run.sh` (regression).")
    report = world.verify(plain, base, better)
    assert criterion(report, "A2").verdict is Verdict.COULD_NOT_RUN
    assert "`(report GLOB)`" in check(report, "A2").message
    reported = spec_of(f"{DONE}\n- A2: Tests: `$ tests/run.sh` (regression, report `out/*.xml`).")
    assert world.verify(reported, base, better).accepted
    report = world.verify(reported, base, worse)
    assert criterion(report, "A2").verdict is Verdict.FAIL
    assert check(report, "A2").message == "passed on the base: zero: not 0"


def test_a_report_that_the_tree_brings_along_is_not_read(world: World) -> None:
    base = world.commit(SHELL)
    forged = '<testsuite><testcase name="adds"/><testcase name="zero"/></testsuite>'
    commit = world.commit({"README": "Sums.\n", "sum.sh": "#!/bin/sh\necho 1\n", "out/forged.xml": forged})
    commit = world.commit({"out/.keep": ""})
    spec = spec_of(f"{DONE}\n- A2: Tests: `$ sh tests/run.sh` (regression, report `out/*.xml`).")
    report = world.verify(spec, base, commit)
    assert criterion(report, "A2").verdict is Verdict.FAIL


LUCK = """#!/bin/sh
test -e fixed || exit 1
test "$PYTHONHASHSEED" = {0}
"""


def test_a_new_pass_that_a_second_run_contradicts_is_flaky(world: World) -> None:
    base = world.commit({"lucky.sh": LUCK.format(1)})
    report = world.verify(spec_of("- A1: Done: `$ ./lucky.sh`."), base, world.commit({"fixed": ""}))
    assert criterion(report).verdict is Verdict.FLAKY
    assert not report.accepted


ORDERED = """import calc


class TestAll:
    def test_first(self):
        calc.seen = 1

    def test_second(self):
        assert calc.seen
"""


def test_the_second_run_goes_backwards(world: World) -> None:
    """Two tests that pass only in one order."""
    spec = spec_of("- A1: Both: `tests/test_order.py::TestAll`.")
    base = world.commit({"calc.py": "raise ImportError('not yet')\n", "tests/test_order.py": ORDERED})
    report = world.verify(spec, base, world.commit({"calc.py": "seen = 0\n"}))
    assert criterion(report).verdict is Verdict.FLAKY


def test_every_run_must_agree(world: World) -> None:
    spec = spec_of("- A1: Done: `$ ./lucky.sh` (runs 3).")
    steady = "#!/bin/sh\ntest -e fixed\n"
    base = world.commit({"lucky.sh": steady})
    report = world.verify(spec, base, world.commit({"fixed": ""}))
    assert criterion(report).verdict is Verdict.PASS
    base = world.commit({"lucky.sh": LUCK.format(2), "fixed": None})
    report = world.verify(spec, base, world.commit({"fixed": ""}))
    assert criterion(report).verdict is Verdict.FLAKY


def test_an_old_flake_is_told_from_a_new_break(world: World) -> None:
    """The regression fails on the candidate; run again on the base it fails there too."""
    base = world.commit({"lucky.sh": LUCK.format(1), "fixed": ""})
    # The base passes in its first run only; the candidate fails in its first.
    worse = world.commit({"lucky.sh": LUCK.format(9), "README": ""})
    spec = spec_of(f"{DONE}\n- A2: Steady: `$ ./lucky.sh` (regression).")
    report = world.verify(spec, base, worse)
    assert criterion(report, "A2").verdict is Verdict.FLAKY
    assert check(report, "A2").message == "run again on the base it fails there too"
