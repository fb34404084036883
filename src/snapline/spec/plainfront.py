"""Plain front matter, read without a YAML reader: one ``key: value`` per line, every value as the language expects it.

Anything else (a fault, a comment, a key of one's own, several lines) is left to :mod:`snapline.spec.frontmatter`: the
answer is then None. Where there is an answer, it is the same; tests compare the two.
"""

from __future__ import annotations

import re
from typing import Any, Final

from snapline.base.ids import SPEC_ID, SpecId
from snapline.base.regex import regex
from snapline.base.text import Span
from snapline.spec.model import FrontMatter

MAX_LENGTH: Final = 4_000

_FRONT: Final = regex(r"---\n((?:[a-z]+: [^\n]+\n)*+)---(?:\n|\Z)")
_OTHER: Final = "\u00a0-\u2027\u202a-\ud7ff"  # no line ends, and nothing that YAML refuses
_TEXT: Final = regex(
    rf"\"[ !#-\[\]-~{_OTHER}]+\"|'[ -&(-~{_OTHER}]+'|[A-Za-z0-9][ -\"$-9;-~{_OTHER}]*"  # quoted, or without # and :
)
_WORD: Final = regex("[A-Za-z0-9][A-Za-z0-9._/-]*")
_FORMS: Final = {
    "id": SPEC_ID,
    "title": _TEXT,
    "owner": _TEXT,
    "priority": regex("[0-4]"),
    "lane": regex("[A-Za-z0-9][A-Za-z0-9._-]*"),
    "lang": regex("[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*"),
}
_NULL: Final = regex(r"\bnull\b", re.IGNORECASE)
_LISTS: Final = {"after": SPEC_ID, "supersedes": SPEC_ID, "labels": _WORD}


def plain_front(text: str, start: int) -> tuple[FrontMatter, int] | None:
    """The front matter of ``text`` from ``start`` on, and the body's start; None if it is not plain."""
    if not text.startswith("---", start):
        return FrontMatter(), start
    match = _FRONT.match(text, start)
    if match is None:
        return None
    lines = match[1]
    if len(lines) > MAX_LENGTH or _NULL.search(lines):
        return None
    values: dict[str, Any] = {}
    for line in lines.split("\n")[:-1]:
        key, _, written = line.partition(":")
        value = None if key in values else _value(key, written.strip(" "))
        if value is None or value == "":
            return None
        values[key] = value
    return FrontMatter(Span(start, match.end()), **values), match.end()


def _value(key: str, written: str) -> str | int | tuple[SpecId, ...] | None:
    """The value of a key; None if it is not plain."""
    if key in _LISTS:
        return _list(_LISTS[key], written)
    if key not in _FORMS or not _FORMS[key].fullmatch(written):
        return None
    if key == "priority":
        return int(written)
    if key in ("title", "owner"):
        return (written[1:-1] if written[0] in "\"'" else written).strip()
    return written


def _list(form: re.Pattern[str], written: str) -> tuple[SpecId, ...] | None:
    inner = written[1:-1].split(",") if written.startswith("[") and written.endswith("]") else [written]
    words = [one.strip(" ") for one in inner]
    return tuple(map(SpecId, words)) if all(map(form.fullmatch, words)) else None
