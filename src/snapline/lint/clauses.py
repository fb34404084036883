"""Where clauses stand, and their ids in them."""

from __future__ import annotations

from snapline.base.text import Source, Span
from snapline.spec.model import Clause, Spec


def clause_at(spec: Spec, offset: int) -> Clause | None:
    """The clause that an offset lies in."""
    return next((clause for clause in spec.clauses() if offset in clause.span), None)


def id_text(source: Source, clause: Clause) -> Span:
    """Where a clause's written id stands, without its emphasis and colon."""
    around = clause.id_span or clause.span
    start = source.text.find(clause.id, around.start, around.end)
    return Span(start, start + len(clause.id)) if start >= 0 else around
