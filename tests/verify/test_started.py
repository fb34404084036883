"""What a check starts decides it: a candidate that rewrites such a file without a word in the spec is looked at."""

from __future__ import annotations

import subprocess

import pytest
from tests.verify.world import World, constraint, criterion, spec_of

from snapline.verify.started import started_by
from snapline.verify.verdict import Strength, Verdict


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("sh scripts/verify.sh", {"scripts/verify.sh"}),
        ("./scripts/x.sh a b | grep c.txt", {"./scripts/x.sh", "grep"}),
        ('. ./calc.sh\ntest "$(add 2 3)" = 5', {"./calc.sh", "test", "add"}),
        ("cd a && FOO=1 timeout -k 1 5 bash -e ./run.sh", {"cd", "./run.sh"}),
        ("! python3 'tool.py' --check", {"tool.py"}),
        ("test -e a.txt; cat b.txt", {"test", "cat"}),
    ],
)
def test_what_a_text_starts(text: str, words: set[str]) -> None:
    assert words <= started_by(text)
    assert not {"c.txt", "a.txt", "b.txt"} & started_by(text)


BASE = {"scripts/verify.sh": 'test "$(cat answer)" = 5\n', "answer": "4\n"}
CHECK = "- A1: `$ sh scripts/verify.sh`."


def test_a_rewritten_script_that_a_check_starts_asks_for_a_person(bare_world: World) -> None:
    base = bare_world.commit(BASE)
    commit = bare_world.commit({"scripts/verify.sh": "exit 0\n"}, base)
    naive = subprocess.run(["sh", "scripts/verify.sh"], cwd=bare_world.root, check=False)
    assert naive.returncode == 0, "the attack works"
    report = bare_world.verify(spec_of(CHECK), base, commit, by_agent=True)
    row = constraint(report, "check-files")
    assert (row.verdict, report.accepted) == ("ask", False)
    assert row.message == "changed, and checks start it, but the spec names it nowhere: scripts/verify.sh"
    by_person = bare_world.verify(spec_of(CHECK), base, commit)
    assert (constraint(by_person, "check-files").verdict, by_person.accepted) == ("pass", True)


@pytest.mark.parametrize(
    ("constraints", "interfaces"),
    [
        ("- C1: Keep it small.", "- I1: Changes `scripts/verify.sh`."),
        ("- C1: Keep it small.", "- I1: The scripts are in `scripts/`."),
        ("- C1: Change only: `scripts/**`", "- I1: None."),
    ],
)
def test_a_file_that_is_the_work_is_no_question(bare_world: World, constraints: str, interfaces: str) -> None:
    base = bare_world.commit(BASE)
    commit = bare_world.commit({"scripts/verify.sh": "true\n"}, base)
    report = bare_world.verify(spec_of(CHECK, constraints, interfaces), base, commit, by_agent=True)
    assert (criterion(report).strength, report.accepted) == (Strength.FULL, True)


def test_a_script_that_is_not_touched_is_no_question(bare_world: World) -> None:
    base = bare_world.commit(BASE)
    report = bare_world.verify(spec_of(CHECK), base, bare_world.commit({"answer": "5\n"}, base), by_agent=True)
    assert (criterion(report).verdict, report.accepted) == (Verdict.PASS, True)
