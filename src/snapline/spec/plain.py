"""The blocks of plain Markdown, read in one pass: headings, paragraphs, fences, comments and ``-`` lists.

Most specs consist of nothing else. Whatever is not clearly within this subset (tabs, carriage returns, quotes, tables,
other HTML, other list markers, setext headings, lazy lines, odd indentation) is left to the whole parser: the answer is
then None, and never a guess. Where there is an answer, it is that of :mod:`snapline.spec.markdown`; tests compare.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from snapline.base.regex import regex
from snapline.base.text import Span
from snapline.spec.blocks import Block, BlockKind, Line

MAX_ROWS: Final = 5_000
"""Lines of a plain text: so few that none of the whole parser's limits is reached."""
MAX_DEPTH: Final = 8

_WORDS: Final = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz\"'(,.;/\\&!?%$@^{}")
"""What begins a line that can only be text."""
_HEADING: Final = regex(r"(#{1,6}) +([^ #][^#]*)\Z")
_FENCE: Final = regex(r"(`{3,})([^`]*)\Z|(~{3,})(.*)\Z", re.DOTALL)
_NUMBERED: Final = regex(r"[0-9]{1,9}[.)](?: |\Z)")


class _NotPlainError(Exception):
    """The text is not within the subset."""


class _Item:
    """A list item that is open, and the items of its list that are done. ``column`` is where its marker stands."""

    __slots__ = ("blocks", "column", "siblings", "start")

    def __init__(self, column: int, start: int) -> None:
        self.column = column
        self.start = start
        self.blocks: list[Block] = []
        self.siblings: list[Block] = []


def plain_blocks(text: str, start: int) -> tuple[Block, ...] | None:
    """The blocks of ``text`` from ``start`` (the beginning of a line) on; None if it is not plain."""
    body = text[start:] if start else text
    if "\t" in body or "\r" in body:
        return None
    rows = body.split("\n")
    if len(rows) > MAX_ROWS:
        return None
    try:
        return _Reader(text, start).read(iter(rows))
    except _NotPlainError:
        return None


class _Reader:
    """One pass over the lines. ``items`` are the open list items, the innermost last."""

    __slots__ = ("blocks", "items", "lines", "offset", "root", "text")

    def __init__(self, text: str, start: int) -> None:
        self.text = text
        self.offset = start
        self.root: list[Block] = []
        self.blocks = self.root
        self.items: list[_Item] = []
        self.lines: list[Line] = []

    def read(self, rows: Iterator[str]) -> tuple[Block, ...]:
        for row in rows:
            begin = self.offset
            end = begin + len(row)
            self.offset = end + 1
            words = row.lstrip(" ")
            if not words:
                if self.lines:
                    self._end_paragraph()
                continue
            indent = len(row) - len(words)
            first = words[0]
            if first in _WORDS or _is_text(words, first):
                self._text(indent, begin + indent, end)
            elif first == "-":
                self._item(words, indent, begin + indent, end)
            elif first == "#":
                self._heading(words, indent, begin, end)
            elif first == "<":
                self._comment(words, indent, begin, rows)
            else:
                self._fence(words, indent, begin + indent, end, rows)
        self._close(0)
        return tuple(self.root)

    def _text(self, indent: int, start: int, end: int) -> None:
        """A line of a paragraph, which it may begin."""
        if self.lines:
            if self.items and indent < self.items[-1].column + 2:
                raise _NotPlainError  # a lazy line
        else:
            self._close_to(indent)
        self.lines.append(Line(start, end))

    def _close_to(self, indent: int) -> None:
        """Close the items that a block at this column does not belong to."""
        items = self.items
        depth = len(items)
        while depth and items[depth - 1].column + 2 > indent:
            depth -= 1
        if indent != (items[depth - 1].column + 2 if depth else 0):
            raise _NotPlainError
        if depth < len(items):
            self._close(depth)

    def _item(self, words: str, column: int, start: int, end: int) -> None:
        """A line that begins with ``- ``; the rest of it has to be text."""
        rest = words[2:]
        if words[1:2] != " " or not rest or not (rest[0] in _WORDS or _is_text(rest, rest[0])):
            raise _NotPlainError
        items = self.items
        depth = len(items)
        while depth and items[depth - 1].column > column:
            depth -= 1
        if self.lines:
            self._end_paragraph()
        item = _Item(column, start)
        if depth and items[depth - 1].column == column:
            self._close(depth)
            item.siblings = items[-1].siblings
            item.siblings.append(self._end_item(items.pop()))
        elif column == (items[depth - 1].column + 2 if depth else 0) and depth < MAX_DEPTH:
            self._close(depth)
        else:
            raise _NotPlainError
        items.append(item)
        self.blocks = item.blocks
        self.lines.append(Line(start + 2, end))

    def _heading(self, words: str, indent: int, start: int, end: int) -> None:
        match = _HEADING.match(words)
        if match is None or indent:
            raise _NotPlainError
        self._close(0)
        line = (Line(start, end),)
        stop = start + len(words.rstrip(" "))
        level = match.end(1)
        self.root.append(Block(BlockKind.HEADING, Span(start, stop), line, (), level, "#", "", match[2].strip()))

    def _comment(self, words: str, indent: int, start: int, rows: Iterator[str]) -> None:
        """A comment at the margin, with all to the end of the line that closes it."""
        if indent or not words.startswith("<!--"):
            raise _NotPlainError
        self._close(0)
        end = self.offset - 1
        lines = [Line(start, end)]
        row = words
        while "-->" not in row:
            row = next(rows, "-->")
            begin = self.offset
            end = begin + len(row)
            self.offset = end + 1
            lines.append(Line(min(begin + len(row) - len(row.lstrip(" ")), end), end))
        if end > len(self.text):
            raise _NotPlainError  # it is not closed
        stop = end - len(row) + len(row.rstrip(" "))
        text = self.text[start : end + 1]
        self.root.append(Block(BlockKind.HTML, Span(start, stop), tuple(lines), (), 0, "", "", text))

    def _fence(self, words: str, indent: int, start: int, end: int, rows: Iterator[str]) -> None:
        """A fence with its closing line."""
        match = _FENCE.match(words)
        if match is None:
            raise _NotPlainError
        if self.lines:
            self._end_paragraph()
        self._close_to(indent)
        marker = match[1] or match[3]
        lines = [Line(start, end)]
        content: list[str] = []
        for row in rows:
            begin = self.offset
            end = begin + len(row)
            self.offset = end + 1
            inner = row.lstrip(" ")
            deep = len(row) - len(inner)
            if inner and deep < indent:
                break
            lines.append(Line(begin + deep, end, deep < indent))
            if deep < indent + 4 and inner.startswith(marker) and not inner.strip(" ").strip(marker[0]):
                info = words[len(marker) :]
                text = "\n".join((*content, "")) if content else ""
                whole = Span(start, end)
                self.blocks.append(Block(BlockKind.FENCE, whole, tuple(lines), (), 0, marker, info, text))
                return
            content.append(row[indent:] if deep >= indent else inner)
        raise _NotPlainError  # it is not closed

    def _end_paragraph(self) -> None:
        lines = tuple(self.lines)
        self.lines.clear()
        start, last = lines[0].start, lines[-1]
        stop = last.end
        text = self.text
        if text[stop - 1] == " ":
            stop = last.start + len(text[last.start : stop].rstrip(" "))
        if text[start] == "[" and "]:" in text[start:stop]:
            raise _NotPlainError  # perhaps a link definition
        self.blocks.append(Block(BlockKind.PARAGRAPH, Span(start, stop), lines))

    def _end_item(self, item: _Item) -> Block:
        span = Span(item.start, item.blocks[-1].span.end)
        return Block(BlockKind.ITEM, span, (), tuple(item.blocks), 0, "-")

    def _close(self, depth: int) -> None:
        """End the paragraph, and the lists from ``depth`` on."""
        if self.lines:
            self._end_paragraph()
        items = self.items
        while len(items) > depth:
            item = items.pop()
            children = (*item.siblings, self._end_item(item))
            self.blocks = items[-1].blocks if items else self.root
            span = Span(children[0].span.start, children[-1].span.end)
            self.blocks.append(Block(BlockKind.LIST, span, (), children, 0, "-"))


def _is_text(words: str, first: str) -> bool:
    """Whether a line that begins with another sign can only be text."""
    match first:
        case "`":
            return not words.startswith("```")
        case "*":
            return words[1:2] not in ("", " ") and bool(words.strip("* "))
        case "_":
            return bool(words.strip("_ "))
        case "-":
            return words.startswith("--") and bool(words.strip("- "))
        case "[":
            return True
        case _:
            return first.isalpha() or (first in "0123456789" and _NUMBERED.match(words) is None)
