"""Verifying anything against a spec at the command line: which commit, which base, whose checks, and the answer."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import pytest
from tests.e2e.desk import A1, A2, A3, approved, desk, spec
from tests.e2e.stage import Stage

ADDS = 'add() { echo "$(($1 + $2))"; }\nsub() { echo "$(($1 - $2))"; }\n'
MULTIPLIES = 'mul() { echo "$(($1 * $2))"; }\n'
CHECK_KEYS = {
    "kind",
    "verdict",
    "strength",
    "baseline",
    "cause",
    "exit",
    "seconds",
    "trust",
    "message",
    "evidence",
    "kept",
}


@dataclass(frozen=True)
class Row:
    """A way to say what is verified, and the answer: its status, and the verdicts by id."""

    arguments: tuple[str, ...]
    status: int
    verdicts: dict[str, str] = field(default_factory=dict)
    code: str = ""


PASSED = {"A1": "pass", "A2": "pass", "A3": "pass"}
HALF = {"A1": "pass", "A2": "fail", "A3": "pass"}
NOTHING = {"A1": "fail", "A2": "fail", "A3": "pass"}
ROWS = {
    "head": Row(("calc",), 1, NOTHING),
    "staged": Row(("calc", "--staged"), 1, HALF),
    "worktree": Row(("calc", "--worktree"), 0, PASSED),
    "a-branch": Row(("calc", "--commit", "theirs"), 0, PASSED),
    "by-revision": Row(("calc@{revision}", "--commit", "theirs"), 0, PASSED),
    "by-path": Row(("specs/calc.md", "--commit", "theirs"), 0, PASSED),
    "its-own-base": Row(
        ("calc", "--commit", "theirs", "--base", "theirs"), 1, {"A1": "vacuous", "A2": "vacuous", "A3": "pass"}
    ),
    "with-their-checks": Row(("calc", "--commit", "theirs", "--base", "main", "--checks-from", "theirs"), 0, PASSED),
    "manual": Row(("signed", "--commit", "theirs"), 5, {"A1": "pass", "A2": "unsigned"}),
    "asks-first": Row(("asks", "--commit", "theirs"), 5),
    "not-enforced": Row(("held", "--commit", "theirs"), 3),
    "two-at-once": Row(("calc", "--staged", "--worktree"), 2, code="usage"),
    "no-such-commit": Row(("calc", "--commit", "nope"), 2, code="unknown-revision"),
    "no-such-base": Row(("calc", "--base", "nope"), 2, code="unknown-revision"),
    "no-such-spec": Row(("nope",), 2, code="no-such-spec"),
    "no-such-revision": Row(("calc@0123456789",), 4, code="not-approved"),
}


@dataclass(frozen=True)
class Shared:
    """A repository where the work is half staged, whole in the work tree, and whole on the branch ``theirs``."""

    stage: Stage
    revision: str


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Shared:
    stage = desk(tmp_path_factory.mktemp("verify"))
    stage.write(
        {
            "specs/calc.md": spec(f"{A1}\n{A2}\n{A3}"),
            "specs/signed.md": spec(f"{A1}\n- A2: It reads well (manual)"),
            "specs/asks.md": spec(constraints="- C1: Ask first: `calc.sh`"),
            "specs/held.md": spec(constraints="- C1: Budget: $5"),
        }
    )
    stage.commit("Ask")
    revision = approved(stage).snapline("plan", "calc").document["revision"][:8]
    stage.git("checkout", "-q", "-b", "theirs")
    stage.write({"calc.sh": ADDS, "mul.sh": MULTIPLIES})
    stage.commit("Do it")
    stage.git("checkout", "-q", "main")
    stage.write({"calc.sh": ADDS})
    stage.git("add", "calc.sh")
    stage.write({"mul.sh": MULTIPLIES})
    return Shared(stage, revision)


@pytest.mark.parametrize("name", ROWS)
def test_what_is_meant_is_what_is_verified(name: str, shared: Shared) -> None:
    row, stage = ROWS[name], shared.stage
    before = stage.git("status", "--porcelain"), stage.git("diff", "--cached"), stage.git("rev-parse", "HEAD")
    outcome = stage.snapline("verify", *(one.format(revision=shared.revision) for one in row.arguments))
    assert outcome.status == row.status, outcome.document
    assert (stage.git("status", "--porcelain"), stage.git("diff", "--cached"), stage.git("rev-parse", "HEAD")) == before
    if row.code:
        assert outcome.document["error"]["code"] == row.code
        return
    report = outcome.document
    assert report["version"] == 1
    assert report["accepted"] is (row.status == 0)
    assert all(set(check) == CHECK_KEYS for one in report["verdicts"] for check in one["checks"])
    found = {one["id"]: one["verdict"] for one in report["verdicts"]}
    assert found | row.verdicts == found, found
    assert report["approved"] is (report["spec"] == "calc")


def test_what_waits_for_a_person_is_listed(shared: Shared) -> None:
    report = shared.stage.snapline("verify", "signed", "--commit", "theirs").document
    assert (report["waiting"], report["accepted"]) == (["A2"], False)
    said = shared.stage.say("verify", "signed", "--commit", "theirs")
    assert said.out.endswith("Not accepted: 1 of 2 criteria pass at tier T2; waiting for a person: A2.\n")


def test_a_person_reads_what_fails_and_why(shared: Shared) -> None:
    stage = shared.stage
    said = stage.say("verify", "calc")
    assert said.status == 1
    assert "  A1          fail\n" in said.out, said.out
    assert "mul.sh: No such file or directory" in said.out
    assert "  unchanged   fail           the candidate's tree is the base's\n" in said.out
    assert said.out.endswith("Not accepted: 1 of 3 criteria pass at tier T2.\n")
    assert not any(line != line.rstrip() for line in said.out.splitlines())
    assert stage.say("verify", "calc", "--commit", "theirs").out.endswith(
        "Accepted: 3 of 3 criteria pass at tier T2.\n"
    )


def test_a_commit_that_is_its_own_base_is_pointed_out(shared: Shared) -> None:
    said = shared.stage.say("verify", "calc", "--commit", "main")
    assert "note: the commit is its own base" in said.err
    assert "--base REV" in said.err


def test_a_broken_constraint_is_named_where_every_criterion_passes(tmp_path: Path) -> None:
    stage = desk(tmp_path)
    stage.write({"calc.sh": ADDS, "README.md": "Changed.\n"})
    said = stage.say("verify", "calc", "--worktree")
    assert said.status == 1
    assert "C1   fail           must not change: README.md" in said.out
    assert said.out.endswith("Not accepted: 2 of 2 criteria pass at tier T2, but C1 does not hold.\n")
