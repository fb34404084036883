"""The same words said louder: what a rule about words must not be confused by."""

from __future__ import annotations

import hashlib
import re
from typing import Final

from tests.corpus.cases import Case, Kind

_MARKED: Final = re.compile(r"«([^«»\n]*)»")
_ONLY_WORDS: Final = re.compile(r"[\w' ,/-]+")


def varied(name: str, case: Case, text: str) -> str:
    """``text`` with its marked words plain, emphasised, in capitals or over two lines, as a digest says."""
    if not case.vary or case.kind not in {Kind.SEEDED, Kind.PARAPHRASE}:
        return text
    return _MARKED.sub(lambda match: f"«{_said(match[1], digest(name, case.code, text) % 6)}»", text, count=1)


def digest(*texts: str) -> int:
    """A number that depends on the texts alone, the same on every machine."""
    return int.from_bytes(hashlib.sha256("\n".join(texts).encode()).digest()[:6], "big")


def _said(words: str, way: int) -> str:
    if not _ONLY_WORDS.fullmatch(words):
        return words
    match way:
        case 0:
            return f"**{words}**"
        case 1:
            return f"*{words}*"
        case 2:
            return words.upper()
        case 3:
            return words.replace(" ", "\n", 1)
        case _:
            return words
