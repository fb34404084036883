"""Stray structure (FMT013): a check, a vocabulary word or an id where nothing reads it."""

from __future__ import annotations

import re
from typing import Final

from snapline.base.diagnostics import Applicability, Fix
from snapline.base.regex import regex
from snapline.base.text import Edit, Source, Span
from snapline.spec.blocks import Block, BlockKind
from snapline.spec.checks import is_check_fence, looks_like_check
from snapline.spec.ids import opens_with_id
from snapline.spec.inline import Inline, Kind
from snapline.spec.model import SectionKind
from snapline.spec.reading import Reading
from snapline.spec.sections import Unit
from snapline.spec.vocabulary import opens_with_distinct_word, opens_with_word

CODE: Final = "FMT013"

_LABEL: Final = regex(r"^[ \t]*\[[GCIAFTQ][1-9][0-9]{0,3}\]:", re.MULTILINE)
_LEADING_ID: Final = regex(r"[\s*_|]*[GCIAFTQ][1-9][0-9]{0,3}[*_]*:")


_OPENINGS: Final = ("an id", "a vocabulary word")
"""What is read at the beginning of an item only."""


def report_stray(
    reading: Reading,
    kind: SectionKind,
    units: tuple[tuple[Unit, str], ...],
    notes: tuple[Block, ...],
) -> None:
    """Report the stray structure of a section; each unit comes with its clause's id as shown."""
    for unit, clause in units:
        for index, block in enumerate(unit.blocks):
            _own_block(reading, kind, block, clause, first=index == 0)
    item = next((unit.item for unit, _ in reversed(units) if unit.item), None)
    for note in notes:
        what = _structure(reading, kind, note)
        if what:
            _report_note(reading, note, what, item)


def _own_block(reading: Reading, kind: SectionKind, block: Block, clause: str, *, first: bool) -> None:
    if block.kind in (BlockKind.LIST, BlockKind.QUOTE):
        nested = block.children if block.kind is BlockKind.LIST else (block,)
        where = "a nested item" if block.kind is BlockKind.LIST else "a quote"
        for child in nested:
            what = _structure(reading, kind, child)
            if what:
                hint = "Give it a clause of its own, or write it in the clause's own paragraph."
                reading.fault(
                    CODE, _first_line(reading.source, child), f"{what} in {where} is not read", hint, clause=clause
                )
        return
    if block.kind is BlockKind.CODE and kind is SectionKind.ACCEPTANCE and block.text.startswith("$ "):
        hint = "Write it as a code span `$ ...`, or as a fence with `console` or `sh check`."
        reading.fault(CODE, block.span, "a command in indented code is not read", hint, clause=clause)
    if block.kind is not BlockKind.PARAGRAPH:
        what = _hidden_id(reading, block)
        if what:
            hint = "Write it as text, with nothing in front of it."
            reading.fault(CODE, _first_line(reading.source, block), f"{what} is not read here", hint, clause=clause)
        return
    for text in reading.texts(block):
        what = None if first else _opening(kind, text.masked, 0)
        if what:
            reading.fault(
                CODE,
                block_start(text),
                f"{what} that opens a further paragraph is not read",
                "Make it an item.",
                clause=clause,
            )
        _continuations(reading, kind, block, text, clause)


def block_start(text: Inline) -> Span:
    """The first line of a paragraph."""
    return text.span(0, text.line_starts[1] - 1 if len(text.line_starts) > 1 else len(text.text))


def _continuations(reading: Reading, kind: SectionKind, block: Block, text: Inline, clause: str) -> None:
    """Lines after the first that open like a clause, or that belong to it only by laziness and hold a check."""
    if len(block.lines) == 1:
        return
    lazy_starts = []
    for line, start in zip(block.lines[1:], text.line_starts[1:], strict=True):
        end = start + line.end - line.start
        if not text.masked[start:end].strip():  # else each blank line would be looked through to the end of them all
            continue
        what = _opening(kind, text.masked, start)
        if what:
            edit = Edit(Span(line.start, line.start), "- ")
            fix = Fix("Make it an item", Applicability.SUGGESTED, (edit,))
            reading.fault(
                CODE,
                Span(line.start, line.end),
                f"{what} that opens a continuation line is not read: the line belongs to the paragraph above",
                "Begin it with a list marker, or put a blank line above.",
                clause=clause,
                fix=fix if line.lazy or reading.source.position(line.start).column == 1 else None,
            )
        elif line.lazy:
            lazy_starts.append((start, end, line))
    if lazy_starts and kind is SectionKind.ACCEPTANCE:
        _lazy_checks(
            reading, text, [(start, end, Span(line.start, line.end)) for start, end, line in lazy_starts], clause
        )


def _lazy_checks(reading: Reading, text: Inline, lines: list[tuple[int, int, Span]], clause: str) -> None:
    for start, end, span in lines:
        inside = (piece for piece in text.pieces_between(start, len(text.text)) if piece.start < end)
        if any(piece.kind is Kind.CODE and looks_like_check(piece.value) for piece in inside):
            fix = Fix("Indent the line", Applicability.SAFE, (Edit(Span(span.start, span.start), "  "),))
            reading.fault(
                CODE,
                span,
                "a check on a line that is not indented to its item",
                "Indent it to the item.",
                clause=clause,
                fix=fix,
            )


def _structure(reading: Reading, kind: SectionKind, block: Block) -> str | None:
    """What a block, or anything inside it, holds that would be read elsewhere."""
    for one in block.walk():
        for text in reading.texts(one):
            what = _opening(kind, text.masked, 0)
            if what:
                return what
            if kind is SectionKind.ACCEPTANCE and any(
                piece.kind is Kind.CODE and looks_like_check(piece.value) for piece in text.pieces
            ):
                return "a check"
        if kind is SectionKind.ACCEPTANCE and is_check_fence(one):
            return "a check"
        hidden = _hidden_id(reading, one)
        if hidden:
            return hidden
    return None


def _hidden_id(reading: Reading, block: Block) -> str | None:
    """An id in a block that is no text: behind a comment, or as the label of a link definition."""
    if block.kind is BlockKind.HTML and _LEADING_ID.match(reading.html_text(block)):
        return "an id behind a comment"
    if block.kind is BlockKind.DEFINITIONS and _LABEL.search(reading.source.slice(block.span)):
        return "an id in brackets, which defines a link,"
    return None


def _opening(kind: SectionKind, masked: str, start: int) -> str | None:
    if opens_with_id(masked, start):
        return "an id"
    if kind in (SectionKind.CONSTRAINTS, SectionKind.FAILURE_PLAN):
        failure = kind is SectionKind.FAILURE_PLAN
        return "a vocabulary word" if opens_with_word(masked, start, failure=failure) else None
    return "a vocabulary word" if opens_with_distinct_word(masked, start) else None


def report_foreign_word(reading: Reading, kind: SectionKind, inline: Inline, start: int, clause: str) -> None:
    """A clause that opens with the vocabulary of another section."""
    if kind is not SectionKind.CONSTRAINTS and opens_with_distinct_word(inline.masked, start):
        if kind is SectionKind.FAILURE_PLAN and opens_with_word(inline.masked, start, failure=True):
            return
        where = "`Constraints` or `Failure plan`"
        reading.fault(
            CODE,
            block_start(inline),
            f"a vocabulary word of {where} is not read here",
            "Move the clause there.",
            clause=clause,
        )


def _report_note(reading: Reading, note: Block, what: str, item: Block | None) -> None:
    fix = None
    if item is not None and item.span.end <= note.span.start and note.lines:
        width = item.children[0].span.start - item.span.start if item.children else 2
        indent = " " * min(max(width, 2), 6)
        lines = [Edit(Span(line.start, line.start), indent) for line in note.lines]
        title = "Indent it to the item above"
        if what in _OPENINGS:  # below an item it would open a further paragraph, which is not read either
            title = "Make it an item"
            marker = reading.source.slice(Span(item.span.start, item.span.start + width)) if item.children else "- "
            lines[0] = Edit(lines[0].span, marker)
        fix = Fix(title, Applicability.SUGGESTED, tuple(lines))
    hint = "In a section with a list only its items are clauses. Indent this to its item, or make it an item."
    message = f"{what} in a note is not read"
    reading.fault(CODE, _first_line(reading.source, note), message, hint, fix=fix)


def _first_line(source: Source, block: Block) -> Span:
    line = source.position(block.span.start).line
    return Span(block.span.start, min(block.span.end, source.line_starts[line - 1] + len(source.line_text(line))))
