"""What an editor's session knows of repositories: looked up once, kept between keystrokes, renewed when it changed."""

from __future__ import annotations

import os
from collections import ChainMap
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from snapline.app.config import FILE, BadConfig
from snapline.app.project import Project
from snapline.app.settings import Config
from snapline.app.specs import is_spec_file, shown
from snapline.app.surroundings import Surroundings
from snapline.base.errors import EnvironmentFault, SnaplineError
from snapline.base.ids import SpecId
from snapline.lint.commands import path_words
from snapline.lint.rule import Uncommitted
from snapline.repo.objects import TreeView
from snapline.repo.records import REF
from snapline.repo.user import NoCommits
from snapline.spec.model import THE_SIX, Spec

ENOUGH: Final = 3
"""Sections of the six that a Markdown file outside of ``specs/`` has to name before it is taken for a spec."""
_KEPT: Final = 64

Stamp = tuple[object, ...]
"""What a change to a repository changes: the state of the files that say what is checked out and configured."""


@dataclass(frozen=True)
class Held(Surroundings):
    """Surroundings in which unsaved texts stand in for the files, and nothing is asked of git twice."""

    buffers: Mapping[SpecId, Spec] = field(default_factory=dict)
    _asked: dict[tuple[str, ...], Mapping[str, Uncommitted]] = field(default_factory=dict)

    def others(self, spec: SpecId) -> Mapping[SpecId, Spec] | None:
        """The other specs, as they are in the editor or else in their files."""
        saved = super().others(spec)
        if saved is None:
            return None
        return ChainMap({key: one for key, one in self.buffers.items() if key != spec}, dict(saved))

    def uncommitted(self, spec: Spec) -> Mapping[str, Uncommitted]:
        """As ever, but asked once for the same paths."""
        asked = tuple(path_words(spec))
        if asked not in self._asked:
            while len(self._asked) >= _KEPT:
                del self._asked[next(iter(self._asked))]
            self._asked[asked] = super().uncommitted(spec)
        return self._asked[asked]


@dataclass(frozen=True)
class HeldTree(TreeView):
    """A commit's tree of which every file is read once."""

    _read: dict[str, bytes | None] = field(default_factory=dict, compare=False)

    def read(self, path: str) -> bytes | None:
        """The content of a file; None where there is none."""
        if path not in self._read:
            self._read[path] = super().read(path)
        return self._read[path]


@dataclass
class Shelf:
    """One project with what is kept of it. ``fault`` is what is wrong with its configuration."""

    project: Project
    buffers: dict[SpecId, Spec] = field(default_factory=dict)
    fault: SnaplineError | None = None
    _stamp: Stamp = ()
    _around: Held | None = None
    _tree: HeldTree | None = None

    def around(self) -> Held:
        """The surroundings as they are now."""
        now = stamp(self.project)
        if self._around is None or now != self._stamp:
            self._stamp, self._around = now, self._renewed()
        return self._around

    def forget(self) -> None:
        """Look everything up again: files were saved or changed."""
        self._around = None

    def _renewed(self) -> Held:
        project = Project(self.project.repository, self.project.environment)
        self.fault = None
        try:
            config = project.config
        except BadConfig as fault:
            self.fault, config = fault, Config()
        return Held(project, tree=self._head(project), config=config, buffers=self.buffers)

    def _head(self, project: Project) -> HeldTree | None:
        """The tree that is checked out: the one of before, where that is still so. None without a commit."""
        try:
            head = project.repository.head()
        except NoCommits:
            return None
        if self._tree is None or self._tree.treeish != head:
            self._tree = HeldTree(project.repository.git, head)
        return self._tree


class Desk:
    """The projects of an editor's session, found by the paths of its files."""

    def __init__(self) -> None:
        self._shelves: dict[Path, Shelf] = {}
        self._folders: dict[Path, Path | None] = {}

    def shelf(self, path: Path) -> Shelf | None:
        """The project around a file; None outside of a usable repository."""
        folder = _there(path)
        if folder not in self._folders:
            project = _project(folder)
            self._folders[folder] = project.root if project else None
            if project:
                self._shelves.setdefault(project.root, Shelf(project))
        root = self._folders[folder]
        return self._shelves[root] if root else None

    def forget(self) -> None:
        """Look everything up again, also whether there is a repository at all."""
        self._folders.clear()
        for shelf in self._shelves.values():
            shelf.forget()


def is_spec(spec: Spec, path: Path | None, project: Project | None) -> bool:
    """Whether a text is a spec: by where its file lies, or else by the sections that it names."""
    if path is not None and project is not None and is_spec_file(path, project.specs):
        return True
    return len({section.kind for section in spec.sections if section.kind in THE_SIX}) >= ENOUGH


def file_of(spec: Spec) -> Path:
    """Where a spec of a corpus lies."""
    return Path(os.path.abspath(spec.source.path))  # noqa: PTH100 - resolve() would follow links


def named(path: Path) -> str:
    """The name of a buffer's text: its path as people see it."""
    return shown(path)


def stamp(project: Project) -> Stamp:
    """The state of a repository's ``HEAD``, configuration and records, read without a process."""
    repository = project.repository
    head = _text(repository.git_dir / "HEAD")
    ref = head.removeprefix("ref: ").strip() if head.startswith("ref: ") else "HEAD"
    common = repository.common_dir
    watched = (common / ref, common / "packed-refs", common / "reftable" / "tables.list", common / REF)
    return (head, *(_state(path) for path in (*watched, project.root / FILE, project.specs)))


def _state(path: Path) -> tuple[int, int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8", "replace")
    except OSError:
        return ""


def _there(path: Path) -> Path:
    """The nearest folder above a path that is there."""
    return next((folder for folder in path.parents if folder.is_dir()), Path("/"))


def _project(folder: Path) -> Project | None:
    try:
        return Project.discover(folder)
    except (EnvironmentFault, OSError):
        return None
