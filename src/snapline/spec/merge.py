"""Merging two people's edits of one spec, clause by clause.

A spec is a dictionary of clauses (and of other blocks, headings and front matter keys) rather than a list of lines.
Each entry is merged for itself: there is a conflict if and only if both sides changed one entry differently, or one
deleted what the other changed. What neither side touched keeps its bytes. ``docs/explanation/merging.md`` says more.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from snapline.base.text import Source
from snapline.spec.model import Spec
from snapline.spec.parser import parse
from snapline.spec.settling import Settled, Why
from snapline.spec.sheets import Side, spread
from snapline.spec.weaving import Placed, Slot, Weaver, name_of

MARKER_SIZE: Final = 7
"""Characters of a conflict marker, as git has them by default."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """Something that a person has to decide. ``line`` is that of its first marker in the merged text, from 1."""

    name: str
    why: Why
    line: int

    @property
    def hint(self) -> str:
        """What a person may do about it; empty where it is plain."""
        if self.why in (Why.BOTH_ADDED, Why.SAME_ID) and self.name[1:].isdigit():
            return "keep both by giving one of them another id, and refer to that where it is meant"
        return ""


@dataclass(frozen=True, slots=True)
class Merged:
    """The merged text, its conflicts in order, and remarks on what was decided without asking."""

    text: str
    conflicts: tuple[Conflict, ...]
    remarks: tuple[str, ...] = ()


def is_spec(spec: Spec) -> bool:
    """Whether a text has any section of the language, so that merging it by clauses means something."""
    return any(section.kind is not None for section in spec.sections)


def merge(base: Source, ours: Source, theirs: Source, *, marker_size: int = MARKER_SIZE) -> Merged:
    """Merge what ``ours`` and ``theirs`` made of ``base``.

    Line endings, a byte order mark and the end of the file follow the side that changed them, else stay.
    """
    if ours.text in (base.text, theirs.text):
        return Merged(theirs.text, ())
    if theirs.text == base.text:
        return Merged(ours.text, ())
    newlines = [_newline(one.text) for one in (base, ours, theirs)]
    if None in newlines:
        return _merge(base, ours, theirs, marker_size, "\n")
    newline = pick(*(known or "\n" for known in newlines))
    plain = [_with_newline(one) for one in (base, ours, theirs)]
    merged = _merge(plain[0], plain[1], plain[2], marker_size, "\n")
    return Merged(merged.text.replace("\n", newline), merged.conflicts, merged.remarks)


def pick(base: str, ours: str, theirs: str) -> str:
    """The one of three layouts that a side chose; ours where both did."""
    return theirs if ours == base else ours


def _newline(text: str) -> str | None:
    """The line ending of a text; empty where it has none, None where it has several kinds."""
    windows = text.count("\r\n")
    if text.count("\r") != windows:
        return None
    feeds = text.count("\n") - windows
    if windows and feeds:
        return None
    return "\r\n" if windows else "\n" if feeds else ""


def _with_newline(source: Source) -> Source:
    return Source.from_bytes(source.path, source.text.replace("\r\n", "\n").encode())


def _merge(base: Source, ours: Source, theirs: Source, marker_size: int, newline: str) -> Merged:
    weaver = Weaver(spread(parse(base), parse(ours), parse(theirs)), newline, marker_size)
    odd = _misread(weaver, ours.path)
    if odd:
        weaver.wide = True
        odd = _misread(weaver, ours.path)
    for slot in odd:
        weaver.settled[slot] = Settled(None, Why.OTHERWISE)
    woven = list(weaver.woven())
    conflicts = tuple(_conflict(weaver, one) for one in woven if one.tile is None)
    return Merged(weaver.lead + "".join(one.text for one in woven), conflicts, tuple(weaver.remarks))


def _misread(weaver: Weaver, path: str) -> list[Slot]:
    """The changes that would be read otherwise in the result, whichever way its conflicts are decided."""
    undecided = any(settled.why is not None for settled in weaver.settled.values())
    sides = (Side.OURS, Side.THEIRS) if undecided else (Side.OURS,)
    return list(dict.fromkeys(slot for side in sides for slot in weaver.misread(path, side)))


def _conflict(weaver: Weaver, placed: Placed) -> Conflict:
    base, ours, theirs = weaver.versions(placed.slot)
    tile = ours or theirs or base
    why = weaver.settled[placed.slot].why
    assert tile is not None and why is not None  # noqa: S101, PT018 - a slot without a settled tile has both
    return Conflict(name_of(tile), why, placed.line)
