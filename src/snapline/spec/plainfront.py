"""Plain front matter, read without a YAML reader: one ``key: value`` per line, every value as the language expects it.

Anything else (a fault, a comment, a key of one's own, several lines) is left to :mod:`snapline.spec.frontmatter`: the
answer is then None. Where there is an answer, it is the same; tests compare the two.
"""

from __future__ import annotations

import re
from typing import Any, Final

from snapline.base.ids import SPEC_ID, SpecId
from snapline.base.text import Span
from snapline.spec.model import FrontMatter

MAX_LENGTH: Final = 4_000

_OTHER: Final = "\u00a0-\u2027\u202a-\ud7ff"  # no line ends, and nothing that YAML refuses
_TEXT: Final = (
    rf"(?:\"[ !#-\[\]-~{_OTHER}]+\"|'[ -&(-~{_OTHER}]+'|[A-Za-z0-9][ -\"$-9;-~{_OTHER}]*)"  # quoted, or without # and :
)
_WORD: Final = "[A-Za-z0-9][A-Za-z0-9._/-]*"
_FORMS: Final = {
    "id": SPEC_ID.pattern,
    "title": _TEXT,
    "owner": _TEXT,
    "priority": "[0-4]",
    "lane": "[A-Za-z0-9][A-Za-z0-9._-]*",
    "lang": "[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*",
    **dict.fromkeys(("after", "supersedes"), rf"(?:{SPEC_ID.pattern}|\[{SPEC_ID.pattern}(?:, ?{SPEC_ID.pattern})*\])"),
    "labels": rf"(?:{_WORD}|\[{_WORD}(?:, ?{_WORD})*\])",
}
_LINES: Final = "|".join(f"{key}: +{form} *\n" for key, form in _FORMS.items())
_FRONT: Final = re.compile(rf"---\n((?:{_LINES})*)---(?:\n|\Z)")
_NULL: Final = re.compile(r"\bnull\b", re.IGNORECASE)


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
    for line in lines.split("\n"):
        key, _, written = line.partition(":")
        if key in values:
            return None
        if key:
            values[key] = _value(key, written.strip(" "))
    if "" in values.values():
        return None
    return FrontMatter(Span(start, match.end()), **values), match.end()


def _value(key: str, written: str) -> str | int | tuple[SpecId, ...]:
    match key:
        case "priority":
            return int(written)
        case "after" | "supersedes" | "labels":
            return tuple(SpecId(one.strip(" ")) for one in written.strip("[]").split(","))
        case "title" | "owner":
            return (written[1:-1] if written[0] in "\"'" else written).strip()
        case _:
            return written
