"""The inside of a paragraph: code spans, comments, escapes, links' targets and emphasis, with exact places.

markdown-it's inline parser gives no positions and takes quadratic time on hostile brackets, so this is our own scanner:
one regular expression finds the next character that means something, and every construct is closed by a look-up that
is linear over the whole text. It agrees with markdown-it on code, HTML and emphasis (a test compares the two).
"""

from __future__ import annotations

import html.entities
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from enum import Enum, auto
from functools import cached_property
from typing import Final

from snapline.base.record import Record
from snapline.base.regex import regex
from snapline.base.text import Span
from snapline.spec.blocks import Line
from snapline.spec.emphasis import markers
from snapline.spec.model import CodeSpan

MAX_MARKS: Final = 30_000
"""Meaningful characters that are read, by default; what follows them is plain text, and reported (FMT012)."""
PARENTHESIS_COST: Final = 3
"""A parenthesis is read once more for options and references."""

MEANINGFUL: Final = regex(
    r"(?P<ticks>`+)|(?P<escape>\\(?:[!-/:-@\[-`{-~]|\n))"
    r"|(?P<entity>&(?:\#[xX][0-9a-fA-F]{1,6}|\#[0-9]{1,7}|[A-Za-z][A-Za-z0-9]{1,31});)"
    r"|(?P<run>\*+|_+)|(?P<html><)|(?P<target>\]\()"
)
"""What is more than text, or may be."""
_SIGN: Final = regex(r"[`\\&*_<\]]")
"""What each of them begins with: looked for ten times as fast."""
_TAG: Final = regex(
    r"<(?:[A-Za-z][A-Za-z0-9-]*+(?:\s++[A-Za-z_:][\w:.-]*+(?:\s*+=\s*+(?:[^\s\"'=<>`]++|'[^']*+'|\"[^\"]*+\"))?+)*+\s*+/?>"
    r"|/[A-Za-z][A-Za-z0-9-]*+\s*+>)",
    re.ASCII,
)
_AUTOLINK: Final = regex(
    r"<(?:[A-Za-z][A-Za-z0-9+.-]{1,31}:[^\x00-\x20<>\x7f]*+|[\w.!#$%&'*+/=?^`{|}~-]{1,200}@[A-Za-z0-9.-]{1,200})>",
    re.ASCII,
)
_TARGET: Final = regex(
    r"\]\([ \t]*+\n?[ \t]*+(?:<(?:[^<>\\\n]|\\.)*+>|(?!<)(?:[^\s()\\]|\\.|\((?:[^\s()\\]|\\.)*+\))*+)"
    r"(?:[ \t\n]++(?:\"[^\"]*+\"|'[^']*+'|\([^()]*+\)))?+[ \t\n]*+\)"
)
_ENDS: Final = (("<!--", "-->"), ("<?", "?>"), ("<![CDATA[", "]]>"))


class Kind(Enum):
    """What a piece of a paragraph is."""

    TEXT = auto()
    CODE = auto()
    MARKER = auto()
    COMMENT = auto()
    HTML = auto()
    TARGET = auto()


class Piece(Record, frozen=True):
    """A piece between two offsets of :attr:`Inline.text`; ``value`` is what it reads as: escapes are resolved."""

    kind: Kind
    start: int
    end: int
    value: str


class Inline(Record, frozen=True, dict=True, gc=True):
    """The inline content of one block: its lines joined by LF, and the pieces that it consists of, in order.

    ``marks`` is how many meaningful characters were read, ``unread`` where reading stopped.
    """

    text: str
    pieces: tuple[Piece, ...]
    unread: int | None = None
    marks: int = 0
    line_starts: tuple[int, ...] = (0,)
    _places: tuple[int, ...] = (0,)

    def place(self, offset: int) -> int:
        """The source offset of an offset in ``text``."""
        index = bisect_right(self.line_starts, offset) - 1
        return self._places[index] + offset - self.line_starts[index]

    def span(self, start: int, end: int) -> Span:
        """The source span of a range of ``text``."""
        if len(self._places) == 1:
            base = self._places[0]
            return Span(base + start, base + max(start, end))
        if end <= start:
            return Span(self.place(start), self.place(start))
        return Span(self.place(start), self.place(end - 1) + 1)

    def code_spans(self) -> tuple[CodeSpan, ...]:
        """All inline code, in order."""
        return self._codes

    @cached_property
    def _codes(self) -> tuple[CodeSpan, ...]:
        return tuple([self.code(piece) for piece in self.pieces if piece.kind is Kind.CODE])

    def code(self, piece: Piece) -> CodeSpan:
        """One piece of inline code, in source terms."""
        ticks = ticks_of(self.text, piece)
        return CodeSpan(
            self.span(piece.start, piece.end), self.span(piece.start + ticks, piece.end - ticks), piece.value
        )

    def pieces_between(self, start: int, end: int) -> tuple[Piece, ...]:
        """The pieces that lie wholly between two offsets."""
        first = bisect_left(self._piece_starts, start)
        last = bisect_left(self._piece_starts, end)
        return tuple(piece for piece in self.pieces[first:last] if piece.end <= end)

    def pieces_over(self, start: int, end: int) -> tuple[Piece, ...]:
        """The pieces that share at least one character with a range."""
        first = max(0, bisect_right(self._piece_starts, start) - 1)
        last = bisect_left(self._piece_starts, end)
        return tuple(piece for piece in self.pieces[first:last] if piece.end > start)

    @cached_property
    def _piece_starts(self) -> tuple[int, ...]:
        return tuple(piece.start for piece in self.pieces)

    @cached_property
    def masked(self) -> str:
        """``text`` with code, comments, HTML, targets and emphasis markers blanked: same length, words only.

        Code is written as NUL, so that patterns can ask for it; an escape or entity as :data:`LITERAL_MARK`, so that no
        pattern takes it for structure.
        """
        masked = _masked(self.pieces)
        return masked if self.unread is None else masked[: self.unread].ljust(len(masked))


CODE_MARK: Final = "\x00"
"""How :attr:`Inline.masked` shows code; no spec contains it."""
LITERAL_MARK: Final = "\x1a"
"""How :attr:`Inline.masked` shows a character that was escaped."""


def ticks_of(text: str, piece: Piece) -> int:
    """How many backticks enclose a piece of code."""
    count = piece.start
    while text[count] == "`" and count < piece.end:
        count += 1
    return count - piece.start


def scan_lines(text: str, lines: Iterable[Line], limit: int = MAX_MARKS) -> Inline:
    """Scan the lines of a block; ``text`` is the source's, ``limit`` the number of marks that may be read."""
    parts: list[str] = []
    starts: list[int] = []
    places: list[int] = []
    length = 0
    for line in lines:
        part = text[line.start : line.end]
        starts.append(length)
        places.append(line.start)
        parts.append(part)
        length += len(part) + 1
    joined = "\n".join(parts)
    cost = PARENTHESIS_COST * (joined.count("(") + joined.count("（"))  # noqa: RUF001 - full-width ones count
    pieces, unread, used = _scan(joined, limit - cost)
    return Inline(joined, pieces, unread, cost + used, tuple(starts) or (0,), tuple(places) or (0,))


class _Ticks:
    """Where runs of backticks of each length begin, looked up in logarithmic time."""

    def __init__(self, text: str) -> None:
        self.by_length: dict[int, list[int]] = {}
        for match in re.finditer("`+", text):
            self.by_length.setdefault(match.end() - match.start(), []).append(match.start())

    def closing(self, length: int, after: int) -> int | None:
        starts = self.by_length.get(length, [])
        index = bisect_left(starts, after)
        return starts[index] if index < len(starts) else None


def _scan(text: str, limit: int) -> tuple[tuple[Piece, ...], int | None, int]:
    pieces: list[Piece] = []
    runs: list[tuple[int, int]] = []
    ticks = None
    lacking: set[str] = set()
    position = done = 0
    unread = None
    used = 0
    if limit <= 0:
        return (Piece(Kind.TEXT, 0, len(text), text),), 0, 0
    at = 0
    while sign := _SIGN.search(text, at):
        match = MEANINGFUL.match(text, sign.start())
        if match is None:
            at = sign.end()
            continue
        if used >= limit:
            unread = position
            break
        used += 1
        start = match.start()
        if match.lastgroup == "run":
            at = position = match.end()
            runs.append((start, position))
            continue
        ticks = ticks or _Ticks(text)
        piece = _piece(text, match, ticks, lacking)
        at = position = match.end()
        if piece is None:
            continue
        if start > done:
            pieces.append(Piece(Kind.TEXT, done, start, text[done:start]))
        pieces.append(piece)
        at = position = done = piece.end
    if done < len(text):
        pieces.append(Piece(Kind.TEXT, done, len(text), text[done:]))
    return _emphasised(text, pieces, runs), unread, used


def _piece(  # noqa: PLR0911 - one return per construct
    text: str, match: re.Match[str], ticks: _Ticks, lacking: set[str]
) -> Piece | None:
    start, end = match.span()
    group = match.lastgroup
    if group == "ticks":
        closing = ticks.closing(end - start, end)
        if closing is None:
            return None
        return Piece(Kind.CODE, start, closing + end - start, _code_text(text[end:closing]))
    if group == "escape":
        return Piece(Kind.TEXT, start, end, " " if text[start + 1] == "\n" else text[start + 1])
    if group == "entity":
        name = match.group()
        known = name[1] == "#" or name[1:] in html.entities.html5
        return Piece(Kind.TEXT, start, end, html.unescape(name)) if known else None
    if group == "html":
        return _html(text, start, lacking)
    if group == "target":
        target = _TARGET.match(text, start)
        return None if target is None else Piece(Kind.TARGET, start, target.end(), target.group())
    return None


def _html(text: str, start: int, lacking: set[str]) -> Piece | None:
    match = _AUTOLINK.match(text, start) or _TAG.match(text, start)
    if match:
        return Piece(Kind.HTML, start, match.end(), match.group())
    for opening, closing in _ENDS:
        if text.startswith(opening, start) and closing not in lacking:
            if opening == "<!--" and text.startswith((">", "->"), start + 4):
                end = text.index(">", start) + 1
            else:
                found = text.find(closing, start + len(opening))
                if found < 0:
                    lacking.add(closing)
                    return None
                end = found + len(closing)
            kind = Kind.COMMENT if opening == "<!--" else Kind.HTML
            return Piece(kind, start, end, text[start:end])
    return None


def _code_text(inner: str) -> str:
    text = inner.replace("\n", " ")
    if text.startswith(" ") and text.endswith(" ") and text.strip(" "):
        return text[1:-1]
    return text


def _emphasised(text: str, pieces: list[Piece], runs: list[tuple[int, int]]) -> tuple[Piece, ...]:
    """The pieces, with text split where emphasis markers stand."""
    used = sorted(markers(text, runs)) if runs else []
    if not used:
        return tuple(pieces)
    result: list[Piece] = []
    for piece in pieces:
        if piece.kind is not Kind.TEXT or len(piece.value) != piece.end - piece.start:
            result.append(piece)
            continue
        done = piece.start
        for index in range(bisect_left(used, piece.start), bisect_left(used, piece.end)):
            place = used[index]
            if place > done:
                result.append(Piece(Kind.TEXT, done, place, text[done:place]))
            result.append(Piece(Kind.MARKER, place, place + 1, ""))
            done = place + 1
        if done < piece.end:
            result.append(Piece(Kind.TEXT, done, piece.end, text[done : piece.end]))
    return tuple(result)


def _masked(pieces: tuple[Piece, ...]) -> str:
    parts = []
    for piece in pieces:
        width = piece.end - piece.start
        if piece.kind is Kind.TEXT:
            literal = " " if piece.value.isspace() else LITERAL_MARK
            parts.append(piece.value if len(piece.value) == width else literal * width)
        else:
            parts.append((CODE_MARK if piece.kind is Kind.CODE else " ") * width)
    return "".join(parts)
