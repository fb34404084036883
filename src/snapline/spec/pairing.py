"""Which tile of one text is which of another: by written id, else by what it says, else by where it stands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import accumulate
from typing import Final

from snapline.base.regex import regex
from snapline.spec.tiles import Cut, Division, Tile, TileKind

ALIKE: Final = 0.5
"""Share of common words from which two texts without ids are taken for one that was reworded."""
ALIKE_IN_PLACE: Final = 0.2
"""The same where nothing else changed between two neighbours: one text that took another one's place."""
ALIKE_MOVED: Final = 0.7
"""The same for one that was moved within its section besides."""
_MOST_COMPARED: Final = 24
"""Tiles side by side that are compared word by word; among more, only equal ones are paired."""
_MOST_WORDS: Final = 400
_WORD: Final = regex(r"[\u3040-\u9fff]|[^\W\u3040-\u9fff]+")
"""A word; in Chinese and Japanese, which part none, a character."""
_START: Final = -1


@dataclass(frozen=True, slots=True)
class Pairs:
    """For each division and tile of a newer text, by position, the position of its counterpart in the older one."""

    divisions: dict[int, int]
    tiles: dict[int, int]


@dataclass(frozen=True)
class _Side:
    """A text's tiles (front matter and headings left out), and where each division's begin."""

    divisions: tuple[Division, ...]
    tiles: tuple[Tile, ...]
    begins: tuple[int, ...]
    names: frozenset[str]

    @classmethod
    def of(cls, whole: Cut) -> _Side:
        tiles = tuple(tile for division in whole.divisions for tile in division.tiles)
        begins = accumulate((len(division.tiles) for division in whole.divisions), initial=0)
        return cls(whole.divisions, tiles, tuple(begins), frozenset(tile.name for tile in tiles if tile.name))

    def of_division(self, number: int) -> range:
        """The positions of a division's tiles."""
        return range(self.begins[number], self.begins[number + 1])


def pair(old: Cut, new: Cut) -> Pairs:
    """Pair what two texts have in common. Tiles are numbered through all divisions, heads and front matter left out."""
    pairing = _Pairing(_Side.of(old), _Side.of(new))
    pairing.by_name()
    divisions = pairing.by_section()
    for here, there in divisions.items():
        pairing.within(there, here)
    pairing.equal(range(len(pairing.before.tiles)), range(len(pairing.after.tiles)), moved=True)
    return Pairs(divisions, pairing.found)


class _Pairing:
    """Pairs while they are found: ``found`` from newer to older positions, ``partner`` the other way round."""

    def __init__(self, before: _Side, after: _Side) -> None:
        self.before = before
        self.after = after
        self.found: dict[int, int] = {}
        self.partner: dict[int, int] = {}

    def join(self, old: int, new: int) -> None:
        """Pair two tiles."""
        self.found[new] = old
        self.partner[old] = new

    def by_name(self) -> None:
        """Pair clauses of one id; where it stands several times, those that say the same first."""
        named = [at for at, tile in enumerate(self.before.tiles) if tile.name]
        again = [at for at, tile in enumerate(self.after.tiles) if tile.name]
        self._match(named, again, lambda tile: (tile.name, tile.meaning, tile.comments))
        self._match(named, again, lambda tile: (tile.name,))

    def equal(self, olds: Iterable[int], news: Iterable[int], *, moved: bool = False) -> None:
        """Pair tiles that say the same, in order; ``moved`` ones must say something that cannot be chance."""
        self._match(olds, news, lambda tile: (tile.meaning, tile.comments), least=2 if moved else 0)

    def _match(
        self, olds: Iterable[int], news: Iterable[int], key: Callable[[Tile], tuple[str, ...]], least: int = 0
    ) -> None:
        said: dict[tuple[str, ...], list[int]] = {}
        for one in olds:
            if one not in self.partner:
                said.setdefault(key(self.before.tiles[one]), []).append(one)
        for candidates in said.values():
            candidates.reverse()
        for one in news:
            tile = self.after.tiles[one]
            candidates = said.get(key(tile), []) if one not in self.found else []
            if candidates and self._may(candidates[-1], one) and (not least or len(tile.says.split()) >= least):
                self.join(candidates.pop(), one)

    def by_section(self) -> dict[int, int]:
        """Sections of one name in order; then those that hold the same."""
        olds: dict[str, list[int]] = {}
        for number, division in reversed(list(enumerate(self.before.divisions))):
            olds.setdefault(division.name, []).append(number)
        found: dict[int, int] = {}
        for number, division in enumerate(self.after.divisions):
            if olds.get(division.name):
                found[number] = olds[division.name].pop()
        left = [number for numbers in olds.values() for number in numbers]
        new = [number for number in range(len(self.after.divisions)) if number not in found]
        for number in new if len(left) <= _MOST_COMPARED else ():
            shares = [(self._common(one, number), -one) for one in left]
            share, likely = max(shares, default=(0.0, 0))
            if share >= ALIKE:
                found[number] = -likely
                left.remove(-likely)
        return found

    def _common(self, old: int, new: int) -> float:
        """The share of tiles that two divisions have in common."""
        first = Counter(tile.meaning for tile in self.before.divisions[old].tiles)
        second = Counter(tile.meaning for tile in self.after.divisions[new].tiles)
        return 2 * (first & second).total() / max(1, first.total() + second.total())

    def within(self, old: int, new: int) -> None:
        """Pair what is left of two divisions: equal tiles, then reworded ones between the same neighbours."""
        olds, news = self.before.of_division(old), self.after.of_division(new)
        self.equal(olds, news)
        self._likeliest(*self._rest(olds, news), least=ALIKE_MOVED)
        for order in (1, -1):
            gaps = _gaps(olds[::order], self.partner)
            for anchor, group in _gaps(news[::order], self.found).items():
                there = self.found[anchor] if anchor != _START else _START
                self._reworded(gaps.get(there, []), group)

    def _rest(self, olds: Iterable[int], news: Iterable[int]) -> tuple[list[int], list[int]]:
        """What of both is not paired yet."""
        return [one for one in olds if one not in self.partner], [one for one in news if one not in self.found]

    def _reworded(self, olds: Sequence[int], news: Sequence[int]) -> None:
        """Pair the tiles of one place: the most alike first, then a single one that took a single one's place."""
        self._likeliest(olds, news, least=ALIKE)
        rest, fresh = self._rest(olds, news)
        if len(rest) == len(fresh) == 1:
            self._likeliest(rest, fresh, least=ALIKE_IN_PLACE)

    def _likeliest(self, olds: Sequence[int], news: Sequence[int], least: float) -> None:
        """Pair tiles by how alike they are, the most alike first."""
        if 0 < len(olds) <= _MOST_COMPARED and 0 < len(news) <= _MOST_COMPARED:
            scored = [
                (-alike(self.before.tiles[old], self.after.tiles[new]), abs(i - j), old, new)
                for i, old in enumerate(olds)
                for j, new in enumerate(news)
                if self._may(old, new)
            ]
            for score, _, old, new in sorted(scored):
                if -score >= least and old not in self.partner and new not in self.found:
                    self.join(old, new)

    def _may(self, old: int, new: int) -> bool:
        """Whether two tiles may be one: of one kind, and no id of the one stands elsewhere in the other text."""
        first, second = self.before.tiles[old], self.after.tiles[new]
        if first.kind is not second.kind or first.kind is TileKind.FENCE:
            return False
        if first.name and second.name:
            return first.name == second.name
        return first.name not in self.after.names and second.name not in self.before.names


def _gaps(order: range, paired: dict[int, int]) -> dict[int, list[int]]:
    """The tiles that are not paired yet, by the paired one that precedes them in ``order``."""
    gaps: dict[int, list[int]] = {}
    anchor = _START
    for at in order:
        if at in paired:
            anchor = at
        else:
            gaps.setdefault(anchor, []).append(at)
    return gaps


def alike(one: Tile, other: Tile) -> float:
    """How alike two texts are, 0 to 1, by their words."""
    first, second = (_WORD.findall(tile.says)[:_MOST_WORDS] for tile in (one, other))
    if not first and not second:
        return 1.0
    matcher = SequenceMatcher(None, first, second, autojunk=False)
    return matcher.ratio() if matcher.quick_ratio() >= ALIKE_IN_PLACE else 0.0
