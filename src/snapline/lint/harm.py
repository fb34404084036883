"""What an edit may not do: change anything of a spec but what it was meant to change."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Collection, Sequence
from itertools import accumulate
from math import inf
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
    """Where text stands after some edits; each answer is found among them by halving."""

    def __init__(self, edits: Sequence[Edit]) -> None:
        ordered = sorted(edits)
        self._starts = [one.span.start for one in ordered]
        self._ends = [one.span.end for one in ordered]
        growth = (len(one.text) - (one.span.end - one.span.start) for one in ordered)
        self._shifts = tuple(accumulate(growth, initial=0))
        self._put: Counter[int] = Counter()
        for one in ordered:
            if one.span.start == one.span.end:
                self._put[one.span.start] += len(one.text)
        starts = [start + shift for start, shift in zip(self._starts, self._shifts, strict=False)]
        self._written = [(start, start + len(one.text) + 1) for start, one in zip(starts, ordered, strict=True)]

    def touches(self, span: Span) -> bool:
        """Whether an edit lies in a span or at its ends."""
        index = bisect_left(self._ends, span.start)
        return index < len(self._starts) and self._starts[index] <= span.end

    def cuts(self, span: Span) -> bool:
        """Whether an edit changes what is inside a span."""
        index = bisect_right(self._ends, span.start)
        return index < len(self._starts) and self._starts[index] < span.end

    def moved(self, offset: int) -> frozenset[int]:
        """Where an offset outside the edits is now: two places where text was put in front of it."""
        now = offset + self._shifts[bisect_right(self._ends, offset)]
        return frozenset({now, now - self._put[offset]})

    def wrote(self, offset: int) -> bool:
        """Whether the edits wrote what stands at an offset of the new text, or what ends there."""
        index = bisect_right(self._written, (offset, inf)) - 1
        return index >= 0 and offset < self._written[index][1]


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
    strange = (clause for start, (_, clause) in found.items() if start not in known and not change.wrote(start))
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


def _same(one: Clause, other: Clause) -> bool:
    """Whether two clauses mean the same; a provisional id is nobody's promise."""
    if one.written and (not other.written or one.id != other.id):
        return False
    return {**canonical_clause(one), "id": ""} == {**canonical_clause(other), "id": ""}
