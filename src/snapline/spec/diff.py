"""What differs between two revisions of a spec, clause by clause: layout never, words and their order always."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Any, Final

from snapline.base.ids import RevisionId
from snapline.base.regex import regex
from snapline.spec.model import Clause, Spec
from snapline.spec.ordering import moved
from snapline.spec.pairing import Pairs, pair
from snapline.spec.revision import canonical_front, revision
from snapline.spec.tiles import TITLE, Cut, Division, Tile, TileKind, cut


class ChangeKind(StrEnum):
    """What became of something. What was changed may have been moved besides."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    MOVED = "moved"


class WordKind(StrEnum):
    """Whether words stand in both texts, only in the old one, or only in the new one."""

    SAME = "same"
    OLD = "old"
    NEW = "new"


@dataclass(frozen=True, slots=True)
class Words:
    """A run of words, blanks among them, that has one fate."""

    kind: WordKind
    text: str


@dataclass(frozen=True, slots=True)
class KeyChange:
    """A key that is part of the revision: ``id``, ``title``, ``lang``, ``lane``, ``after`` or ``supersedes``."""

    key: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class SectionChange:
    """A section that came, went, was moved, or got another name (``CHANGED``); the names are empty where it is not."""

    kind: ChangeKind
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class ClauseChange:
    """A clause with its sections' names; ``words`` tell changed words apart, and are one run for other changes."""

    kind: ChangeKind
    old: Clause | None
    new: Clause | None
    old_section: str
    new_section: str
    words: tuple[Words, ...]
    moved: bool = False

    @property
    def clause(self) -> Clause:
        """The newer of its two forms."""
        found = self.new or self.old
        assert found is not None  # noqa: S101 - a change has at least one of them
        return found

    @property
    def renumbered(self) -> bool:
        """Whether it has another id than before."""
        return self.old is not None and self.new is not None and self.old.id != self.new.id


@dataclass(frozen=True, slots=True)
class TextChange:
    """A note or another block of prose; the section's name is empty for what precedes the first one."""

    kind: ChangeKind
    section: str
    words: tuple[Words, ...]
    moved: bool = False


@dataclass(frozen=True)
class SpecDiff:
    """All that differs between two specs, in the order of the newer one, what is gone last in its section."""

    old: Spec
    new: Spec
    keys: tuple[KeyChange, ...] = ()
    sections: tuple[SectionChange, ...] = ()
    clauses: tuple[ClauseChange, ...] = ()
    texts: tuple[TextChange, ...] = ()
    revisions: tuple[RevisionId, RevisionId] = field(default=(RevisionId(""), RevisionId("")))

    @property
    def same(self) -> bool:
        """Whether both are one revision."""
        return self.revisions[0] == self.revisions[1]


def diff(old: Spec, new: Spec) -> SpecDiff:
    """Compare two revisions of one spec. Nothing is listed exactly if both have the same revision."""
    revisions = revision(old), revision(new)
    if revisions[0] == revisions[1]:
        return SpecDiff(old, new, revisions=revisions)
    comparison = _Comparison(cut(old), cut(new))
    return SpecDiff(
        old,
        new,
        tuple(_keys(canonical_front(old), canonical_front(new))),
        tuple(comparison.sections()),
        tuple(comparison.clauses()),
        tuple(comparison.texts()),
        revisions,
    )


def _keys(old: dict[str, Any], new: dict[str, Any]) -> Iterator[KeyChange]:
    for key in dict.fromkeys((*old, *new)):
        first, second = _shown(old.get(key)), _shown(new.get(key))
        if old.get(key) != new.get(key):
            yield KeyChange(key, first, second)


def _shown(value: object) -> str:
    return ", ".join(value) if isinstance(value, list) else str(value or "")


class _Comparison:
    """Two texts in tiles with what they have in common."""

    def __init__(self, old: Cut, new: Cut) -> None:
        self.olds, self.news = old.divisions, new.divisions
        self.pairs: Pairs = pair(old, new)
        self.old_tiles = [(tile, division) for division in self.olds for tile in division.tiles]
        self.new_tiles = [(tile, division) for division in self.news for tile in division.tiles]
        self.moved = self._moved()

    def _moved(self) -> frozenset[int]:
        """The new positions of tiles that stand in another section, or at another place among what is left of it."""
        partner = {there: here for here, there in self.pairs.divisions.items()}
        news = _ranges(self.news)
        found: set[int] = set()
        for number, places in enumerate(_ranges(self.olds)):
            here = news[partner[number]] if number in partner else range(0)
            old = [at for at in places if self._says(self.old_tiles[at][0])]
            new = [at for at in here if at in self.pairs.tiles and self._says(self.new_tiles[at][0])]
            order = moved(old, [self.pairs.tiles[at] for at in new])
            found |= {at for at in new if self.pairs.tiles[at] in order or self.pairs.tiles[at] not in places}
        return frozenset(found)

    @staticmethod
    def _says(tile: Tile) -> bool:
        """Whether a tile is part of the revision: comments and rules are not, and the title is a key."""
        return bool(tile.meaning) and not (tile.kind is TileKind.BLOCK and tile.name == TITLE)

    def sections(self) -> Iterator[SectionChange]:
        """What became of the sections."""
        order = moved(range(len(self.olds)), [self.pairs.divisions.get(at, -1) for at in range(len(self.news))])
        for at, division in enumerate(self.news):
            there = self.pairs.divisions.get(at)
            if division.head is None:
                continue
            if there is None:
                yield SectionChange(ChangeKind.ADDED, "", division.name)
            elif self.olds[there].name != division.name:
                yield SectionChange(ChangeKind.CHANGED, self.olds[there].name, division.name)
            elif there in order:
                yield SectionChange(ChangeKind.MOVED, division.name, division.name)
        left = set(range(len(self.olds))) - set(self.pairs.divisions.values())
        for number in sorted(left):
            if self.olds[number].head is not None:
                yield SectionChange(ChangeKind.REMOVED, self.olds[number].name, "")

    def _changes(self, kind: TileKind) -> Iterator[tuple[ChangeKind, int | None, int | None]]:
        """What became of the tiles of a kind: the change, and the position in the old and the new text."""
        for at, (tile, _) in enumerate(self.new_tiles):
            if tile.kind is not kind or not self._says(tile):
                continue
            there = self.pairs.tiles.get(at)
            if there is None:
                yield ChangeKind.ADDED, None, at
            elif self._differ(there, at):
                yield ChangeKind.CHANGED, there, at
            elif at in self.moved:
                yield ChangeKind.MOVED, there, at
        left = set(range(len(self.old_tiles))) - set(self.pairs.tiles.values())
        for there in sorted(left):
            tile = self.old_tiles[there][0]
            if tile.kind is kind and self._says(tile):
                yield ChangeKind.REMOVED, there, None

    def _differ(self, old: int, new: int) -> bool:
        first, second = self.old_tiles[old][0], self.new_tiles[new][0]
        ids = [tile.clause.id for tile in (first, second) if tile.clause]
        return first.meaning != second.meaning or len(set(ids)) > 1

    def clauses(self) -> Iterator[ClauseChange]:
        """What became of the clauses."""
        for kind, old, new in self._changes(TileKind.CLAUSE):
            before, after = self._tile(self.old_tiles, old), self._tile(self.new_tiles, new)
            yield ClauseChange(
                kind,
                before[0].clause if before else None,
                after[0].clause if after else None,
                _name(before[1]) if before else "",
                _name(after[1]) if after else "",
                words(before[0].says if before else None, after[0].says if after else None),
                moved=new in self.moved,
            )

    def texts(self) -> Iterator[TextChange]:
        """What became of notes and prose."""
        for kind, old, new in self._changes(TileKind.BLOCK):
            before, after = self._tile(self.old_tiles, old), self._tile(self.new_tiles, new)
            home = after or before
            said = words(before[0].says if before else None, after[0].says if after else None)
            yield TextChange(kind, _name(home[1]) if home else "", said, moved=new in self.moved)

    @staticmethod
    def _tile(tiles: list[tuple[Tile, Division]], at: int | None) -> tuple[Tile, Division] | None:
        return None if at is None else tiles[at]


def _ranges(divisions: tuple[Division, ...]) -> list[range]:
    """The positions of each division's tiles."""
    found, done = [], 0
    for division in divisions:
        found.append(range(done, done + len(division.tiles)))
        done += len(division.tiles)
    return found


def _name(division: Division) -> str:
    return division.name if division.head is not None else ""


_WORD: Final = regex(r"\n|[^\S\n]+|\S+")
_MOST_WORDS: Final = 3_000
"""Words that are compared one by one; of longer texts the old one stands before the new one, whole."""


def words(old: str | None, new: str | None) -> tuple[Words, ...]:
    """The words of two texts in one, each run marked as old, new or the same; None for a text that is not there."""
    if old is None or new is None or old == new:
        kind = WordKind.NEW if old is None else WordKind.OLD if new is None else WordKind.SAME
        text = new if new is not None else old or ""
        return (Words(kind, text),) if text else ()
    first, second = _WORD.findall(old), _WORD.findall(new)
    if max(len(first), len(second)) > _MOST_WORDS:
        return Words(WordKind.OLD, old), Words(WordKind.NEW, new)
    found: list[Words] = []
    for tag, i, j, k, m in SequenceMatcher(None, first, second, autojunk=False).get_opcodes():
        if tag == "equal":
            found.append(Words(WordKind.SAME, "".join(first[i:j])))
            continue
        found += [Words(WordKind.OLD, "".join(first[i:j]))] if i < j else []
        found += [Words(WordKind.NEW, "".join(second[k:m]))] if k < m else []
    return tuple(_joined(found))


def _joined(found: list[Words]) -> Iterator[Words]:
    """Runs with nothing but blanks between two changes become part of both: ``a b`` to ``c d`` is one change."""
    old, new = "", ""
    for at, one in enumerate(found):
        between = one.kind is WordKind.SAME and one.text.isspace() and 0 < at < len(found) - 1
        if one.kind is WordKind.SAME and not between:
            yield from _runs(old, new)
            old, new = "", ""
            yield one
            continue
        old += one.text if one.kind is not WordKind.NEW else ""
        new += one.text if one.kind is not WordKind.OLD else ""
    yield from _runs(old, new)


def _runs(old: str, new: str) -> Iterator[Words]:
    if old:
        yield Words(WordKind.OLD, old)
    if new:
        yield Words(WordKind.NEW, new)
