"""Where clauses stand, and their ids in them."""

from __future__ import annotations

from bisect import bisect_right

from snapline.base.text import Source, Span
from snapline.spec.model import Clause, Spec


class Places:
    """Which clause of a spec an offset lies in."""

    def __init__(self, spec: Spec) -> None:
        self._clauses = sorted(spec.clauses(), key=lambda clause: clause.span)
        self._starts = [clause.span.start for clause in self._clauses]

    def clause(self, offset: int) -> Clause | None:
        """The clause at ``offset``."""
        index = bisect_right(self._starts, offset) - 1
        if index >= 0 and offset in self._clauses[index].span:
            return self._clauses[index]
        return None


def id_text(source: Source, clause: Clause) -> Span:
    """Where a clause's written id stands, without its emphasis and colon."""
    around = clause.id_span or clause.span
    start = source.text.find(clause.id, around.start, around.end)
    return Span(start, start + len(clause.id)) if start >= 0 else around
