"""Bounds that clauses put on numbers: two on the same thing that no number can keep both are a contradiction."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from snapline.base.record import Record
from snapline.base.regex import regex
from snapline.base.text import Span
from snapline.lint.words import Words
from snapline.spec.model import Clause

_NUMBER: Final = r"(?P<number>\d{1,3}(?:,\d{3})+|\d{1,12}(?:\.\d{1,6})?)[ \t]*(?P<unit>%|[^\W\d_]{1,20})?"
_UPPER: Final = (
    "at most",
    "no more than",
    "not more than",
    "up to",
    "within",
    "below",
    "under",
    "less than",
    "fewer than",
)
_LOWER: Final = ("at least", "no less than", "not less than", "no fewer than", "more than", "over", "above")
_STRICT: Final = frozenset({"below", "under", "less than", "fewer than", "more than", "over", "above"})


def _words(phrases: tuple[str, ...]) -> str:
    return "|".join(phrase.replace(" ", r"\s+") for phrase in phrases)


_BOUND: Final = regex(
    rf"(?<!\w)(?P<bound>{_words(_UPPER)}|{_words(_LOWER)}|exactly)\s+{_NUMBER}(?![\w.,]*\d)", re.IGNORECASE
)
_DIGIT: Final = regex(r"[0-9]")
_SENTENCE: Final = regex(r"[^.;:\x02]+(?:\.(?=\d)[^.;:\x02]*)*")
_WORD: Final = regex(r"[\w'-]+|\x00+")
_IDLE: Final = frozenset({"the", "a", "an", "must", "shall", "is", "are", "be", "stays", "stay", "remains", "remain"})
"""Words that make no difference to what is bounded."""
_SCALES: Final = {
    **dict.fromkeys(("ms", "millisecond", "milliseconds"), ("s", 0.001)),
    **dict.fromkeys(("s", "sec", "second", "seconds"), ("s", 1.0)),
    **dict.fromkeys(("m", "min", "minute", "minutes"), ("s", 60.0)),
    **dict.fromkeys(("h", "hour", "hours"), ("s", 3600.0)),
    **dict.fromkeys(("d", "day", "days"), ("s", 86400.0)),
    **dict.fromkeys(("kb",), ("b", 1e3)),
    **dict.fromkeys(("mb",), ("b", 1e6)),
    **dict.fromkeys(("gb",), ("b", 1e9)),
}
"""Units that measure the same, as the smallest of them."""


class Bound(Record, frozen=True):
    """What a sentence allows: ``about`` are its other words and the kind of unit, ``span`` the bound as written."""

    clause: Clause
    span: Span
    about: tuple[str, ...]
    low: float
    high: float
    open: bool

    def excludes(self, other: Bound) -> bool:
        """Whether no number keeps both bounds."""
        low, high = max(self.low, other.low), min(self.high, other.high)
        return low > high or (low == high and (self.open or other.open))


def bounds(words: Words, clause: Clause) -> Iterator[Bound]:
    """The bounds of a clause, one at most per sentence: with two numbers it is not clear what a word belongs to."""
    text, start = words.of(clause), clause.body.start
    if not _DIGIT.search(text):
        return
    for sentence in _SENTENCE.finditer(text):
        found = list(_BOUND.finditer(text, *sentence.span()))
        if len(found) == 1:
            rest = text[sentence.start() : found[0].start()] + " # " + text[found[0].end() : sentence.end()]
            if not any(char.isdigit() for char in rest):
                yield _bound(found[0], rest, clause, start)


def _bound(match: re.Match[str], rest: str, clause: Clause, start: int) -> Bound:
    unit = (match["unit"] or "").lower()
    kind, scale = _SCALES.get(unit, (unit, 1.0))
    number = float(match["number"].replace(",", "")) * scale
    phrase = " ".join(match["bound"].lower().split())
    kept = [word.lower() for word in _WORD.findall(rest) if word.lower() not in _IDLE]
    return Bound(
        clause,
        Span(start + match.start(), start + match.end()),
        (*kept, "#", kind),
        number if phrase in _LOWER or phrase == "exactly" else float("-inf"),
        number if phrase in _UPPER or phrase == "exactly" else float("inf"),
        phrase in _STRICT,
    )
