"""The cheats again on a repository without Python, with plain shell as the language of checks."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass

import pytest
from tests.verify.world import Files, World, check, constraint, criterion, sandboxed, spec_of

from snapline.base.ids import Oid
from snapline.verify.verdict import Strength, Verdict

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
