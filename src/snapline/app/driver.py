"""Git's merge driver for specs: a few lines in this clone's configuration, and one in ``.gitattributes``."""

from __future__ import annotations

import shlex
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass

from snapline.app.files import create, replace
from snapline.app.project import SPECS, Project

ATTRIBUTES = ".gitattributes"
_NAME = "snapline"
_LINES = (
    "# Specs are merged by clauses in clones where `snapline init --merge-driver` was run, by lines in others.",
    f"{SPECS}/**/*.md merge={_NAME}",
)
_SECTION = f"merge.{_NAME}"


@dataclass(frozen=True)
class DriverChange:
    """What was changed, in words; nothing where all was so already."""

    changed: tuple[str, ...]


def install(project: Project) -> DriverChange:
    """Make git merge specs by clauses: in this clone by its configuration, in all by ``.gitattributes``."""
    changed = list(_configure(project))
    text = _attributes(project)
    if _LINES[1] not in text.splitlines():
        newline = "\r\n" if "\r\n" in text else "\n"
        gap = newline if text and not text.endswith("\n") else ""
        _write(project, text + gap + "".join(f"{line}{newline}" for line in _LINES))
        changed.append(f"{ATTRIBUTES}: {_LINES[1]}")
    return DriverChange(tuple(changed))


def uninstall(project: Project) -> DriverChange:
    """Take out what :func:`install` wrote, and nothing else."""
    changed = []
    git = project.repository.git
    if git.run("config", "--local", "--get-regexp", rf"^merge\.{_NAME}\.", check=False).stdout:
        git.run("config", "--local", "--remove-section", _SECTION)
        changed.append(f"the configuration of this clone: {_SECTION}")
    text = _attributes(project)
    kept = "".join(line for line in text.splitlines(keepends=True) if line.rstrip("\r\n") not in _LINES)
    if kept != text:
        if kept:
            _write(project, kept)
        else:
            (project.root / ATTRIBUTES).unlink()
        changed.append(f"{ATTRIBUTES}: {_LINES[1]}")
    return DriverChange(tuple(changed))


def _configure(project: Project) -> Iterator[str]:
    git = project.repository.git
    wanted = {"name": "specs by clauses", "driver": driver_command()}
    for key, value in wanted.items():
        name = f"{_SECTION}.{key}"
        if git.run("config", "--local", "--get-all", name, check=False).text != value:
            git.run("config", "--local", "--replace-all", name, value)
            yield f"the configuration of this clone: {name}"


def driver_command() -> str:
    """What git runs, through a shell; where it cannot be started, or fails, git's own merge by lines takes its place.

    Older versions of git take any failure for conflicts that the driver has marked: the file would hold our side alone,
    and the other side's edits would be lost with the next commit.
    """
    program = "snapline" if shutil.which("snapline") else f"{shlex.quote(sys.executable)} -m snapline"
    by_lines = "git merge-file --diff3 --marker-size=%L -L ours -L base -L theirs %A %O %B"
    return f"{program} merge --marker-size=%L --path=%P %O %A %B; s=$?; test $s -le 1 && exit $s; {by_lines}"


def _attributes(project: Project) -> str:
    path = project.root / ATTRIBUTES
    return path.read_bytes().decode("utf-8", "surrogateescape") if path.is_file() else ""


def _write(project: Project, text: str) -> None:
    path = project.root / ATTRIBUTES
    content = text.encode("utf-8", "surrogateescape")
    if not create(path, content):
        replace(path, content)
