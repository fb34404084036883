"""Three texts laid over each other: one key for each tile and each division that they share."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import IntEnum

from snapline.spec.model import Spec
from snapline.spec.pairing import Pairs, pair
from snapline.spec.tiles import Cut, Division, Tile, cut


class Side(IntEnum):
    """The three texts of a merge."""

    BASE = 0
    OURS = 1
    THEIRS = 2


FRONT = -1
"""The key of the front matter among the divisions."""


@dataclass
class Sheet:
    """One text by keys: its tiles, the division of each, the order in each division, and the divisions' ends."""

    lead: str
    tiles: dict[int, Tile] = field(default_factory=dict)
    home: dict[int, int] = field(default_factory=dict)
    order: dict[int, list[int]] = field(default_factory=dict)
    divisions: dict[int, Division] = field(default_factory=dict)

    def add(self, key: int, division: Division, keys: list[int]) -> None:
        """Add a division with the keys of its tiles."""
        self.divisions[key] = division
        self.order[key] = keys
        for one, tile in zip(keys, division.tiles, strict=True):
            self.tiles[one] = tile
            self.home[one] = key


@dataclass(frozen=True)
class Sheets:
    """The three texts of a merge, with common keys."""

    sheets: tuple[Sheet, Sheet, Sheet]

    @property
    def keys(self) -> list[int]:
        """The keys of all tiles, in no particular order, but in the same one each time."""
        return list(dict.fromkeys(key for sheet in self.sheets for key in sheet.tiles))

    def tile(self, key: int) -> tuple[Tile | None, Tile | None, Tile | None]:
        """A tile in base, ours and theirs."""
        base, ours, theirs = (sheet.tiles.get(key) for sheet in self.sheets)
        return base, ours, theirs

    def home(self, key: int) -> int:
        """The division that a tile belongs to: where a side moved it, else where it was."""
        base, ours, theirs = (sheet.home.get(key) for sheet in self.sheets)
        found = theirs if ours in (None, base) and theirs is not None else ours
        if found is None:
            found = base
        assert found is not None  # noqa: S101 - every key is one of some text's
        return found


class _Keys:
    """Gives keys away."""

    def __init__(self) -> None:
        self.last = -1

    def new(self) -> int:
        """A key that nothing has yet."""
        self.last += 1
        return self.last


def spread(base: Spec, ours: Spec, theirs: Spec) -> Sheets:
    """Lay three texts over each other."""
    cuts = cut(base), cut(ours), cut(theirs)
    keys, sections = _Keys(), _Keys()
    first = Sheet(cuts[0].lead)
    numbers = [[keys.new() for _ in division.tiles] for division in cuts[0].divisions]
    for division, own in zip(cuts[0].divisions, numbers, strict=True):
        first.add(sections.new(), division, own)
    second = _laid(cuts[1], pair(cuts[0], cuts[1]), first, keys, sections, None)
    third = _laid(cuts[2], pair(cuts[0], cuts[2]), first, keys, sections, second)
    fronts: dict[tuple[str, int], int] = {}
    for sheet, whole in zip((first, second, third), cuts, strict=True):
        if whole.front.head is not None:
            sheet.add(FRONT, whole.front, list(_front_keys(whole.front, fronts, keys)))
    return Sheets((first, second, third))


def _front_keys(front: Division, known: dict[tuple[str, int], int], keys: _Keys) -> Iterator[int]:
    """Keys of the front matter are one by their names; of one that stands several times, in order."""
    seen: dict[str, int] = {}
    for tile in front.tiles:
        name = (tile.name, seen.get(tile.name, 0))
        seen[tile.name] = name[1] + 1
        if name not in known:
            known[name] = keys.new()
        yield known[name]


def _laid(whole: Cut, pairs: Pairs, base: Sheet, keys: _Keys, sections: _Keys, beside: Sheet | None) -> Sheet:
    """A side by the keys of the base; what it added gets keys of its own, or those of the same additions ``beside``."""
    sheet = Sheet(whole.lead)
    flat = list(base.tiles)
    added = _Added(beside, base) if beside is not None else None
    at = 0
    for number, division in enumerate(whole.divisions):
        there = pairs.divisions.get(number)
        section = there if there is not None else added.division(division) if added else None
        section = sections.new() if section is None else section
        own = []
        for tile in division.tiles:
            old = pairs.tiles.get(at)
            key = flat[old] if old is not None else added.tile(tile, section) if added else None
            own.append(keys.new() if key is None else key)
            at += 1
        sheet.add(section, division, own)
    return sheet


class _Added:
    """What one side added, for the other side to find the same additions in; each is found once."""

    def __init__(self, sheet: Sheet, base: Sheet) -> None:
        self._named: dict[str, list[int]] = {}
        self._said: dict[tuple[int, str, str], list[int]] = {}
        self._divisions: dict[str, list[int]] = {}
        for key, tile in reversed(sheet.tiles.items()):
            if key not in base.tiles:
                self._named.setdefault(tile.name, []).append(key)
                self._said.setdefault((sheet.home[key], tile.meaning, tile.comments), []).append(key)
        for number, division in reversed(sheet.divisions.items()):
            if number not in base.divisions:
                self._divisions.setdefault(division.name, []).append(number)
        self._taken: set[int] = set()
        self._tiles = sheet.tiles

    def division(self, division: Division) -> int | None:
        """The division of that name that the other side added too."""
        found = self._divisions.get(division.name)
        return found.pop() if found else None

    def tile(self, tile: Tile, section: int) -> int | None:
        """The clause of that id, or the words in that section, that the other side added too."""
        named = self._named.get(tile.name, []) if tile.name else []
        for left in (named, self._said.get((section, tile.meaning, tile.comments), [])):
            while left and left[-1] in self._taken:
                left.pop()
            if left and (not tile.name or self._tiles[left[-1]].name in ("", tile.name)):
                self._taken.add(left[-1])
                return left.pop()
        return None
