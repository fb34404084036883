"""Positions in all encodings, and changes as editors make them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lsprotocol import types

from snapline.base.text import Source, Span
from snapline.lsp.buffers import changed
from snapline.lsp.positions import Encoding, Place, Positions, Range, chosen

LETTERS = st.sampled_from(list("aé€😀\n\r\t\f\x0b\x85\u2028\u0301`(")) | st.just("\r\n")
TEXTS = st.lists(LETTERS, max_size=40).map("".join)
CODECS = {Encoding.UTF_8: ("utf-8", 1), Encoding.UTF_16: ("utf-16-le", 2), Encoding.UTF_32: ("utf-32-le", 4)}


def lines(text: str) -> list[str]:
    """The lines of a text with their ends, as the protocol parts them: at LF, CRLF and CR alone."""
    found, start = [], 0
    while start < len(text):
        ends = [at for at in (text.find("\n", start), text.find("\r", start)) if at >= 0]
        end = min(ends, default=len(text)) + 1
        end += text[end - 1 : end + 1] == "\r\n"
        found.append(text[start:end])
        start = min(end, len(text))
    return [*found, ""] if not found or found[-1][-1] in "\r\n" else found


@given(TEXTS, st.sampled_from(list(Encoding)), st.data())
def test_every_offset_has_its_place_and_comes_back(text: str, encoding: Encoding, data: st.DataObject) -> None:
    positions = Positions(Source("", text.encode(), text), encoding)
    offset = data.draw(st.integers(0, len(text)))
    place = positions.place(offset)
    codec, width = CODECS[encoding]
    parts = lines(text)
    before = sum(len(part) for part in parts[: place.line])
    assert len(text[before:offset].encode(codec)) // width == place.character
    visible = parts[place.line].rstrip("\r\n")
    assert positions.offset(place) == min(offset, before + len(visible))


@given(TEXTS, TEXTS, st.sampled_from(list(Encoding)), st.data())
def test_a_change_is_what_the_editor_made(text: str, new: str, encoding: Encoding, data: st.DataObject) -> None:
    positions = Positions(Source("", text.encode(), text), encoding)
    inside = st.sampled_from([at for at in range(len(text) + 1) if positions.offset(positions.place(at)) == at])
    start, end = sorted((data.draw(inside), data.draw(inside)))
    places = [types.Position(one.line, one.character) for one in (positions.place(start), positions.place(end))]
    change = types.TextDocumentContentChangePartial(types.Range(*places), new)
    assert changed(text, change, encoding) == text[:start] + new + text[end:]


def test_what_lies_beyond_is_the_end() -> None:
    positions = Positions(Source("", b"", "a😀\r\nb"), Encoding.UTF_16)
    assert positions.offset(Place(0, 2)) == 1
    assert positions.offset(Place(0, 99)) == 2
    assert positions.offset(Place(9, 0)) == 5
    assert positions.span(Range(Place(1, 1), Place(0, 0))) == Span(5, 5)


@pytest.mark.parametrize(
    ("offered", "wanted"),
    [
        (None, Encoding.UTF_16),
        ([], Encoding.UTF_16),
        (["utf-7"], Encoding.UTF_16),
        (["utf-32", "utf-8"], Encoding.UTF_32),
        (["x", "utf-8"], Encoding.UTF_8),
    ],
)
def test_the_first_encoding_that_is_known_is_chosen(offered: list[str] | None, wanted: Encoding) -> None:
    assert chosen(offered) is wanted
