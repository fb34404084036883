"""``fmt``: the missing ids, as splices; nothing else of the file changes."""

from __future__ import annotations

from snapline.base.text import Edit, Span
from snapline.spec.model import Spec


def fmt_edits(spec: Spec) -> tuple[Edit, ...]:
    """One insertion for each clause without an id; clauses with a wrong or nearly written one are left to lint."""
    return tuple(
        Edit(Span(clause.insert_at, clause.insert_at), clause.insertion)
        for clause in spec.clauses()
        if not clause.written and clause.insertion
    )
