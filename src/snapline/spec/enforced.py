"""What this version reads in a spec but does not enforce: gates refuse it, so that it is never taken for prose."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from snapline.base.ids import ClauseId
from snapline.base.record import Record
from snapline.base.text import Span
from snapline.spec.model import (
    Clause,
    ConstraintEntry,
    FailureEntry,
    FailureWord,
    Spec,
)

_FAILURES: Final = frozenset({FailureWord.ROLL_BACK_WHEN, FailureWord.ESCALATE})


class Unenforced(Record, frozen=True):
    """A word or option of the language that is understood and not enforced; ``what`` names it as written."""

    span: Span
    clause: ClauseId | None
    what: str


def unenforced(spec: Spec) -> tuple[Unenforced, ...]:
    """Every such word and option of a spec, in reading order."""
    found = [Unenforced(span, clause, what) for span, clause, what in _all(spec)]
    return tuple(sorted(set(found), key=lambda one: (one.span, one.what)))


def _all(spec: Spec) -> Iterator[tuple[Span, ClauseId | None, str]]:
    if spec.front.supersedes and spec.front.span:
        yield spec.front.span, None, "`supersedes`"
    for clause in spec.clauses():
        for span, what in unenforced_in(clause):
            yield span, clause.id, what


def unenforced_in(clause: Clause) -> Iterator[tuple[Span, str]]:
    """The words of a clause that are not enforced: where each stands, and how it is called."""
    entry = clause.entry
    if isinstance(entry, ConstraintEntry):
        if entry.budget and entry.budget.money is not None:
            yield entry.word_span, "`Budget` in money"
        if entry.budget and entry.budget.tokens is not None:
            yield entry.word_span, "`Budget` in tokens"
    if isinstance(entry, FailureEntry) and entry.word in _FAILURES:
        yield entry.word_span, f"`{entry.word.value}`"
