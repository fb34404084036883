"""Whether two sets of globs can name the same path, and whether a glob lies outside what a spec allows."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from snapline.spec.globs import matches, overlap

SHARED = (
    "**/CHANGELOG*",
    "**/CHANGES*",
    "**/NEWS*",
    "**/HISTORY*",
    "**/*.lock",
    "**/package-lock.json",
    "**/npm-shrinkwrap.json",
    "**/pnpm-lock.yaml",
    "**/go.sum",
)
"""Paths that tasks side by side may both change: ``[plan] shared`` where the configuration names none."""


def common(first: Iterable[str], second: Iterable[str], paths: Collection[str], shared: Collection[str]) -> str | None:
    """What two sets of globs have in common: a path of the tree, or a glob that lies within another; else None.

    ``paths`` are the files at the base; paths that match a glob of ``shared`` do not count.
    """
    own = [path for path in paths if not _any(shared, path)]
    others = tuple(second)
    for one in first:
        for other in others:
            found = overlap(one, other, own)
            if found is not None and not _any(shared, found):
                return found
    return None


def outside(glob: str, only: Collection[str], never: Collection[str], paths: Collection[str]) -> str | None:
    """Why nothing that ``glob`` names may be changed, in words; None when something may.

    ``only`` are the globs of ``Change only`` (none: everything), ``never`` those of ``Do not change``.
    """
    if only and all(overlap(glob, one, paths) is None for one in only):
        return "lies outside `Change only`"
    named = [path for path in paths if matches(glob, path)] or [glob]
    if all(_any(never, path) for path in named):
        return "is under `Do not change`"
    return None


def _any(globs: Iterable[str], path: str) -> bool:
    return any(matches(glob, path) for glob in globs)
