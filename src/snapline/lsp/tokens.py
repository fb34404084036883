"""Semantic tokens: what an editor may colour, in the types that every editor knows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from snapline.base.text import Span
from snapline.lsp.marks import Mark, MarkKind
from snapline.lsp.paths import is_path
from snapline.lsp.positions import Positions, units
from snapline.lsp.view import View

TYPES: Final = ("property", "variable", "keyword", "modifier", "macro", "string", "namespace")
MODIFIERS: Final = ("declaration",)

_TYPE: Final = {
    MarkKind.ID: "property",
    MarkKind.REFERENCE: "variable",
    MarkKind.WORD: "keyword",
    MarkKind.OPTION: "modifier",
    MarkKind.CHECK: "macro",
    MarkKind.PATH: "string",
    MarkKind.SPEC: "namespace",
    MarkKind.RULE: "namespace",
}


@dataclass(frozen=True, slots=True)
class Token:
    """One coloured piece of one line."""

    span: Span
    type: int
    declares: bool


def tokens(view: View, within: Span | None = None) -> tuple[Token, ...]:
    """The tokens of a spec, or of a part of it, in order; none overlaps another, and none crosses a line's end."""
    found: list[Token] = []
    done = 0
    for mark in view.marks:
        if mark.kind not in _TYPE or (within is not None and not mark.span.overlaps(within)):
            continue
        if mark.kind is MarkKind.PATH and not is_path(view, mark.text):
            continue
        if mark.span.start < done:
            continue
        found += _lines(view, mark)
        done = mark.span.end
    return tuple(found)


def encoded(found: tuple[Token, ...], positions: Positions) -> list[int]:
    """Five numbers for each token, as the protocol has them: relative line and start, length, type, modifiers."""
    data: list[int] = []
    line = character = 0
    for token in found:
        place = positions.place(token.span.start)
        length = units(positions.source.slice(token.span), positions.encoding)
        start = place.character - character if place.line == line else place.character
        data += (place.line - line, start, length, token.type, int(token.declares))
        line, character = place.line, place.character
    return data


def _lines(view: View, mark: Mark) -> Iterator[Token]:
    """One token for each line of a mark."""
    kind = TYPES.index(_TYPE[mark.kind])
    source = view.source
    first, last = source.position(mark.span.start).line, source.position(mark.span.end).line
    for line in range(first, last + 1):
        start = max(mark.span.start, source.line_starts[line - 1])
        end = min(mark.span.end, source.line_starts[line - 1] + len(source.line_text(line)))
        if end > start:
            yield Token(Span(start, end), kind, mark.kind is MarkKind.ID)
