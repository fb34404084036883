"""The leaves of a spec: its text cut into pieces that cover every code point exactly once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import Final

from snapline.base.record import Record
from snapline.base.regex import regex
from snapline.base.text import Source, Span
from snapline.spec.blocks import Block, BlockKind
from snapline.spec.document import parse_blocks
from snapline.spec.inline import Inline, Kind
from snapline.spec.model import Spec
from snapline.spec.reading import Reading


class LeafKind(StrEnum):
    """What a leaf is. ``MARKUP`` is all that carries no words: markers, indentation, blank lines, line ends."""

    FRONT_MATTER = "front matter"
    TEXT = "text"
    CODE = "code"
    FENCE = "fence"
    COMMENT = "comment"
    HTML = "html"
    TARGET = "target"
    MARKUP = "markup"
    UNREAD = "unread"


class Leaf(Record, frozen=True):
    """One piece of the text."""

    span: Span
    kind: LeafKind


_PIECES: Final = {
    Kind.TEXT: LeafKind.TEXT,
    Kind.CODE: LeafKind.CODE,
    Kind.MARKER: LeafKind.MARKUP,
    Kind.COMMENT: LeafKind.COMMENT,
    Kind.HTML: LeafKind.HTML,
    Kind.TARGET: LeafKind.TARGET,
}
_BLOCKS: Final = {
    BlockKind.FENCE: LeafKind.FENCE,
    BlockKind.CODE: LeafKind.FENCE,
    BlockKind.DEFINITIONS: LeafKind.TARGET,
    BlockKind.UNREAD: LeafKind.UNREAD,
    BlockKind.RULE: LeafKind.MARKUP,
}
_COMMENT: Final = regex(r"<!--(?:-?>|.*?(?:-->|\Z))", re.DOTALL)


def leaves(spec: Spec) -> tuple[Leaf, ...]:
    """All leaves in order: the first begins at 0, each next one where the last ended, the last at the text's end."""
    source = spec.source
    start = 1 if source.text.startswith("\ufeff") else 0
    if spec.front.span:
        start = spec.front.span.end
    blocks = parse_blocks(source, start).blocks
    found = [Leaf(spec.front.span, LeafKind.FRONT_MATTER)] if spec.front.span else []
    found += (leaf for block in blocks for leaf in _of_block(Reading(source), block) if leaf.span.end > leaf.span.start)
    return tuple(_filled(source, found))


def _filled(source: Source, found: Iterable[Leaf]) -> Iterator[Leaf]:
    done = 0
    for leaf in found:
        if leaf.span.start > done:
            yield Leaf(Span(done, leaf.span.start), LeafKind.MARKUP)
        yield leaf
        done = leaf.span.end
    if done < len(source.text):
        yield Leaf(Span(done, len(source.text)), LeafKind.MARKUP)


def _of_block(reading: Reading, outer: Block) -> Iterator[Leaf]:
    for block in outer.walk():
        if block.kind is BlockKind.HTML:
            yield from _of_html(reading.source, block.span)
        elif block.kind in _BLOCKS:
            yield Leaf(block.span, _BLOCKS[block.kind])
        for inline in reading.texts(block):
            yield from _of_inline(inline)


def _of_html(source: Source, span: Span) -> Iterator[Leaf]:
    done = span.start
    for match in _COMMENT.finditer(source.text, span.start, span.end):
        yield Leaf(Span(done, match.start()), LeafKind.HTML)
        yield Leaf(Span(*match.span()), LeafKind.COMMENT)
        done = match.end()
    yield Leaf(Span(done, span.end), LeafKind.HTML)


def _of_inline(inline: Inline) -> Iterator[Leaf]:
    """The pieces of a paragraph, cut where lines end: what stands between two lines belongs to their container."""
    for piece in inline.pieces:
        begin = piece.start
        while begin < piece.end:
            stop = inline.text.find("\n", begin, piece.end)
            end = piece.end if stop < 0 else stop
            if end > begin:
                yield Leaf(inline.span(begin, end), _PIECES[piece.kind])
            begin = end + 1
