"""Three versions of one tile made one: what both sides can live with, or why a person has to decide."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from snapline.spec.tiles import Tile


class Why(StrEnum):
    """Why something is in conflict."""

    BOTH_CHANGED = "both sides changed it differently"
    BOTH_ADDED = "both sides added it with different words"
    OURS_DELETED = "our side deleted it, the other one changed it"
    THEIRS_DELETED = "our side changed it, the other one deleted it"
    SAME_ID = "the other side added it, and our side gave its id to another clause"
    OTHERWISE = "with what the other side changed around it, it would be read differently"


@dataclass(frozen=True, slots=True)
class Settled:
    """The tile that was agreed on (None: it is gone), or why there is none."""

    tile: Tile | None
    why: Why | None = None


def settle(base: Tile | None, ours: Tile | None, theirs: Tile | None) -> Settled:
    """Merge the versions of one tile; None where a text lacks it.

    A side that changed the layout only (wrapping, markers, an id that was not written yet) gives way to one that
    changed what is said.
    """
    if ours is None or theirs is None:
        return _with_one(base, ours, theirs)
    if base is None:
        return _agreed(ours, theirs) or Settled(None, Why.BOTH_ADDED)
    if ours.text == base.text:
        return Settled(theirs)
    if theirs.text == base.text:
        return Settled(ours)
    return _agreed(ours, theirs) or _changed_by_one(base, ours, theirs) or Settled(None, Why.BOTH_CHANGED)


def _with_one(base: Tile | None, ours: Tile | None, theirs: Tile | None) -> Settled:
    """At most one of the sides has it."""
    left = ours or theirs
    if left is None or base is None:
        return Settled(left)
    if left.text == base.text or _kept(base, left):
        return Settled(None)
    return Settled(None, Why.OURS_DELETED if ours is None else Why.THEIRS_DELETED)


def _agreed(ours: Tile, theirs: Tile) -> Settled | None:
    """What both sides say alike."""
    if not ours.same(theirs) or _other_ids(ours, theirs):
        return None
    return _with_name(ours, theirs)


def _changed_by_one(base: Tile, ours: Tile, theirs: Tile) -> Settled | None:
    """What one side says where the other one changed the layout only."""
    if _other_ids(ours, theirs):
        return None
    if _kept(base, ours):
        return _with_name(theirs, ours)
    if _kept(base, theirs):
        return _with_name(ours, theirs)
    return None


def _other_ids(ours: Tile, theirs: Tile) -> bool:
    """Whether both sides wrote an id, and not the same one."""
    return ours.clause is not None and bool(ours.name and theirs.name) and ours.name != theirs.name


def _kept(base: Tile, side: Tile) -> bool:
    """Whether a side says what the base says; an id that it wrote where there was none is no other word."""
    return side.same(base) and base.name in ("", side.name)


def _with_name(tile: Tile, named: Tile) -> Settled | None:
    """A tile with the id that only the other side has written; None where there is no place for it."""
    if tile.name or not named.name or tile.clause is None:
        return Settled(tile)
    clause = tile.clause
    if not clause.insertion:
        return None
    at = clause.insert_at - tile.start
    text = tile.text[:at] + clause.insertion.replace(clause.id, named.name, 1) + tile.text[at:]
    return Settled(replace(tile, name=named.name, text=text))
