"""Which files of a folder are specs, by their names. Imports nothing dear."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

GUIDES = frozenset({"readme.md"})
"""Markdown files that are no specs, in small letters."""


def spec_names(folder: Path) -> list[str]:
    """The specs below a folder by their paths in it, sorted; none is hidden, or behind a link to a folder.

    What cannot be looked into, such as a link to itself, holds none.
    """
    return sorted(_names_below(str(folder), ""), key=lambda name: name.split("/"))


def _names_below(folder: str, within: str) -> Iterator[str]:
    for entry in _entries(folder):
        name = entry.name
        if name.startswith("."):
            continue
        if entry.is_dir(follow_symlinks=False):
            yield from _names_below(entry.path, f"{within}{name}/")
        elif name.endswith(".md") and name.lower() not in GUIDES and _is_file(entry):
            yield within + name


def _entries(folder: str) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return list(entries)
    except OSError:
        return []


def _is_file(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_file()
    except OSError:
        return False
