"""Reading the documents that manifests are written in.

A candidate wrote them: each reader takes time in proportion to the text, bounds its depth, and expands and fetches
nothing. Whatever cannot be read is :class:`Unreadable`, with the reason.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, cast
from xml.parsers import expat

import yaml

from snapline.spec.patterns import compiled
from snapline.verify.manifests.dependency import Unreadable

MAX_BYTES = 8 * 1024 * 1024
"""Largest manifest or lock file that is read, in bytes; the lock files of large monorepos have about 3 MiB."""
MAX_DEPTH = 64
"""Levels of nesting that are followed; none of the formats uses more than ten."""
_MAX_ELEMENTS = 200_000
_MAX_TOML = 4 * 1024 * 1024
_PART = r"""(?:[A-Za-z0-9_-]+|"[^"\n]*"|'[^'\n]*')"""
_DOTTED = rf"{_PART}(?:[ \t]*\.[ \t]*{_PART}){{12}}"
_YAML = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def text_of(raw: bytes) -> str:
    """The text of a manifest: UTF-8, with or without a byte order mark."""
    if len(raw) > MAX_BYTES:
        raise Unreadable(f"it is larger than {MAX_BYTES // 1024 // 1024} MiB")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unreadable(f"it is not UTF-8 at byte {error.start}") from error
    if "\0" in text:
        raise Unreadable("it holds a zero byte")
    return text


def json_of(text: str) -> dict[str, Any]:
    """A JSON object."""
    try:
        data = json.loads(text)
    except RecursionError as error:
        raise Unreadable("it is nested too deep") from error
    except ValueError as error:
        raise Unreadable(f"it is not JSON: {error}") from error
    if not isinstance(data, dict):
        raise Unreadable("it is not a JSON object")
    return data


def toml_of(text: str) -> dict[str, Any]:
    """A TOML document."""
    # Python's reader is slow, and takes time quadratic in the parts of a dotted key.
    if len(text) > _MAX_TOML:
        raise Unreadable(f"it is larger than {_MAX_TOML // 1024 // 1024} MiB")
    if cast("Any", compiled(_DOTTED)).search(text):
        raise Unreadable("it has a key of too many parts")
    try:
        return tomllib.loads(text)
    except RecursionError as error:
        raise Unreadable("it is nested too deep") from error
    except ValueError as error:
        raise Unreadable(f"it is not TOML: {error}") from error


def yaml_of(text: str) -> Any:  # noqa: ANN401 - whatever the file says
    """A YAML document as dictionaries, lists and strings; aliases are refused, tags mean nothing."""
    try:
        return _built(yaml.parse(text, Loader=_YAML))
    except yaml.YAMLError as error:
        raise Unreadable(f"it is not YAML: {str(error).splitlines()[0]}") from error


@dataclass
class _Open:
    """A collection whose end has not come yet; ``key`` is a mapping's key that waits for its value."""

    made: dict[str, Any] | list[Any]
    key: str | None = None

    def take(self, value: Any) -> None:  # noqa: ANN401 - as above
        if isinstance(self.made, list):
            self.made.append(value)
        elif self.key is None:
            if not isinstance(value, str):
                raise Unreadable("it has a key that is no text")
            self.key = value
        else:
            if self.key in self.made:
                raise Unreadable(f"the key {self.key!r} is there twice")
            self.made[self.key], self.key = value, None


def _built(events: Iterator[yaml.Event]) -> Any:  # noqa: ANN401 - as above
    root = _Open([])
    stack = [root]
    for event in events:
        match event:
            case yaml.AliasEvent():
                raise Unreadable("it has an alias")
            case yaml.ScalarEvent():
                stack[-1].take(event.value)
            case yaml.CollectionStartEvent():
                stack.append(_Open({} if isinstance(event, yaml.MappingStartEvent) else []))
            case yaml.CollectionEndEvent():
                closed = stack.pop()
                stack[-1].take(closed.made)
            case _:
                pass
        if len(stack) > MAX_DEPTH:
            raise Unreadable("it is nested too deep")
    if len(root.made) > 1:
        raise Unreadable("it holds more than one document")
    return root.made[0] if isinstance(root.made, list) and root.made else {}


@dataclass(slots=True)
class Element:
    """An element of an XML document at its end: its own text, and the texts of its children by name."""

    path: tuple[str, ...]
    parts: list[str] = field(default_factory=list)
    children: dict[str, str] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """What stands directly in it."""
        return "".join(self.parts).strip()


def xml_of(text: str) -> list[Element]:
    """The elements of an XML document, inner ones first; a document type, and so every entity, is refused."""
    stack: list[Element] = []
    found: list[Element] = []

    def start(tag: str, _attributes: Mapping[str, str]) -> None:
        if len(stack) >= MAX_DEPTH:
            raise Unreadable("it is nested too deep")
        path = stack[-1].path if stack else ()
        stack.append(Element((*path, tag.rpartition(":")[2])))

    def end(_tag: str) -> None:
        closed = stack.pop()
        if stack:
            stack[-1].children.setdefault(closed.path[-1], closed.text)
        found.append(closed)
        if len(found) > _MAX_ELEMENTS:
            raise Unreadable(f"it has more than {_MAX_ELEMENTS:,} elements")

    def characters(data: str) -> None:
        stack[-1].parts.append(data)

    def doctype(*_declared: object) -> None:
        raise Unreadable("it declares a document type")

    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = doctype
    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler = characters
    try:
        parser.Parse(text, True)  # noqa: FBT003 - expat takes no keywords
    except expat.ExpatError as error:
        raise Unreadable(f"it is not XML: {error}") from error
    return found


def table(data: Mapping[str, Any], *keys: str) -> dict[str, Any]:
    """The table below these keys; empty where there is none."""
    found: Any = data
    for number, key in enumerate(keys):
        found = found.get(key)
        if found is None:
            return {}
        if not isinstance(found, dict):
            raise Unreadable(f"`{'.'.join(keys[: number + 1])}` is no table")
    return dict(found)


def listed(data: Mapping[str, Any], key: str) -> list[Any]:
    """The list at a key; empty where there is none."""
    found = data.get(key)
    if found is None:
        return []
    if not isinstance(found, list):
        raise Unreadable(f"`{key}` is no list")
    return found


def tables(data: Mapping[str, Any], key: str) -> Iterator[dict[str, Any]]:
    """The tables of a list of them."""
    for one in listed(data, key):
        if not isinstance(one, dict):
            raise Unreadable(f"`{key}` holds something else than tables")
        yield one


def word(data: Mapping[str, Any], key: str) -> str:
    """The text at a key; empty where there is none."""
    found = data.get(key)
    if found is None:
        return ""
    if not isinstance(found, str):
        raise Unreadable(f"`{key}` is no text")
    return found
