"""Whether what a check lacks is missing from the tree or from the machine.

The spec language, section 3, "Baseline": *absent* is a path, test node, in-repository command or import that is not in
the tree, or a program that the spec provides; what else keeps a check from running is *could-not-run*.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import PurePosixPath
from typing import Protocol

from snapline.base.regex import regex

_NO_MODULE = regex(r"No module named '?([\w.]+)'?")
_NO_NAME = regex(r"cannot import name '(\w+)' from '([\w.]+)'")
_NOT_THERE = regex(r": (?:command not found|not found|No such file or directory)")
_LAST_WORD = regex(r"[^\s:]+\Z")
_LONGEST_WORD = 255
NOT_EXECUTABLE, NOT_FOUND = 126, 127


class Paths(Protocol):
    """What is asked of a tree."""

    @property
    def paths(self) -> frozenset[str]:
        """Its files."""

    def folders(self) -> frozenset[str]:
        """Its folders."""


def is_there(tree: Paths, path: str) -> bool:
    """Whether a file or folder is in the tree."""
    clean = path.removeprefix("./").rstrip("/")
    return clean in {"", "."} or clean in tree.paths or clean in tree.folders()


def missing_import(said: str, tree: Paths, provided: Collection[str]) -> tuple[str, bool] | None:
    """An import that a program complained about: in words, and whether it is the project's own to provide.

    A module is the project's own when its top package is in the tree, or the spec provides or adds it.
    """
    name = _NO_NAME.search(said)
    if name:
        return f"`{name.group(2)}` has no `{name.group(1)}`", True
    found = _NO_MODULE.search(said)
    if not found:
        return None
    module = found.group(1)
    return f"there is no module `{module}`", _is_own(module.partition(".")[0], tree, provided)


def _is_own(package: str, tree: Paths, provided: Collection[str]) -> bool:
    names = {PurePosixPath(path).stem for path in provided} | {part for path in provided for part in path.split("/")}
    own_files = {PurePosixPath(path).name for path in tree.paths if path.endswith(f"{package}.py")}
    own_folders = {PurePosixPath(folder).name for folder in tree.folders()}
    return package in names or f"{package}.py" in own_files or package in own_folders


def missing_program(said: str, tree: Paths, provided: Collection[str]) -> tuple[str, bool] | None:
    """A program that the shell did not find: in words, and whether it is the project's own to provide."""
    program = _complained_about(said)
    if program is None:
        return None
    if "/" in program and not program.startswith("/"):
        return f"`{program}` is not there", not is_there(tree, program)
    return f"the program `{program}` is not found", program in provided


def _complained_about(said: str) -> str | None:
    """The word before the first complaint, in time linear in what was said: the candidate may say megabytes."""
    for found in _NOT_THERE.finditer(said):
        word = _LAST_WORD.search(said[max(0, found.start() - _LONGEST_WORD) : found.start()])
        if word:
            return word.group()
    return None


def missing_path(words: Collection[str], directory: str, tree: Paths) -> str | None:
    """The first word of a check that looks like a file of the project and is not in the tree.

    ``directory`` is where the check runs, relative to the tree.
    """
    for word in sorted(words):
        clean = word.removeprefix("./")
        if _looks_like_path(clean, tree) and not is_there(tree, str(PurePosixPath(directory, clean))):
            return clean
    return None


def _looks_like_path(word: str, tree: Paths) -> bool:
    """Inside a folder of the tree, or with an ending that files of the tree have."""
    if word.startswith("."):
        return False
    first, slash, _ = word.partition("/")
    if slash:
        return first in tree.folders() or bool(PurePosixPath(word).suffix)
    suffix = PurePosixPath(word).suffix
    return bool(suffix) and any(path.endswith(suffix) for path in tree.paths)
