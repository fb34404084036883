"""What somebody probably meant: the nearest known word."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from snapline.spec.globs import is_literal
from snapline.spec.interfaces import Tree
from snapline.spec.listing import Listing

_CLOSE = 0.8
"""Similarity (difflib's ratio) from which a guess is worth making."""


def closest(word: str, known: Iterable[str]) -> str | None:
    """The known word nearest to ``word``, case ignored; None if none is near."""
    by_folded = {one.casefold(): str(one) for one in sorted(known)}
    found = get_close_matches(word.casefold(), by_folded, n=1, cutoff=_CLOSE)
    return by_folded[found[0]] if found else None


def closest_path(path: str, known: Listing) -> str | None:
    """The known path that ``path`` was probably meant to be: its one namesake, else the nearest name in its folder."""
    folder, _, name = path.rstrip("/").rpartition("/")
    namesakes = known.named.get(name, ())
    if len(namesakes) == 1:
        return namesakes[0]
    siblings = {one.rpartition("/")[2]: one for one in known.inside.get(folder, ())}
    nearest = closest(name, siblings)
    return siblings[nearest] if nearest else None


def closest_glob(glob: str, tree: Tree) -> str | None:
    """``glob`` with its folder as it was probably meant; a path without wildcards as :func:`closest_path`."""
    if is_literal(glob):
        return closest_path(glob, tree.listing)
    parts = glob.split("/")
    fixed = next(index for index, part in enumerate(parts) if not is_literal(part))
    folder = "/".join(parts[:fixed])
    if not folder or folder in tree.folders():
        return None
    guess = closest_path(folder, tree.listing.only_folders)
    return "/".join((guess, *parts[fixed:])) if guess else None
