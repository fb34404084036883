from __future__ import annotations

from dataclasses import dataclass

import pytest
from tests.verify.world import spec_of

from snapline.spec.model import Clause
from snapline.verify import constraints
from snapline.verify.report import ConstraintRow, ConstraintVerdict


@dataclass(frozen=True)
class Changed:
    """One changed path."""

    path: str
    added: int | None = 10
    removed: int | None = 0


DIFF = (
    Changed("src/calc.py"),
    Changed("docs/guide.md", 5, 5),
    Changed("uv.lock", 900),
    Changed("logo.png", None, None),
)


@dataclass(frozen=True)
class Added:
    """One added line."""

    path: str
    number: int
    text: str


ADDED = (
    Added("src/calc.py", 3, "    print(a)"),
    Added("docs/guide.md", 9, "`print(`"),
    Added("src/calc.py", 4, "TODO "),
)


def kept(clause: Clause) -> ConstraintRow:
    return ConstraintRow(clause.id, ConstraintVerdict.PASS, "kept")


@pytest.mark.parametrize(
    ("written", "verdict", "message"),
    [
        ("Change only: `src/**`, `docs`, `uv.lock`, `*.png`", "pass", ""),
        ("Change only: `src/**`", "fail", "changed outside: docs/guide.md, uv.lock, logo.png"),
        ("Do not change: `lib/**`", "pass", ""),
        ("do not change: `src/calc.py` and `docs/`", "fail", "must not change: src/calc.py, docs/guide.md"),
        ("At most: 20 lines", "pass", "20 lines in 3 files"),
        ("At most: 19 lines", "fail", "20 lines changed, at most 19"),
        ("At most: 2 files", "fail", "3 files changed, at most 2"),
        ("At most: 3 files", "pass", "20 lines in 3 files"),
        ("Budget: 3 attempts, 90m", "pass", "spent by attempts; a diff spends nothing"),
        ("Budget: $5", "could-not-run", "a budget of money or tokens is not enforced by this version"),
        ("Ask first: `src/**`", "ask", "a person decides on: src/calc.py"),
        ("Ask first: `lib/**`", "pass", ""),
        ("Must not contain: `/print\\(/`", "fail", "/print\\(/ was added in: src/calc.py:3, docs/guide.md:9"),
        ("Must not contain: `/print\\(/` in `src/**`", "fail", "/print\\(/ was added in: src/calc.py:3"),
        ("Must not contain: `/print\\(/` in `lib/**`", "pass", ""),
        ("Must not contain: `/^TODO$/`", "pass", ""),
        ("No new dependencies", "could-not-run", "the manifests were not compared"),
        ("No network", "pass", "held by the sandbox while the agent works; a diff reaches nothing"),
        ("Keep passing: `$ make test`", "pass", "kept"),
        ("It stays small.", "prose", "shown to the agent and the reviewer, enforced by nobody"),
    ],
)
def test_a_constraint_on_a_diff(written: str, verdict: str, message: str) -> None:
    spec = spec_of("- A1: Fine (manual).", f"- C1: {written}")
    assert constraints.hold(spec, DIFF, kept, ADDED) == (ConstraintRow("C1", ConstraintVerdict(verdict), message),)


def test_where_a_person_is_asked_the_fence_is_open_and_the_ban_holds() -> None:
    only, asked = "- C1: Change only: `src/**`, `uv.lock`, `*.png`", "- C2: Ask first: `docs/**`"
    spec = spec_of("- A1: Fine (manual).", f"{only}\n{asked}\n- C3: Do not change: `docs/guide.md`")
    rows = constraints.hold(spec, DIFF, kept)
    assert [(row.id, row.verdict) for row in rows] == [("C1", "pass"), ("C2", "ask"), ("C3", "fail")]
    without = spec_of("- A1: Fine (manual).", only)
    assert [row.verdict for row in constraints.hold(without, DIFF, kept)] == ["fail"]


def test_an_agent_must_not_touch_the_spec_or_the_configuration() -> None:
    touched = (*DIFF, Changed("specs/sums.md"), Changed("snapline.toml"), Changed("a/.git/config"))
    (row,) = constraints.protected(touched, "specs/sums.md", by_agent=True)
    assert (row.verdict, row.message) == ("fail", "protected, but changed: specs/sums.md, snapline.toml, a/.git/config")
    (row,) = constraints.protected(touched, "specs/sums.md", by_agent=False)
    assert row.verdict == "pass"
    assert constraints.protected(DIFF, "specs/sums.md", by_agent=True) == ()


def test_long_lists_are_cut() -> None:
    assert constraints.listing([f"f{number}" for number in range(7)]) == "f0, f1, f2, f3, f4 and 2 more"
