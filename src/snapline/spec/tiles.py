"""A spec's text cut into tiles of whole lines that cover every code point once: what is merged, paired and compared.

A clause is a tile, and so are a heading, a key of the front matter and every other block. Beside its exact text a tile
has its meaning, which is the same for two texts that differ in layout only.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from snapline.base.regex import regex
from snapline.base.text import Source, Span
from snapline.spec import frontmatter
from snapline.spec.blocks import Block, BlockKind
from snapline.spec.canonical import block_text
from snapline.spec.document import parse_blocks
from snapline.spec.headings import Outline, outline
from snapline.spec.model import Clause, SectionKind, Spec
from snapline.spec.reading import Reading
from snapline.spec.revision import canonical_clause
from snapline.spec.sections import split

_COMMENT: Final = regex(r"<!--(?:-?>|.*?(?:-->|\Z))", re.DOTALL)
_KEY: Final = regex(r"(?P<key>[^\s#\-\[\]{}:][^:\r\n]*?|\"[^\"\r\n]*\"|'[^'\r\n]*')[ \t]*:(?=[ \t\r\n]|\Z)")
_BOM: Final = "\ufeff"


class TileKind(StrEnum):
    """What a tile is; ``FENCE`` are the two ``---`` lines around the front matter."""

    FENCE = "fence"
    KEY = "key"
    HEADING = "heading"
    CLAUSE = "clause"
    BLOCK = "block"


@dataclass(frozen=True, slots=True)
class Tile:
    """Some whole lines. ``text`` lacks the last one's ending; that and the blank lines below are the ``gap``.

    ``name`` is a clause's written id, a front matter key, :data:`TITLE`, or empty. ``meaning`` and ``comments``
    together say all that the tile says; ``says`` is that for people. ``start`` is its offset in the source.
    """

    kind: TileKind
    name: str
    start: int
    text: str
    gap: str
    meaning: str
    says: str
    comments: str = ""
    clause: Clause | None = None
    item: bool = False

    @property
    def end(self) -> int:
        """Where the text ends."""
        return self.start + len(self.text)

    def same(self, other: Tile) -> bool:
        """Whether two tiles differ in layout at most."""
        return (self.meaning, self.comments) == (other.meaning, other.comments)


@dataclass(frozen=True, slots=True)
class Division:
    """The front matter, what precedes the first section, or a section: its heading and its tiles, in order.

    ``name`` tells divisions of one text apart together with their order; ``tail`` is the front matter's last line.
    """

    name: str
    kind: SectionKind | None
    head: Tile | None
    tiles: tuple[Tile, ...]
    tail: Tile | None = None

    @property
    def all(self) -> tuple[Tile, ...]:
        """Head, tiles and tail."""
        ends = [[self.head] if self.head else [], self.tiles, [self.tail] if self.tail else []]
        return tuple(tile for group in ends for tile in group)


@dataclass(frozen=True, slots=True)
class Cut:
    """A text in tiles: ``lead`` are a byte order mark and blank lines before the first one."""

    lead: str
    front: Division
    divisions: tuple[Division, ...]

    @property
    def tiles(self) -> tuple[Tile, ...]:
        """All tiles in order; with ``lead`` they are the whole text."""
        return tuple(tile for division in (self.front, *self.divisions) for tile in division.all)


TITLE: Final = "title"
"""The name of the heading that gives a spec its title."""
FRONT: Final = "\0front"
PREAMBLE: Final = "\0preamble"


@dataclass(frozen=True, slots=True)
class _Start:
    """Where a tile begins, and what it is, before its text is known; ``end`` is where what was read of it ends."""

    at: int
    end: int
    kind: TileKind
    name: str = ""
    meaning: str = ""
    says: str = ""
    clause: Clause | None = None
    item: bool = False
    division: tuple[str, SectionKind | None] | None = None


def cut(spec: Spec) -> Cut:
    """Cut the text of a parsed spec; nothing of it is lost."""
    source = spec.source
    bom = 1 if source.text.startswith(_BOM) else 0
    place = frontmatter.locate(source, bom)
    body = place[1] if place else bom
    document = parse_blocks(source, body)
    contents = outline(source, document.blocks)
    starts = [*_front(source, bom, place), *_body(spec, document.blocks, contents, body)]
    lead, tiles = _tiles(source, starts)
    return Cut(lead, *_divisions(tiles))


def _front(source: Source, start: int, place: tuple[Span, int] | None) -> Iterator[_Start]:
    """The lines of the front matter; a comment belongs to the key below it."""
    if place is None:
        return
    inner, _ = place
    yield _Start(start, inner.start, TileKind.FENCE, meaning="---", division=(FRONT, None))
    pending: int | None = None
    keyed = False
    first = source.position(inner.start).line
    for begin in source.line_starts[first - 1 :]:
        if begin >= inner.end:
            break
        match = _KEY.match(source.text, begin, inner.end)
        if match or not (keyed or source.text.startswith(("#", "\n", "\r"), begin)):
            name = match["key"].strip("\"'") if match else ""
            yield _Start(begin if pending is None else pending, inner.end, TileKind.KEY, name)
            keyed = True
        elif source.text.startswith("#", begin):
            pending = begin if pending is None else pending
            continue
        pending = None
    if pending is not None:
        yield _Start(pending, inner.end, TileKind.KEY)
    yield _Start(inner.end, place[1], TileKind.FENCE, meaning="---")


def _body(spec: Spec, blocks: tuple[Block, ...], contents: Outline, start: int) -> Iterator[_Start]:
    """Where clauses, headings and other blocks begin, in no order."""
    reading = Reading(spec.source)
    parts = split(spec.source, blocks, contents, start)
    heads = {
        part.heading.span: part for part in parts if part.heading is not None and part.heading is not contents.title
    }
    clauses = spec.clauses()
    covered = [clause.span for clause in clauses]
    for clause in clauses:
        yield _of_clause(clause)
    at = 0
    for block in blocks:
        while at < len(covered) and covered[at].end <= block.span.start:
            at += 1
        part = heads.get(block.span) if block.kind is BlockKind.HEADING else None
        if part is not None and part.heading is not None:
            name = part.kind.value if part.kind else part.heading.name
            yield _Start(
                *_place(block.span),
                TileKind.HEADING,
                name=name,
                meaning=f"{part.kind or ''}\n{part.heading.name}\n{block.level}",
                says=part.heading.name,
                division=(name, part.kind),
            )
        elif at < len(covered) and covered[at].start < block.span.end and block.span.start < covered[at].end:
            continue
        else:
            title = contents.title is not None and block is contents.title.block
            yield from _of_block(reading, block, contents.level, name=TITLE if title else "")


def _place(span: Span) -> tuple[int, int]:
    return span.start, span.end


def _of_clause(clause: Clause) -> _Start:
    meaning = canonical_clause(clause)
    meaning["id"] = ""
    return _Start(
        *_place(clause.span),
        TileKind.CLAUSE,
        clause.id if clause.written else "",
        json.dumps(meaning, ensure_ascii=False),
        clause.text,
        clause,
    )


def _of_block(reading: Reading, block: Block, level: int, name: str) -> Iterator[_Start]:
    items = block.children if block.kind is BlockKind.LIST else (block,)
    for one in items:
        text = block_text(reading, one, level=level)
        item = one.kind is BlockKind.ITEM
        yield _Start(*_place(one.span), TileKind.BLOCK, name, meaning=text, says=text, item=item)


def _tiles(source: Source, starts: Iterable[_Start]) -> tuple[str, list[tuple[_Start, Tile]]]:
    """The tiles in order, each from the line where it begins to the one where the next does."""
    lines: dict[int, _Start] = {}
    for one in sorted(starts, key=lambda start: start.at):
        lines.setdefault(source.line_span(source.position(one.at).line).start, one)
    begins = [max(begin, int(source.text.startswith(_BOM))) for begin in lines]
    ends = [*begins[1:], len(source.text)]
    if not begins:
        return source.text, []
    found = [
        (start, _tile(source, start, begin, end))
        for start, begin, end in zip(lines.values(), begins, ends, strict=True)
    ]
    return source.text[: begins[0]], found


def _tile(source: Source, start: _Start, begin: int, end: int) -> Tile:
    whole = source.text[begin:end]
    last = len(whole.rstrip(" \t\r\n"))
    breaks = [at for at in (whole.find("\r", last), whole.find("\n", last)) if at >= 0]
    stop = min(breaks, default=len(whole))
    text = whole[:stop]
    comments = "\n".join(" ".join(one.split()) for one in _COMMENT.findall(text)) if "<!--" in text else ""
    if start.end < begin + stop:  # what the parser has no block for is said as well
        comments += source.text[start.end : begin + stop].strip()
    clause = start.clause
    item = start.item or (clause is not None and _is_item(source, clause))
    meaning = start.meaning if start.kind is not TileKind.KEY else text
    says = start.says or (text if start.kind is TileKind.KEY else "")
    return Tile(start.kind, start.name, begin, text, whole[stop:], meaning, says, comments, clause, item)


_ITEM: Final = regex(r"(?:[-+*]|[0-9]{1,9}[.)])(?=[ \t\r\n]|\Z)")


def _is_item(source: Source, clause: Clause) -> bool:
    return _ITEM.match(source.text, clause.span.start) is not None


def _divisions(tiles: list[tuple[_Start, Tile]]) -> tuple[Division, tuple[Division, ...]]:
    front = Division(FRONT, None, None, ())
    divisions: list[Division] = []
    name: tuple[str, SectionKind | None] = (PREAMBLE, None)
    group: list[Tile] = []
    for start, tile in tiles:
        if start.division is not None and start.division[0] != FRONT:
            divisions.append(_division(name, group))
            name, group = start.division, []
        elif tile.kind is TileKind.FENCE and start.division is None:
            front = Division(FRONT, None, group[0], tuple(group[1:]), tile)
            group = []
            continue
        group.append(tile)
    divisions.append(_division(name, group))
    return front, tuple(divisions)


def _division(name: tuple[str, SectionKind | None], group: list[Tile]) -> Division:
    headed = bool(group) and group[0].kind is TileKind.HEADING
    return Division(*name, group[0] if headed else None, tuple(group[headed:]))
