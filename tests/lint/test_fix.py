"""Fixing a text: what is applied, what is left, and that nothing else of the spec ever changes."""

from __future__ import annotations

import time
from collections import Counter
from pathlib import Path

import pytest
from tests.lint.test_rules import circumstances

from snapline.base.diagnostics import Applicability, Severity
from snapline.base.text import Edit, Source, Span
from snapline.lint.fix import Mended, mend
from snapline.lint.harm import harm
from snapline.lint.registry import all_rules
from snapline.lint.rule import Context
from snapline.lint.run import lint
from snapline.spec.parser import parse

FOLDERS = Path(__file__).parent / "rules"
SAFE = (Applicability.SAFE,)
BOTH = (Applicability.SAFE, Applicability.SUGGESTED)
CODES = [rule.code for rule in all_rules()]


def fixture(code: str, wanted: tuple[Applicability, ...]) -> tuple[Context, Mended]:
    folder = FOLDERS / code
    source = Source.from_bytes("bad.md", (folder / "bad.md").read_bytes())
    return circumstances(folder, source), mend(source, lambda one: circumstances(folder, one), wanted)


def mended(text: str, wanted: tuple[Applicability, ...] = SAFE) -> Mended:
    return mend(Source.from_bytes("x.md", text.encode()), lambda one: Context(parse(one)), wanted)


@pytest.mark.parametrize("wanted", [SAFE, BOTH], ids=["safe", "both"])
@pytest.mark.parametrize("code", CODES)
def test_no_fix_brings_about_an_error(code: str, wanted: tuple[Applicability, ...]) -> None:
    context, after = fixture(code, wanted)
    errors = [
        Counter(one.code for one in found if one.severity is Severity.ERROR)
        for found in (after.findings, lint(context))
    ]
    assert errors[0] <= errors[1]
    assert {one.fix.applicability for one in after.fixed if one.fix} <= set(wanted)


@pytest.mark.parametrize("wanted", [SAFE, BOTH], ids=["safe", "both"])
@pytest.mark.parametrize("code", CODES)
def test_a_second_run_finds_nothing_to_do(code: str, wanted: tuple[Applicability, ...]) -> None:
    _, first = fixture(code, wanted)
    again = mend(first.source, lambda one: circumstances(FOLDERS / code, one), wanted)
    assert (again.source.raw, again.fixed) == (first.source.raw, ())


def test_safe_fixes_leave_what_is_suggested() -> None:
    after = mended("# Goal\n- It is.\n\n# Constraints\n- C1: Change only `src/**`\n- C1: Change only: `a`\n")
    assert [one.code for one in after.fixed if one.fix and one.fix.applicability is Applicability.SUGGESTED] == []
    assert {one.code for one in after.fixed} >= {"IDS021"}
    assert "IDS022" in {one.code for one in after.findings}


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_every_other_byte_stays(ends: str, mark: str) -> None:
    text = mark + "# Goal\n-  It is.  \n\n*  And so.\t\n\n\n# Acceptance\n1)  A.\n\n\n2)  B.".replace("\n", ends)
    after = mended(text)
    ids = ("G1: It", "G2: And", "A1: A.", "A2: B.")
    expected = text
    for one in ids:
        expected = expected.replace(one.partition(" ")[2], one, 1)
    assert after.source.text == expected


def test_what_the_other_fix_clears_is_not_fixed_twice() -> None:
    after = mended("# Acceptance\n- A1: It sends: `pytest -q tests`\n", BOTH)
    assert "- A1: It sends: `$ pytest -q tests`\n" in after.source.text


def test_a_fix_that_would_bring_about_an_error_is_told() -> None:
    after = mended("# Goal\n- G1: It is.\n", BOTH)
    reasons = {one.reason for one in after.refused if one.finding.code == "SEC001"}
    assert "it would bring about SEC002: the section Task is empty" in reasons
    assert after.fixed == ()


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        (Edit(Span(12, 18), "so it is"), None),
        (Edit(Span(19, 20), " "), "it would change G1"),
        (Edit(Span(18, 18), "\n\n```\n"), "it would change G2"),
        (Edit(Span(20, 20), "- and\n"), None),
        (Edit(Span(20, 20), "> "), "it would change G2"),
        (Edit(Span(45, 50), "lines"), None),
        (Edit(Span(35, 36), "M"), "it would change the section Notes"),
        (Edit(Span(31, 31), "# Task\n"), None),
        (Edit(Span(0, 0), "---\nlane: x\n---\n"), "it would change the front matter's meaning"),
    ],
)
def test_harm_is_told(edit: Edit, said: str | None) -> None:
    text = "# Goal\n- G1: It is.\n- G2: And.\n# Notes\n\nsome words\n"
    old = parse(Source.from_bytes("x.md", text.encode()))
    new = parse(Source.from_bytes("x.md", (text[: edit.span.start] + edit.text + text[edit.span.end :]).encode()))
    assert harm(old, new, [edit], {"IDS024"}, set()) == said


def test_a_large_text_is_fixed_in_moments() -> None:
    began = time.process_time()
    after = mended("# Goal\n" + "- It is.\n" * 1500 + "# Acceptance\n" + "- `$ true`\n" * 500)
    assert time.process_time() - began < 8
    assert len(after.fixed) == 2000
    assert after.source.text.count("\n- G") + after.source.text.count("\n- A") == 2000
