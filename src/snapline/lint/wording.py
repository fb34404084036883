"""The words that an author wrote as words: no code, no quotation, no comment."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from snapline.base.text import Span
from snapline.spec.blocks import Block, BlockKind
from snapline.spec.inline import Kind
from snapline.spec.markdown import parse_blocks
from snapline.spec.model import Spec
from snapline.spec.reading import Reading

_READ = frozenset({Kind.TEXT, Kind.HTML, Kind.MARKER})
_OPAQUE = frozenset({BlockKind.QUOTE, BlockKind.FENCE, BlockKind.CODE, BlockKind.DEFINITIONS, BlockKind.UNREAD})
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_QUOTATION = re.compile(r'"[^"\n]*"|“[^”\n]*”|„[^“”\n]*[“”]|«[^»\n]*»|「[^」\n]*」')
_NO_LINE_END = re.compile(r"[^\r\n]")


def worded(spec: Spec) -> str:
    """The spec's text with everything but words blanked out, every offset kept.

    Front matter stays; what looks like an HTML tag stays, because a placeholder such as ``<your name>`` is one.
    """
    text = spec.source.text
    begin = spec.front.span.end if spec.front.span else 0
    pieces: list[str] = [text[:begin]]
    done = begin
    for span in sorted(_spans(spec, begin)):
        if span.start >= done:
            pieces += (_NO_LINE_END.sub(" ", text[done : span.start]), text[span.start : span.end])
            done = span.end
    pieces.append(_NO_LINE_END.sub(" ", text[done:]))
    return _QUOTATION.sub(_blank, "".join(pieces))


def _spans(spec: Spec, begin: int) -> Iterator[Span]:
    reading = Reading(spec.source)
    for block in _leaves(parse_blocks(spec.source, begin).blocks):
        if block.kind is BlockKind.HTML:
            yield from _outside_comments(spec, block.span)
        for inline in reading.texts(block):
            for piece in inline.pieces:
                if piece.kind in _READ:
                    yield inline.span(piece.start, piece.end)


def _leaves(blocks: Iterable[Block]) -> Iterator[Block]:
    for block in blocks:
        if block.kind not in _OPAQUE:
            yield block
            yield from _leaves(block.children)


def _outside_comments(spec: Spec, span: Span) -> Iterator[Span]:
    done = span.start
    for match in _COMMENT.finditer(spec.source.text, span.start, span.end):
        yield Span(done, match.start())
        done = match.end()
    yield Span(done, span.end)


def _blank(match: re.Match[str]) -> str:
    return " " * len(match[0])
