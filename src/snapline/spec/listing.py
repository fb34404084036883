"""The paths of a tree, arranged for the questions that specs ask: what a glob matches, which names are there."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterable
from functools import cached_property

from snapline.spec.globs import fixed_folder, matches

_AFTER_SLASH = chr(ord("/") + 1)


class Listing:
    """Files and folders of one tree, posix and relative to its root. Each answer is found once, and then kept."""

    def __init__(self, paths: Iterable[str], folders: Iterable[str] = ()) -> None:
        self.paths = frozenset(paths)
        self.folders = frozenset(folders)
        self._matching: dict[str, frozenset[str]] = {}

    @cached_property
    def known(self) -> frozenset[str]:
        """Files and folders."""
        return self.paths | self.folders

    @cached_property
    def only_folders(self) -> Listing:
        """The folders alone, arranged as if they were files."""
        return Listing(self.folders)

    @cached_property
    def extensions(self) -> frozenset[str]:
        """What stands behind the last dot of the files' paths."""
        return frozenset(path.rpartition(".")[2] for path in self.paths if "." in path)

    @cached_property
    def named(self) -> dict[str, tuple[str, ...]]:
        """The files and folders that have a name, by it, sorted."""
        return _gathered((path.rpartition("/")[2], path) for path in sorted(self.known))

    @cached_property
    def inside(self) -> dict[str, tuple[str, ...]]:
        """The files and folders right inside a folder (of the root: ``""``), by it, sorted."""
        return _gathered((path.rpartition("/")[0], path) for path in sorted(self.known))

    def matching(self, glob: str) -> frozenset[str]:
        """The files that a glob matches, or that lie in a folder that it names."""
        found = self._matching.get(glob)
        if found is None:
            found = frozenset(path for path in self._candidates(glob) if matches(glob, path))
            self._matching[glob] = found
        return found

    def overlaps(self, first: str, second: str) -> bool:
        """Whether some file matches both globs."""
        return not self.matching(first).isdisjoint(self.matching(second))

    def _candidates(self, glob: str) -> Collection[str]:
        """The files below the folder in which everything lies that the glob can match."""
        folder = fixed_folder(glob)
        if not folder:
            return self._sorted
        low = bisect_left(self._sorted, f"{folder}/")
        high = bisect_left(self._sorted, f"{folder}{_AFTER_SLASH}", low)
        below = self._sorted[low:high]
        return [folder, *below] if folder in self.paths else below

    @cached_property
    def _sorted(self) -> list[str]:
        return sorted(self.paths)


def _gathered(pairs: Iterable[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    lists: dict[str, list[str]] = {}
    for key, value in pairs:
        lists.setdefault(key, []).append(value)
    return {key: tuple(values) for key, values in lists.items()}
