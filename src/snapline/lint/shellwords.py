"""The words of a shell text with their exact places, read without running or expanding anything.

What is read: quoting, comments, redirections, here-documents, command and process substitutions, operators. Parameters
stay as they are written. Time is linear in the text's length, but for the depth of substitutions, which is bounded.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from snapline.base.regex import regex

MAX_READ = 20_000
"""Characters of a text that are read for its commands; a longer one is not judged."""

_MAX_DEPTH = 12
_TOKEN = regex(
    r"""
      (?P<blank>(?:[ \t\r]|\\\r?\n)+)
    | (?P<comment>\#[^\n]*)
    | (?P<process>[<>]\()
    | (?P<redirect>\d*(?:&>>?|<<<|<<-?|<>|>>|>\||[<>]&?))
    | (?P<operator>\|\||&&|;;&?|;&|\|&|[;&|()\n])
    """,
    re.VERBOSE,
)
_PART = regex(
    r"""
      (?P<plain>[^\s;&|()<>'"\\$`]+)
    | '(?P<single>[^']*)'
    | \$'(?P<ansi>(?:[^'\\]|\\.)*)'
    | (?P<joint>\\\r?\n)
    | \\(?P<escaped>.)
    | (?P<double>")
    | (?P<arithmetic>\$\(\()
    | (?P<substitution>\$\()
    | (?P<parameter>\$\{[^}]{0,400}\}|\$\w+|\$[\#?@*!$-]?)
    | (?P<ticks>`(?:[^`\\]|\\.)*`)
    """,
    re.VERBOSE | re.DOTALL,
)
_IN_DOUBLE = regex(
    r"""
      (?P<plain>[^"\\$`]+)
    | \\(?P<escaped>.)
    | (?P<double>")
    | (?P<arithmetic>\$\(\()
    | (?P<substitution>\$\()
    | (?P<parameter>\$)
    | (?P<ticks>`(?:[^`\\]|\\.)*`)
    """,
    re.VERBOSE | re.DOTALL,
)
_PARENTHESIS = regex(r"[()]")
_KEPT_BACKSLASH = regex(r'[^"\\$`\n]')


@dataclass(frozen=True, slots=True)
class Word:
    """A word: ``text`` without quotes, parameters as written; ``bare`` when it begins with no quote or escape."""

    text: str
    start: int
    end: int
    bare: bool = True


@dataclass(frozen=True, slots=True)
class Command:
    """A simple command; ``operator`` is what parts it from the next one, empty at the end.

    ``fed`` tells that a pipe leads into it, ``inner`` that it stands in a substitution; ``files`` are what it is
    redirected from and to, ``inputs`` those of them that it is redirected from.
    """

    words: tuple[Word, ...]
    operator: str = ""
    fed: bool = False
    inner: bool = False
    files: tuple[Word, ...] = ()
    inputs: tuple[Word, ...] = ()


class _Unreadable(ValueError):
    """A quote or a substitution is never closed, or they nest too deep."""


@lru_cache(maxsize=1024)
def read(text: str) -> tuple[Command, ...] | None:
    """The simple commands of ``text`` in the order of their ends; None if it cannot be parted or is too long."""
    if len(text) > MAX_READ:
        return None
    try:
        return tuple(_Reader(text).commands())
    except _Unreadable:
        return None


class _Reader:
    """One reading of a text, left to right."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._depth = 0
        self._done: list[Command] = []

    def commands(self) -> list[Command]:
        """Every command up to the end of the text."""
        self._list(closing=False)
        return self._done

    def _list(self, *, closing: bool) -> None:
        """Commands up to the end, or behind the parenthesis that closes a substitution."""
        words: list[Word] = []
        files: list[Word] = []
        inputs: list[Word] = []
        documents: list[str] = []
        redirected, fed, open_groups = "", False, 0
        while self._at < len(self._text):
            token = _TOKEN.match(self._text, self._at)
            kind = token.lastgroup if token else None
            if token is None or kind == "process":
                word = self._word()
                if redirected.lstrip("0123456789") in ("<<", "<<-"):
                    documents.append(word.text)
                else:
                    (files if redirected else words).append(word)
                    if redirected.lstrip("0123456789") == "<":
                        inputs.append(word)
                redirected = ""
                continue
            self._at = token.end()
            if kind == "redirect":
                redirected = token.group()
            elif kind == "operator":
                operator, redirected = token.group(), ""
                self._end(words, files, inputs, operator, fed=fed)
                words, files, inputs, fed = [], [], [], operator.startswith("|") and operator != "||"
                open_groups += (operator == "(") - (operator == ")")
                if closing and open_groups < 0:
                    return
                if operator == "\n" and documents:
                    self._skip(documents)
                    documents = []
        if closing:
            raise _Unreadable
        self._end(words, files, inputs, "", fed=fed)

    def _end(self, words: list[Word], files: list[Word], inputs: list[Word], operator: str, *, fed: bool) -> None:
        if words:
            self._done.append(Command(tuple(words), operator, fed, self._depth > 0, tuple(files), tuple(inputs)))

    def _skip(self, documents: list[str]) -> None:
        """Go on behind the here-documents that begin on this line."""
        for delimiter in documents:
            while self._at < len(self._text):
                stop = self._text.find("\n", self._at)
                line = self._text[self._at : stop if stop >= 0 else len(self._text)]
                self._at = stop + 1 if stop >= 0 else len(self._text)
                if line.strip("\t\r ") == delimiter:
                    break

    def _word(self) -> Word:
        start = self._at
        parts: list[str] = []
        if self._text[start] in "<>":
            self._at += 1
            parts.append(self._text[start])
            parts.append(self._substitution(start + 1, skipped=1))
        while part := _PART.match(self._text, self._at):
            self._at = part.end()
            parts.append(self._double() if part.lastgroup == "double" else self._part(part))
        if self._at == start:
            raise _Unreadable
        return Word("".join(parts), start, self._at, self._text[start] not in "'\"\\")

    def _part(self, part: re.Match[str]) -> str:
        """What a part of a word reads as; the commands of a substitution are noted on the way."""
        kind = part.lastgroup
        if kind in ("single", "ansi", "plain"):
            return part[kind]
        if kind == "escaped":
            return part[kind]
        if kind == "joint":
            return ""
        if kind == "substitution":
            return self._substitution(part.start(), skipped=0)
        if kind == "arithmetic":
            self._at = self._behind_arithmetic()
        return self._text[part.start() : self._at]

    def _behind_arithmetic(self) -> int:
        """Where the parentheses of ``$((`` are closed, from its first character on."""
        still_open = len("((")
        for match in _PARENTHESIS.finditer(self._text, self._at):
            still_open += 1 if match.group() == "(" else -1
            if not still_open:
                return match.end()
        raise _Unreadable

    def _double(self) -> str:
        """What stands up to the closing quotation mark."""
        parts: list[str] = []
        while part := _IN_DOUBLE.match(self._text, self._at):
            self._at = part.end()
            if part.lastgroup == "double":
                return "".join(parts)
            if part.lastgroup == "escaped":
                kept = _KEPT_BACKSLASH.match(part["escaped"])
                parts.append("\\" * bool(kept) + part["escaped"].replace("\n", ""))
            else:
                parts.append(self._part(part))
        raise _Unreadable

    def _substitution(self, start: int, skipped: int) -> str:
        """The text of a substitution that begins at ``start``; its commands come into the list as inner ones."""
        self._at += skipped
        self._depth += 1
        if self._depth > _MAX_DEPTH:
            raise _Unreadable
        self._list(closing=True)
        self._depth -= 1
        return self._text[start : self._at]
