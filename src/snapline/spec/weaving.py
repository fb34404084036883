"""The merged text, put together from settled tiles: which follows which, the blank lines between, and conflicts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple

from snapline.base.text import Source
from snapline.spec.ordering import merged_order
from snapline.spec.parser import parse
from snapline.spec.settling import Settled, Why, settle
from snapline.spec.sheets import FRONT, Sheet, Sheets, Side
from snapline.spec.tiles import Tile, TileKind, cut

_MOST_NAMED: Final = 6
"""Words of a paragraph without an id that name it in a conflict."""


class Slot(NamedTuple):
    """A place in the merged text: that of a tile, of a division's heading, or of a line around the front matter."""

    kind: str
    number: int


def tile_slot(key: int) -> Slot:
    """The slot of a tile."""
    return Slot("tile", key)


OPENING: Final = Slot("fence", 0)
CLOSING: Final = Slot("fence", 1)


@dataclass(frozen=True, slots=True)
class Placed:
    """A slot of the woven text with its text; ``tile`` is None for a conflict, which begins at ``line`` (from 1)."""

    slot: Slot
    tile: Tile | None
    text: str
    line: int = 0


class Sequence3:
    """The slots of one of the three texts, with the gap behind each."""

    def __init__(self, sheet: Sheet) -> None:
        self.tiles: dict[Slot, Tile] = dict(_slots(sheet))
        self.order = list(self.tiles)
        self.after = dict(zip(self.order, self.order[1:], strict=False))
        self.before = {follower: slot for slot, follower in self.after.items()}

    def gap(self, slot: Slot, follower: Slot) -> str | None:
        """What stands between two slots; None where they are no neighbours."""
        return self.tiles[slot].gap if self.after.get(slot) == follower else None

    @property
    def end(self) -> str:
        """What stands behind the last slot."""
        return self.tiles[self.order[-1]].gap if self.order else ""


def _slots(sheet: Sheet) -> Iterator[tuple[Slot, Tile]]:
    for number in (*([FRONT] if FRONT in sheet.divisions else []), *(one for one in sheet.divisions if one != FRONT)):
        division = sheet.divisions[number]
        if division.head is not None:
            yield (OPENING if number == FRONT else Slot("head", number)), division.head
        for key in sheet.order[number]:
            yield tile_slot(key), sheet.tiles[key]
        if division.tail is not None:
            yield CLOSING, division.tail


class Weaver:
    """Puts a merged text together. ``wide`` puts blank lines where changes meet; ``settled`` may get more conflicts."""

    def __init__(self, sheets: Sheets, newline: str, marker_size: int) -> None:
        self.sheets = sheets
        self.newline = newline
        self.marker_size = marker_size
        self.wide = False
        self.remarks: list[str] = []
        self.three = tuple(Sequence3(sheet) for sheet in sheets.sheets)
        self.settled = {slot: settle(*self.versions(slot)) for one in self.three for slot in one.tiles}
        self._part_same_ids()
        self.order = list(self._order())

    def versions(self, slot: Slot) -> tuple[Tile | None, Tile | None, Tile | None]:
        """What stands in a slot in base, ours and theirs."""
        base, ours, theirs = (one.tiles.get(slot) for one in self.three)
        return base, ours, theirs

    def _part_same_ids(self) -> None:
        """An id that both sides gave, to different clauses, must not stand twice in the result unasked."""
        most: Counter[str] = Counter()
        for one in self.three[1:]:
            most |= Counter(tile.name for tile in one.tiles.values() if tile.clause and tile.name)
        slots: dict[str, list[Slot]] = {}
        for slot, settled in self.settled.items():
            tile = settled.tile or next((one for one in self.versions(slot) if one), None)
            alive = settled.tile is not None or settled.why is not None
            if alive and tile is not None and tile.clause and tile.name:
                slots.setdefault(tile.name, []).append(slot)
        for name, found in slots.items():
            for slot in [one for one in found if one not in self.three[Side.OURS].tiles][: len(found) - most[name]]:
                self.settled[slot] = Settled(None, Why.SAME_ID)

    def _alive(self, slot: Slot) -> bool:
        found = self.settled.get(slot)
        return found is not None and (found.tile is not None or found.why is not None)

    def _order(self) -> Iterator[Slot]:
        """The slots of the result, in order."""
        homes: dict[int, set[int]] = {}
        for key in self.sheets.keys:
            if self._alive(tile_slot(key)):
                homes.setdefault(self.sheets.home(key), set()).add(key)
        sequences = [[one for one in sheet.divisions if one != FRONT] for sheet in self.sheets.sheets]
        known = dict.fromkeys(key for sequence in sequences for key in sequence)
        kept = {number for number in known if number in homes or self._alive(Slot("head", number))}
        divisions, _ = merged_order(sequences[0], sequences[1], sequences[2], kept)
        for number in (FRONT, *divisions):
            yield from self._division(number, homes.get(number, set()))

    def _division(self, number: int, kept: set[int]) -> Iterator[Slot]:
        orders = [sheet.order.get(number, []) for sheet in self.sheets.sheets]
        keys, twice = merged_order(orders[0], orders[1], orders[2], kept)
        ends = (OPENING, CLOSING) if number == FRONT else (Slot("head", number), None)
        for slot in ends:
            if slot is not None and kept and not self._alive(slot):
                self._keep(slot)
        if self._alive(ends[0]):
            yield ends[0]
        yield from map(tile_slot, keys)
        if ends[1] is not None and self._alive(ends[1]):
            yield ends[1]
        for key in sorted(twice):
            settled = self.settled[tile_slot(key)]
            if settled.tile is not None:
                self.remarks.append(f"{name_of(settled.tile)} was moved by both sides; it stands where our side put it")

    def _keep(self, slot: Slot) -> None:
        """A heading that one side deleted stays where the other side still needs it."""
        base, ours, theirs = self.versions(slot)
        found = ours or theirs or base
        if found is None:
            return
        self.settled[slot] = Settled(found)
        if slot == CLOSING:
            return
        self.remarks.append(f"{name_of(found)} was deleted by one side, and stays for what the other one changed in it")

    def misread(self, path: str, take: Side) -> list[Slot]:
        """The slots that would be read otherwise if conflicts were decided for one side: changed ones only."""
        placed = list(self.woven(take))
        text = self.lead + "".join(one.text for one in placed)
        read = Counter((tile.name, tile.meaning) for tile in cut(parse(Source.from_bytes(path, text.encode()))).tiles)
        odd = []
        for one in placed:
            if one.tile is None:
                continue
            what = (one.tile.name, one.tile.meaning)
            base = self.versions(one.slot)[0]
            if read[what]:
                read[what] -= 1
            elif base is None or base.text != one.tile.text:
                odd.append(one.slot)
        return odd

    @property
    def lead(self) -> str:
        """What stands before the first slot."""
        base, ours, theirs = (sheet.lead for sheet in self.sheets.sheets)
        return theirs if ours == base else ours

    def woven(self, take: Side | None = None) -> Iterator[Placed]:
        """The result in order, each text with the gap behind it; conflicts in markers, or decided for a side."""
        chosen = [(slot, self._tile(slot, take)) for slot in self.order]
        shown = [(slot, tile) for slot, tile in chosen if tile is not None or take is None]
        line = 1 + self.lead.count("\n")
        for at, (slot, tile) in enumerate(shown):
            follower = shown[at + 1] if at + 1 < len(shown) else None
            text = tile.text if tile is not None else self._conflict(slot)
            text += self._end if follower is None else self._gap(slot, tile, *follower)
            yield Placed(slot, tile, text, line)
            line += text.count("\n")

    def _tile(self, slot: Slot, take: Side | None) -> Tile | None:
        settled = self.settled[slot]
        return settled.tile if settled.why is None or take is None else self.versions(slot)[take]

    def _conflict(self, slot: Slot) -> str:
        """The three versions between markers, in the way of diff3."""
        base, ours, theirs = self.versions(slot)
        tile = ours or theirs or base
        name = f" ({name_of(tile)})" if tile is not None else ""
        marked = (("<", f"ours{name}", ours), ("|", "base", base), ("=", "", theirs))
        lines = []
        for mark, label, version in marked:
            lines.append(f"{mark * self.marker_size} {label}".rstrip())
            if version is not None:
                lines.append(version.text)
        lines.append(f"{'>' * self.marker_size} theirs{name}")
        return self.newline.join(lines)

    @property
    def _end(self) -> str:
        base, ours, theirs = (one.end for one in self.three)
        return theirs if ours == base else ours

    def _gap(self, slot: Slot, tile: Tile | None, follower: Slot, next_tile: Tile | None) -> str:
        """What stands between two slots of the result."""
        base, ours, theirs = (one.gap(slot, follower) if slot in one.tiles else None for one in self.three)
        if ours is None and theirs is None:
            gap = base if base is not None else self._new_gap(slot, tile, follower, next_tile)
        elif ours is None or theirs is None:
            gap = ours or theirs or self.newline
        else:
            gap = theirs if ours == base else ours
        if self.wide and not self._front(slot) and self._changed(slot, follower):
            return max(gap, self.newline * 2, key=lambda one: one.count("\n"))
        return gap

    def _changed(self, slot: Slot, follower: Slot) -> bool:
        gaps = {one.gap(slot, follower) if slot in one.tiles else None for one in self.three}
        texts = [{tile.text if tile else None for tile in self.versions(one)} for one in (slot, follower)]
        return len(gaps) > 1 or any(len(one) > 1 for one in texts)

    def _front(self, slot: Slot) -> bool:
        return slot == OPENING or any(tile and tile.kind is TileKind.KEY for tile in self.versions(slot))

    def _new_gap(self, slot: Slot, tile: Tile | None, follower: Slot, next_tile: Tile | None) -> str:
        """Between two that are neighbours nowhere: as their like are parted where they come from."""
        if self._front(slot):
            return self.newline
        here, there = self._behind(slot), self._ahead(follower)
        first, second = tile or self._any(slot), next_tile or self._any(follower)
        if first.item and second.item:
            return next((gap for gap, like in (there, here) if like), self.newline)
        least = self.newline * (1 if first.kind is TileKind.HEADING else 2)
        return max(here[0], there[0], least, key=lambda one: one.count("\n"))

    def _any(self, slot: Slot) -> Tile:
        base, ours, theirs = self.versions(slot)
        found = ours or theirs or base
        assert found is not None  # noqa: S101 - every slot is one of some text's
        return found

    def _behind(self, slot: Slot) -> tuple[str, bool]:
        """The gap behind a slot where it stands now, and whether a list's item follows there."""
        for one in (*self.three[1:], self.three[0]):
            if slot in one.tiles and slot in one.after:
                return one.tiles[slot].gap, one.tiles[one.after[slot]].item
        return self.newline, False

    def _ahead(self, slot: Slot) -> tuple[str, bool]:
        """The gap before a slot where it stands now, and whether a list's item precedes it there."""
        for one in (*self.three[1:], self.three[0]):
            if slot in one.before:
                return one.tiles[one.before[slot]].gap, one.tiles[one.before[slot]].item
        return self.newline, False


def name_of(tile: Tile) -> str:
    """What a person calls a tile: its id, its key, its heading, or its first words."""
    match tile.kind:
        case TileKind.KEY:
            return f"front matter key {tile.name}" if tile.name else "front matter"
        case TileKind.FENCE:
            return "front matter"
        case TileKind.HEADING:
            return f"heading {tile.says}"
        case TileKind.CLAUSE | TileKind.BLOCK:
            if tile.name:
                return tile.name
            words = " ".join(tile.says.split()[:_MOST_NAMED])[:60] or tile.text.strip()[:60].splitlines()[0]
            return f'"{words}"'
