"""What an edit may not do: change anything of a spec but what it was meant to change."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from snapline.base.text import Edit, Span
from snapline.spec.model import Clause, Section, Spec
from snapline.spec.revision import canonical_clause, canonical_front

_OF_STRUCTURE = ("SEC", "FMT")
"""Beginnings of the codes whose fixes are about headings and layout, so that their target is a whole section."""


def harm(old: Spec, new: Spec, edits: Sequence[Edit], codes: Collection[str], targets: Collection[str]) -> str | None:
    """What ``edits`` changed beyond their targets, in words; None if nothing.

    ``targets`` are the clauses, as shown, that the edits are for. A clause that an edit cuts into is one too, and so is
    a section, where the edits are for one of ``codes`` that is about structure. ``new`` is read from the edited text.
    """
    change = _Change(edits)
    structural = any(code.startswith(_OF_STRUCTURE) for code in codes)
    touched = [section for section in old.sections if change.touches(section.span)]
    free = {id(clause) for section in touched for clause in section.clauses} if structural else set()
    for finder in (_front, _clauses, _sections):
        said = finder(old, new, change, structural, {*free, *_aimed_at(old, change, targets)})
        if said is not None:
            return said
    return None


class _Change:
    """Where text stands after some edits."""

    def __init__(self, edits: Sequence[Edit]) -> None:
        self._edits = sorted(edits)

    def touches(self, span: Span) -> bool:
        """Whether an edit lies in a span or at its ends."""
        return any(edit.span.start <= span.end and span.start <= edit.span.end for edit in self._edits)

    def cuts(self, span: Span) -> bool:
        """Whether an edit changes what is inside a span."""
        return any(
            edit.span.overlaps(span) if edit.span.end > edit.span.start else span.start < edit.span.start < span.end
            for edit in self._edits
        )

    def moved(self, offset: int) -> frozenset[int]:
        """Where an offset outside the edits is now: two places where text was put in front of it."""
        shift = sum(len(one.text) - (one.span.end - one.span.start) for one in self._edits if one.span.end <= offset)
        here = sum(len(one.text) for one in self._edits if one.span == Span(offset, offset))
        return frozenset({offset + shift, offset + shift - here})

    def written(self) -> Iterator[Span]:
        """The ranges of the new text that the edits wrote, with their ends."""
        shift = 0
        for edit in self._edits:
            start = edit.span.start + shift
            yield Span(start, start + len(edit.text) + 1)
            shift += len(edit.text) - (edit.span.end - edit.span.start)


def _aimed_at(old: Spec, change: _Change, targets: Collection[str]) -> set[int]:
    return {id(clause) for clause in old.clauses() if clause.shown in targets or change.cuts(clause.span)}


def _front(old: Spec, new: Spec, change: _Change, structural: bool, free: set[int]) -> str | None:  # noqa: FBT001 - one shape for the finders
    del free
    meant = structural or (old.front.span is not None and change.touches(old.front.span))
    return "it would change the front matter's meaning" if not meant and _differs(old, new) else None


def _differs(old: Spec, new: Spec) -> bool:
    return canonical_front(old) != canonical_front(new)


def _clauses(old: Spec, new: Spec, change: _Change, structural: bool, free: set[int]) -> str | None:  # noqa: FBT001 - one shape for the finders
    found = {clause.span.start: (section.kind, clause) for section in new.sections for clause in section.clauses}
    known: set[int] = set()
    for section in old.sections:
        for clause in section.clauses:
            places = change.moved(clause.span.start)
            known |= places
            if id(clause) in free:
                continue
            there = next((found[place] for place in places if place in found), None)
            if there is None or there[0] is not section.kind or not _same(clause, there[1]):
                return f"it would change {clause.shown}"
    written = tuple(change.written())
    strange = (clause for start, (_, clause) in found.items() if start not in known and not _in(start, written))
    first = next(strange, None)
    return None if structural or first is None else f"it would make {first.shown} another clause"


def _sections(old: Spec, new: Spec, change: _Change, structural: bool, free: set[int]) -> str | None:  # noqa: FBT001 - one shape for the finders
    del free
    found = {section.span.start: section for section in new.sections}
    for section in old.sections:
        if structural and change.touches(section.span):
            continue
        there = next((found[place] for place in change.moved(section.span.start) if place in found), None)
        if there is None or _frame(section) != _frame(there):
            if there is not None and change.cuts(section.body) and _is_prose(section, there):
                continue  # the prose is what was edited
            return f"it would change the section {section.name or 'before the first heading'}"
    return None


def _frame(section: Section) -> Any:  # noqa: ANN401 - only compared
    prose = "" if section.clauses else section.prose
    return section.kind, section.name, [note.text for note in section.notes], prose


def _is_prose(one: Section, other: Section) -> bool:
    """Whether two sections differ in nothing but their prose."""
    return (one.kind, one.name, one.clauses) == (other.kind, other.name, other.clauses)


def _in(offset: int, spans: Sequence[Span]) -> bool:
    return any(offset in span for span in spans)


def _same(one: Clause, other: Clause) -> bool:
    """Whether two clauses mean the same; a provisional id is nobody's promise."""
    if one.written and (not other.written or one.id != other.id):
        return False
    return {**canonical_clause(one), "id": ""} == {**canonical_clause(other), "id": ""}
