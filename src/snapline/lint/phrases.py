"""Finding the phrases of a word list among the words of the clauses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache

from snapline.base.record import Record
from snapline.base.regex import regex
from snapline.base.text import Span
from snapline.lint.words import Words, span_of
from snapline.spec.model import Clause

MOST_PER_CLAUSE = 20
"""Findings of one rule in one clause; a clause with more is no text."""
MOST_PLACES = 2_000
"""Places of one word in a spec that are looked at."""

_WORD = regex(r"\w+(?:'\w+)*")


class Phrase(Record, frozen=True):
    """Where a phrase stands: its tokens from ``first`` to ``last``, its clause, and its words in small letters.

    ``own`` tells that it is one of the project's own.
    """

    first: int
    last: int
    span: Span
    clause: Clause
    words: tuple[str, ...]
    own: bool = False


class _Pattern(Record, frozen=True):
    slots: tuple[frozenset[str], ...]
    key: int


class Lexicon:
    """A list of phrases.

    A phrase is words parted by blanks; ``a|b`` are words that may stand in one place. Between two words there may be
    blanks, a line end, emphasis or a hyphen. A phrase that is glued to something else (``fast-forward``, ``--fast``,
    ``fast.py``, ``/etc/hosts``) is part of a name, and not found.
    """

    def __init__(self, *phrases: str) -> None:
        self._keyed: dict[str, list[_Pattern]] = {}
        for phrase in phrases:
            slots = tuple(frozenset(word.split("|")) for word in phrase.split())
            # The place whose shortest word is the longest: it is the rarest, so few texts are looked at closely.
            key = max(range(len(slots)), key=lambda index: min(map(len, slots[index])))
            for word in slots[key]:
                self._keyed.setdefault(word, []).append(_Pattern(slots, key))
        self._keys = frozenset(self._keyed)

    def find(self, words: Words, own: Iterable[str] = ()) -> Iterator[Phrase]:
        """The phrases in ``words``, in order, the longest where several begin; ``own`` are phrases of the project."""
        found = [(*place, False) for place in self.places(words)]
        if own:
            found += [(*place, True) for place in _own(tuple(own)).places(words)]
        done, clause, count = -1, None, 0
        for first, last, is_own in sorted(found, key=lambda one: (one[0], -one[1], one[2])):
            here = words.clause(words.tokens.starts[first]) if first > done else None
            if here is None:
                continue
            count = count + 1 if here is clause else 1
            done, clause = last, here
            if count <= MOST_PER_CLAUSE:
                written = tuple(words.tokens.words[first : last + 1])
                yield Phrase(first, last, span_of(words.tokens, first, last), here, written, is_own)

    def places(self, words: Words) -> Iterator[tuple[int, int]]:
        """The first and the last token of each phrase of this list, in no order; they may overlap."""
        for key in self._keys & words.present:
            for number in words.tokens.places[key][:MOST_PLACES]:
                for pattern in self._keyed[key]:
                    first = number - pattern.key
                    last = first + len(pattern.slots) - 1
                    if _fits(words, pattern, first, last):
                        yield first, last


def _fits(words: Words, pattern: _Pattern, first: int, last: int) -> bool:
    tokens = words.tokens
    return (
        first >= 0
        and last < len(tokens.words)
        and all(tokens.words[first + index] in slot for index, slot in enumerate(pattern.slots))
        and tokens.joined(first, last)
        and tokens.loose(first, last)
    )


@lru_cache(maxsize=32)
def _own(phrases: tuple[str, ...]) -> Lexicon:
    """The project's own phrases; a character that is in no word parts words."""
    return Lexicon(*(" ".join(_WORD.findall(phrase.lower())) for phrase in phrases if _WORD.search(phrase)))
