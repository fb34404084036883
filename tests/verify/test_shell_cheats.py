"""The cheats again on a repository without Python, with plain shell as the language of checks."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass

import pytest
from tests.verify.world import TOOLCHAINS, Files, World, check, constraint, criterion, sandboxed, spec_of

from snapline.base.ids import Oid
from snapline.sandbox.environment import Environment
from snapline.spec.model import CheckKind
from snapline.verify import programs
from snapline.verify.orders import CheckOrder
from snapline.verify.procedure import Verifier
from snapline.verify.verdict import State, Strength, Verdict

BASE = {
    "add.sh": "#!/bin/sh\necho 0\n",
    "tests/add.sh": 'test "$(./add.sh 2 3)" = 5\n',
    "tests/zero.sh": 'test "$(./add.sh 0 0)" = 0\n',
}
FIXED = "#!/bin/sh\necho $(($1 + $2))\n"
SPEC = spec_of(
    "- A1: It adds.\n\n  ```sh check\n  sh tests/add.sh\n  ```\n- A2: Zero stays: `$ sh tests/zero.sh` (regression)."
)


@dataclass(frozen=True)
class Cheat:
    """What is changed, whether a runner that stays in the agent's folder is fooled, and where we say no."""

    changed: Files
    where: str


CHEATS = {
    "edited test": Cheat({"tests/add.sh": "exit 0\n"}, "A1"),
    "test that is always true": Cheat({"tests/add.sh": 'true || test "$(./add.sh 2 3)" = 5\n'}, "A1"),
    "neighbour deleted": Cheat({"add.sh": FIXED, "tests/zero.sh": None}, "check-files"),
    "neighbour edited": Cheat({"add.sh": "#!/bin/sh\necho 5\n", "tests/zero.sh": "exit 0\n"}, "A2"),
    "neighbour edited beside the fix": Cheat({"add.sh": FIXED, "tests/zero.sh": "exit 0\n"}, "check-files"),
}  # fmt: skip


@pytest.fixture(scope="module")
def arena(tmp_path_factory: pytest.TempPathFactory) -> tuple[World, Oid]:
    world = sandboxed(tmp_path_factory.mktemp("shell"))
    return world, world.commit(BASE)


def naive(world: World) -> bool:
    return subprocess.run(["sh", "tests/add.sh"], cwd=world.root, capture_output=True, check=False).returncode == 0


@pytest.mark.parametrize("name", CHEATS)
def test_a_cheat_fools_the_naive_runner_and_not_us(arena: tuple[World, Oid], name: str) -> None:
    world, base = arena
    cheat = CHEATS[name]
    commit = world.commit(cheat.changed, base)
    assert naive(world), "the attack works on a naive runner"
    report = world.verify(SPEC, base, commit, by_agent=True)
    if cheat.where.startswith("A"):
        assert criterion(report, cheat.where).verdict is Verdict.FAIL
        assert check(report, cheat.where).message
    else:
        assert constraint(report, cheat.where).verdict == "fail"
    assert not report.accepted


def test_the_honest_fix_is_accepted(arena: tuple[World, Oid]) -> None:
    world, base = arena
    assert world.commit({}, base)
    assert not naive(world), "the base fails"
    report = world.verify(SPEC, base, world.commit({"add.sh": FIXED}, base), by_agent=True)
    assert [row.verdict for row in report.verdicts] == [Verdict.PASS, Verdict.PASS]
    assert report.accepted


def test_a_new_check_script_is_transplanted(arena: tuple[World, Oid]) -> None:
    world, base = arena
    spec = spec_of("- A1: It multiplies: `$ sh tests/mul.sh`.")
    gutted = world.commit({"tests/mul.sh": "exit 0\n"}, base)
    assert criterion(world.verify(spec, base, gutted)).verdict is Verdict.VACUOUS
    honest = {"tests/mul.sh": 'test "$(./mul.sh 2 3)" = 6\n', "mul.sh": "#!/bin/sh\necho $(($1 * $2))\n"}
    report = world.verify(spec, base, world.commit(honest, base))
    assert (criterion(report).verdict, criterion(report).strength) == (Verdict.PASS, Strength.AUTHORED)
    assert report.waiting == ("A1",)


def test_a_person_may_rewrite_a_check_script_and_is_told(arena: tuple[World, Oid]) -> None:
    world, base = arena
    commit = world.commit({"add.sh": FIXED, "tests/add.sh": "# better\n" + BASE["tests/add.sh"]}, base)
    report = world.verify(SPEC, base, commit)
    assert constraint(report, "check-files").verdict == "pass"
    assert "the base's version of: tests/add.sh" in constraint(report, "check-files").message
    assert report.accepted


SOURCED = {
    "calc.sh": "add() { echo 0; }\n",
    "calc.py": "def add(a, b):\n    return 0\n",
}
EARLY = {
    "exit": "exit 0\n",
    "trap": "trap 'exit 0' EXIT\nadd() { echo 0; }\n",
    "exec": "exec true\n",
}
FORMS = {
    "sh": '- A1: It adds.\n\n  ```sh check\n  . ./calc.sh\n  test "$(add 2 3)" = 5 || exit 1\n  ```',
    "command": '- A1: It adds: `$ . ./calc.sh; test "$(add 2 3)" = 5`.',
}


@pytest.fixture(scope="module")
def sourced(tmp_path_factory: pytest.TempPathFactory) -> tuple[World, Oid]:
    world = sandboxed(tmp_path_factory.mktemp("sourced"))
    return world, world.commit(SOURCED)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", EARLY)
def test_what_a_check_sources_cannot_end_it_early(sourced: tuple[World, Oid], form: str, name: str) -> None:
    world, base = sourced
    commit = world.commit({"calc.sh": EARLY[name]}, base)
    text = ["bash", "-ec", '. ./calc.sh; test "$(add 2 3)" = 5']
    assert subprocess.run(text, cwd=world.root, capture_output=True, check=False).returncode == 0, "the attack works"
    report = world.verify(spec_of(FORMS[form]), base, commit)
    assert criterion(report).verdict is Verdict.FAIL
    assert check(report).message == "it ended with status 0 before its last line"
    honest = world.commit({"calc.sh": "add() { echo $(($1 + $2)); }\n"}, base)
    assert world.verify(spec_of(FORMS[form]), base, honest).accepted


PYTHON = """- A1: It adds.

  ```python check
  from calc import add

  assert add(2, 3) == 5
  ```
"""


def test_what_a_python_script_imports_cannot_end_it_early(sourced: tuple[World, Oid]) -> None:
    world, base = sourced
    world = world.with_environment(Environment(toolchains=TOOLCHAINS))
    commit = world.commit({"calc.py": "import os\nos._exit(0)\n"}, base)
    naive = [sys.executable, "-c", "from calc import add; assert add(2, 3) == 5"]
    assert subprocess.run(naive, cwd=world.root, check=False).returncode == 0, "the attack works"
    report = world.verify(spec_of(PYTHON), base, commit)
    assert criterion(report).verdict is Verdict.FAIL
    assert check(report).message == "it ended with status 0 before its last line"
    honest = world.commit({"calc.py": "def add(a, b):\n    return a + b\n"}, base)
    assert world.verify(spec_of(PYTHON), base, honest).accepted


@pytest.mark.parametrize(
    ("text", "demanded"),
    [
        ("test 1 = 2", True),
        ("test 1 = 2 || exit 1", True),
        ("test 1 = 2 || exit", False),
        ("exec make test", False),
        ("if x; then exit 0; fi", False),
        ("echo exited", True),
    ],
)
def test_an_author_may_end_a_check_early(text: str, demanded: bool) -> None:  # noqa: FBT001 - a column of the table
    assert programs.must_reach_its_end(CheckOrder(CheckKind.COMMAND, text, 1.0)) is demanded


def test_the_own_last_status_still_counts(sourced: tuple[World, Oid]) -> None:
    world, base = sourced
    spec = spec_of("- A1: `$ ! grep -q new calc.sh`.\n- A2: `$ grep -q new calc.sh && true`.\n- A3: `$ exit`.")
    rows = Verifier(world.bench).baseline(spec, base, "").rows
    assert [row.state for row in rows] == [State.PASSED, State.FAILED, State.PASSED]
    new = world.commit({"calc.sh": "new\n"}, base)
    rows = Verifier(world.bench).baseline(spec, new, "").rows
    assert [row.state for row in rows] == [State.FAILED, State.PASSED, State.PASSED]
