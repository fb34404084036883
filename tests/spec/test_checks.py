from __future__ import annotations

import pytest
from tests.spec.written import codes, only, quoted, section_of

from snapline.spec.checks import read_node
from snapline.spec.model import CheckKind, Clause, SectionKind, Spec, TestNode, TranscriptStep


def criterion(text: str) -> tuple[Spec, Clause]:
    spec = section_of(SectionKind.ACCEPTANCE, f"- A1: {text}")
    return spec, only(spec)


@pytest.mark.parametrize(
    ("text", "checks"),
    [
        ("`$ pytest -q tests`", [("command", "pytest -q tests")]),
        ("`` $ echo `x` ``", [("command", "echo `x`")]),
        ("`$ a` then `$ b | c`", [("command", "a"), ("command", "b | c")]),
        ("`tests/a.py::test_b`", [("test", "tests/a.py::test_b")]),
        ("`a.py::T::test_b[x y::z]`", [("test", "a.py::T::test_b[x y::z]")]),
        ("`./a.py::t`", [("test", "a.py::t")]),
        ("`$ a` and `a.py::t` hold", [("command", "a"), ("test", "a.py::t")]),
        ("It reads well", [("manual", "")]),
        ("`src/a.py` is `pytest`", [("manual", "")]),
        ("`$HOME` is set", [("manual", "")]),
        ("costs $ 5", [("manual", "")]),
        ("`$ a` (manual)", [("command", "a"), ("manual", "")]),
        ("x\n\n  `$ a`", [("command", "a")]),
    ],
)
def test_forms(text: str, checks: list[tuple[str, str]]) -> None:
    spec, clause = criterion(text)
    assert [(check.kind.value, check.text) for check in clause.checks] == checks
    assert codes(spec) == []


@pytest.mark.parametrize(
    "text",
    [
        "`$ `",
        "`$`",
        "`$pytest -q`",
        "`/abs/a.py::t`",
        "`../a.py::t`",
        "`a\\b.py::t`",
        "`a.py::t[`",
        "`a.py::1x`",
        "`a.py::T.t`",
    ],
)
def test_what_would_not_run(text: str) -> None:
    spec, clause = criterion(f"x {text} y")
    assert quoted(spec) == [("ACC313", text)]
    assert [check.kind for check in clause.checks] == [CheckKind.MANUAL]


@pytest.mark.parametrize(
    ("text", "node"),
    [
        ("a.py::t", TestNode("a.py", ("t",))),
        ("a/b.py::C::t[1-2]", TestNode("a/b.py", ("C", "t"), "1-2")),
        ("a.py::t[]", TestNode("a.py", ("t",), "")),
        ("a.py::t[x]]", TestNode("a.py", ("t",), "x]")),
        ("a.py::täst", TestNode("a.py", ("täst",))),
        ("a.py", None),
        ("a b.py::t", None),
        ("a.py::t x", None),
        ("a.py::", None),
    ],
)
def test_nodes(text: str, node: TestNode | None) -> None:
    assert read_node(text) == node
    if node:
        assert node.text == text


def fence(info: str, *lines: str) -> tuple[Spec, Clause]:
    body = "".join(f"  {line}\n" for line in lines)
    return criterion(f"x\n\n  ```{info}\n{body}  ```")


@pytest.mark.parametrize("language", ["sh", "bash", "python", "node"])
def test_scripts(language: str) -> None:
    spec, clause = fence(f"{language} check", "a", "", "  b")
    assert [(check.kind, check.language, check.text) for check in clause.checks] == [
        (CheckKind.SCRIPT, language, "a\n\n  b\n")
    ]
    assert codes(spec) == []


@pytest.mark.parametrize("info", ["ruby check", "check", "py check", "sh checks", "sh Check", "sh {check}", "consol"])
def test_scripts_that_would_not_run(info: str) -> None:
    spec, clause = fence(info, "a")
    assert quoted(spec) == [("ACC313", info)]
    assert clause.executable == ()


@pytest.mark.parametrize("info", ["", "sh", "python", "text checklist", "shell", "json"])
def test_other_fences_are_prose(info: str) -> None:
    spec, clause = fence(info, "$ a")
    assert (codes(spec), clause.executable) == ([], ())


def test_an_empty_script_and_an_unclosed_fence() -> None:
    assert codes(fence("sh check", "")[0]) == ["ACC313"]
    spec, clause = criterion("x\n\n  ```sh check\n  a\n\n# Goal\n")
    assert quoted(spec) == [("ACC313", "sh check")]
    assert clause.executable == ()


def test_fences_of_the_model() -> None:
    spec, clause = fence("sh  check", "a", "b")
    (one,) = clause.fences
    text = spec.source
    assert (one.info, text.slice(one.info_span), one.text) == ("sh  check", "sh  check", "a\nb\n")
    assert text.slice(one.span) == "```sh  check\n  a\n  b\n  ```"
    assert text.slice(one.inner) == "  a\n  b\n  "


@pytest.mark.parametrize(
    ("lines", "steps"),
    [
        (["$ a", "x", "y"], [TranscriptStep("a", ("x", "y"))]),
        (["$ a", "$ b", "[3]"], [TranscriptStep("a", ()), TranscriptStep("b", (), 3)]),
        (["$ a \\", "> b", "> c", "x"], [TranscriptStep("a \\\nb\nc", ("x",))]),
        (["$ a", "x", "> y"], [TranscriptStep("a", ("x", "> y"))]),
        (["$ a", "x  ", "", "y", "", ""], [TranscriptStep("a", ("x", "", "y"))]),
        (["$ a", "\\[1]", "\\..."], [TranscriptStep("a", ("\\[1]", "\\..."))]),
        (["$ a", "[1]", "x"], [TranscriptStep("a", ("[1]", "x"))]),
        (["$ a", "[1]", ""], [TranscriptStep("a", (), 1)]),
        (["no command"], []),
        ([], []),
    ],
)
def test_transcripts(lines: list[str], steps: list[TranscriptStep]) -> None:
    spec, clause = fence("console", *lines)
    assert [check.kind for check in clause.checks] == [CheckKind.TRANSCRIPT]
    assert list(clause.checks[0].steps) == steps
    assert codes(spec) == []


@pytest.mark.parametrize("lines", [["x", "$ a"], ["$ "], ["$ a", "[999]"]])
def test_transcripts_that_cannot_be_read(lines: list[str]) -> None:
    assert codes(fence("console", *lines)[0]) == ["ACC313"]


def test_commands_are_read_only_where_they_belong() -> None:
    for kind in (SectionKind.GOAL, SectionKind.INTERFACES, SectionKind.CLARIFICATIONS):
        spec = section_of(kind, "- Run `$ pytest` (slow)")
        assert (only(spec).checks, codes(spec)) == ((), [])


def test_checks_in_a_table() -> None:
    spec = section_of(SectionKind.ACCEPTANCE, "| what | how |\n|---|---|\n| a | `$ x \\| y` |\n| b | `$ z` |")
    assert [check.kind for check in only(spec).checks] == [CheckKind.COMMAND, CheckKind.COMMAND]
