"""The values of a vocabulary entry: code spans and ids, parted by commas, semicolons, ``and``, ``or``; nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from snapline.base.diagnostics import Applicability, Fix
from snapline.base.ids import ClauseId
from snapline.base.record import Record
from snapline.base.regex import regex
from snapline.base.text import Edit, Span
from snapline.spec import globs
from snapline.spec.checks import read_span_check
from snapline.spec.idlists import ID_LIST, ids_in
from snapline.spec.inline import CODE_MARK, Inline
from snapline.spec.model import Check, CodeSpan, GlobValue
from snapline.spec.options import Placed, find_groups, with_options
from snapline.spec.reading import Reading

CODE: Final = "CON506"

_TOKEN: Final = regex(rf"{CODE_MARK}+|[^\s,;{CODE_MARK}]+")
_GLUE: Final = frozenset({"and", "or", "&"})
_PATHLIKE: Final = regex(r"[\w.*-]+/[\w./*{},-]*|[\w*-]+\.[A-Za-z]\w{0,7}|\*+")


class Token(Record, frozen=True):
    """One code span, or one word that is no separator, with its offsets in the paragraph's text."""

    start: int
    end: int
    text: str
    code: CodeSpan | None = None


class Entry(Record, frozen=True):
    """An entry whose values are read: the paragraph from ``start`` on. ``clause`` is the id as shown."""

    reading: Reading
    inline: Inline
    start: int
    clause: str
    word: str
    word_span: Span

    def fault(self, span: Span, message: str, hint: str = "", fix: Fix | None = None) -> None:
        """Note a wrong value."""
        self.reading.fault(CODE, span, message, hint, clause=self.clause, fix=fix)

    def span(self, token: Token) -> Span:
        """Where a token stands in the source."""
        return self.inline.span(token.start, token.end)


def tokens(inline: Inline, start: int, masked: str | None = None, end: int | None = None) -> Iterator[Token]:
    """Code spans and words between two offsets; separators, glue words and the final full stop are left out."""
    text = inline.masked if masked is None else masked
    stop = len(text) if end is None else end
    last = start + len(text[start:stop].rstrip(" \t\n.。"))
    codes = {piece.start: piece for piece in inline.pieces_between(start, stop)}
    for match in _TOKEN.finditer(text, start, last):
        word = match.group()
        if word.startswith(CODE_MARK):
            piece = codes[match.start()]
            yield Token(piece.start, piece.end, piece.value, inline.code(piece))
        elif word.lower() not in _GLUE:
            yield Token(match.start(), match.end(), word)


def read_globs(entry: Entry) -> tuple[GlobValue, ...]:
    """The globs of an entry; anything else becomes a fault."""
    values = []
    strays = []
    found = list(tokens(entry.inline, entry.start))
    for token in found:
        if token.code is None:
            strays.append(token)
            continue
        glob = glob_value(entry, token.code)
        if glob is not None:
            values.append(glob)
    stray_words(entry, strays)
    if not found:
        no_value(entry, f"Write paths in code: {entry.word}: `src/**`.")
    return tuple(values)


def glob_value(entry: Entry, code: CodeSpan) -> GlobValue | None:
    """A glob in a code span; None and a fault if it is a bad one."""
    why = globs.fault(code.text)
    if why is None:
        return GlobValue(code.text, code.span)
    fix = None
    better = globs.portable(code.text)
    if better != code.text and globs.fault(better) is None:
        fix = Fix(f"Write `{better}`", Applicability.SUGGESTED, (Edit(code.inner, better),))
    entry.fault(code.span, f"`{code.text[:80]}` cannot be used as a path: {why}", fix=fix)
    return None


def read_checks(entry: Entry) -> tuple[tuple[Check, ...], tuple[ClauseId, ...], list[Token]]:
    """The commands, test nodes and ids of an entry with their options, and the words that are neither."""
    found = (read_span_check(entry.reading, code, entry.clause) for code in _codes(entry))
    checks = {check.span: check for check in found if check}
    placed = find_groups(entry.reading, entry.inline, entry.start, tuple(checks), entry.clause)
    done = with_options(tuple(checks.values()), placed)
    ids = tuple(one for group in placed for one in group.group.ids)
    masked = _without_groups(entry.inline.masked, placed)
    strays = []
    for token in tokens(entry.inline, entry.start, masked):
        if token.code is not None:
            if token.code.span not in checks:
                entry.fault(token.code.span, "this is neither a command nor a test node", "Commands begin with `$ `.")
        elif ID_LIST.fullmatch(token.text):
            ids += ids_in(token.text)
        else:
            strays.append(token)
    return done, ids, strays


def _without_groups(masked: str, placed: list[Placed]) -> str:
    parts: list[str] = []
    done = 0
    for one in placed:
        parts += (masked[done : one.start], " " * (one.end - one.start))
        done = one.end
    return "".join((*parts, masked[done:]))


def _codes(entry: Entry) -> Iterator[CodeSpan]:
    return (token.code for token in tokens(entry.inline, entry.start) if token.code is not None)


def stray_words(entry: Entry, strays: list[Token]) -> None:
    """Faults for what stands between and behind values: each path outside code, and the first other word."""
    paths = [token for token in strays if _PATHLIKE.fullmatch(token.text)]
    for token in paths:
        fix = Fix("Put it in code", Applicability.SUGGESTED, (Edit(entry.span(token), f"`{token.text}`"),))
        message = f"the value `{token.text[:80]}` stands outside code"
        entry.fault(entry.span(token), message, f"Write it as code: `{token.text[:80]}`.", fix)
    others = [token for token in strays if not _PATHLIKE.fullmatch(token.text)]
    other = next((token for token in others if any(map(str.isalnum, token.text))), others[0] if others else None)
    if other is not None:
        message = f"`{other.text[:60]}` is no value of `{entry.word}`"
        hint = (
            "Values are code spans or ids, parted by commas, `and`, `or`. Put explanations into a clause of their own."
        )
        entry.fault(entry.span(other), message, hint)


def no_value(entry: Entry, hint: str) -> None:
    """The fault of an entry without a value."""
    entry.fault(entry.word_span, f"`{entry.word}` has no value", hint)
