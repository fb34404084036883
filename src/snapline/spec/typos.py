"""Words of a vocabulary with a letter too many, too few or wrong."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection
from typing import Final

from snapline.base.regex import regex

_OPENING: Final = regex(r"[ \t\n]*([A-Za-z][A-Za-z \t'’-]{2,29}?)[ \t]*[:：]")  # noqa: RUF001 - what people type
_WHOLE: Final = regex(r"[ \t\n]*([A-Za-z][A-Za-z -]{2,29})(?=[ \t\n.]*\Z)")
_ALIKE: Final = 0.8


def opening_typo(masked: str, start: int, words: Collection[str]) -> tuple[str, int, int] | None:
    """The word that the text before a colon nearly is, with where that text stands and where the colon ends.

    ``words`` are in small letters; None where the text is one of them, or like none of them.
    """
    return _typo(_OPENING.match(masked, start), words)


def whole_typo(masked: str, start: int, words: Collection[str]) -> tuple[str, int, int] | None:
    """The word that a whole clause nearly is, as :func:`opening_typo` gives it."""
    return _typo(_WHOLE.match(masked, start), words)


def _typo(match: re.Match[str] | None, words: Collection[str]) -> tuple[str, int, int] | None:
    if match is None:
        return None
    text = " ".join(match[1].lower().split())
    close = difflib.get_close_matches(text, words, n=1, cutoff=_ALIKE)
    return (close[0], match.start(1), match.end()) if close and text not in words else None
