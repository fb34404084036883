"""The specs of a work tree: which there are, which one is meant, and the tree that they speak about."""

from __future__ import annotations

import difflib
import os
from collections.abc import Sequence
from pathlib import Path

from snapline.app.project import Project
from snapline.app.specfiles import GUIDES, spec_names
from snapline.base.errors import NotFound, UnreadableText, UsageFault
from snapline.base.ids import SpecId
from snapline.base.text import Source
from snapline.repo.user import NoCommits
from snapline.spec.interfaces import Tree
from snapline.spec.model import Spec
from snapline.spec.parser import parse


class NoSuchSpec(NotFound):
    """There is no such spec."""

    code = "no-such-spec"
    hint = "`snapline new ID` writes one from the template."


class AmbiguousSpec(UsageFault):
    """Several specs have one id."""

    code = "ambiguous-spec"
    hint = "Give each an `id` of its own in its front matter, or name the file."


def spec_files(folder: Path) -> tuple[Path, ...]:
    """Every spec below a folder: its Markdown files but for a ``README.md``, sorted."""
    return tuple(folder / name for name in spec_names(folder))


def is_spec_file(path: Path, folder: Path) -> bool:
    """Whether a file, which need not be there yet, is a spec by where it lies, as for :func:`spec_files`."""
    if not path.is_relative_to(folder):
        return False
    within = path.relative_to(folder)
    hidden = any(part.startswith(".") for part in within.parts)
    return not hidden and within.name.endswith(".md") and within.name.lower() not in GUIDES


def named_files(named: Sequence[str], project: Project | None) -> tuple[Path, ...]:
    """The spec files that a person named, folders in full; all of the project's for none.

    Raises :class:`NoSuchSpec` for a name that is neither file, folder nor spec, and when there is nothing at all.
    """
    if not named:
        found = spec_files(project.specs) if project else ()
        if not found:
            raise NoSuchSpec("there are no specs here: `specs/` is empty or absent")
        return found
    files = {path.resolve(): path for name in reversed(named) for path in reversed(_files_of(name, project))}
    return tuple(reversed(files.values()))


def _files_of(name: str, project: Project | None) -> tuple[Path, ...]:
    path = Path(name)
    return spec_files(path) if name and path.is_dir() else (find_file(name, project),)


def find_file(name: str, project: Project | None) -> Path:
    """The file of a spec that is named by path or by id; raises :class:`NoSuchSpec` with the nearest id.

    Raises :class:`UnreadableText` for a path that is no file, and :class:`AmbiguousSpec` for an id that several have.
    """
    path = Path(name)
    if path.is_file():
        return path
    known: dict[SpecId, list[Path]] = {}
    if project is not None and name and "/" not in name:
        direct = project.specs / f"{name}.md"
        if direct.is_file():
            return direct
        for file in spec_files(project.specs):
            known.setdefault(read_spec(file).id, []).append(file)
    match known.get(SpecId(name), []):
        case [only]:
            return only
        case []:
            raise _nothing_there(name, list(known))
        case several:
            raise AmbiguousSpec(f"{len(several)} specs have the id {name!r}: {', '.join(map(shown, several))}")


def _nothing_there(name: str, known: Sequence[SpecId]) -> UsageFault:
    path = Path(name)
    if name and path.exists():
        return UnreadableText(f"{shown(path)} is {'a folder' if path.is_dir() else 'no plain file'}")
    near = difflib.get_close_matches(name, known, n=1)
    what = "spec" if known else "file"
    return NoSuchSpec(f"there is no {what} {name!r}", hint=f"Did you mean `{near[0]}`?" if near else "")


def read_spec(path: Path) -> Spec:
    """Parse one file; raises :class:`UnreadableText`."""
    return parse(read_source(path))


def read_source(path: Path) -> Source:
    """A file's text, under the path that people see; raises :class:`UnreadableText`."""
    try:
        return Source.from_bytes(shown(path), path.read_bytes())
    except OSError as fault:
        raise UnreadableText(f"{shown(path)} cannot be read: {fault.strerror}") from fault


def shown(path: Path) -> str:
    """A path as people see it: relative to the current folder where it lies below that."""
    here = os.path.join(os.getcwd(), "")  # noqa: PTH109, PTH118 - once for each file of many
    absolute = os.path.abspath(path)  # noqa: PTH100 - resolve() would replace a link that the person named
    return absolute.removeprefix(here) if absolute.startswith(here) else str(path)


def head_tree(project: Project | None) -> Tree | None:
    """The tree of the commit that is checked out: what a spec's paths are compared with. None without one."""
    if project is None:
        return None
    try:
        return project.repository.tree_view(project.repository.head())
    except NoCommits:
        return None
