"""Reading a text again after one change: only the clauses around it, where that is certain to be enough.

Between two items of a section's list a Markdown reader knows nothing but that it is there. So the items around a
change are read alone, under a heading of their own, as they were and as they are. If the old ones read as they did in
the whole text, and the new ones begin and end with the same neighbours, then the change has stayed among them, and the
rest is as it was, only moved. Wherever a condition of this does not hold, the answer is None, and the whole is read.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, TypeVar

import msgspec

from snapline.base.ids import ClauseId
from snapline.base.text import Source, Span
from snapline.spec.model import Clause, ConstraintEntry, ConstraintWord, Fault, Note, Section, Spec
from snapline.spec.parser import parse
from snapline.spec.shifting import shifted

MAX_LENGTH: Final = 200_000
"""Code points of a text beyond which limits of the whole text may come into play."""
MAX_MANY: Final = 20_000
MAX_FEW: Final = 1_500
"""Marks, and references and faults, beyond which the same may be."""
MAX_WINDOW: Final = 20_000
"""Code points around a change that are worth reading twice."""
_WHOLE_TEXT: Final = "FMT012"
"""The code of faults that tell of the text as a whole."""
_NEAR_A_LIST: Final = "FMT013"
"""The code of faults that look at other items of the list."""
_MARKS: Final = "`\\&*_<]()"
_MARKERS: Final = ("- ", "* ", "+ ")

_Placed = TypeVar("_Placed", Clause, Note)


@dataclass(frozen=True)
class _Window:
    """The items around a change: of ``section``, clauses ``first`` to ``last``, which themselves stay as they are.

    ``head`` is the heading that they are read under; ``start``, ``old_end`` and ``new_end`` are offsets of their lines.
    """

    section: Section
    head: str
    first: int
    last: int
    start: int
    old_end: int
    new_end: int

    @property
    def clauses(self) -> tuple[Clause, ...]:
        """The clauses in it, as they were."""
        return self.section.clauses[self.first : self.last + 1]

    @property
    def delta(self) -> int:
        """How far what follows has moved."""
        return self.new_end - self.old_end

    def held(self, span: Span) -> bool:
        """Whether something of the old text lies in it."""
        return self.start <= span.start < self.old_end


@dataclass(frozen=True)
class _Alone:
    """The items of a window read alone, with the places that they have in the whole text."""

    clauses: tuple[Clause, ...]
    notes: tuple[Note, ...]
    faults: tuple[Fault, ...]
    prose: str


def reparse(old: Spec, source: Source, known: Iterable[ClauseId] = ()) -> Spec | None:
    """The spec of ``source``, equal to what :func:`parse` gives, from that of a text which differs at one place.

    ``known`` must be what ``old`` was read with. None where the whole has to be read.
    """
    if source.path != old.source.path or old.source.newline != source.newline or not _is_small(old, source.text):
        return None
    if old.front.span is None and source.text.lstrip("\ufeff").startswith("---"):
        return None  # a line of the same further down would make front matter of all between
    window = _window(old, source)
    if window is None:
        return None
    before = _alone(old.source, window, window.old_end, known)
    after = _alone(source, window, window.new_end, known)
    if before is None or after is None or not _read_alike(old, window, before):
        return None
    stays = _ends_meet(window, after) and _numbers_stay(window, before, after)
    return _joined(old, source, window, before, after) if stays and _leaves_network(old, before, after) else None


def _is_small(old: Spec, text: str) -> bool:
    """Whether a text stays clear of the limits of a whole text, and ``old`` has met none of them."""
    marks = sum(text.count(mark) for mark in _MARKS)
    references = sum(len(clause.references) for clause in old.clauses())
    met = any(fault.code == _WHOLE_TEXT for fault in old.faults)
    return len(text) <= MAX_LENGTH and marks <= MAX_MANY and references + len(old.faults) <= MAX_FEW and not met


def _window(old: Spec, source: Source) -> _Window | None:
    """The items around the change, with a whole one on either side; None if it is not among items of one list."""
    start, old_end = _changed(old.source.text, source.text)
    section = next((one for one in old.sections if one.body.start < start and old_end <= one.span.end), None)
    if section is None or section.kind is None or not section.clauses:
        return None
    if sum(one.kind is section.kind for one in old.sections) > 1:
        return None
    line = old.source.position(start).line
    end = old.source.line_span(old.source.position(old_end).line).end
    first = max(
        (n for n, one in enumerate(section.clauses) if one.span.end < old.source.line_starts[line - 1]), default=-1
    )
    last = min((n for n, one in enumerate(section.clauses) if one.span.start >= end), default=-1)
    if first < 0 or last < 0:
        return None
    begin = section.clauses[first].span.start
    stop = old.source.line_span(old.source.position(max(section.clauses[last].span.end - 1, 0)).line).end
    level = _level(old.source.slice(section.heading))
    if not level or begin != _line_of(old.source, begin) or stop - begin > MAX_WINDOW:
        return None
    if not all(old.source.text.startswith(_MARKERS, section.clauses[n].span.start) for n in (first, last)):
        return None
    head = f"{'#' * level} {section.kind.value}{source.newline * 2}"
    return _Window(section, head, first, last, begin, stop, stop + len(source.text) - len(old.source.text))


def _changed(old: str, new: str) -> tuple[int, int]:
    """Where the change begins, and where it ends in the old text."""
    start = _common(old, new)
    most = min(len(old), len(new)) - start
    tail = _common(old[len(old) - most :][::-1], new[len(new) - most :][::-1])
    return start, len(old) - tail


def _common(one: str, other: str) -> int:
    """How many characters two texts have in common at their beginning."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _level(heading: str) -> int:
    marks = len(heading) - len(heading.lstrip("#"))
    return marks if marks in (1, 2) else 0


def _line_of(source: Source, offset: int) -> int:
    return source.line_starts[source.position(offset).line - 1]


def _alone(source: Source, window: _Window, end: int, known: Iterable[ClauseId]) -> _Alone | None:
    """The items of a window read alone; None if they are not the one section that they should be."""
    text = window.head + source.text[window.start : end]
    later = (one.id for one in window.section.clauses[window.last + 1 :] if one.written)
    ids = {*known, *(one.id for one in window.section.clauses[: window.first]), *later}
    spec = parse(Source(source.path, text.encode("utf-8", "replace"), text), known=ids)
    if len(spec.sections) != 1 or spec.sections[0].kind is not window.section.kind or not spec.sections[0].clauses:
        return None
    if any(fault.code in (_WHOLE_TEXT, _NEAR_A_LIST) for fault in spec.faults):
        return None
    section, by = spec.sections[0], window.start - len(window.head)
    clauses = tuple(shifted(one, by) for one in section.clauses)
    notes = tuple(shifted(one, by) for one in section.notes)
    return _Alone(clauses, notes, tuple(shifted(one, by) for one in spec.faults), section.prose)


def _read_alike(old: Spec, window: _Window, before: _Alone) -> bool:
    """Whether the items, read alone, were what they were in the whole text."""
    notes = tuple(one for one in window.section.notes if window.held(one.span))
    faults = tuple(one for one in old.faults if window.held(one.span))
    alike = (before.clauses, before.notes, before.faults) == (window.clauses, notes, faults)
    return alike and window.section.prose.count(before.prose) == 1


def _ends_meet(window: _Window, after: _Alone) -> bool:
    """Whether the first and the last item are as they were."""
    first, last = window.clauses[0], window.clauses[-1]
    return len(after.clauses) > 1 and after.clauses[0] == first and after.clauses[-1] == shifted(last, window.delta)


def _numbers_stay(window: _Window, before: _Alone, after: _Alone) -> bool:
    """Whether the ids that the other clauses of the section were given are given again."""
    elsewhere = (*window.section.clauses[: window.first], *window.section.clauses[window.last + 1 :])
    if all(one.written for one in elsewhere):
        return True
    old, new = ({(one.id, one.written) for one in several.clauses} for several in (before, after))
    return old == new


def _leaves_network(old: Spec, before: _Alone, after: _Alone) -> bool:
    """Whether the change has nothing to do with ``No network``, which forbids an option in clauses anywhere."""
    clauses = (*before.clauses, *after.clauses)
    entries = (one.entry for one in clauses)
    if any(isinstance(one, ConstraintEntry) and one.word is ConstraintWord.NO_NETWORK for one in entries):
        return False
    return not (old.offline and any("network" in one.text.lower() for one in clauses))


def _joined(old: Spec, source: Source, window: _Window, before: _Alone, after: _Alone) -> Spec:
    """The old spec with the new items in the place of the old ones, and all that follows moved."""
    sections = []
    for one in old.sections:
        if one is window.section:
            sections.append(_renewed(one, window, before, after))
        else:
            sections.append(shifted(one, window.delta) if one.span.start >= window.old_end else one)
    kept = [one for one in old.faults if one.span.start < window.start]
    moved = [shifted(one, window.delta) for one in old.faults if one.span.start >= window.old_end]
    faults = sorted((*kept, *after.faults, *moved), key=lambda one: (one.span, one.code))
    return msgspec.structs.replace(old, source=source, sections=tuple(sections), faults=tuple(faults))


def _renewed(section: Section, window: _Window, before: _Alone, after: _Alone) -> Section:
    def moved(several: tuple[_Placed, ...]) -> tuple[_Placed, ...]:
        return tuple(shifted(one, window.delta) for one in several if one.span.start >= window.old_end)

    clauses = (*section.clauses[: window.first], *after.clauses, *moved(section.clauses[window.last + 1 :]))
    notes = (*(one for one in section.notes if one.span.start < window.start), *after.notes, *moved(section.notes))
    return msgspec.structs.replace(
        section,
        span=Span(section.span.start, section.span.end + window.delta),
        body=Span(section.body.start, section.body.end + window.delta),
        clauses=clauses,
        notes=notes,
        prose=section.prose.replace(before.prose, after.prose),
    )
