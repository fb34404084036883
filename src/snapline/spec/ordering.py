"""The order of what two people rearranged and added to: what each moved or added stands where they put it."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterable, Sequence


def merged_order(
    base: Sequence[int], ours: Sequence[int], theirs: Sequence[int], kept: Collection[int]
) -> tuple[list[int], frozenset[int]]:
    """The keys of ``kept`` in one order, and those that both sides moved, of which our place counts.

    What neither side moved keeps the order of ``base``. What a side moved or added follows what it follows there; of
    two additions in one place ours come first.
    """
    here, there = moved(base, ours), moved(base, theirs)
    known = frozenset(base)
    spine = [key for key in base if key in kept and key not in here and key not in there]
    chain = _Chain(spine)
    placed = {key for key in ours if key in kept and (key in here or key not in known)}
    _place(chain, ours, placed, foreign=frozenset())
    rest = {key for key in theirs if key in kept and key not in chain.next}
    _place(chain, theirs, rest, foreign=frozenset(placed))
    _place(chain, ours, {key for key in ours if key in kept and key not in chain.next}, foreign=frozenset())
    _place(chain, base, {key for key in base if key in kept and key not in chain.next}, foreign=frozenset())
    return chain.keys(), frozenset(key for key in here & there if key in kept)


def moved(base: Sequence[int], side: Sequence[int]) -> frozenset[int]:
    """The fewest keys that have to be moved to bring what both have in common into the order of ``side``."""
    rank = {key: at for at, key in enumerate(base)}
    common = [key for key in side if key in rank]
    return frozenset(common) - _rising(common, rank)


def _rising(keys: Sequence[int], rank: dict[int, int]) -> frozenset[int]:
    """A longest subsequence of ``keys`` whose ranks rise (patience sorting)."""
    tails: list[int] = []
    ranks: list[int] = []
    before: dict[int, int | None] = {}
    for key in keys:
        at = bisect_left(ranks, rank[key])
        before[key] = tails[at - 1] if at else None
        tails[at : at + 1] = [key]
        ranks[at : at + 1] = [rank[key]]
    found = set()
    last = tails[-1] if tails else None
    while last is not None:
        found.add(last)
        last = before[last]
    return frozenset(found)


_HEAD = -1


class _Chain:
    """Keys in an order into which others are put behind known ones."""

    def __init__(self, keys: Iterable[int]) -> None:
        self.next: dict[int, int | None] = {_HEAD: None}
        last = _HEAD
        for key in keys:
            self.put(key, last)
            last = key

    def put(self, key: int, behind: int) -> None:
        """Put a key directly behind another."""
        self.next[key] = self.next[behind]
        self.next[behind] = key

    def keys(self) -> list[int]:
        """All keys in order."""
        found = []
        key = self.next[_HEAD]
        while key is not None:
            found.append(key)
            key = self.next[key]
        return found


def _place(chain: _Chain, side: Sequence[int], todo: set[int], foreign: frozenset[int]) -> None:
    """Put the keys of ``todo`` behind what precedes them in ``side``, and behind ``foreign`` ones that stand there."""
    own = frozenset(side)
    anchor = _HEAD
    for key in side:
        if key in todo:
            behind = anchor
            while (following := chain.next[behind]) is not None and following in foreign and following not in own:
                behind = following
            chain.put(key, behind)
        if key in chain.next:
            anchor = key
