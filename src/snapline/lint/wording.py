"""The words that an author wrote as words: no code, no quotation, no comment."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from snapline.base.regex import regex
from snapline.base.text import Span
from snapline.spec.blocks import Block, BlockKind
from snapline.spec.document import parse_blocks
from snapline.spec.inline import Kind
from snapline.spec.model import Spec
from snapline.spec.reading import Reading

_READ = frozenset({Kind.TEXT, Kind.HTML, Kind.MARKER})
_OPAQUE = frozenset({BlockKind.QUOTE, BlockKind.FENCE, BlockKind.CODE, BlockKind.DEFINITIONS, BlockKind.UNREAD})
_COMMENT = regex(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_QUOTATION = regex(r'"[^"\n]*"|“[^“”\n]*”|„[^„“”\n]*[“”]|«[^«»\n]*»|「[^「」\n]*」')
_CODE = "\ufffc"
_NO_LINE_END = regex(r"[^\r\n]")


def worded(spec: Spec) -> str:
    """The spec's text with everything but words blanked out, every offset kept.

    Code becomes a filler that is no word and no blank. Front matter stays; so does what looks like an HTML tag, because
    a placeholder such as ``<your name>`` is one.
    """
    text = spec.source.text
    done = spec.front.span.end if spec.front.span else 0
    pieces: list[str] = [text[:done]]
    for span, kept in sorted(_spans(spec, done)):
        if span.start >= done:
            pieces.append(_NO_LINE_END.sub(" ", text[done : span.start]))
            pieces.append(spec.source.slice(span) if kept else _NO_LINE_END.sub(_CODE, spec.source.slice(span)))
            done = span.end
    pieces.append(_NO_LINE_END.sub(" ", text[done:]))
    return _QUOTATION.sub(_blank, "".join(pieces))


def _spans(spec: Spec, begin: int) -> Iterator[tuple[Span, bool]]:
    """What holds words, and inline code, which does not count as one."""
    reading = Reading(spec.source)
    for block in _leaves(parse_blocks(spec.source, begin).blocks):
        if block.kind is BlockKind.HTML:
            yield from ((span, True) for span in _outside_comments(spec, block.span))
        for inline in reading.texts(block):
            for piece in inline.pieces:
                if piece.kind in _READ or piece.kind is Kind.CODE:
                    yield inline.span(piece.start, piece.end), piece.kind is not Kind.CODE


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
