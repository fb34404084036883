"""Where an id is written, and with what around it, so that nothing else of the text is read differently."""

from __future__ import annotations

from typing import Final

from snapline.base.ids import ClauseId
from snapline.base.regex import regex
from snapline.base.text import Source
from snapline.spec.blocks import Block, BlockKind
from snapline.spec.ids import Lead
from snapline.spec.inline import Inline
from snapline.spec.sections import Unit

_ITEM: Final = regex(r" {0,3}(?:[-+*]|[0-9]{1,9}[.)])(?=[ \t\r\n]|\Z)")
_INDENTED: Final = regex(r"(?:[ \t]*+(?:\r\n|\n|\r))++(?: {2}|\t| \t)[ \t]*+[^ \t\r\n]")
_TAB: Final = 4


def insertion_of(
    source: Source, unit: Unit, inline: Inline | None, lead: Lead | None, clause_id: ClauseId
) -> tuple[int, str]:
    """The offset where the id of a clause goes, and the exact text that writes it there.

    The text is empty where an id stands already, or something that nearly is one: that is for lint to mend.
    """
    if inline is not None and lead is not None:
        at = lead.tick.end if lead.tick else inline.place(0)
        if lead.id is not None or lead.wrong is not None:
            return lead.id_span.start if lead.id_span else at, ""
        return at, f" {clause_id}:" if lead.tick else f"{clause_id}: "
    if unit.item is None:
        return _above_block(source, unit.blocks[0], clause_id)
    if not unit.item.children:
        return _in_empty_item(source, unit.item, clause_id)
    return _in_item(source, unit.item, clause_id)


def _above_block(source: Source, block: Block, clause_id: ClauseId) -> tuple[int, str]:
    """A fence, quote or code at the section's root: the id becomes a paragraph above it."""
    gap = _newline(source) * (2 if block.kind is BlockKind.CODE else 1)
    return source.line_span(source.position(block.span.start).line).start, f"{clause_id}:{gap}"


def _in_empty_item(source: Source, item: Block, clause_id: ClauseId) -> tuple[int, str]:
    """An item without anything; a line that follows must not become its continuation."""
    marker_end = _marker_end(source, item)
    blank = source.text[marker_end : marker_end + 1] in (" ", "\t")
    line = source.position(item.span.start).line
    following = source.line_text(line + 1) if line < len(source.line_starts) else ""
    ending = _newline(source) if following.strip() and not _ITEM.match(following) else ""
    if not following.strip() and _INDENTED.match(source.text, source.line_span(line).end):
        ending = f"{_newline(source)}<!-- -->"  # a comment ends the item, which the indented text is no part of
    return marker_end + blank, f"{'' if blank else ' '}{clause_id}:{ending}"


def _in_item(source: Source, item: Block, clause_id: ClauseId) -> tuple[int, str]:
    """An item that begins with a fence, a list or another block: the id becomes a paragraph above it."""
    first = item.children[0]
    line = source.line_span(source.position(item.span.start).line)
    marker_end = _marker_end(source, item)
    if first.span.start >= line.end:
        blank = source.text[marker_end] in " \t"
        return marker_end + blank, f"{'' if blank else ' '}{clause_id}:{_newline(source)}"
    columns = len(source.text[line.start : marker_end].expandtabs(_TAB))
    gap = _newline(source) * 2
    if first.kind is BlockKind.CODE:  # its blanks stay as they are, in the columns where they were
        return marker_end, f" {clause_id}:{gap}{' ' * columns}"
    columns = len(source.text[line.start : first.span.start].expandtabs(_TAB))
    return first.span.start, f"{clause_id}:{gap}{' ' * columns}"


def _marker_end(source: Source, item: Block) -> int:
    end = item.span.start
    while source.text[end].isdigit():
        end += 1
    return end + 1


def _newline(source: Source) -> str:
    """The line ending of the file; LF for a lone CR, which would merge with an LF that happens to follow."""
    return "\n" if source.newline == "\r" else source.newline
