"""New ids for clauses and specs: the edits that write them everywhere, and the proof that nothing else changed."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from snapline.base.ids import ClauseId, SpecId
from snapline.base.regex import regex
from snapline.base.text import Edit, Source, apply_edits
from snapline.spec.edit import EditWentAstray
from snapline.spec.ids import Numbers
from snapline.spec.mentions import Mention, mentions, spec_mentions
from snapline.spec.model import Clause, Spec
from snapline.spec.parser import parse
from snapline.spec.revision import canonical


def renumbering(spec: Spec, new: Mapping[ClauseId, ClauseId]) -> tuple[Edit, ...]:
    """The edits that give clauses of a spec other ids, and follow every reference to them in it."""
    leads = (Edit(clause.id_span, new[clause.id]) for clause in spec.clauses() if clause.id_span and clause.id in new)
    return tuple(dict.fromkeys((*leads, *_followed(spec, spec.id, new))))


def foreign_renumbering(other: Spec, spec: SpecId, new: Mapping[ClauseId, ClauseId]) -> tuple[Edit, ...]:
    """The edits of another spec's references to clauses of ``spec`` that get other ids."""
    return tuple(_followed(other, spec, new))


def _followed(spec: Spec, of: SpecId, new: Mapping[ClauseId, ClauseId]) -> Iterator[Edit]:
    for one in mentions(spec):
        own = one.spec == of or (one.spec is None and spec.id == of)
        if own and any(key in new for key in one.ids):
            yield Edit(one.span, _written(one, new))


def _written(mention: Mention, new: Mapping[ClauseId, ClauseId]) -> str:
    """The ids of a reference after the change; a range is written out, for a new id need not lie in it."""
    prefix = f"{mention.spec}/" if mention.spec else ""
    return ", ".join(f"{prefix}{new.get(one, one)}" for one in mention.ids)


def renaming(spec: Spec, old: SpecId, new: SpecId) -> tuple[Edit, ...]:
    """The edits of any spec, the renamed one too, that write the new id of a spec where the old one stands."""
    wholes = (Edit(one.span, new) for one in spec_mentions(spec) if one.spec == old)
    parts = (
        Edit(one.span, ", ".join(f"{new}/{each}" for each in one.ids)) for one in mentions(spec) if one.spec == old
    )
    return (*wholes, *parts)


def fresh_ids(spec: Spec, used: Collection[ClauseId], retired: Collection[ClauseId]) -> dict[Clause, ClauseId]:
    """New ids for the clauses that must not keep theirs: all but the first of an id, and those with a retired one.

    ``used`` are the ids that approved revisions ever had, ``retired`` those of them that the latest one has no more.
    """
    numbers = Numbers(used, (clause.id for clause in spec.clauses() if clause.written))
    seen: set[ClauseId] = set()
    found: dict[Clause, ClauseId] = {}
    for clause in spec.clauses():
        if not clause.written:
            continue
        if clause.id in seen or clause.id in retired:
            found[clause] = numbers.give(clause.id[0])
        seen.add(clause.id)
    return found


def applied(spec: Spec, edits: Iterable[Edit], path: str = "") -> Source:
    """The text with the edits, read again; raises :class:`EditWentAstray` if it says anything else than other ids."""
    done = list(edits)
    source = Source.from_bytes(path or spec.source.path, apply_edits(spec.source.text, done).encode())
    words = {spec.source.slice(edit.span) for edit in done} | {edit.text for edit in done}
    known = [clause.id for clause in spec.clauses()]
    if _shape(canonical(spec), words) != _shape(canonical(parse(source, known=known)), words):
        raise EditWentAstray("the new ids would change what else the spec says")
    return source


_MARKS = regex(r"\x00(?:, \x00)*")


def _shape(value: Any, words: Collection[str]) -> Any:  # noqa: ANN401 - JSON values
    """A canonical form with a mark for every id, and list of ids, that was or is to be written."""
    names = sorted({name for word in words for name in (word, *word.split(", "))}, key=len, reverse=True)
    if not names:
        return value
    pattern = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, names))})(?!\w)")

    def marked(one: Any) -> Any:  # noqa: ANN401 - as above
        if isinstance(one, str):
            return _MARKS.sub("\x00", pattern.sub("\x00", one))
        if isinstance(one, list):
            return [marked(each) for each in one]
        if isinstance(one, dict):
            return {key: marked(each) for key, each in one.items()}
        return one

    return marked(value)
