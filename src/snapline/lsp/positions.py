"""Positions as editors count them, and the offsets that the rest of Snapline counts in.

An editor's position is a line from 0 and a number of code units in the encoding that both sides agreed on; ours is an
offset in code points. Lines end with LF, CRLF or CR, on both sides.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from snapline.base.text import Source, Span

_BEYOND_BASIC = 0xFFFF
_TWO_BYTES = 0x80
_THREE_BYTES = 0x800


class Encoding(StrEnum):
    """What an editor counts: bytes of UTF-8, units of UTF-16 (two for an astral character), or code points."""

    UTF_8 = "utf-8"
    UTF_16 = "utf-16"
    UTF_32 = "utf-32"


def chosen(offered: Sequence[str] | None) -> Encoding:
    """The first encoding of an editor's list that we know; UTF-16 is what every editor speaks."""
    return next((Encoding(one) for one in offered or () if one in set(Encoding)), Encoding.UTF_16)


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """An editor's position: line and code units within it, both from 0."""

    line: int
    character: int


@dataclass(frozen=True, slots=True)
class Range:
    """An editor's range; the end is exclusive."""

    start: Place
    end: Place


@dataclass(frozen=True, slots=True)
class Positions:
    """Translates between the offsets of one text and an editor's positions in it."""

    source: Source
    encoding: Encoding

    def place(self, offset: int) -> Place:
        """The position of an offset; beyond the text it is the end."""
        where = min(max(offset, 0), len(self.source.text))
        line = bisect_right(self.source.line_starts, where) - 1
        return Place(line, units(self.source.text[self.source.line_starts[line] : where], self.encoding))

    def range(self, span: Span) -> Range:
        """The range of a span."""
        return Range(self.place(span.start), self.place(span.end))

    def offset(self, place: Place) -> int:
        """The offset of a position; beyond a line's text it is the line's end, beyond the last line the text's end."""
        starts = self.source.line_starts
        if place.line >= len(starts):
            return len(self.source.text)
        start = starts[place.line]
        line = self.source.line_text(place.line + 1)
        return start + code_points(line, place.character, self.encoding)

    def span(self, given: Range) -> Span:
        """The span of a range; one that runs backwards is empty."""
        start = self.offset(given.start)
        return Span(start, max(start, self.offset(given.end)))


def units(text: str, encoding: Encoding) -> int:
    """How many code units a text has."""
    if encoding is Encoding.UTF_32 or text.isascii():
        return len(text)
    return sum(_width(char, encoding) for char in text)


def code_points(text: str, count: int, encoding: Encoding) -> int:
    """How many characters the first ``count`` code units hold; a unit inside a character counts it as before it."""
    if encoding is Encoding.UTF_32 or text.isascii():
        return min(count, len(text))
    passed = 0
    for index, char in enumerate(text):
        passed += _width(char, encoding)
        if passed > count:
            return index
    return len(text)


def _width(char: str, encoding: Encoding) -> int:
    point = ord(char)
    if encoding is Encoding.UTF_16:
        return 1 + (point > _BEYOND_BASIC)
    return 1 + (point >= _TWO_BYTES) + (point >= _THREE_BYTES) + (point > _BEYOND_BASIC)
