"""From results to the report: which criteria, whose sign-off, what is said about check files."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.verify.world import World, check, constraint, criterion, make_world, spec_of

from snapline.base import wire
from snapline.base.errors import ExitStatus
from snapline.base.ids import ClauseId, Oid, RevisionId
from snapline.sandbox.bare import Bare
from snapline.spec.model import CheckKind
from snapline.verify.report import (
    CheckRow,
    ConstraintRow,
    ConstraintVerdict,
    CriterionRow,
    Report,
    exit_status,
)
from snapline.verify.settings import VerifySettings
from snapline.verify.verdict import State, Strength, Trust, Verdict

BASE = {
    "done": "no\n",
    "calc.py": "def add(a, b):\n    return 0\n",
    "tests/test_calc.py": "import calc\n\n\ndef test_add():\n    assert calc.add(2, 3) == 5\n",
    "pyproject.toml": "[tool.pytest.ini_options]\naddopts = '-q'\n",
}
FIX = {"done": "yes\n", "calc.py": "def add(a, b):\n    return a + b\n"}
YES = "`$ grep -q yes done`"


@pytest.fixture(scope="module")
def arena(tmp_path_factory: pytest.TempPathFactory) -> tuple[World, Oid, Oid]:
    world = make_world(tmp_path_factory.mktemp("judgement"), Bare())
    base = world.commit(BASE)
    return world, base, world.commit(FIX)


def test_only_the_asked_criteria_are_judged_and_earlier_ones_must_hold(arena: tuple[World, Oid, Oid]) -> None:
    world, base, fix = arena
    spec = spec_of(f"- A1: Done: {YES}.\n- A2: There: `$ test -e done`.\n- A3: Else: `$ test -e else`.")
    report = world.verify(
        spec, base, fix, criteria=frozenset({ClauseId("A1")}), extra_passing=frozenset({ClauseId("A2")})
    )
    assert [(row.id, row.verdict, row.regression) for row in report.verdicts] == [
        ("A1", Verdict.PASS, False),
        ("A2", Verdict.PASS, True),
    ]
    assert report.accepted


def test_a_check_that_passes_before_is_no_fault_beside_one_that_does_not(arena: tuple[World, Oid, Oid]) -> None:
    world, base, fix = arena
    spec = spec_of(f"- A1: Done: {YES}, `$ test -e done`.")
    report = world.verify(spec, base, fix)
    assert (criterion(report).verdict, criterion(report).strength) == (Verdict.PASS, Strength.FULL)
    assert [row.verdict for row in criterion(report).checks] == [Verdict.PASS, Verdict.VACUOUS]


def test_a_criterion_may_need_checks_and_a_person(arena: tuple[World, Oid, Oid]) -> None:
    world, base, fix = arena
    spec = spec_of(f"- A1: Done: {YES} (manual).\n- A2: It reads well.")
    report = world.verify(spec, base, fix)
    assert [row.verdict for row in report.verdicts] == [Verdict.UNSIGNED, Verdict.UNSIGNED]
    assert [row.trust for row in criterion(report).checks] == [Trust.IN_PROCESS, Trust.MANUAL]
    assert report.waiting == ("A1", "A2")
    assert exit_status(report) is ExitStatus.WAITS
    signed = world.verify(spec, base, fix, signed=frozenset({ClauseId("A1"), ClauseId("A2")}))
    assert signed.accepted
    failed = world.verify(spec, base, base, signed=frozenset({ClauseId("A1")}))
    assert criterion(failed).verdict is Verdict.FAIL


def test_a_full_pass_of_the_same_goal_spares_the_sign_off(arena: tuple[World, Oid, Oid]) -> None:
    world, base, _ = arena
    test = "def test_done():\n    assert open('done').read() == 'yes\\n'\n"
    commit = world.commit({**FIX, "tests/test_done.py": test}, base)
    alone = spec_of("- A1: Done: `tests/test_done.py::test_done` (G1).")
    assert world.verify(alone, base, commit).waiting == ("A1",)
    together = spec_of(f"- A1: Done: `tests/test_done.py::test_done` (G1).\n- A2: Done: {YES} (G1).")
    report = world.verify(together, base, commit)
    assert criterion(report).strength is Strength.AUTHORED
    assert report.waiting == ()
    assert report.accepted


def test_commands_that_must_always_pass(arena: tuple[World, Oid, Oid]) -> None:
    world, base, fix = arena
    spec = spec_of(f"- A1: Done: {YES}.")
    for text, verdict in (("test -e done", "pass"), ("test -e else", "fail"), ("frobnicate", "could-not-run")):
        strict = World(world.root, world.user, replace(world.bench, settings=VerifySettings(always=(text,))))
        report = strict.verify(spec, base, fix)
        assert constraint(report, "always").verdict == verdict
        assert report.accepted is (verdict == "pass")


def test_the_source_of_check_files_brings_its_configuration_and_conftests(arena: tuple[World, Oid, Oid]) -> None:
    world, base, fix = arena
    source = world.commit(
        {
            "tests/conftest.py": "import pytest\n\n\n@pytest.fixture\ndef five():\n    return 5\n",
            "tests/test_calc.py": "import calc\n\n\ndef test_five(five):\n    assert calc.add(2, 3) == five\n",
            "pyproject.toml": "[tool.pytest.ini_options]\nmarkers = ['odd']\naddopts = '--strict-markers'\n",
        },
        base,
    )
    theirs = "[project]\nname = 'calc'\n[tool.pytest.ini_options]\naddopts = '--no-such-option'\n"
    hook = "raise SystemExit(0)\n"
    commit = world.commit({**FIX, "pyproject.toml": theirs, "conftest.py": hook}, base)
    spec = spec_of("- A1: Five: `tests/test_calc.py::test_five`.")
    report = world.verify(spec, base, commit, checks_from=source)
    assert (criterion(report).verdict, criterion(report).strength) == (Verdict.PASS, Strength.FULL)
    assert check(report).baseline is State.FAILED
    assert "conftest.py" in constraint(report, "check-files").message
    assert fix


COMMANDS = {
    "skips what ran before": (
        "import pytest\nimport calc\n\n\n@pytest.mark.skip\ndef test_add():\n    assert calc.add(2, 3) == 5\n",
        "test_add",
    ),
    "ends before its tests": ("import os\nos._exit(0)\n", "before its tests were reported"),
}


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_that_runs_tests_is_held_to_what_they_report(arena: tuple[World, Oid, Oid], name: str) -> None:
    """The test file is changed under a name that no pattern knows, so that only the report can tell."""
    world, start, _ = arena
    text, said = COMMANDS[name]
    base = world.commit({"suite/t.py": BASE["tests/test_calc.py"]}, start)
    commit = world.commit({"suite/t.py": text}, base)
    spec = spec_of("- A1: Tests: `$ python -m pytest -q suite/t.py`.")
    report = world.verify(spec, base, commit)
    assert check(report).exit == 0, "an exit status alone would do"
    assert criterion(report).verdict is Verdict.FAIL
    assert said in check(report).message


def row(verdict: Verdict) -> CriterionRow:
    check_row = CheckRow(CheckKind.COMMAND, verdict, None, None, "exit", 0, 0.0, Trust.IN_PROCESS, "")
    return CriterionRow(ClauseId("A1"), False, verdict, None, (check_row,))  # noqa: FBT003 - a field


@pytest.mark.parametrize(
    ("verdicts", "constraints", "waiting", "status"),
    [
        ([Verdict.PASS], ["pass", "prose"], [], ExitStatus.DONE),
        ([Verdict.FAIL, Verdict.COULD_NOT_RUN], [], ["A2"], ExitStatus.FAILED),
        ([Verdict.VACUOUS], [], [], ExitStatus.FAILED),
        ([Verdict.FLAKY], [], [], ExitStatus.FAILED),
        ([Verdict.PASS], ["fail"], [], ExitStatus.FAILED),
        ([Verdict.COULD_NOT_RUN, Verdict.UNSIGNED], [], ["A2"], ExitStatus.ENVIRONMENT),
        ([Verdict.PASS], ["could-not-run", "ask"], [], ExitStatus.ENVIRONMENT),
        ([Verdict.PASS], ["ask"], [], ExitStatus.WAITS),
        ([Verdict.UNSIGNED], [], ["A1"], ExitStatus.WAITS),
        ([Verdict.PASS], [], ["A1"], ExitStatus.WAITS),
    ],
)
def test_the_exit_status_is_the_worst(
    verdicts: list[Verdict], constraints: list[str], waiting: list[str], status: ExitStatus
) -> None:
    held = tuple(ConstraintRow("C1", ConstraintVerdict(one), "") for one in constraints)
    report = Report(
        spec=spec_of("- A1: x").id,
        revision=revision_zero(),
        approved=False,
        base=Oid("0" * 40),
        commit=Oid("1" * 40),
        tier="T2",
        verdicts=tuple(row(one) for one in verdicts),
        constraints=held,
        waiting=tuple(ClauseId(one) for one in waiting),
        accepted=False,
    )
    assert exit_status(report) is status
    assert wire.decode(wire.encode(report), Report) == report


def revision_zero() -> RevisionId:
    return RevisionId("0" * 64)


@pytest.mark.parametrize(
    ("acceptance", "signed"),
    [
        ("- A1: It stays: (regression) `$ test -e a`, and `$ true`.", ()),
        ("- A1: It reads well: `$ true` (manual).", ("A1",)),
    ],
)
def test_what_stays_true_and_a_persons_word_do_not_excuse_a_check_that_proves_nothing(
    bare_world: World, acceptance: str, signed: tuple[str, ...]
) -> None:
    base = bare_world.commit({"a": "1"})
    commit = bare_world.commit({"b": "1"}, base)
    word = frozenset(ClauseId(one) for one in signed)
    report = bare_world.verify(spec_of(acceptance), base, commit, signed=word)
    assert Verdict.VACUOUS in {one.verdict for one in criterion(report).checks}
    assert Verdict.PASS in {one.verdict for one in criterion(report).checks}, (
        "one alone would be enough for a naive rule"
    )
    assert (criterion(report).verdict, report.accepted) == (Verdict.VACUOUS, False)
