"""What a candidate adds to the dependencies of its base, manifest by manifest, in the order of its changed paths."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from snapline.base.regex import regex
from snapline.repo.changes import Change
from snapline.repo.objects import EntryKind, TreeView
from snapline.verify.manifests import python, requirements
from snapline.verify.manifests.dependency import Additions, Dependency, Manifest, Reader, Unreadable, added
from snapline.verify.manifests.documents import text_of
from snapline.verify.manifests.known import is_text, reader_of

_HOPS = 40
_PLACED = 10
"""New dependencies of one manifest whose lines are looked for; no message shows more."""
_SUBMODULES = ".gitmodules"
_URL = regex(r"\s*url\s*=\s*(.*)")


def additions(base: TreeView, candidate: TreeView, changes: Sequence[Change]) -> Additions:
    """The dependencies that the candidate has and the base has not.

    Each changed manifest is compared with what stood at its own path: renames are never guessed, so one that moves
    is new where it comes to. Manifests that did not change are not read, but to see which files they include.
    """
    comparison = _Comparison(_Side(base), _Side(candidate), {one.path for one in changes if _differs(one)})
    found: list[str] = []
    faults: list[str] = []
    for path, reader in comparison.manifests():
        try:
            found += comparison.added(path, reader)
        except Unreadable as fault:
            faults.append(f"{path}: {fault}")
    found += (f"{one.path} a submodule" for one in changes if _is_new_submodule(one))
    return Additions(tuple(dict.fromkeys(found)), tuple(faults))


def _differs(change: Change) -> bool:
    """Whether there is something to read: an executable bit changes no dependency, a removal adds none."""
    linked = EntryKind.SYMLINK in (change.old_kind, change.new_kind) and change.old_kind is not change.new_kind
    return change.new_oid is not None and (change.old_oid != change.new_oid or linked)


def _is_new_submodule(change: Change) -> bool:
    return change.new_kind is EntryKind.GITLINK and change.old_kind is not EntryKind.GITLINK


@dataclass(frozen=True)
class _Side:
    """One of the two trees."""

    tree: TreeView

    def text(self, path: str) -> str | None:
        """The text of a file, symlinks followed; None where there is none. Raises :class:`Unreadable`."""
        place = self.place(path)
        raw = None if place is None else self.tree.read(place)
        return None if raw is None else text_of(raw)

    def lines(self, path: str) -> list[str]:
        """The lines of a file; none where it cannot be read."""
        try:
            return (self.text(path) or "").splitlines()
        except Unreadable:
            return []

    def place(self, path: str) -> str | None:
        """Where a path leads; None where nothing is, and for a link out of the tree."""
        for _ in range(_HOPS):
            entry = self.tree.entries.get(path)
            if entry is None or entry.kind is EntryKind.GITLINK:
                return None
            if entry.kind is not EntryKind.SYMLINK:
                return path
            target = (self.tree.read(path) or b"").decode("utf-8", "replace")
            path = posixpath.normpath(posixpath.join(posixpath.dirname(path), target))
        return None

    def manifest(self, path: str) -> Manifest | None:
        """A manifest of this tree."""
        text = self.text(path)
        return None if text is None else Manifest(path, text, self.text)

    @cached_property
    def links(self) -> tuple[str, ...]:
        """The symlinks that are manifests by their names."""
        entries = self.tree.entries.values()
        return tuple(one.path for one in entries if one.kind is EntryKind.SYMLINK and reader_of(one.path))


@dataclass(frozen=True)
class _Comparison:
    base: _Side
    candidate: _Side
    changed: set[str]

    def manifests(self) -> Iterator[tuple[str, Reader]]:
        """The manifests to compare: changed ones, links to what changed, and those that include what changed."""
        wanted = [path for path in self.changed if path == _SUBMODULES or reader_of(path)]
        wanted += [path for path in self.candidate.links if self.candidate.place(path) in self.changed]
        wanted += self._including()
        for path in sorted(set(wanted)):
            yield path, _read_submodules if path == _SUBMODULES else reader_of(path) or requirements.read

    def _including(self) -> list[str]:
        """The manifests, unchanged themselves, that include a changed file whose name says nothing."""
        unnamed = {path for path in self.changed if is_text(path) and reader_of(path) is None}
        if not unnamed:
            return []
        return [path for path in self.candidate.tree.paths - self.changed if self._included(path) & unnamed]

    def _included(self, path: str) -> frozenset[str]:
        reader = reader_of(path)
        find: Callable[[Manifest], frozenset[str]]
        if reader is requirements.read:
            find = requirements.included
        elif reader is python.read_pyproject:
            find = python.files_of
        else:
            return frozenset()
        try:
            manifest = self.candidate.manifest(path)
            return find(manifest) if manifest else frozenset()
        except Unreadable:
            return frozenset()

    def added(self, path: str, reader: Reader) -> list[str]:
        """The new dependencies of one manifest, each with its place."""
        manifest = self.candidate.manifest(path)
        if manifest is None:
            raise Unreadable("it is no file of the tree")
        after = list(_parsed(reader, manifest))
        before = self._before(path, reader)
        found = list(added(before, after))
        return [
            f"{self._place(one, manifest) if number < _PLACED else one.where or path} {what}"
            for number, (one, what) in enumerate(found)
        ]

    def _before(self, path: str, reader: Reader) -> list[Dependency]:
        """What the base said at the path; nothing where it cannot be read, so that all of it counts as new."""
        try:
            manifest = self.base.manifest(path)
            return list(_parsed(reader, manifest)) if manifest else []
        except Unreadable:
            return []

    def _place(self, one: Dependency, manifest: Manifest) -> str:
        path = one.where or manifest.path
        after, mark = self.candidate.lines(path), one.mark or one.name
        before = frozenset(self.base.lines(path))
        holding = [number for number, line in enumerate(after, 1) if mark in line]
        fresh = [number for number in holding if after[number - 1] not in before]
        return f"{path}:{(fresh or holding)[0]}" if holding else path


def _parsed(reader: Reader, manifest: Manifest) -> Iterator[Dependency]:
    return iter(reader(manifest))


def _read_submodules(manifest: Manifest) -> Iterator[Dependency]:
    """A .gitmodules: where submodules come from."""
    for line in manifest.text.splitlines():
        if found := _URL.match(line):
            yield Dependency(f"the submodule of {found.group(1).strip()}", mark=line)
