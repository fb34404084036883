"""The environment is built from the base, proved first, and asked about before anything else is said."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from tests.verify.world import PLAIN, TOOLCHAINS, World, check, constraint, criterion, spec_of

from snapline.base.ids import ClauseId
from snapline.sandbox.environment import Environment
from snapline.verify.procedure import Verifier
from snapline.verify.verdict import State, Strength, Verdict

TOOL = "#!/bin/sh\necho 5\n"
MADE = Environment(
    setup=("mkdir -p .env/bin", "cp tool.txt .env/bin/five", "chmod +x .env/bin/five"),
    inputs=("tool.txt",),
    outputs=(".env",),
    path=(".env/bin",),
    check='test "$(five)" = 5',
)
SPEC = spec_of('- A1: It is five: `$ test "$(cat answer)" = "$(five)"`.')


def test_set_up_is_made_from_the_base_and_used_by_both_sides(world: World) -> None:
    made = world.with_environment(MADE)
    base = made.commit({"tool.txt": TOOL, "answer": "4\n"})
    report = made.verify(SPEC, base, made.commit({"answer": "5\n"}))
    assert (criterion(report).verdict, criterion(report).strength) == (Verdict.PASS, Strength.FULL)


@pytest.mark.parametrize("tier", ["world", "bare_world"])
def test_the_base_beside_it_is_set_up_too(request: pytest.FixtureRequest, tier: str) -> None:
    made: World = request.getfixturevalue(tier).with_environment(MADE)
    base = made.commit({"tool.txt": TOOL, "answer": "4\n"})
    old = '"$SNAPLINE_BASE_DIR/.env/bin/five"'
    spec = spec_of(f'- A1: It is what it was: `$ test "$(cat answer)" = "$({old})"`.')
    report = made.verify(spec, base, made.commit({"answer": "5\n"}))
    assert criterion(report).verdict is Verdict.PASS
    assert check(report).baseline is State.FAILED


def test_a_check_cannot_change_the_environment(world: World) -> None:
    made = world.with_environment(MADE)
    base = made.commit({"tool.txt": TOOL, "answer": "4\n"})
    spec = spec_of("- A1: `$ test -e done && echo 'echo 4' >.env/bin/five`.")
    report = made.verify(spec, base, made.commit({"done": ""}))
    assert criterion(report).verdict is Verdict.FAIL
    assert "Read-only" in check(report).message


@pytest.mark.parametrize(
    ("environment", "why"),
    [
        (Environment(setup=("echo broken; exit 3",)), "`echo broken; exit 3`: it exits with status 3: broken"),
        (Environment(check="test -e not-there"), "`test -e not-there`: it exits with status 1"),
    ],
)
def test_an_environment_that_is_not_proved_makes_everything_could_not_run(
    world: World, environment: Environment, why: str
) -> None:
    broken = world.with_environment(environment)
    base = broken.commit({"answer": "4\n"})
    commit = broken.commit({"answer": "5\n"})
    spec = spec_of("- A1: `$ test 1 = 2`.\n- A2: It reads well (manual).", "- C1: Keep passing: `$ true`.")
    assert why in (Verifier(broken.bench).prove_environment(spec, base, "") or "")
    report = broken.verify(spec, base, commit)
    assert [row.verdict for row in report.verdicts] == [Verdict.COULD_NOT_RUN, Verdict.UNSIGNED]
    assert check(report).cause == "environment"
    assert why in check(report).message
    assert constraint(report, "C1").verdict == "could-not-run"
    (row, kept) = Verifier(broken.bench).baseline(spec, base, "").rows
    assert (row.state, kept.state) == (State.COULD_NOT_RUN, State.COULD_NOT_RUN)


def test_a_runner_that_is_missing_is_said_before_any_work(world: World) -> None:
    bare = world.with_environment(Environment())
    base = bare.commit({"tests/test_a.py": "def test_a():\n    assert 0\n"})
    spec = spec_of("- A1: `tests/test_a.py::test_a`.")
    said = Verifier(bare.bench).prove_environment(spec, base, "")
    assert said is not None
    assert said.startswith("the environment is not proved")
    assert Verifier(world.bench).prove_environment(spec, base, "") is None
    (row,) = Verifier(bare.bench).baseline(spec, base, "").rows
    assert row.state is State.COULD_NOT_RUN


def test_a_candidate_that_changes_an_input_waits_for_a_person(world: World) -> None:
    made = world.with_environment(MADE)
    base = made.commit({"tool.txt": TOOL, "answer": "4\n"})
    commit = made.commit({"tool.txt": TOOL + "# newer\n", "answer": "5\n"})
    by_agent = made.verify(SPEC, base, commit, by_agent=True)
    assert criterion(by_agent).verdict is Verdict.COULD_NOT_RUN
    assert "inputs (tool.txt)" in check(by_agent).message
    by_person = made.verify(SPEC, base, commit)
    assert criterion(by_person).verdict is Verdict.PASS


def test_a_changed_input_is_no_matter_of_signatures_alone(world: World) -> None:
    """Where only a person judges, nothing else would say that the commands of every candidate did not run."""
    made = world.with_environment(MADE)
    spec = spec_of("- A1: It reads well (manual).")
    base = made.commit({"tool.txt": TOOL, "answer": "4\n"})
    signed = frozenset({ClauseId("A1")})
    assert made.verify(spec, base, made.commit({"answer": "5\n"}), by_agent=True, signed=signed).accepted
    commit = made.commit({"tool.txt": TOOL + "# newer\n", "answer": "5\n"}, base)
    report = made.verify(spec, base, commit, by_agent=True, signed=signed)
    assert constraint(report, "environment").verdict == "could-not-run"
    assert not report.accepted


def test_set_up_is_never_the_candidates_where_the_inputs_are_the_same(world: World) -> None:
    """The results of the base are kept, its layer was deleted: whoever comes next builds it, for everybody."""
    install = Environment(setup=("sh install.sh",), outputs=(".env",), path=(".env/bin",))
    made = world.with_environment(install)
    script = "mkdir -p .env/bin; echo 'echo {0}' >.env/bin/five; chmod +x .env/bin/five\n"
    base = made.commit({"install.sh": script.format(5), "answer": "4\n"})
    Verifier(made.bench).baseline(SPEC, base, "")
    shutil.rmtree(made.bench.layers.root)
    commit = made.commit({"install.sh": script.format(6), "answer": "6\n"}, base)
    report = made.verify(SPEC, base, commit)
    assert criterion(report).verdict is Verdict.FAIL, "with the candidate's set-up six would be five"
    assert [path.read_text() for path in made.bench.layers.root.glob("*/tree/.env/bin/five")] == ["echo 5\n"]


def test_a_source_folder_is_importable_by_tests_and_commands(world: World) -> None:
    editable = world.with_environment(Environment(toolchains=TOOLCHAINS, variables=PLAIN, editable=("src",)))
    base = editable.commit(
        {
            "src/calc/__init__.py": "def add(a, b):\n    return 0\n",
            "tests/test_calc.py": "import calc\n\n\ndef test_add():\n    assert calc.add(2, 3) == 5\n",
        }
    )
    spec = spec_of(
        "- A1: `tests/test_calc.py::test_add`, `$ python -c 'import calc; assert calc.add(2, 3) == 5'`.\n"
        "- A2: `test_calc.py::test_add` (in tests)."
    )
    report = editable.verify(
        spec, base, editable.commit({"src/calc/__init__.py": "def add(a, b):\n    return a + b\n"})
    )
    assert [row.verdict for row in report.verdicts] == [Verdict.PASS, Verdict.PASS]
    assert [row.strength for row in report.verdicts] == [Strength.FULL, Strength.FULL]


def test_at_tier_none_it_works_and_says_so(bare_world: World, tmp_path: Path) -> None:
    made = bare_world.with_environment(MADE)
    base = made.commit({"tool.txt": TOOL, "answer": "4\n"})
    report = made.verify(SPEC, base, made.commit({"answer": "5\n"}))
    assert criterion(report).verdict is Verdict.PASS
    assert report.tier == "T0"
    assert not list(tmp_path.glob("repository/.env"))
