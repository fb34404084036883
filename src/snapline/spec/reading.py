"""What one reading of a spec shares: the source, the faults so far, and each block's inline content, scanned once."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from snapline.base.diagnostics import Fix
from snapline.base.regex import regex
from snapline.base.text import Source, Span
from snapline.spec.blocks import Block, BlockKind, Line
from snapline.spec.headings import content_lines
from snapline.spec.inline import MAX_MARKS, Inline, scan_lines
from snapline.spec.model import Fault

MAX_FAULTS: Final = 2_000
MAX_REFERENCES: Final = 20_000
"""References of one spec that are read: ranges make many out of few characters."""

_CELL: Final = regex(r"(?:[^|\\]|\\.|\\$)*+")
_COMMENT: Final = regex(r"<!--(?:-?>|.*?(?:-->|\Z))", re.DOTALL)


@dataclass
class Reading:
    """The state of one call of the parser; ends with it."""

    source: Source
    faults: list[Fault] = field(default_factory=list)
    references_left: int = MAX_REFERENCES
    marks_left: int = MAX_MARKS
    _inlines: dict[Span, tuple[Inline, ...]] = field(default_factory=dict)

    def fault(
        self,
        code: str,
        span: Span,
        message: str,
        hint: str = "",
        *,
        clause: str | None = None,
        fix: Fix | None = None,
        variant: str = "",
    ) -> None:
        """Note a fault."""
        self.add(Fault(code, span, message, hint, clause, fix, variant))

    def add(self, fault: Fault) -> None:
        """Note a fault that is made already; beyond :data:`MAX_FAULTS` only that there are more."""
        if len(self.faults) < MAX_FAULTS:
            self.faults.append(fault)
        elif len(self.faults) == MAX_FAULTS:
            message = f"there are more than {MAX_FAULTS} faults; the rest is not listed"
            self.faults.append(Fault("FMT012", fault.span, message))

    def texts(self, block: Block) -> tuple[Inline, ...]:
        """The inline content of a leaf block: one for a paragraph or heading, one per cell of a table."""
        if block.kind not in (BlockKind.PARAGRAPH, BlockKind.HEADING, BlockKind.TABLE):
            return ()
        found = self._inlines.get(block.span)
        if found is None:
            found = tuple(self._scan(lines) for lines in self._lines(block))
            self._inlines[block.span] = found
        return found

    def inner_texts(self, block: Block) -> tuple[Inline, ...]:
        """The inline content of a block and of all blocks inside it."""
        return tuple(text for one in block.walk() for text in self.texts(one))

    def rows(self, block: Block) -> tuple[tuple[Line, ...], ...]:
        """The cells of a table, row by row, without the delimiter row."""
        rows = (line for index, line in enumerate(block.lines) if index != 1)
        return tuple(_cells(self.source.text, line) for line in rows)

    def html_text(self, block: Block) -> str:
        """What is left of an HTML block without its comments; blanks collapsed."""
        return " ".join(_COMMENT.sub("", self.source.slice(block.span)).split())

    def is_comment(self, block: Block) -> bool:
        """Whether a block is nothing but comments."""
        return block.kind is BlockKind.HTML and not self.html_text(block)

    def _lines(self, block: Block) -> tuple[tuple[Line, ...], ...]:
        if block.kind is BlockKind.TABLE:
            return tuple((cell,) for row in self.rows(block) for cell in row)
        if block.kind is BlockKind.HEADING:
            return (content_lines(self.source, block),)
        return (block.lines,)

    def _scan(self, lines: tuple[Line, ...]) -> Inline:
        inline = scan_lines(self.source.text, lines, self.marks_left)
        if inline.unread is not None and self.marks_left > 0:
            start = inline.place(inline.unread)
            hint = "Split the spec: nobody reviews one of this size."
            self.fault("FMT012", Span(start, start + 1), "from here on there are more marks than are read", hint)
        self.marks_left = max(0, self.marks_left - inline.marks) if inline.unread is None else 0
        return inline


def _cells(text: str, line: Line) -> tuple[Line, ...]:
    cells: list[Line] = []
    position = line.start + text.startswith("|", line.start)
    end = line.start + len(text[line.start : line.end].rstrip(" \t"))
    while position <= end:
        match = _CELL.match(text, position, end)
        assert match is not None  # noqa: S101 - the pattern matches the empty text
        piece = match.group()
        start = position + len(piece) - len(piece.lstrip(" \t"))
        stop = max(start, position + len(piece.rstrip(" \t")))
        if match.end() < end or piece.strip(" \t"):
            cells.append(Line(start, stop, line.lazy))
        position = match.end() + 1
    return tuple(cells)
