"""Interfaces: what a spec touches, and how a name in it is told from a path."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Final, Protocol

from snapline.base.diagnostics import Applicability, Fix
from snapline.base.ids import SPEC_ID, SpecId
from snapline.base.record import Record
from snapline.base.regex import regex
from snapline.base.text import Edit
from snapline.spec.inline import CODE_MARK, Inline, Kind
from snapline.spec.listing import Listing
from snapline.spec.model import Binding, InterfaceEntry, Named, SpecName
from snapline.spec.reading import Reading
from snapline.spec.values import Entry, Token, no_value, tokens

SPEC: Final = "Spec"
OWNER: Final = "Owner"
OPENINGS: Final = {word.lower(): word for word in ("Service", "API", "Env", OWNER, SPEC)}
"""How a clause of Interfaces may open, by the word in small letters."""
BINDINGS: Final = {binding.value: binding for binding in Binding if binding is not Binding.TOUCHES}
"""The words that bind to the code spans behind them."""

_OPENING: Final = regex(r"[ \t\n]*([A-Za-z]+)[ \t]*[:：]")  # noqa: RUF001 - the full-width colon counts
_BINDING: Final = regex(r"(?<![\w-])([A-Za-z]+)[ \t]*:?[ \t\n]*\Z")
_SENTENCE_END: Final = regex(r"[.。](?=[ \t\n]|\Z)")
_ALMOST_SPEC: Final = regex(
    r"[ \t\n]*(?:(specs|spec[ \t]+file|depends[ \t]+on|dependency|after)[ \t]*[:：]"  # noqa: RUF001
    r"|(spec)(?=[ \t]+[a-z0-9][a-z0-9._-]*[ \t\n]*\Z))",
    re.IGNORECASE,
)
_REPOSITORY: Final = regex(r"[A-Za-z0-9][\w.-]{0,100}(?:/[\w.-]{1,100}){0,5}", re.ASCII)
_LISTED: Final = regex(r"(?:[ \t\n,;&]|\((?:new)\)|（new）|\band\b|\bor\b)*\Z", re.IGNORECASE)  # noqa: RUF001
_NEW_AFTER: Final = regex(r"[ \t\n]*[(（]new[)）]", re.IGNORECASE)  # noqa: RUF001 - full-width ones count
_GLOB: Final = regex(r"[*?\[{]")
_SCHEME: Final = regex(r"[A-Za-z][A-Za-z0-9+.-]*:")
_SYMBOL: Final = regex(r"([^:\s]+)::([\w.]+(?:::[\w.]+)*)(\[.*\])?", re.DOTALL)


class Tree(Protocol):
    """The files of one commit: paths are posix and relative to the repository's root."""

    @property
    def paths(self) -> frozenset[str]:
        """All files."""

    def folders(self) -> frozenset[str]:
        """All folders that hold a file, at any depth."""

    @property
    def listing(self) -> Listing:
        """Files and folders, arranged for questions."""

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

    @cached_property
    def listing(self) -> Listing:
        """Files and folders, arranged for questions."""
        return Listing(self.paths, self._folders)

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
    return bool(_GLOB.search(text)) and bool(tree.listing.matching(text))


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
    if extension in tree.listing.extensions:
        return True
    return "/" in text and text.split("/", 1)[0] in tree.folders()


def read_interface(
    reading: Reading,
    texts: Iterable[Inline],
    lead: Inline | None,
    start: int,
    clause: str,
) -> InterfaceEntry:
    """A clause of Interfaces: its opening, and its code spans with what is done to them."""
    opening = _OPENING.match(lead.masked, start) if lead else None
    word = OPENINGS.get(opening[1].lower()) if opening else None
    named = tuple(one for text in texts for one in _named(text))
    if opening is None or lead is None or word is None:
        _report_almost(reading, lead, start, clause)
        return InterfaceEntry(named)
    value = "".join(
        piece.value for piece in lead.pieces if piece.start >= opening.end() and piece.kind in (Kind.TEXT, Kind.CODE)
    )
    first = next(
        (piece for piece in lead.pieces if piece.kind is Kind.TEXT and piece.start < opening.end() < piece.end),
        None,
    )
    if first is not None:
        value = first.value[opening.end() - first.start :] + value
    entry = Entry(reading, lead, opening.end(), clause, word, lead.span(*opening.span(1)))
    return InterfaceEntry(
        named,
        word,
        " ".join(value.split()).rstrip("."),
        _specs(entry) if word == SPEC else (),
    )


def _report_almost(reading: Reading, lead: Inline | None, start: int, clause: str) -> None:
    """The fault of a clause that nearly opens with ``Spec:``: nothing would wait for what it names."""
    match = _ALMOST_SPEC.match(lead.masked, start) if lead else None
    if match is None or lead is None:
        return
    span = lead.span(match.start(match.lastindex or 0), match.end())
    fix = Fix("Write `Spec:`", Applicability.SUGGESTED, (Edit(span, "Spec:"),))
    message = f"`{reading.source.slice(span)}` is almost `Spec:`, and nothing waits for it as it stands"
    hint = "Write `Spec:` and the ids of the specs, or reword the clause."
    reading.fault("CON505", span, message, hint, clause=clause, fix=fix, variant="warning")


def _specs(entry: Entry) -> tuple[SpecName, ...]:
    """The specs that the first sentence names; a fault if it says anything else, since something waits for them."""
    hint = "Write ids of specs, parted by commas: `Spec: auth-tokens`, or `Spec: payments#auth-tokens` of a repository."
    end = _SENTENCE_END.search(entry.inline.masked, entry.start)
    stop = end.start() if end else len(entry.inline.masked)
    found = list(tokens(entry.inline, entry.start, end=stop))
    if not found:
        no_value(entry, hint)
        return ()
    names = [_spec_name(entry, token) for token in found]
    for index, (token, name) in enumerate(zip(found, names, strict=True)):
        glued = index > 0 and not entry.inline.masked[found[index - 1].end : token.start].strip(" \t\n")
        if name is None or glued:
            entry.fault(entry.span(token), f"`{token.text[:60]}` names no spec here", hint)
            return ()
    return tuple(name for name in names if name is not None)


def _spec_name(entry: Entry, token: Token) -> SpecName | None:
    repository, mark, spec = token.text.rpartition("#")
    if not SPEC_ID.fullmatch(spec) or (mark and not _REPOSITORY.fullmatch(repository)):
        return None
    return SpecName(entry.span(token), SpecId(spec), repository if mark else None)


def _named(inline: Inline) -> list[Named]:
    found: list[Named] = []
    binding = Binding.TOUCHES
    done = 0
    for piece in inline.pieces:
        if piece.kind is not Kind.CODE:
            continue
        between = inline.masked[done : piece.start]
        word = _BINDING.search(between[-40:])
        bound = BINDINGS.get(word[1].lower()) if word else None
        if bound:
            binding = bound
        elif not (found and _LISTED.fullmatch(between)):
            binding = Binding.TOUCHES
        new = binding is Binding.NEW or _NEW_AFTER.match(inline.masked, piece.end) is not None
        found.append(Named(piece.value, inline.span(piece.start, piece.end), binding, new))
        done = piece.end
    return found


def has_code(inline: Inline) -> bool:
    """Whether a paragraph holds inline code."""
    return CODE_MARK in inline.masked
