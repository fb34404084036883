# ruff: noqa: RUF001 - full-width characters and editors' quotes are what is tested
from __future__ import annotations

import pytest
from tests.spec.written import codes, fixed, only, quoted, section_of, spec_of

from snapline.spec.model import Budget, CheckKind, ConstraintEntry, ConstraintWord, SectionKind

W = ConstraintWord


def entry(text: str) -> ConstraintEntry:
    spec = section_of(SectionKind.CONSTRAINTS, f"- C1: {text}")
    assert codes(spec) == []
    found = only(spec).entry
    assert isinstance(found, ConstraintEntry)
    return found


@pytest.mark.parametrize(
    ("text", "word", "globs"),
    [
        ("Change only: `src/**`", W.CHANGE_ONLY, ["src/**"]),
        ("change ONLY: `a`, `b`; `c` and `d` or `e`.", W.CHANGE_ONLY, ["a", "b", "c", "d", "e"]),
        ("**Change only:** `a`, and `b`", W.CHANGE_ONLY, ["a", "b"]),
        ("*Change only*: `a`\n  `b`", W.CHANGE_ONLY, ["a", "b"]),
        ("Change only： `a`", W.CHANGE_ONLY, ["a"]),
        ("Do not change: `my dir/x y.md`", W.DO_NOT_CHANGE, ["my dir/x y.md"]),
        ("Do\n  not change: `a/`", W.DO_NOT_CHANGE, ["a/"]),
        ("Ask first: `{a,b}/[a-z]?.py`", W.ASK_FIRST, ["{a,b}/[a-z]?.py"]),
        ("Change only: `a`\n\n  This is because of b.", W.CHANGE_ONLY, ["a"]),
    ],
)
def test_globs(text: str, word: ConstraintWord, globs: list[str]) -> None:
    found = entry(text)
    assert (found.word, [glob.text for glob in found.globs]) == (word, globs)


def test_spans() -> None:
    spec = section_of(SectionKind.CONSTRAINTS, "- **Change only:** `src/**`")
    found = only(spec).entry
    assert isinstance(found, ConstraintEntry)
    assert spec.source.slice(found.word_span) == "Change only"
    assert spec.source.slice(found.globs[0].span) == "`src/**`"


def test_keep_passing() -> None:
    found = entry("Keep passing: `$ pytest -q` (timeout 20m), `a.py::t` and A1, A3-A4.")
    assert [(check.kind, check.text) for check in found.checks] == [
        (CheckKind.COMMAND, "pytest -q"),
        (CheckKind.TEST, "a.py::t"),
    ]
    assert [check.options.timeout for check in found.checks] == [1200, None]
    assert found.ids == ("A1", "A3", "A4")


@pytest.mark.parametrize(
    ("text", "pattern", "globs"),
    [
        ("Must not contain: `/print\\(/`", "print\\(", []),
        ("Must not contain: `/a/b/` in `src/**`, `x`", "a/b", ["src/**", "x"]),
    ],
)
def test_must_not_contain(text: str, pattern: str, globs: list[str]) -> None:
    found = entry(text)
    assert (found.pattern, [glob.text for glob in found.globs]) == (pattern, globs)


@pytest.mark.parametrize(
    "text",
    ["No new dependencies", "No network.", "no NEW dependencies (the standard library does)", "**No network**"],
)
def test_words_without_a_value(text: str) -> None:
    assert entry(text).word in (W.NO_NEW_DEPENDENCIES, W.NO_NETWORK)


@pytest.mark.parametrize(
    ("text", "lines", "files"),
    [
        ("At most: 300 lines", 300, None),
        ("At most: 1 file", None, 1),
        ("At most: 300 lines, 10 files.", 300, 10),
        ("At most: 300 lines and 10 files", 300, 10),
    ],
)
def test_at_most(text: str, lines: int | None, files: int | None) -> None:
    found = entry(text)
    assert (found.lines, found.files) == (lines, files)


@pytest.mark.parametrize(
    ("text", "budget"),
    [
        ("Budget: 3 attempts, 90m, $5, 400k tokens", Budget(3, 5400, 5, 400_000)),
        ("Budget: 1 attempt", Budget(attempts=1)),
        ("Budget: 2h and $2.50", Budget(wall=7200, money=2.5)),
        ("Budget: 2m tokens; 2m", Budget(wall=120, tokens=2_000_000)),
    ],
)
def test_budget(text: str, budget: Budget) -> None:
    assert entry(text).budget == budget


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("Change only:", "Change only"),
        ("Change only: src/**", "src/**"),
        ("Change only: the upload code", "the"),
        ("Change only: `src/**` please", "please"),
        ("Change only: `a` (and `b`)", "(and"),
        ("Do not change: `a`. It is generated.", "It"),
        ("Change only: `a\\b`", "`a\\b`"),
        ("Change only: `/a`", "`/a`"),
        ("Change only: `!a`", "`!a`"),
        ("Change only: `C:/a`", "`C:/a`"),
        ("Change only: `a[`", "`a[`"),
        ("Change only: `..`", "`..`"),
        ("Change only:\n  - `a`", "Change only"),
        ("Keep passing:", "Keep passing"),
        ("Keep passing: `pytest`", "`pytest`"),
        ("Keep passing: pytest", "pytest"),
        ("Must not contain:", "Must not contain"),
        ("Must not contain: `print`", "`print`"),
        ("Must not contain: /print/", "/print/"),
        ("Must not contain: `/a/` `b`", "`b`"),
        ("Must not contain: `/a/` in", "in"),
        ("At most:", "At most"),
        ("At most: 300", "300"),
        ("At most: `300 lines`", "`300 lines`"),
        ("At most: some lines", "some lines"),
        ("Budget:", "Budget"),
        ("Budget: a lot", "a lot"),
        ("Budget: 0 attempts", "0 attempts"),
        ("Budget: 3 attempts, 4 attempts", "4 attempts"),
        ("Change only: `a`\n\n  and `b`", "and `b`"),
    ],
)
def test_wrong_values(text: str, quote: str) -> None:
    spec = section_of(SectionKind.CONSTRAINTS, f"- C1: {text}")
    found = quoted(spec)
    assert found[0][0] == "CON506"
    assert any(one.startswith(quote) or quote.startswith(one) for _, one in found), found
    assert {code for code, _ in found} == {"CON506"}


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("Change only: src/**, `b`", "Change only: `src/**`, `b`"),
        ("Change only: src/a.py and b/", "Change only: `src/a.py` and `b/`"),
        ("Do not change: `a\\b`", "Do not change: `a/b`"),
    ],
)
def test_value_fixes(text: str, after: str) -> None:
    mended = fixed(section_of(SectionKind.CONSTRAINTS, f"- {text}"))
    assert mended == f"# Constraints\n- {after}\n"
    assert codes(spec_of(mended)) == []


@pytest.mark.parametrize(
    ("text", "variant", "after"),
    [
        ("Only change `src/**`", "error", "Change only: `src/**`"),
        ("Only change: `src/**`.", "error", "Change only: `src/**`."),
        ("Don't touch `a`, `b`", "error", "Do not change: `a`, `b`"),
        ("Don’t touch `a`", "error", "Do not change: `a`"),
        ("**Do not touch** `a`", "error", "**Do not change:** `a`"),
        ("Never change the `a`", "warning", "Do not change: the `a`"),
        ("Change only `src/**`", "warning", "Change only: `src/**`"),
        ("Keep passing `$ pytest`", "warning", "Keep passing: `$ pytest`"),
        ("Ask before changing `a`", "warning", "Ask first: `a`"),
        ("Ask first `a`", "warning", "Ask first: `a`"),
        ("At most 300 lines", "warning", "At most: 300 lines"),
        ("No more than 300 lines", "warning", "At most: 300 lines"),
        ("Budget 3 attempts", "warning", "Budget: 3 attempts"),
        ("No new deps", "warning", "No new dependencies"),
        ("No internet access.", "warning", "No network."),
        ("Must not include `/x/`", "warning", "Must not contain: `/x/`"),
    ],
)
def test_almost_vocabulary(text: str, variant: str, after: str) -> None:
    spec = section_of(SectionKind.CONSTRAINTS, f"- {text}")
    assert [(fault.code, fault.variant) for fault in spec.faults] == [("CON505", variant)]
    assert only(spec).entry is None
    assert fixed(spec) == f"# Constraints\n- {after}\n"


@pytest.mark.parametrize(
    "text",
    [
        "The API stays as it is",
        "Do not touch the billing service",
        "No network access is needed",
        "No new dependencies are wanted, if possible",
        "At most three people may log in",
        "At most 3 people may log in",
        "Change only what is needed",
        "Ask the owner of `x`",
        "Keep passing tests green",
        "Budget is tight",
        "Changes only in `a`",
        "`Change only: a`",
        "Limit the damage",
    ],
)
def test_prose(text: str) -> None:
    spec = section_of(SectionKind.CONSTRAINTS, f"- {text}")
    if text == "Changes only in `a`":
        assert codes(spec) == ["CON505"]
        return
    assert (codes(spec), only(spec).entry) == ([], None)


def test_paragraphs_are_entries_too() -> None:
    spec = section_of(SectionKind.CONSTRAINTS, "Change only: `a`\n\nKeep it small.\n\nNo network")
    assert [clause.entry is None for clause in spec.clauses()] == [False, True, False]
