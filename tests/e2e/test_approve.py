"""Approving: everything that refuses, with its message, hint and status; and what an approval pins."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from tests.e2e.desk import A1, A2, A3, desk, spec
from tests.e2e.stage import Stage

VACUOUS = "- A1: Always so: `$ true`"
ABSENT_TOOL = "- A1: With a tool: `$ no-such-program --all`"
NEARLY = "- A4: What worked goes on (regresion)"


@dataclass(frozen=True)
class Row:
    """A spec that is not approved. ``words`` must be said, ``hint`` is in the hint."""

    text: str
    status: int
    code: str
    words: str
    hint: str = ""
    arguments: tuple[str, ...] = ()
    environment: dict[str, str] = field(default_factory=dict)


ROWS = {
    "findings": Row(spec(NEARLY), 4, "lint-errors", "the spec has 1 error finding", "--waive CODE --because TEXT"),
    "waiver-without-reason": Row(
        spec(NEARLY), 2, "bad-waiver", "waiving ACC318 needs a reason", "--because", ("--waive", "ACC318")
    ),
    "waiver-of-what-must-hold": Row(
        spec("Nothing yet."),
        2,
        "bad-waiver",
        "IDS021 cannot be waived",
        "must be mended",
        ("--waive", "IDS021", "--because", "hurry"),
    ),
    "waiver-of-nothing": Row(
        spec(),
        2,
        "bad-waiver",
        "there is no finding CON503 to waive",
        "snapline lint",
        ("--waive", "CON503", "--because", "x"),
    ),
    "vacuous": Row(
        spec(f"{VACUOUS}\n{A3}"),
        4,
        "vacuous",
        "vacuous: A1 passes before anything was done",
        "(regression)",
        ("--waive", "ACC311", "--because", "that is the point of it"),
    ),
    "could-not-run": Row(
        spec(f"{ABSENT_TOOL}\n{A3}"), 3, "could-not-run", "A1 could not run: the program `no-such-program`", "[env]"
    ),
    "could-not-run-and-vacuous": Row(
        spec(f"{ABSENT_TOOL}\n- A2: Holds: `$ test -f README.md`"), 3, "could-not-run", "vacuous: A2 passes", "[env]"
    ),
    "not-enforced": Row(
        spec(constraints="- C1: Budget: $5"),
        4,
        "not-enforced",
        "specs/case.md:11:7: `Budget` in money",
        "Take it out",
    ),
    "no-such-branch": Row(spec(), 2, "no-target", "no local branch `nope`", "--target", ("--target", "nope")),
    "no-such-spec": Row(spec(), 2, "no-such-spec", "there is no spec 'cas'", "Did you mean `case`?"),
    "no-such-revision": Row(spec(), 4, "not-approved", "`case@12345678` is not approved", "snapline approve case"),
    "inside-an-attempt": Row(
        spec(),
        4,
        "inside-attempt",
        "inside the attempt case#1",
        "for a person",
        environment={"SNAPLINE_ATTEMPT": "case#1"},
    ),
}
NAMES = {"no-such-spec": "cas", "no-such-revision": "case@12345678"}


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Stage:
    """One repository for everything that leaves nothing behind."""
    return desk(tmp_path_factory.mktemp("approve"))


@pytest.mark.parametrize("name", ROWS)
def test_what_refuses_says_so_and_pins_nothing(name: str, shared: Stage) -> None:
    row = ROWS[name]
    shared.write({"specs/case.md": row.text})
    shared.environment = row.environment
    outcome = shared.snapline("approve", NAMES.get(name, "case"), *row.arguments)
    assert outcome.status == row.status, outcome.stderr
    error = outcome.document["error"]
    assert (error["code"], set(error)) == (row.code, {"code", "message", "hint"})
    assert row.words in error["message"]
    assert row.hint in error["hint"]
    assert shared.git("for-each-ref", "refs/snapline") == ""
    assert (shared.root / "specs/case.md").read_text() == row.text


def test_what_lint_found_is_shown_beside_the_refusal(shared: Stage) -> None:
    shared.environment = {}
    shared.write({"specs/case.md": spec(NEARLY)})
    said = shared.say("approve", "case")
    assert (said.status, said.out) == (4, "")
    assert "error ACC318" in said.err
    assert "^^^^^^^^^^^" in said.err
    assert said.err.index("ACC318") < said.err.index("error: the spec has 1 error finding")


def test_a_waived_error_is_pinned_with_its_reason(shared: Stage) -> None:
    shared.environment = {}
    shared.write({"specs/case.md": spec(f"{A1}\n{NEARLY}", front="id: waived")})
    outcome = shared.snapline("approve", "specs/case.md", "--waive", "ACC318:A4", "--because", "known", "--by", "Ada")
    assert outcome.status == 0, outcome.stderr
    assert outcome.document["waived"] == [{"code": "ACC318", "clause": "A4", "because": "known"}]
    assert outcome.document["manual"] == ["A4"]


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    return desk(tmp_path)


def test_an_approval_says_what_fails_now_and_why(stage: Stage) -> None:
    stage.write({"specs/calc.md": spec(f"{A1}\n{A2}\n{A3}")})
    said = stage.say("approve", "calc", "--by", "@ada", "--target", "main")
    assert said.status == 0, said.err
    assert "A1   fails now because: " in said.out
    assert "A2   fails now because: mul.sh is not there" in said.out
    assert "A3   passes now (regression)" in said.out
    assert " by @ada for main at " in said.out
    assert said.out.endswith("Next: snapline run calc\n")
    again = stage.snapline("approve", "calc@" + said.out.partition("calc@")[2][:8])
    assert again.status == 0
    assert {one["id"]: one["state"] for one in again.document["baseline"]} == {
        "A1": "failed",
        "A2": "absent",
        "A3": "passed",
    }


def detach(stage: Stage) -> None:
    stage.git("checkout", "-q", "--detach")


def no_commits(stage: Stage) -> None:
    stage.git("checkout", "-q", "--orphan", "empty")


def broken_environment(stage: Stage) -> None:
    stage.write({"snapline.toml": "[env]\ncheck = 'false'\n"})
    stage.commit("Break the environment")


def bad_settings(stage: Stage) -> None:
    stage.write({"snapline.toml": "[lanes.default]\nslotz = 2\n"})
    stage.commit("Mistype a key")


@pytest.mark.parametrize(
    ("prepare", "status", "code", "words"),
    [
        (detach, 2, "no-target", "HEAD is detached"),
        (no_commits, 2, "no-commits", "no commit yet"),
        (broken_environment, 3, "environment-unproved", "the environment does not work at "),
        (bad_settings, 2, "bad-config", "slotz"),
    ],
)
def test_where_it_cannot_be_approved(
    prepare: Callable[[Stage], None], status: int, code: str, words: str, stage: Stage
) -> None:
    prepare(stage)
    outcome = stage.snapline("approve", "calc")
    assert (outcome.status, outcome.document["error"]["code"]) == (status, code), outcome.document
    assert words in outcome.document["error"]["message"]


def test_an_approval_that_cannot_be_sent_stands(stage: Stage) -> None:
    said = stage.say("approve", "calc", "--push")
    assert said.status == 2
    assert " is approved, but its record was not sent: there is no remote `origin`" in said.err
    assert stage.snapline("plan", "calc").document["approved"] is True
