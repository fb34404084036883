"""Reading clauses: their section, their id's place, their words."""

from __future__ import annotations

from collections.abc import Iterator

from snapline.base.text import Source, Span
from snapline.spec.model import Clause, SectionKind, Spec


def in_sections(spec: Spec) -> Iterator[tuple[SectionKind, Clause]]:
    """Every clause with the kind of its section, in reading order."""
    for section in spec.sections:
        if section.kind is not None:
            for clause in section.clauses:
                yield section.kind, clause


def lettered(spec: Spec) -> Iterator[tuple[SectionKind, Clause]]:
    """The clauses whose id has their section's letter."""
    return (pair for pair in in_sections(spec) if pair[1].id[0] == pair[0].letter)


def wrongly_lettered(spec: Spec) -> Iterator[tuple[SectionKind, Clause]]:
    """The clauses whose written id has the letter of another section."""
    return (pair for pair in in_sections(spec) if pair[1].written and pair[1].id[0] != pair[0].letter)


def id_text(source: Source, clause: Clause) -> Span:
    """Where a clause's written id stands, without its emphasis and colon."""
    around = clause.id_span or clause.span
    start = source.text.find(clause.id, around.start, around.end)
    return Span(start, start + len(clause.id)) if start >= 0 else around


def clause_at(spec: Spec, offset: int) -> Clause | None:
    """The clause that an offset lies in."""
    return next((clause for clause in spec.clauses() if offset in clause.span), None)
