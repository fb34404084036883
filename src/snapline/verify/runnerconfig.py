"""Which files steer a test runner, and the runner's part of files that others share."""

from __future__ import annotations

import configparser
import tomllib
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any

from snapline.base.regex import regex

WHOLE_FILES = frozenset({"pytest.ini", ".pytest.ini", "pytest.toml", ".pytest.toml"})
"""Configuration of the runner and of nothing else."""
SHARED_FILES = frozenset({"pyproject.toml", "tox.ini", "setup.cfg"})
"""Files in which the runner has a part."""
_HOOKS = frozenset({"sitecustomize.py", "usercustomize.py"})
_SHADOWS = frozenset({"pytest.py", "pytest", "_pytest", "snapline_report.py"})
_INI_HEADER = regex(r"^\[([^\]]+)\]\s*$")
_ODD_BREAKS = regex("[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_MOST = 1024 * 1024
_LONGEST_LINE = 1000
_INI_SECTIONS = frozenset({"pytest", "tool:pytest"})


def is_hook(path: str, roots: frozenset[str]) -> bool:
    """Whether the interpreter or the runner loads this file by itself.

    ``roots`` are the folders on the import path (``""`` for the tree's root): a ``sitecustomize.py`` means something
    only there, plugin metadata too.
    """
    if PurePosixPath(path).name == "conftest.py":
        return True
    for inside in _inside(path, roots):
        first, _, rest = inside.partition("/")
        if first in _HOOKS and not rest:
            return True
        if first.endswith((".egg-info", ".dist-info")) and rest == "entry_points.txt":
            return True
    return False


def shadow(path: str, roots: frozenset[str]) -> str | None:
    """The file or folder by which a path takes the runner's own place on the import path; None if it does not."""
    for inside in _inside(path, roots):
        first = inside.partition("/")[0]
        if first in _SHADOWS:
            return path.removesuffix(inside) + first
    return None


def _inside(path: str, roots: frozenset[str]) -> Iterator[str]:
    """The path counted from every root that holds it."""
    for root in sorted(roots):
        if not root:
            yield path
        elif path.startswith(f"{root}/"):
            yield path.removeprefix(f"{root}/")


def table(name: str, content: bytes | None) -> Any:  # noqa: ANN401 - whatever the file says
    """The runner's part of a shared file, comparable; None where it has none."""
    if content is None:
        return None
    text = content.decode("utf-8", "replace")
    if not _is_readable(name, text):
        return text
    try:
        if name.endswith(".toml"):
            return tomllib.loads(text).get("tool", {}).get("pytest")
        parser = configparser.RawConfigParser(strict=False)
        parser.read_string(text)
    except (tomllib.TOMLDecodeError, configparser.Error, AttributeError, RecursionError):
        return text
    return {name: dict(parser[name]) for name in parser.sections() if name in _INI_SECTIONS} or None


def splice(name: str, content: bytes, source: bytes | None) -> bytes:
    """``content`` with the runner's part of ``source`` in place of its own; all else stays.

    Where the parts cannot be told apart safely the whole of ``source`` is taken (nothing, if there is no source).
    """
    theirs, ours = content.decode("utf-8", "replace"), (source or b"").decode("utf-8", "replace")
    if not (_is_readable(name, theirs) and _is_readable(name, ours)):
        return source or b""
    (rest, _), (_, part) = _parted(name, theirs), _parted(name, ours)
    spliced = (rest.rstrip("\n") + "\n" + part).encode() if part else rest.encode()
    same_part = table(name, spliced) == table(name, source)
    return spliced if same_part and _others(name, spliced) == _others(name, content) else source or b""


def _is_readable(name: str, text: str) -> bool:
    """Whether a file that the candidate may have written is read at all.

    Python's reader of INI files takes time quadratic in a line, and splits lines where the runner's own does not.
    """
    if len(text) > _MOST or _ODD_BREAKS.search(text):
        return False
    return name.endswith(".toml") or all(len(line) <= _LONGEST_LINE for line in text.split("\n"))


def _parted(name: str, text: str) -> tuple[str, str]:
    """The text without the runner's sections, and those sections."""
    rest: list[str] = []
    part: list[str] = []
    ours = False
    for line in text.splitlines(keepends=True):
        header = _header(name, line)
        if header is not None:
            ours = _is_ours(name, header)
        (part if ours else rest).append(line)
    return "".join(rest), "".join(part)


def _header(name: str, line: str) -> str | None:
    """The name in a section's header; None for any other line."""
    if not name.endswith(".toml"):
        found = _INI_HEADER.match(line)
        return found.group(1) if found else None
    opened = line.strip()
    inside, closed, rest = opened.lstrip("[").partition("]")
    rest = rest.lstrip("]").lstrip()
    return inside.strip() if opened.startswith("[") and closed and (not rest or rest.startswith("#")) else None


def _is_ours(name: str, header: str) -> bool:
    if not name.endswith(".toml"):
        return header in _INI_SECTIONS
    keys = [key.strip().strip("\"'") for key in header.split(".")]
    return keys[:2] == ["tool", "pytest"]


def _others(name: str, content: bytes) -> Any:  # noqa: ANN401 - whatever the file says
    """Everything of a shared file but the runner's part, comparable."""
    text = content.decode("utf-8", "replace")
    if not name.endswith(".toml"):
        return _parted(name, text)[0].rstrip("\n")
    try:
        data = tomllib.loads(text)
        tool = {key: value for key, value in data.pop("tool", {}).items() if key != "pytest"}
    except (tomllib.TOMLDecodeError, AttributeError, RecursionError):
        return text
    return data, tool
