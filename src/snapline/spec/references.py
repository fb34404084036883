"""References: ids in parentheses that hold nothing else but options, or after a word such as ``proves``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from snapline.base.ids import SpecId
from snapline.base.regex import regex
from snapline.base.text import Span
from snapline.spec import idlists
from snapline.spec.idlists import ID_LIST, LIST, MAX_RANGE, MEMBER, id_range
from snapline.spec.inline import Inline
from snapline.spec.model import Reference, ReferenceWord
from snapline.spec.options import PARENTHESES, is_option, members
from snapline.spec.reading import Reading

WORDS: Final = {word.value: word for word in ReferenceWord if word is not ReferenceWord.PARENTHESES}
"""The words that make the ids behind them a reference."""

_LIKE_ID: Final = regex("[GCIAFTQ][1-9]")
"""The cheap look: without an id there is no reference."""
_BEHIND_WORD: Final = regex("[ \t\n/][GCIAFTQ][1-9]")
_WORDED: Final = regex(rf"(?<![\w-])({idlists.WORDS}):?[ \t\n]+({LIST})", re.IGNORECASE)


def find_references(reading: Reading, inline: Inline, start: int = 0) -> tuple[Reference, ...]:
    """All references of a paragraph from an offset of its text on, in order."""
    masked = inline.masked
    if _LIKE_ID.search(masked, start) is None:
        return ()
    found: list[Reference] = []
    for match in _WORDED.finditer(masked, start) if _BEHIND_WORD.search(masked, start) else ():
        if match[1].lower() in WORDS and ID_LIST.fullmatch(match[2]):
            found += _expand(reading, inline, match.span(2), WORDS[match[1].lower()])
    for match in PARENTHESES.finditer(masked, start):
        for place in _id_members(match, inline):
            found += _expand(reading, inline, place, ReferenceWord.PARENTHESES)
    return tuple(sorted(found, key=lambda one: one.span))


def _id_members(match: re.Match[str], inline: Inline) -> list[tuple[int, int]]:
    """The members of a parenthesis that are ids, if the others can only be options."""
    places = []
    for begin, end in members(inline, *match.span(1)):
        text = inline.masked[begin:end]
        if ID_LIST.fullmatch(text):
            places.append((begin, end))
        elif not is_option(inline, begin, end):
            return []
    return places


def _expand(reading: Reading, inline: Inline, place: tuple[int, int], word: ReferenceWord) -> Iterator[Reference]:
    for match in MEMBER.finditer(inline.masked, *place):
        spec = SpecId(match[1][:-1]) if match[1] else None
        span = inline.span(*match.span())
        clauses = id_range(match[2], match[3])
        if clauses is None:
            _report_range(reading, span, f"{match[2]}-{match[3]}")
        for clause in clauses or ():
            if reading.references_left <= 0:
                return
            reading.references_left -= 1
            yield Reference(span, clause, spec, word)


def _report_range(reading: Reading, span: Span, written: str) -> None:
    hint = f"A range has one letter, runs upwards and names at most {MAX_RANGE} ids."
    reading.fault("IDS024", span, f"`{written}` is no range of ids", hint)
