"""Whether two sets of globs can name the same path, and whether a glob lies outside what a spec allows."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

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


@dataclass(frozen=True, slots=True)
class Footprint:
    """What some globs name: themselves, and the paths at the base that they match."""

    globs: tuple[str, ...]
    paths: frozenset[str]


def footprint(globs: Collection[str], paths: Collection[str]) -> Footprint:
    """The footprint of globs among the files at the base."""
    return Footprint(tuple(globs), frozenset(path for path in paths if globs and _any(globs, path)))


def common(first: Footprint, second: Footprint, shared: Collection[str]) -> str | None:
    """What two footprints have in common: a path at the base, or a glob that lies within another; else None.

    What matches a glob of ``shared`` does not count.
    """
    both = (path for path in sorted(first.paths & second.paths) if not _any(shared, path))
    nested = (overlap(one, other, ()) for one in first.globs for other in second.globs)
    return next(both, None) or next((glob for glob in nested if glob is not None and not _any(shared, glob)), None)


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
