from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from snapline.spec.blocks import Line
from snapline.spec.inline import Inline, Kind, scan_lines

ALPHABET = st.sampled_from([*"ab \n`*_\\&<>!-[]()\"'/=:;.é1#", "``", "**", "<!--", "-->", "&amp;", "](", "<b>", "$ "])


def scan(text: str) -> Inline:
    return scan_lines(text, [Line(0, len(text))])


def theirs(text: str) -> list[tuple[str, str]]:
    """Code spans and emphasis marks in markdown-it's order, links and images off (their brackets are text to us)."""
    parser = MarkdownIt("commonmark").disable(["link", "image"])
    (token,) = parser.parseInline(text)
    found = []
    for child in token.children or ():
        if child.type == "code_inline":
            found.append(("code", child.content))
        elif child.type in ("em_open", "em_close", "strong_open", "strong_close"):
            found.append(("mark", child.markup))
        elif child.type == "html_inline":
            found.append(("html", child.content))
    return found


def ours(text: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for piece in scan(text).pieces:
        if piece.kind is Kind.CODE:
            found.append(("code", piece.value))
        elif piece.kind in (Kind.HTML, Kind.COMMENT) and not re.match(r"<[a-z0-9.+-]+[:@]", piece.value, re.IGNORECASE):
            found.append(("html", piece.value))
    return found


@given(st.lists(ALPHABET, max_size=40).map("".join))
@settings(max_examples=500, deadline=None)
def test_code_and_html_are_markdown_its(text: str) -> None:
    text = re.sub(r"[ \t]*\n\s*", "\n", text.strip()).replace("](", "]_(")
    text = re.sub("-{3,}", "--", text)  # markdown-it does not see the end of `<!-- --->` as CommonMark 0.31 does
    assert ours(text) == [one for one in theirs(text) if one[0] != "mark"]


@given(
    st.lists(st.sampled_from(["a", "b", " ", "*", "_", "**", "__", "***", ".", "é", "(", "\n"]), max_size=30).map(
        "".join
    )
)
@settings(max_examples=500, deadline=None)
def test_emphasis_is_markdown_its(text: str) -> None:
    text = re.sub(r"[ \t]*\n\s*", "\n", text.strip())
    markers = sum(1 for piece in scan(text).pieces if piece.kind is Kind.MARKER)
    assert markers == sum(len(markup) for kind, markup in theirs(text) if kind == "mark")
    (token,) = MarkdownIt("commonmark").disable(["link", "image"]).parseInline(text)
    shown = "".join(child.content if child.type != "softbreak" else "\n" for child in token.children or ())
    assert "".join(piece.value for piece in scan(text).pieces if piece.kind is Kind.TEXT) == shown


@given(st.text(max_size=60) | st.lists(ALPHABET, max_size=60).map("".join))
@settings(max_examples=200, deadline=None)
def test_pieces_cover_the_text(text: str) -> None:
    inline = scan(text)
    assert "".join(inline.text[piece.start : piece.end] for piece in inline.pieces) == text
    assert len(inline.masked) == len(text)


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("a `b` c", "a \0\0\0 c"),
        ("**a** b", "  a   b"),
        ("a <!-- b --> c", "a            c"),
        ("\\(a\\)", "\x1a\x1aa\x1a\x1a"),
        ("&#40;a", "\x1a" * 5 + "a"),
        ("[a](b c)", "[a](b c)"),
        ("[a](b)", "[a    "),
    ],
)
def test_masked(text: str, masked: str) -> None:
    assert scan(text).masked == masked


def test_lines_keep_their_places() -> None:
    text = "x> a `b\n  > c` d"
    inline = scan_lines(text, [Line(3, 7), Line(12, len(text))])
    (code,) = inline.code_spans()
    assert (code.text, text[code.span.start : code.span.end]) == ("b c", "`b\n  > c`")
    assert text[code.inner.start : code.inner.end] == "b\n  > c"


def test_limit() -> None:
    inline = scan_lines("`a` `b` `c`", [Line(0, 11)], 2)
    assert [piece.value for piece in inline.pieces if piece.kind is Kind.CODE] == ["a", "b"]
    assert inline.unread == 7
    assert inline.masked[7:].strip() == ""
