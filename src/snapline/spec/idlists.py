"""Lists of ids as people write them: ``A1, A2 and A4-A6``, ``other-spec/A2``."""

from __future__ import annotations

import re
from typing import Final

from snapline.base.ids import ClauseId
from snapline.base.regex import regex

MAX_RANGE: Final = 200
"""Ids that one range may name."""

_ID: Final = r"[GCIAFTQ][1-9][0-9]{0,3}(?![0-9A-Za-z_])"
_SPEC: Final = r"(?:[a-z0-9][a-z0-9._-]{0,100}/)?"
_ONE: Final = rf"{_SPEC}{_ID}(?:[ \t]*[-–][ \t]*{_ID})?"  # noqa: RUF001 - the en dash that editors put in
_GLUE: Final = r"(?:[ \t\n]*[,;&，、；][ \t\n]*(?:and[ \t\n]+|or[ \t\n]+)?|[ \t\n]+(?:and|or)[ \t\n]+)"  # noqa: RUF001 - CJK commas
LIST: Final = rf"{_ONE}(?:{_GLUE}{_ONE})*"
"""A pattern for a list of ids."""
WORDS: Final = r"(?:proves|see|per|clarifies|after)"
"""A pattern for the words that make ids a reference."""

ID_LIST: Final = regex(LIST)
WORDED_LIST: Final = regex(rf"(?:{WORDS}:?[ \t\n]+)?{LIST}", re.IGNORECASE)
MEMBER: Final = regex(rf"({_SPEC})({_ID})(?:[ \t]*[-–][ \t]*({_ID}))?")  # noqa: RUF001 - as above
"""One id or range of a list: spec with its slash, first and last id."""


def id_range(first: str, last: str | None) -> tuple[ClauseId, ...] | None:
    """The ids from ``first`` to ``last``; None if that is no range."""
    if last is None:
        return (ClauseId(first),)
    low, high = int(first[1:]), int(last[1:])
    if first[0] != last[0] or not low <= high < low + MAX_RANGE:
        return None
    return tuple(ClauseId(f"{first[0]}{number}") for number in range(low, high + 1))


def ids_in(text: str) -> tuple[ClauseId, ...]:
    """The ids of this spec in a text that is a list of ids; ranges are given id by id."""
    found: list[ClauseId] = []
    for match in MEMBER.finditer(text):
        if not match[1]:
            found += id_range(match[2], match[3]) or ()
    return tuple(found)
