"""Fixes that change the wording of a clause: words left out or put in place of others, and the text kept tidy."""

from __future__ import annotations

import re
from typing import Final

from snapline.base.regex import regex
from snapline.base.text import Edit, Source, Span
from snapline.lint.words import BREAK, CODE, Words
from snapline.spec.model import Clause

_BLANKS: Final = " \t"
_ENDS: Final = ".;:)!?"
_VOWELS: Final = frozenset("aeiou")
_ARTICLE: Final = regex(r"(?<!\w)([Aa]n?)[ \t]\Z")
_SOMETHING: Final = regex(rf"[^\W\d_]{{2,}}|{CODE}+")
_AROUND: Final = 400
"""Characters on each side in which a sentence is looked for."""


def leave_out(source: Source, words: Words, span: Span, clause: Clause) -> tuple[Edit, ...]:
    """Take words out of a clause, with the comma or blank that belongs to them; nothing where no sentence is left."""
    text, start, end = source.text, span.start, span.end
    if not _clear_of_markup(text, start, end):
        return ()
    low = max(clause.body.start, start - _AROUND)
    before, after = text[low:start], text[end : min(clause.body.end, end + _AROUND)]
    left, right = before.rstrip(_BLANKS), after.lstrip(_BLANKS)
    opens = words.opens_sentence(start)
    if left.endswith(",") and right[:1] in ("", ",", *_ENDS, "\n", "\r"):
        start = low + len(left) - 1
        end += (len(after) - len(right) + 1) if right.startswith(",") else 0
    elif opens and right.startswith(","):
        end += len(after) - len(right) + 1
        end += text[end : end + 2].count(" ")
    elif after[:1] in (" ", "\t") and (not left or before != left or left.endswith(("\n", "("))):
        end += len(after) - len(right)
    elif before != left:
        start = low + len(left)
    if not _says_something(words, clause, start, end):
        return ()
    return (*_article(text, start, end), Edit(Span(start, end), ""), *_capital(text, end, opens=opens))


def put(words: Words, span: Span, text: str) -> Edit:
    """Write ``text`` in place of words, with the capital that they had."""
    if words.text[span.start : span.start + 1].isupper() and not words.text[span.start : span.end].isupper():
        text = text[:1].upper() + text[1:]
    return Edit(span, text.upper() if words.text[span.start : span.end].isupper() and len(text) > 1 else text)


def _clear_of_markup(text: str, start: int, end: int) -> bool:
    """Whether no emphasis or link begins or ends at the words, so that nothing is left open or empty."""
    around = text[max(0, start - 1) : start] + text[end : end + 1]
    return not set(around) & set("*_[]~<>\"'") and not set(text[start:end]) & set("*_[]`\r\n")


def _says_something(words: Words, clause: Clause, start: int, end: int) -> bool:
    low, high = max(clause.body.start, start - _AROUND), min(clause.body.end, end + _AROUND)
    rest = words.text[low:start] + words.text[end:high]
    return len(_SOMETHING.findall(rest)) > 1


def _article(text: str, start: int, end: int) -> tuple[Edit, ...]:
    """``a`` or ``an`` as the word demands that now follows it."""
    match = _ARTICLE.search(text, max(0, start - 4), start)
    letter = text[end : end + 1].lower()
    if match is None or not letter.isalpha():
        return ()
    wanted = match[1][0] + ("n" if letter in _VOWELS else "")
    return (Edit(Span(*match.span(1)), wanted),) if wanted != match[1] else ()


def _capital(text: str, end: int, *, opens: bool) -> tuple[Edit, ...]:
    """A capital for the word that now opens the sentence."""
    if opens and text[end : end + 1].islower():
        return (Edit(Span(end, end + 1), text[end].upper()),)
    return ()


def sentence(words: Words, offset: int, clause: Clause) -> Span:
    """The sentence around ``offset``, as far as it is looked for."""
    low, high = max(clause.body.start, offset - _AROUND), min(clause.body.end, offset + _AROUND)
    before, after = words.text[low:offset], words.text[offset:high]
    starts = [match.end() for match in re.finditer(rf"[.!?;][\s{CODE}]|[{BREAK}]", before)]
    stop = re.search(rf"[.!?;](?=\s|\Z)|[{BREAK}]", after)
    return Span(low + (starts[-1] if starts else 0), offset + stop.end() if stop else high)
