"""Where a spec's text names clauses and other specs, so that a new name can be written there."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from snapline.base.ids import ClauseId, SpecId
from snapline.base.regex import regex
from snapline.base.text import Span
from snapline.spec import frontmatter
from snapline.spec.document import parse_blocks
from snapline.spec.idlists import ID_LIST, MEMBER, id_range
from snapline.spec.inline import Inline
from snapline.spec.model import ConstraintEntry, FailureEntry, InterfaceEntry, Spec
from snapline.spec.reading import Reading
from snapline.spec.references import find_references
from snapline.spec.values import tokens

_COLON: Final = regex("[ \t]*[:：]")  # noqa: RUF001 - the full-width colon counts
_NAMING_KEY: Final = regex(r"^(?P<key>id|after|supersedes)[ \t]*:", re.MULTILINE)
_NEXT_KEY: Final = regex(r"^[^\s#\-\[\]{},]", re.MULTILINE)
_NAME: Final = regex(r"(?<![a-z0-9._-])[a-z0-9][a-z0-9._-]*")


@dataclass(frozen=True, slots=True)
class Mention:
    """One reference: the ids that it names (several for a range), of this spec or of ``spec``, and its span."""

    span: Span
    spec: SpecId | None
    ids: tuple[ClauseId, ...]


@dataclass(frozen=True, slots=True)
class SpecMention:
    """A place that names a whole spec: in the front matter, or behind ``Spec:``."""

    span: Span
    spec: SpecId
    key: str


def mentions(spec: Spec) -> tuple[Mention, ...]:
    """Every reference to clauses, in reading order: in clauses, notes and prose, and as values of the vocabulary."""
    start = frontmatter.locate(spec.source, int(spec.source.text.startswith("\ufeff")))
    document = parse_blocks(spec.source, start[1] if start else int(spec.source.text.startswith("\ufeff")))
    reading = Reading(spec.source)
    inlines = [text for block in document.blocks for text in reading.inner_texts(block)]
    found: dict[Span, Mention] = {}
    for inline in inlines:
        for one in find_references(reading, inline):
            known = found.get(one.span)
            found[one.span] = Mention(one.span, one.spec, (*(known.ids if known else ()), one.clause))
    for value in _values(spec, inlines):
        found.setdefault(value.span, value)
    return tuple(found[span] for span in sorted(found))


def _values(spec: Spec, inlines: Iterable[Inline]) -> Iterator[Mention]:
    """The ids behind `Keep passing:`, `Roll back when:` and `Verify rollback:`."""
    words = [
        clause.entry.word_span.end
        for clause in spec.clauses()
        if isinstance(clause.entry, ConstraintEntry | FailureEntry) and clause.entry.ids
    ]
    if not words:
        return
    for inline in inlines:
        first, last = inline.place(0), inline.place(len(inline.text))
        for word in words:
            if first <= word <= last:
                yield from _listed(inline, _offset(inline, word))


def _offset(inline: Inline, place: int) -> int:
    """The offset in a paragraph's text of a place in the source, behind the colon that follows."""
    at = next(at for at in range(len(inline.text) + 1) if inline.place(at) >= place)
    colon = _COLON.match(inline.masked, at)
    return colon.end() if colon else at


def _listed(inline: Inline, start: int) -> Iterator[Mention]:
    for token in tokens(inline, start):
        if token.code is None and ID_LIST.fullmatch(token.text):
            for match in MEMBER.finditer(inline.masked, token.start, token.end):
                spec = SpecId(match[1][:-1]) if match[1] else None
                yield Mention(inline.span(*match.span()), spec, id_range(match[2], match[3]) or ())


def spec_mentions(spec: Spec) -> tuple[SpecMention, ...]:
    """Every place that names a spec as a whole; the own ``id`` among them."""
    found = list(_of_front(spec))
    for clause in spec.clauses():
        if isinstance(clause.entry, InterfaceEntry):
            found += [SpecMention(one.span, one.spec, "Spec") for one in clause.entry.specs if one.repository is None]
    return tuple(found)


def _of_front(spec: Spec) -> Iterator[SpecMention]:
    front = spec.front
    place = frontmatter.locate(spec.source, int(spec.source.text.startswith("\ufeff")))
    if place is None:
        return
    inner, text = place[0], spec.source.text
    own = {front.id} if front.id else set()
    wanted: dict[str, set[SpecId]] = {"id": own, "after": set(front.after), "supersedes": set(front.supersedes)}
    for key in _NAMING_KEY.finditer(text, inner.start, inner.end):
        following = _NEXT_KEY.search(text, key.end(), inner.end)
        stop = following.start() if following else inner.end
        for name in _NAME.finditer(text, key.end(), stop):
            comment = "#" in text[text.rfind("\n", 0, name.start()) + 1 : name.start()]
            if name.group() in wanted[key["key"]] and not comment:
                yield SpecMention(Span(*name.span()), SpecId(name.group()), key["key"])
