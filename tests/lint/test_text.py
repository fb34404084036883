"""The text that people see: carets under the exact characters, whatever the line is made of."""

from __future__ import annotations

import re
import unicodedata

import pytest

from snapline.base.diagnostics import Finding, Severity
from snapline.base.text import Source, Span
from snapline.lint.render.columns import ROOM, excerpt
from snapline.lint.render.text import ansi, render
from snapline.lint.result import FileResult


def result(text: str, quoted: str, hint: str = "", clause: str | None = None) -> FileResult:
    source = Source.from_bytes("specs/x.md", text.encode())
    start = text.index(quoted)
    span = Span(start, start + len(quoted))
    finding = Finding("ACC303", "no-check", Severity.WARNING, "specs/x.md", span, "it is", hint, clause)
    return FileResult(source, (finding,))


def columns(text: str) -> int:
    """Columns as the Unicode tables say, told apart from our own counting."""
    return sum(
        0 if unicodedata.combining(one) else 2 if unicodedata.east_asian_width(one) in "WF" else 1 for one in text
    )


@pytest.mark.parametrize(
    ("line", "quoted"),
    [
        ("- A1: plain words", "plain"),
        ("- A1: 上传 plain words", "plain"),
        ("- A1: the 上传 words", "上传"),
        ("\t- A1:\tplain words", "plain"),
        ("- A1: e\u0301te\u0301 plain words", "plain"),
        ("x" * 300 + " plain " + "y" * 300, "plain"),
        ("上" * 300 + " plain " + "传" * 300, "plain"),
        ("\t" * 90 + " plain", "plain"),
    ],
)
def test_carets_stand_under_the_span(line: str, quoted: str) -> None:
    shown, padding, carets = excerpt(line, line.index(quoted), line.index(quoted) + len(quoted))
    at = shown.index(quoted)
    assert columns(shown[:at]) == padding
    assert columns(quoted) == carets
    assert columns(shown) <= ROOM + 2
    assert "\t" not in shown


@pytest.mark.parametrize(("start", "end"), [(0, 0), (5, 5), (5, 900), (800, 900)])
def test_there_is_always_a_caret_and_never_one_beyond_what_is_shown(start: int, end: int) -> None:
    shown, padding, carets = excerpt("w" * 900, start, end)
    assert carets >= 1
    assert padding + carets <= len(shown) + 1


def test_an_empty_line_has_one_caret() -> None:
    assert excerpt("", 0, 0) == ("", 0, 1)


def test_the_whole_of_a_finding() -> None:
    assert render([result("# Task\nnothing here\n", "here", hint="Do it.", clause="A3?")]) == (
        "specs/x.md:2:9: warning ACC303 no-check [A3?]: it is\n"
        "  2 | nothing here\n"
        "    |         ^^^^\n"
        "    = hint: Do it.\n"
        "\n"
        "1 file: 0 errors, 1 warning, 0 infos; spec debt 2\n"
    )


def test_a_span_of_several_lines_is_marked_on_its_first() -> None:
    assert "  1 | one two\n    |     ^^^\n" in render([result("one two\nthree\n", "two\nthree")])


def test_nothing_in_a_spec_moves_the_terminal() -> None:
    text = render([result("a \x1b[2J\x07\u202e bad\n", "bad")])
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", text)
    assert "a \ufffd[2J\ufffd\ufffd bad" in text


def test_colour_changes_no_width() -> None:
    one = [result("# Task\nnothing here\n", "here", hint="Do it.")]
    assert re.sub(r"\x1b\[[\d;]*m", "", render(one, ansi)) == render(one)
    assert render(one, ansi) != render(one)


def test_no_findings_leave_the_summary() -> None:
    assert render([]) == "0 files: 0 errors, 0 warnings, 0 infos; spec debt 0\n"
