"""The words of a spec's clauses, each at its own offset; everything that is no word of a promise is masked.

The rules about wording look here and nowhere else, so that code, quotations, addresses and comments never alarm them,
and so that a text is read once for all of them. Task, notes and Clarifications are not promises: they are left out.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cached_property
from typing import Final

from snapline.base.regex import regex
from snapline.base.text import Span
from snapline.spec.model import Clause, SectionKind, Spec

CODE: Final = "\x00"
"""Masks code and quotations: something stands there, which is no word. No spec contains it."""
BREAK: Final = "\x02"
"""Masks what lies between clauses, and between the paragraphs, items and cells of one: no phrase reaches across."""
ITEM: Final = "\x03"
"""Masks the marker of an item inside a clause; behind a :data:`BREAK`."""

_PROMISES: Final = tuple(kind for kind in SectionKind if kind not in (SectionKind.TASK, SectionKind.CLARIFICATIONS))
_COMMENT: Final = regex(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_TAG: Final = regex(r"<[A-Za-z/][^<>\n\x02]{0,500}>")
_TARGET: Final = regex(r"\](?:\([^()\n\x02]{0,2000}\)|\[[^\[\]\n\x02]{0,200}\])")
_MARKER: Final = regex(r"\[NEEDS[ \t]CLARIFICATION[^\]\n\x02]{0,500}\]?")
"""A placeholder: it has a rule of its own."""
_UNDERLINE: Final = regex("_+")
_START: Final = regex(r"\n[ \t]*(?:>[^\n]*|(?=\r?\n)|(?P<item>[-+*]|\d{1,9}[.)])(?=[ \t])|#{1,6}[ \t])")
_QUOTATIONS: Final = {
    one[0]: regex(one)
    for one in (
        r'"(?<![\w"]")[^"\x02]*"',
        r"'(?<![\w']')[^'\x02]{1,200}'(?!\w)",
        r"‘[^’\x02]{1,200}’(?!\w)",  # noqa: RUF001 - typographic ones count
        r"“[^“”\x02]*”",
        r"„[^„“”\x02]*[“”]",
        r"«[^«»\x02]*»",
        r"「[^「」\x02]*」",
    )
}
"""How quotations are found, by the character that opens one; none reads over the next opening: it would be dear."""
_ENTITY: Final = regex(r"&(?:#\w{1,8}|[A-Za-z]\w{1,31});")
_TOKEN: Final = regex(r"\w+(?:'\w+)*|\x00+")
_NORMAL: Final = str.maketrans({"’": "'", "‑": "-", "‐": "-", "\u00a0": " "})  # noqa: RUF001 - typographic ones count
_GLUE: Final = frozenset("-./\\@#$%=~_")
"""A word that is joined to another by one of these is part of a name, an option, a path or an address."""


class Words:
    """The masked text of the clauses of a spec, and its tokens: words and runs of :data:`CODE`.

    ``text`` is as long as the source, and every offset means the same place in both.
    """

    def __init__(self, spec: Spec) -> None:
        self._clauses = sorted(spec.clauses(*_PROMISES), key=lambda clause: clause.span)
        self._begins = [clause.body.start for clause in self._clauses]
        self.text = _masked(spec.source.text, self._clauses)

    def of(self, clause: Clause) -> str:
        """The masked text of one clause; it begins at ``clause.body.start``."""
        return self.text[clause.body.start : clause.body.end]

    def told(self, clause: Clause) -> str:
        """As :meth:`of`, with the option groups masked, too: what the clause says, without how it is decided."""
        text = self.of(clause)
        for group in clause.groups:
            start, end = group.span.start - clause.body.start, group.span.end - clause.body.start
            text = f"{text[:start]}{' ' * (end - start)}{text[end:]}"
        return text

    def clause(self, offset: int) -> Clause | None:
        """The clause at ``offset``."""
        index = bisect_right(self._begins, offset) - 1
        return self._clauses[index] if index >= 0 and offset in self._clauses[index].body else None

    @cached_property
    def lower(self) -> str:
        """``text`` in small letters, with plain apostrophes and hyphens."""
        small = self.text.lower()
        if len(small) != len(self.text):  # a few letters grow when they are made small
            small = "".join(one.lower() if len(one.lower()) == 1 else one for one in self.text)
        return small if small.isascii() else small.translate(_NORMAL)

    @cached_property
    def present(self) -> frozenset[str]:
        """All words that occur: the cheap look before a dear one."""
        return frozenset(_TOKEN.findall(self.lower))

    @cached_property
    def tokens(self) -> Tokens:
        """The tokens with their places."""
        return Tokens(self.lower)

    def is_name(self, start: int, end: int) -> bool:
        """Whether a word looks like (the beginning of) a proper name: a capital inside a sentence, or two in a row."""
        word, *_ = self.text[start:end].split()
        if not word[:1].isupper() or word.isupper():
            return False
        if not self.opens_sentence(start):
            return True
        after = self.text[end : end + 3]
        return len(after) == len(" Ab") and after[0] == " " and after[1].isupper() and after[2].islower()

    def opens_sentence(self, start: int) -> bool:
        """Whether a sentence, a clause or a parenthesis begins at ``start``."""
        before = self.text[max(0, start - 20) : start].rstrip(" \t\r\n\"'([")
        return not before or before[-1] in f".!?:;{BREAK}{ITEM}"


class Tokens:
    """The tokens of a text in order, as parallel sequences, and where each word occurs among them."""

    def __init__(self, lower: str) -> None:
        matches = list(_TOKEN.finditer(lower))
        self._lower = lower
        self.words = [match[0] for match in matches]
        self.starts = [match.start() for match in matches]
        self.ends = [match.end() for match in matches]

    @cached_property
    def places(self) -> dict[str, list[int]]:
        """The numbers of the tokens that are a word."""
        found: dict[str, list[int]] = {}
        for number, word in enumerate(self.words):
            found.setdefault(word, []).append(number)
        return found

    def before(self, number: int, count: int = 1) -> list[str]:
        """Up to ``count`` words in front of a token, nearest last, of the same paragraph."""
        taken: list[str] = []
        while number > 0 and len(taken) < count and BREAK not in self.gap(number):
            number -= 1
            taken.insert(0, self.words[number])
        return taken

    def after(self, number: int, count: int = 1) -> list[str]:
        """Up to ``count`` words behind a token, nearest first, of the same paragraph."""
        taken: list[str] = []
        while number + 1 < len(self.words) and len(taken) < count and BREAK not in self.gap(number + 1):
            number += 1
            taken.append(self.words[number])
        return taken

    def gap(self, number: int) -> str:
        """What stands between a token and the one before it."""
        return self._lower[self.ends[number - 1] if number else 0 : self.starts[number]]

    def rest(self, number: int) -> str:
        """What stands between a token and the one behind it."""
        end = self.starts[number + 1] if number + 1 < len(self.starts) else len(self._lower)
        return self._lower[self.ends[number] : end]

    def loose(self, first: int, last: int) -> bool:
        """Whether the tokens from ``first`` to ``last`` stand for themselves: nothing glues them to a neighbour."""
        start, end = self.starts[first], self.ends[last]
        if start and self._lower[start - 1] in _GLUE:
            return False
        follows = self._lower[end : end + 2]
        return not (follows[:1] in _GLUE and follows[1:].isalnum()) and follows[:1] not in ("(", "/", "\\", "=", "@")

    def joined(self, first: int, last: int) -> bool:
        """Whether only blanks and hyphens part the tokens from ``first`` to ``last``."""
        return all(self.gap(number).replace("-", " ").isspace() for number in range(first + 1, last + 1))


def _masked(text: str, clauses: list[Clause]) -> str:
    parts: list[str] = []
    done = 0
    for clause in clauses:
        if clause.body.start < done:
            continue
        parts.append(BREAK * (clause.body.start - done))
        done = clause.body.start
        for hole in sorted(one.span for held in (clause.code, clause.fences, clause.groups) for one in held):
            if done <= hole.start and hole.end <= clause.body.end:
                parts += (text[done : hole.start], CODE * (hole.end - hole.start))
                done = hole.end
        parts.append(text[done : clause.body.end])
        done = clause.body.end
    parts.append(BREAK * (len(text) - done))
    return _without_markup("".join(parts))


def _without_markup(text: str) -> str:
    """``text`` without comments, tags, links' targets, emphasis and quotations; most specs have few of them."""
    text = _START.sub(_broken, text)
    if "<" in text:
        text = _TAG.sub(_blank, _COMMENT.sub(_blank, text))
    if "](" in text or "][" in text:
        text = _TARGET.sub(_blank, text)
    if "&" in text:
        text = _ENTITY.sub(_blank, text)
    if "_" in text:
        text = _UNDERLINE.sub(_emphasis, text)
    if "[N" in text:
        text = _MARKER.sub(_hidden, text)
    text = text.replace("*", " ").replace("[", " ").replace("]", " ").replace("|", BREAK)
    for opening, quotation in _QUOTATIONS.items():
        if opening in text:
            text = quotation.sub(_hidden, text)
    return text


def _blank(match: re.Match[str]) -> str:
    return " " * len(match[0])


def _broken(match: re.Match[str]) -> str:
    last = ITEM if match["item"] else BREAK
    return BREAK * (len(match[0]) - 1) + last


def _emphasis(match: re.Match[str]) -> str:
    """Underlines are emphasis at the edge of a word, and part of a name inside one."""
    start, end = match.span()
    text = match.string
    inside = start > 0 and text[start - 1].isalnum() and text[end : end + 1].isalnum()
    return match[0] if inside else " " * (end - start)


def _hidden(match: re.Match[str]) -> str:
    return CODE * len(match[0])


def span_of(tokens: Tokens, first: int, last: int) -> Span:
    """The span of a run of tokens."""
    return Span(tokens.starts[first], tokens.ends[last])
