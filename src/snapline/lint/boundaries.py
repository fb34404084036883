"""What the constraints let a change touch."""

from __future__ import annotations

from collections.abc import Iterator

from snapline.plan.overlap import outside
from snapline.spec.globs import nested
from snapline.spec.interfaces import Tree
from snapline.spec.listing import Listing
from snapline.spec.model import Clause, ConstraintEntry, ConstraintWord, GlobValue, SectionKind, Spec


def globs_of(spec: Spec, word: ConstraintWord) -> Iterator[tuple[Clause, GlobValue]]:
    """The globs of the constraints with this word, each with its clause."""
    for clause in spec.clauses(SectionKind.CONSTRAINTS):
        if isinstance(clause.entry, ConstraintEntry) and clause.entry.word is word:
            for glob in clause.entry.globs:
                yield clause, glob


def covers(outer: str, inner: str) -> bool:
    """Whether every path that ``inner`` matches lies in ``outer``, as far as the globs themselves tell."""
    return nested(inner, outer) == inner


def fence_of(spec: Spec) -> tuple[tuple[Clause, GlobValue], ...]:
    """The globs that a change must keep to: of ``Change only``, and of ``Ask first``, which opens it; none for none."""
    only = tuple(globs_of(spec, ConstraintWord.CHANGE_ONLY))
    return (*only, *globs_of(spec, ConstraintWord.ASK_FIRST)) if only else ()


class Boundaries:
    """What ``Change only``, ``Ask first`` and ``Do not change`` leave open."""

    def __init__(self, spec: Spec, tree: Tree | None) -> None:
        self._only = [glob.text for _, glob in fence_of(spec)]
        self._never = [glob.text for _, glob in globs_of(spec, ConstraintWord.DO_NOT_CHANGE)]
        self._files = tree.listing if tree else Listing(())

    def reason(self, path: str) -> str | None:
        """Why a path or glob may not be changed, in words; None if something of it may."""
        return outside(path, self._only, self._never, self._files)
