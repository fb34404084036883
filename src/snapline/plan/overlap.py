"""Whether two sets of globs can name the same path, and whether a glob lies outside what a spec allows."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from snapline.spec.globs import matches, nested
from snapline.spec.listing import Listing

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


def footprint(globs: Collection[str], files: Listing) -> Footprint:
    """The footprint of globs among the files at the base."""
    return Footprint(tuple(globs), frozenset().union(*map(files.matching, globs)))


def common(first: Footprint, second: Footprint, shared: Collection[str]) -> str | None:
    """What two footprints have in common: a path at the base, or a glob that lies within another; else None.

    What matches a glob of ``shared`` does not count.
    """
    both = (path for path in sorted(first.paths & second.paths) if not _any(shared, path))
    within = (nested(one, other) for one in first.globs for other in second.globs)
    return next(both, None) or next((glob for glob in within if glob is not None and not _any(shared, glob)), None)


def outside(glob: str, only: Collection[str], never: Collection[str], files: Listing) -> str | None:
    """Why nothing that ``glob`` names may be changed, in words; None when something may.

    ``only`` are the globs of ``Change only`` (none: everything), ``never`` those of ``Do not change``.
    """
    if only and not any(files.overlaps(glob, one) or nested(glob, one) is not None for one in only):
        return "lies outside `Change only`"
    if never and all(_any(never, path) for path in files.matching(glob) or (glob,)):
        return "is under `Do not change`"
    return None


def _any(globs: Iterable[str], path: str) -> bool:
    return any(matches(glob, path) for glob in globs)
