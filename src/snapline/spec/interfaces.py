"""Interfaces: what a spec touches, and how a name in it is told from a path."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Final, Protocol

from snapline.base.record import Record
from snapline.spec.globs import matches
from snapline.spec.inline import CODE_MARK, Inline, Kind
from snapline.spec.model import Binding, InterfaceEntry, Named

OPENINGS: Final = ("Service", "API", "Env", "Owner", "Spec")

_OPENING: Final = re.compile(r"[ \t\n]*(service|api|env|owner|spec)[ \t]*[:：]", re.IGNORECASE)  # noqa: RUF001
_BINDING: Final = re.compile(r"(?<![\w-])(changes|uses|provides|removes|new)[ \t]*:?[ \t\n]*\Z", re.IGNORECASE)
_LISTED: Final = re.compile(r"(?:[ \t\n,;&]|\((?:new)\)|（new）|\band\b|\bor\b)*\Z", re.IGNORECASE)  # noqa: RUF001
_NEW_AFTER: Final = re.compile(r"[ \t\n]*[(（]new[)）]", re.IGNORECASE)  # noqa: RUF001 - full-width ones count
_GLOB: Final = re.compile(r"[*?\[{]")
_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_SYMBOL: Final = re.compile(r"([^:\s]+)::([\w.]+(?:::[\w.]+)*)(\[.*\])?", re.DOTALL)


class Tree(Protocol):
    """The files of one commit: paths are posix and relative to the repository's root."""

    @property
    def paths(self) -> frozenset[str]:
        """All files."""

    def folders(self) -> frozenset[str]:
        """All folders that hold a file, at any depth."""

    def read(self, path: str) -> bytes | None:
        """A file's bytes; None where there is no such file."""


class PathTree:
    """A tree in memory: paths alone, or paths with their bytes."""

    def __init__(self, files: Mapping[str, bytes] | Iterable[str]) -> None:
        self.files = dict(files) if isinstance(files, Mapping) else dict.fromkeys(files, b"")

    @cached_property
    def paths(self) -> frozenset[str]:
        """All files."""
        return frozenset(self.files)

    @cached_property
    def _folders(self) -> frozenset[str]:
        return folders_of(self.files)

    def folders(self) -> frozenset[str]:
        """All folders that hold a file, at any depth."""
        return self._folders

    def read(self, path: str) -> bytes | None:
        """A file's bytes."""
        return self.files.get(path)


def folders_of(paths: Iterable[str]) -> frozenset[str]:
    """The folders of ``paths``."""
    found: set[str] = set()
    for path in paths:
        folder = path.rpartition("/")[0]
        while folder and folder not in found:
            found.add(folder)
            folder = folder.rpartition("/")[0]
    return frozenset(found)


class Path(Record, frozen=True):
    """A path or glob; ``exists`` tells whether anything at the base matches it."""

    text: str
    exists: bool


class Symbol(Record, frozen=True):
    """``path::name``: a symbol, or a test node, in a file."""

    path: str
    name: str
    exists: bool


class Name(Record, frozen=True):
    """Anything else: shown, not checked."""

    text: str


def classify(text: str, tree: Tree | None) -> Path | Symbol | Name:
    """What a code span of Interfaces names; without a tree only its form tells, and ``exists`` is False."""
    symbol = _SYMBOL.fullmatch(text)
    if symbol and _is_path(symbol[1], tree):
        return Symbol(symbol[1], symbol[2], tree is not None and symbol[1] in tree.paths)
    if not _is_path(text, tree):
        return Name(text)
    return Path(text, tree is not None and _exists(text, tree))


def _exists(text: str, tree: Tree) -> bool:
    plain = text.removeprefix("./").rstrip("/")
    if plain in tree.paths or plain in tree.folders():
        return True
    return bool(_GLOB.search(text)) and any(matches(text, path) for path in tree.paths)


def _is_path(text: str, tree: Tree | None) -> bool:  # noqa: PLR0911 - one return per rule of section 5
    if not text or "\n" in text:
        return False
    if tree is not None and _exists(text, tree):
        return True
    if any(char.isspace() for char in text) or _SCHEME.match(text) or text.startswith(("/", "-", "@", "$")):
        return False
    if text.endswith("/"):
        return True
    last = text.rpartition("/")[2]
    extension = last.rpartition(".")[2] if "." in last[1:] else ""
    if tree is None:
        return bool("/" in text and (extension or _GLOB.search(text)))
    if _GLOB.search(text) and ("/" in text or extension):
        return True
    if extension and any(path.endswith(f".{extension}") for path in tree.paths):
        return True
    return "/" in text and text.split("/", 1)[0] in tree.folders()


def read_interface(texts: Iterable[Inline], lead: Inline | None, start: int) -> InterfaceEntry:
    """A clause of Interfaces: its opening, and its code spans with what is done to them."""
    opening = _OPENING.match(lead.masked, start) if lead else None
    named = tuple(one for text in texts for one in _named(text))
    if opening is None or lead is None:
        return InterfaceEntry(named)
    word = next(one for one in OPENINGS if one.lower() == opening[1].lower())
    value = "".join(
        piece.value for piece in lead.pieces if piece.start >= opening.end() and piece.kind in (Kind.TEXT, Kind.CODE)
    )
    first = next(
        (piece for piece in lead.pieces if piece.kind is Kind.TEXT and piece.start < opening.end() < piece.end), None
    )
    if first is not None:
        value = first.value[opening.end() - first.start :] + value
    return InterfaceEntry(named, word, " ".join(value.split()).rstrip("."))


def _named(inline: Inline) -> list[Named]:
    found: list[Named] = []
    binding = Binding.TOUCHES
    done = 0
    for piece in inline.pieces:
        if piece.kind is not Kind.CODE:
            continue
        between = inline.masked[done : piece.start]
        word = _BINDING.search(between[-40:])
        if word:
            binding = Binding(word[1].lower())
        elif not (found and _LISTED.fullmatch(between)):
            binding = Binding.TOUCHES
        new = binding is Binding.NEW or _NEW_AFTER.match(inline.masked, piece.end) is not None
        found.append(Named(piece.value, inline.span(piece.start, piece.end), binding, new))
        done = piece.end
    return found


def has_code(inline: Inline) -> bool:
    """Whether a paragraph holds inline code."""
    return CODE_MARK in inline.masked
