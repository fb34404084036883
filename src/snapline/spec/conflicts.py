"""Conflict markers that a merge left in a text."""

from __future__ import annotations

import re
from typing import Final

from snapline.base.regex import regex
from snapline.base.text import Source, Span

_MARKER: Final = regex(r"^(?:<{7,}|>{7,})(?=[ \t]|$)[^\r\n]*", re.MULTILINE)


def markers(source: Source) -> tuple[Span, ...]:
    """The lines that begin or end a conflict, wherever they stand: git puts them between any two lines.

    The lines of dashes and equal signs between them are Markdown as well, and are not looked for.
    """
    if "<<<<<<<" not in source.text and ">>>>>>>" not in source.text:
        return ()
    return tuple(Span(match.start(), match.start() + len(match.group().rstrip())) for match in _found(source.text))


def _found(text: str) -> list[re.Match[str]]:
    plain = text.replace("\r", "\n")  # `^` knows no other line end; the offsets stay
    return list(_MARKER.finditer(plain))
