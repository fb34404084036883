"""What somebody probably meant: the nearest known word."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

_CLOSE = 0.75
"""Similarity (difflib's ratio) from which a guess is worth making."""


def closest(word: str, known: Iterable[str]) -> str | None:
    """The known word nearest to ``word``, case ignored; None if none is near."""
    by_folded = {one.casefold(): str(one) for one in sorted(known)}
    found = get_close_matches(word.casefold(), by_folded, n=1, cutoff=_CLOSE)
    return by_folded[found[0]] if found else None


def closest_path(path: str, known: Iterable[str]) -> str | None:
    """The known path that ``path`` was probably meant to be: its one namesake, else the nearest name in its folder."""
    folder, _, name = path.rstrip("/").rpartition("/")
    parted = [(one, *one.rpartition("/")[::2]) for one in sorted(known)]
    namesakes = [one for one, _, last in parted if last == name]
    if len(namesakes) == 1:
        return namesakes[0]
    return closest(path.rstrip("/"), namesakes or [one for one, parent, _ in parted if parent == folder])
