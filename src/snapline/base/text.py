"""Source text with exact positions, and edits as splices.

Inside Snapline every offset is an index into the decoded text (code points). Lines and columns count from 1, columns
in code points, and ends are exclusive. Byte offsets exist only at the edge, through :meth:`Source.byte_offset`.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from functools import cached_property
from itertools import accumulate, pairwise

from snapline.base.errors import UnreadableText
from snapline.base.record import Record
from snapline.base.regex import regex

MAX_BYTES = 1024 * 1024
"""Largest spec that is read, in bytes (spec language, section 1)."""

ENCODING = "utf-8"
NUL = "\0"
"""The one character that no spec may hold."""

_LINE_END = regex(r"\r\n|\n|\r")


class Span(Record, frozen=True, order=True):
    """A half-open range ``[start, end)`` of code points in a source text."""

    start: int
    end: int

    def __contains__(self, offset: int) -> bool:
        return self.start <= offset < self.end

    def covers(self, other: Span) -> bool:
        """Whether ``other`` lies wholly inside this span."""
        return self.start <= other.start and other.end <= self.end

    def overlaps(self, other: Span) -> bool:
        """Whether the two spans share at least one code point."""
        return self.start < other.end and other.start < self.end


class Position(Record, frozen=True, order=True):
    """A place a person can find: line and column, both counted from 1."""

    line: int
    column: int


class Edit(Record, frozen=True, order=True):
    """Replace the text of ``span`` by ``text``; an empty span inserts."""

    span: Span
    text: str


class Source(Record, frozen=True, dict=True, gc=True):
    """One file as it was read: its path as the person named it, its bytes and its decoded text.

    A byte order mark stays in ``text`` as its first code point, line endings stay as they are, so that
    ``source.text.encode()`` is ``source.raw``, byte for byte.
    """

    path: str
    raw: bytes
    text: str

    @classmethod
    def from_bytes(cls, path: str, raw: bytes) -> Source:
        """Decode ``raw``; raises :class:`UnreadableText` on bad UTF-8, NUL or more than :data:`MAX_BYTES`."""
        if len(raw) > MAX_BYTES:
            raise UnreadableText(f"{path}:1:1: the file has {len(raw)} bytes; a spec has at most {MAX_BYTES}")
        try:
            text = raw.decode(ENCODING)
        except UnicodeDecodeError as error:
            place = cls(path, b"", raw[: error.start].decode("utf-8")).position(-1)
            raise UnreadableText(
                f"{path}:{place.line}:{place.column}: byte 0x{raw[error.start]:02x} is not valid UTF-8"
            ) from error
        source = cls(path, raw, text)
        nul = text.find(NUL)
        if nul >= 0:
            place = source.position(nul)
            raise UnreadableText(f"{path}:{place.line}:{place.column}: a NUL byte; a spec is text")
        return source

    @cached_property
    def line_starts(self) -> tuple[int, ...]:
        """Offset of the first code point of every line; the first is always 0."""
        text = self.text
        if "\r" in text:
            return (0, *[match.end() for match in _LINE_END.finditer(text)])
        lengths = [len(row) + 1 for row in text.split("\n")]
        return tuple(accumulate(lengths[:-1], initial=0))

    @property
    def newline(self) -> str:
        """The line ending of the first line; LF where there is none."""
        match = _LINE_END.search(self.text)
        return match.group() if match else "\n"

    def position(self, offset: int) -> Position:
        """Line and column of ``offset``; a negative offset means the end of the text."""
        where = len(self.text) if offset < 0 else offset
        line = bisect_right(self.line_starts, where)
        return Position(line, where - self.line_starts[line - 1] + 1)

    def line_text(self, line: int) -> str:
        """The text of a line (counted from 1), without its line ending."""
        start = self.line_starts[line - 1]
        end = self.line_starts[line] if line < len(self.line_starts) else len(self.text)
        return self.text[start:end].rstrip("\r\n")

    def line_span(self, line: int) -> Span:
        """The span of a line (counted from 1), its line ending included."""
        end = self.line_starts[line] if line < len(self.line_starts) else len(self.text)
        return Span(self.line_starts[line - 1], end)

    def slice(self, span: Span) -> str:
        """The text that a span quotes."""
        return self.text[span.start : span.end]

    def byte_offset(self, offset: int) -> int:
        """Byte offset in ``raw`` of the code point at ``offset``."""
        line = bisect_right(self.line_starts, offset) - 1
        return self._line_bytes[line] + len(self.text[self.line_starts[line] : offset].encode("utf-8"))

    @cached_property
    def _line_bytes(self) -> tuple[int, ...]:
        """Byte offset of the first code point of every line."""
        pairs = pairwise(self.line_starts)
        return tuple(accumulate((len(self.text[one:other].encode("utf-8")) for one, other in pairs), initial=0))


def apply_edits(text: str, edits: Iterable[Edit]) -> str:
    """Splice ``edits`` into ``text``; all offsets refer to ``text`` as given.

    Raises :class:`ValueError` when two edits overlap or one reaches beyond the text: that is a fault of the caller.
    """
    pieces: list[str] = []
    done = 0
    for edit in sorted(edits, key=lambda one: (one.span.start, one.span.end)):
        if edit.span.start < done or edit.span.end < edit.span.start or edit.span.end > len(text):
            raise ValueError(f"edit at {edit.span} overlaps another or lies outside the text")
        pieces += (text[done : edit.span.start], edit.text)
        done = edit.span.end
    pieces.append(text[done:])
    return "".join(pieces)
