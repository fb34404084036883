"""A comment within a paragraph ends no paragraph, even where a line begins with it.

Markdown ends a paragraph at a line that begins with a comment, so that a formatter that wraps words would make two out
of one. Comments say nothing in a spec; what stands around one, without a blank line, is read as one paragraph.
"""

from __future__ import annotations

import re

from snapline.base.regex import regex
from snapline.base.text import Source, Span
from snapline.spec.blocks import Block, BlockKind, Document, Line

_COMMENT = "<!--"
_WHOLE = regex(r"<!--(?:-?>|.*?(?:-->|\Z))", re.DOTALL)


def without_breaks(source: Source, document: Document) -> Document:
    """The document with paragraphs joined that only a comment parts."""
    if _COMMENT not in source.text:
        return document
    return Document(_joined(source, document.blocks), document.too_deep, document.unread)


def _joined(source: Source, blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """The same blocks, or new ones where paragraphs were joined."""
    groups: list[list[Block]] = []
    for at, one in enumerate(blocks):
        following = blocks[at + 1] if at + 1 < len(blocks) else None
        if groups and _belongs(source, groups[-1], one, following):
            groups[-1].append(one)
        else:
            groups.append([_within(source, one)])
    if len(groups) == len(blocks) and all(group[0] is one for group, one in zip(groups, blocks, strict=True)):
        return blocks
    return tuple(_paragraph(group) if len(group) > 1 else group[0] for group in groups)


def _within(source: Source, block: Block) -> Block:
    children = _joined(source, block.children)
    if children is block.children:
        return block
    return Block(
        block.kind, block.span, block.lines, children, block.level, block.markup, block.info, block.text, block.closed
    )


def _belongs(source: Source, group: list[Block], block: Block, following: Block | None) -> bool:
    """Whether a block goes on with the paragraph that a group begins with."""
    if group[0].kind is not BlockKind.PARAGRAPH or not _adjacent(source, group[-1], block):
        return False
    if len(group) > 1 and group[-1].kind is BlockKind.HTML:
        return block.kind is BlockKind.PARAGRAPH or _is_comment(source, block)
    if not _is_comment(source, block):
        return False
    goes_on = following is not None and following.kind is BlockKind.PARAGRAPH and _adjacent(source, block, following)
    return goes_on or bool(_WHOLE.sub("", source.slice(block.span)).strip())


def _is_comment(source: Source, block: Block) -> bool:
    """Whether a block is HTML that begins with a comment, which ends in it."""
    return (
        block.kind is BlockKind.HTML
        and source.text.startswith(_COMMENT, block.lines[0].start)
        and "-->" in source.slice(block.span)
    )


def _adjacent(source: Source, first: Block, second: Block) -> bool:
    """Whether one leaf block stands directly below another."""
    if not first.lines or not second.lines:
        return False
    last = source.position(first.lines[-1].end).line
    return source.position(second.lines[0].start).line == last + 1


def _paragraph(blocks: list[Block]) -> Block:
    lines: tuple[Line, ...] = tuple(line for block in blocks for line in block.lines)
    span = Span(blocks[0].span.start, max(block.span.end for block in blocks))
    return Block(BlockKind.PARAGRAPH, span, lines)
