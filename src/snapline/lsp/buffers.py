"""The texts that an editor has open, at the version that it told last."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from lsprotocol import types
from pygls.uris import to_fs_path

from snapline.base.regex import regex
from snapline.base.text import Source, Span
from snapline.lsp.positions import Encoding, Place, Positions, Range

_SURROGATE: Final = regex("[\ud800-\udfff]")


@dataclass(frozen=True)
class Buffer:
    """One open text. ``path`` is None for one that has no file, ``version`` what the editor counts."""

    uri: str
    text: str
    version: int
    language: str

    @property
    def path(self) -> Path | None:
        """Where its file is, or will be."""
        name = to_fs_path(self.uri)
        return Path(name) if name and name.startswith("/") else None


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Why a text cannot be read as a spec, and where."""

    span: Span
    message: str


class Buffers:
    """The open texts, by what their URIs mean: editors escape the same URI differently."""

    def __init__(self) -> None:
        self._open: dict[str, Buffer] = {}

    def __iter__(self) -> Iterator[Buffer]:
        return iter(tuple(self._open.values()))

    def open(self, document: types.TextDocumentItem) -> None:
        """A text was opened."""
        self._open[key(document.uri)] = Buffer(document.uri, document.text, document.version, document.language_id)

    def change(
        self,
        document: types.VersionedTextDocumentIdentifier,
        changes: Sequence[types.TextDocumentContentChangeEvent],
        encoding: Encoding,
    ) -> None:
        """A text was changed; the changes apply one after the other. One that is not open stays so."""
        known = self._open.get(key(document.uri))
        if known is None:
            return
        text = known.text
        for change in changes:
            text = changed(text, change, encoding)
        self._open[key(document.uri)] = replace(known, text=text, version=document.version)

    def close(self, uri: str) -> Buffer | None:
        """A text was closed."""
        return self._open.pop(key(uri), None)

    def get(self, uri: str) -> Buffer | None:
        """An open text; None for any other."""
        return self._open.get(key(uri))


def key(uri: str) -> str:
    """What a URI means: its path, or itself where it has none."""
    return to_fs_path(uri) or uri


def changed(text: str, change: types.TextDocumentContentChangeEvent, encoding: Encoding) -> str:
    """A text after one change."""
    if isinstance(change, types.TextDocumentContentChangeWholeDocument):
        return change.text
    span = Positions(Source("", b"", text), encoding).span(range_of(change.range))
    return text[: span.start] + change.text + text[span.end :]


def place_of(position: types.Position) -> Place:
    """A position of the protocol."""
    return Place(position.line, position.character)


def range_of(given: types.Range) -> Range:
    """A range of the protocol."""
    return Range(place_of(given.start), place_of(given.end))


def unreadable(text: str) -> Unreadable | None:
    """What a source cannot hold, that text of the protocol can: halves of astral characters."""
    found = _SURROGATE.search(text)
    return Unreadable(Span(*found.span()), "half of a character: this is no text") if found else None
