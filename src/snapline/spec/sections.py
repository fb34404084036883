"""A document's blocks as sections, and a section's blocks as clauses-to-be and notes."""

from __future__ import annotations

from typing import Final

from snapline.base.record import Record
from snapline.base.text import Source, Span
from snapline.spec.blocks import Block, BlockKind
from snapline.spec.headings import Heading, Outline
from snapline.spec.inline import Inline
from snapline.spec.model import SectionKind
from snapline.spec.reading import Reading


class Part(Record, frozen=True):
    """A section before its clauses are read; without a heading, or with the title's, it is what precedes the first."""

    heading: Heading | None
    kind: SectionKind | None
    blocks: tuple[Block, ...]
    span: Span
    body: Span


class Unit(Record, frozen=True):
    """What becomes a clause: a list item, or a paragraph or table with the fences and quotes that follow it."""

    blocks: tuple[Block, ...]
    span: Span
    item: Block | None = None

    def lead(self, reading: Reading) -> Inline | None:
        """The paragraph, or the table's first cell, in front of which the id stands."""
        if not self.blocks or self.blocks[0].kind not in (BlockKind.PARAGRAPH, BlockKind.TABLE):
            return None
        texts = reading.texts(self.blocks[0])
        return texts[0] if texts else None

    def texts(self, reading: Reading) -> tuple[Inline, ...]:
        """The inline content of its own paragraphs and tables, nested lists and quotes left out."""
        return tuple(text for block in self.blocks for text in reading.texts(block))

    def inner_texts(self, reading: Reading) -> tuple[Inline, ...]:
        """The inline content of everything in it."""
        return tuple(text for block in self.blocks for text in reading.inner_texts(block))


PROSE: Final = (BlockKind.PARAGRAPH, BlockKind.TABLE)
"""What is a clause at the root of a section without a list."""
_ATTACHED: Final = (BlockKind.FENCE, BlockKind.QUOTE, BlockKind.CODE)


def split(source: Source, blocks: tuple[Block, ...], outline: Outline, start: int) -> tuple[Part, ...]:
    """The parts of a document, in order; the first is what precedes the first section."""
    headings = {heading.span: heading for heading in outline.headings if outline.starts_section(heading)}
    title = outline.title
    parts: list[tuple[Heading | None, int, list[Block]]] = [(None, start, [])]
    for block in blocks:
        heading = headings.get(block.span) if block.kind is BlockKind.HEADING else None
        if heading is not None:
            begin = source.line_span(source.position(block.span.start).line).start
            parts.append((heading, begin, []))
        elif title is None or block is not title.block:
            parts[-1][2].append(block)
        elif not parts[-1][2]:
            parts[-1] = (title, parts[-1][1], [])
    ends = [begin for _, begin, _ in parts[1:]] + [len(source.text)]
    return tuple(_part(source, *part, end) for part, end in zip(parts, ends, strict=True))


def _part(source: Source, heading: Heading | None, start: int, blocks: list[Block], end: int) -> Part:
    body = start
    if heading is not None:
        last = source.position(max(heading.span.start, heading.span.end - 1)).line
        body = min(source.line_span(last).end, end)
    kind = heading.kind if heading is not None and start == _line_start(source, heading) else None
    return Part(heading, kind, tuple(blocks), Span(start, end), Span(body, end))


def _line_start(source: Source, heading: Heading) -> int:
    return source.line_span(source.position(heading.span.start).line).start


def units(reading: Reading, blocks: tuple[Block, ...]) -> tuple[tuple[Unit, ...], tuple[Block, ...]]:
    """The clauses-to-be and the notes of a section that has clauses."""
    shown = [block for block in blocks if block.kind is not BlockKind.RULE and not reading.is_comment(block)]
    if any(block.kind is BlockKind.LIST for block in shown):
        found = tuple(Unit(_without_comments(reading, item.children), item.span, item) for item in _items(shown))
        return found, _notes(shown)
    gathered: list[list[Block]] = []
    notes: list[Block] = []
    for block in shown:
        if block.kind in PROSE:
            gathered.append([block])
        elif block.kind in _ATTACHED and gathered:
            gathered[-1].append(block)
        elif block.kind in _ATTACHED:
            gathered.append([block])
        else:
            notes.append(block)
    found = tuple(Unit(tuple(group), Span(group[0].span.start, group[-1].span.end)) for group in gathered)
    return found, tuple(notes)


def _items(blocks: list[Block]) -> tuple[Block, ...]:
    return tuple(item for block in blocks if block.kind is BlockKind.LIST for item in block.children)


def _notes(blocks: list[Block]) -> tuple[Block, ...]:
    return tuple(block for block in blocks if block.kind is not BlockKind.LIST)


def _without_comments(reading: Reading, blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """Comments behind the first block are left out; a first one stays, since an id cannot stand in front of it."""
    return tuple(block for block in blocks if not reading.is_comment(block))
