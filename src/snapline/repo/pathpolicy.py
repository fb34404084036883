"""The path policy: which changed entries of an agent's tree are never taken in, each refusal in one clear sentence."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePosixPath

from snapline.repo.changes import Change
from snapline.repo.objects import EntryKind

_MODES = ("100644", "100755", "120000", "160000")
_DIRECTIONS = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_LONGEST_PART, _LONGEST = 255, 2048
"""Bytes of one name (what Linux file systems take) and of a path (half of what Linux takes)."""
_SHOWN = 80
_HOPS = 40
"""As many symlinks are followed as Linux follows."""


class Reason(StrEnum):
    """Why work was not taken in."""

    BUNDLE = "bundle"
    REWRITTEN = "rewritten"
    TOO_MANY = "too-many"
    NAME = "name"
    MODE = "mode"
    GITLINK = "gitlink"
    SUBMODULES = "submodules"
    SYMLINK = "symlink"
    PROTECTED = "protected"


@dataclass(frozen=True, slots=True)
class Refusal:
    """One reason why the work was not taken in; ``message`` is a whole sentence for the person and the agent."""

    reason: Reason
    message: str
    path: str | None = None


def refusals(changes: Iterable[Change], protected: Iterable[str]) -> tuple[Refusal, ...]:
    """What the policy says about changed entries, symlink targets aside; a protected folder protects what is below."""
    guarded = tuple(PurePosixPath(one) for one in protected)
    found: list[Refusal] = []
    for change in changes:
        found += _of_name(change)
        found += _of_kind(change)
        if any(PurePosixPath(change.path).is_relative_to(one) for one in guarded):
            message = f"{shown(change.path)} is protected: a task may not change it"
            found.append(Refusal(Reason.PROTECTED, message, change.path))
    return tuple(found)


def _of_name(change: Change) -> list[Refusal]:
    if change.new_mode is None:
        return []
    fault = name_fault(change.path)
    name = shown(change.path)
    name = name if len(name) <= _LONGEST_PART else f"{name[:_SHOWN]}..."
    return [Refusal(Reason.NAME, f"{name}: the name {fault}", change.path)] if fault else []


def name_fault(path: str) -> str | None:
    """What is wrong with a path as the end of a sentence, or None."""
    try:
        raw = path.encode("utf-8")
    except UnicodeEncodeError:
        return "is not valid UTF-8"
    if len(raw) > _LONGEST or any(len(part) > _LONGEST_PART for part in raw.split(b"/")):
        return f"is too long: at most {_LONGEST_PART} bytes, and {_LONGEST} with its folders"
    if any(unicodedata.category(char) in ("Cc", "Zl", "Zp") or char in _DIRECTIONS for char in path):
        return "holds a control character"
    if any(_is_git(part) for part in path.split("/")):
        return "is one that git keeps for itself"
    return None


def _is_git(part: str) -> bool:
    plain = "".join(char for char in part if unicodedata.category(char) != "Cf").casefold().rstrip(". ")
    return plain in (".git", "git~1")


def _of_kind(change: Change) -> list[Refusal]:
    path = shown(change.path)
    if EntryKind.GITLINK in (change.old_kind, change.new_kind):
        message = (
            f"{path} is a repository inside the repository (a submodule link); only files are taken in: "
            "remove its .git folder, or leave the submodule as it was"
        )
        return [Refusal(Reason.GITLINK, message, change.path)]
    if PurePosixPath(change.path).name.casefold() == ".gitmodules":
        return [Refusal(Reason.SUBMODULES, f"{path} was changed: submodules are not a task's to set up", change.path)]
    if change.new_mode is not None and change.new_mode not in _MODES:
        return [Refusal(Reason.MODE, f"{path} has the unusual mode {change.new_mode}", change.path)]
    return []


def escaping_links(targets: Mapping[str, str]) -> frozenset[str]:
    """The symlinks of a tree, given as path and target, that lead out of it or into a ``.git``, followed to the end.

    A link that goes nowhere or in a circle stays inside.
    """
    return frozenset(path for path in targets if _escapes(path, targets))


def _escapes(path: str, targets: Mapping[str, str]) -> bool:
    *where, name = path.split("/")
    ahead = [name]
    hops = 0
    while ahead:
        part = ahead.pop()
        if part in ("", "."):
            continue
        if part == "..":
            if not where:
                return True
            where.pop()
            continue
        if _is_git(part):
            return True
        where.append(part)
        target = targets.get("/".join(where))
        if target is None:
            continue
        hops += 1
        if target.startswith("/"):
            return True
        if hops > _HOPS:
            return False
        where.pop()
        ahead += reversed(target.split("/"))
    return False


def shown(path: str) -> str:
    """A path as people see it: anything that could act on a terminal or mislead the eye is escaped."""
    plain = path.isprintable() and not any(0xDC80 <= ord(char) <= 0xDCFF for char in path)  # noqa: PLR2004 - surrogates
    return path if plain else ascii(path)
