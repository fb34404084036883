"""The environment that agents and checks run in: what a project declares about it, and the variables it comes to."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

import msgspec

from snapline.base.wire import Wire
from snapline.sandbox import executable
from snapline.sandbox.policy import PLAIN_PATH
from snapline.sandbox.view import person_home

PLACE = "{workspace}"
"""Stands in a variable's value for the path of the tree inside."""


class Environment(Wire, frozen=True):
    """What ``[env]`` declares.

    ``setup`` are commands that make the folders ``outputs`` from the files ``inputs``; ``path`` goes in front of the
    search path and ``editable`` onto PYTHONPATH, both relative to the tree; ``check`` is a command that succeeds when
    the environment is whole; ``toolchains`` are host folders that checks may read. ``{workspace}`` in the value of a
    variable is the tree's path.
    """

    setup: tuple[str, ...] = ()
    inputs: tuple[str, ...] = ()
    outputs: tuple[str, ...] = ()
    path: tuple[str, ...] = ()
    check: str = ""
    editable: tuple[str, ...] = ()
    toolchains: tuple[str, ...] = ()
    variables: dict[str, str] = msgspec.field(default_factory=dict)


def variables(environment: Environment, workspace: str) -> dict[str, str]:
    """The variables of a job whose tree appears at ``workspace``: search path, PYTHONPATH, and the declared ones."""
    own = [_below(workspace, entry) for entry in environment.path]
    folders = [*own, *search_folders(environment.toolchains), PLAIN_PATH]
    found = {"PATH": ":".join(folders)}
    if environment.editable:
        found["PYTHONPATH"] = ":".join(_below(workspace, entry) for entry in environment.editable)
    return found | {name: value.replace(PLACE, workspace) for name, value in environment.variables.items()}


def search_folders(toolchains: Iterable[str]) -> tuple[str, ...]:
    """Where programs lie in toolchains: their ``bin`` and ``shims``, a plain folder itself, a file's folder."""
    found: list[str] = []
    for toolchain in (Path(toolchain).expanduser() for toolchain in toolchains):
        if toolchain.is_file():
            found.append(str(toolchain.parent))
            continue
        below = [str(toolchain / name) for name in ("shims", "bin") if (toolchain / name).is_dir()]
        found += below or [str(toolchain)]
    return tuple(dict.fromkeys(found))


def private_toolchains(programs: Iterable[str], search_path: str, own: Path | None = None) -> tuple[str, ...]:
    """The folders in the person's home that ``programs`` on ``search_path`` need: for ``toolchains``.

    ``own`` is that home, as the user database says it if it is not given. HOME may name another one: ``~`` stands for
    that, as whoever reads ``toolchains`` takes it, and what lies in the first is written in full.
    """
    named = Path.home()
    homes = [own or person_home(), named]
    found: list[Path] = []
    for program in programs:
        place = shutil.which(program, path=search_path)
        for step in executable.chain(Path(place), search_path) if place else ():
            home = next((home for home in homes if home in step.parents), None)
            folder = executable.prefix(step)
            if home is None or any(step.is_relative_to(known) for known in found):
                continue
            broad = folder is None or folder.name == ".local" or folder in (home, *home.parents)
            found.append(step if broad or folder is None else folder)
    return tuple(_short(path, named) for path in found)


def _below(workspace: str, entry: str) -> str:
    """An entry relative to the tree; ``~`` and absolute ones stay where they are."""
    return str(Path(entry).expanduser()) if entry.startswith("~") else str(PurePosixPath(workspace, entry))


def _short(path: Path, home: Path) -> str:
    return f"~/{path.relative_to(home)}" if home in path.parents else str(path)
