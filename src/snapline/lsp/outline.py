"""The outline of a spec: its symbols, and what can be folded away."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from snapline.base.text import Source, Span
from snapline.lsp.view import View
from snapline.spec.model import Clause, Section

MAX_DETAIL: Final = 120
"""Characters of a clause that stand beside its id in the outline."""
_COMMENT: Final = ("<!--", "-->")


@dataclass(frozen=True, slots=True)
class Symbol:
    """A section with its clauses, or a clause. ``span`` is all of it, ``name_span`` what is selected."""

    name: str
    detail: str
    span: Span
    name_span: Span
    is_section: bool
    inside: tuple[Symbol, ...] = ()


class FoldKind(StrEnum):
    """What is folded."""

    REGION = "region"
    COMMENT = "comment"


@dataclass(frozen=True, slots=True)
class Fold:
    """Lines (from 0, both inclusive) of which only the first stays to be seen."""

    first: int
    last: int
    kind: FoldKind


def symbols(view: View) -> tuple[Symbol, ...]:
    """The sections and, in them, the clauses."""
    return tuple(_section(section) for section in view.spec.sections if section.name)


def folds(view: View) -> tuple[Fold, ...]:
    """The front matter, sections, clauses and fences of several lines, and comments."""
    source = view.source
    spans = [(span, FoldKind.REGION) for span in _regions(view)]
    spans += [(span, FoldKind.COMMENT) for span in _comments(source)]
    found = (_fold(source, span, kind) for span, kind in spans)
    return tuple(sorted({one for one in found if one.last > one.first}, key=lambda one: (one.first, -one.last)))


def _section(section: Section) -> Symbol:
    detail = section.kind.value if section.kind and section.alias else ""
    inside = tuple(_clause(one) for one in section.clauses)
    return Symbol(section.name, detail, section.span, section.name_span, is_section=True, inside=inside)


def _clause(clause: Clause) -> Symbol:
    first = clause.text.split("\n", 1)[0]
    detail = first if len(first) <= MAX_DETAIL else f"{first[:MAX_DETAIL]} …"
    place = clause.id_span or Span(clause.body.start, clause.body.start)
    return Symbol(clause.shown, detail, clause.span, place, is_section=False)


def _regions(view: View) -> Iterator[Span]:
    if view.spec.front.span is not None:
        yield view.spec.front.span
    for section in view.spec.sections:
        yield section.span
        for clause in section.clauses:
            yield clause.span
            yield from (fence.span for fence in clause.fences)


def _comments(source: Source) -> Iterator[Span]:
    opening, closing = _COMMENT
    start = source.text.find(opening)
    while start >= 0:
        end = source.text.find(closing, start)
        if end < 0:
            return
        yield Span(start, end + len(closing))
        start = source.text.find(opening, end)


def _fold(source: Source, span: Span, kind: FoldKind) -> Fold:
    """The lines of a span without the blank ones at its end."""
    text = source.slice(span).rstrip()
    first = source.position(span.start).line
    last = source.position(max(span.start, span.start + len(text) - 1)).line
    return Fold(first - 1, last - 1, kind)
