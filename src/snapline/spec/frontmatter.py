"""The YAML front matter: found, read strictly, every fault with its exact place. The only module that knows PyYAML."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

import yaml

from snapline.base.diagnostics import Applicability, Fix
from snapline.base.ids import SPEC_ID, SpecId
from snapline.base.regex import regex
from snapline.base.text import Edit, Source, Span
from snapline.spec.model import Fault, FrontMatter

CODE: Final = "FMT011"
MAX_LENGTH: Final = 8 * 1024
"""Front matter beyond this many characters is not read: YAML readers take quadratic time on hostile input."""
MAX_DEPTH: Final = 12

_LANG: Final = regex(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*")
_LANE: Final = regex(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_PLAIN_LINE: Final = regex(r"(?P<key>[A-Za-z][\w-]*)[ \t]*:[ \t]+(?P<value>\S.*?)[ \t]*$")
_FENCE: Final = regex(r"---[ \t]*(?:\r\n|\n|\r|\Z)")


@dataclass(frozen=True, slots=True)
class Key:
    """A key: what it expects, in words; the form of a value and what such a value is; whether it takes a list."""

    expected: str
    form: re.Pattern[str] | None = None
    what: str = ""
    many: bool = False


KEYS: Final = {
    "id": Key(
        "An id has small letters, digits, `.`, `_` and `-`, and begins with a letter or digit.",
        SPEC_ID,
        "id of a spec",
    ),
    "title": Key("Write one line of text."),
    "owner": Key('Write the name in quotes: `owner: "@alice"`.'),
    "priority": Key("Write 0 (most urgent) to 4.", regex("[0-4]"), "priority"),
    "lane": Key("Write the name of a lane of `snapline.toml`, or `default`.", _LANE, "name of a lane"),
    "lang": Key("Write a BCP 47 tag such as `en` or `pt-BR`.", _LANG, "language tag"),
    "after": Key("Write ids of specs: `after: [auth-tokens]`.", SPEC_ID, "id of a spec", many=True),
    "supersedes": Key("Write ids of specs: `supersedes: [old-spec]`.", SPEC_ID, "id of a spec", many=True),
    "labels": Key("Write words: `labels: [uploads]`.", many=True),
}
"""The keys of the front matter, in the order in which they are listed to people."""
OWN: Final = "x-"
"""How keys begin that the language leaves to people."""


@dataclass
class _Reading:
    """Values and faults while they are gathered."""

    source: Source
    offset: int
    values: dict[str, str | tuple[str, ...]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def span(self, node: yaml.Node) -> Span:
        """Where a node stands in the source; nothing beyond its last visible character."""
        start = node.start_mark.index + self.offset
        text = self.source.text[start : node.end_mark.index + self.offset]
        return Span(start, start + len(text.rstrip()))

    def fault(self, span: Span, message: str, hint: str = "", fix: Fix | None = None) -> None:
        """Note a fault."""
        self.faults.append(Fault(CODE, span, message, hint, fix=fix))


def locate(source: Source, start: int) -> tuple[Span, int] | None:
    """The span of the YAML between the ``---`` lines and where the body begins; None without front matter."""
    opening = _FENCE.match(source.text, start)
    if opening is None or opening.end() == len(source.text):
        return None
    first = source.position(start).line
    for begin in source.line_starts[first:]:
        closing = _FENCE.match(source.text, begin)
        if closing:
            return Span(opening.end(), begin), closing.end()
    return None


def read(source: Source, start: int) -> tuple[FrontMatter, int, tuple[Fault, ...]]:
    """The front matter of ``source`` from ``start`` (after a byte order mark), the body's start, and the faults."""
    place = locate(source, start)
    if place is None:
        return FrontMatter(), start, ()
    inner, body = place
    reading = _Reading(source, inner.start)
    text = source.slice(inner)
    if len(text) > MAX_LENGTH:
        reading.fault(
            Span(start, start + 3), f"the front matter has {len(text)} characters; at most {MAX_LENGTH} are read"
        )
    else:
        _read_text(reading, text)
    return _typed(reading.values, Span(start, body)), body, tuple(reading.faults)


def _read_text(reading: _Reading, text: str) -> None:
    try:
        depth = 0
        for event in yaml.parse(text, Loader=yaml.SafeLoader):
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth > MAX_DEPTH or isinstance(event, yaml.AliasEvent):
                what = "aliases are" if isinstance(event, yaml.AliasEvent) else "such deep nesting is"
                at = (event.start_mark.index if event.start_mark else 0) + reading.offset
                reading.fault(Span(at, at + 1), f"{what} not read in the front matter")
                return
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        _syntax_fault(reading, text, error)
        return
    if root is None:
        return
    if not isinstance(root, yaml.MappingNode):
        reading.fault(reading.span(root), "the front matter is not a list of `key: value` lines", f"Keys: {_known()}.")
        return
    for key, value in _members(reading, root):
        _member(reading, key, value)


def _members(reading: _Reading, root: yaml.MappingNode) -> Iterator[tuple[str, yaml.Node]]:
    seen: set[str] = set()
    for key_node, value in root.value:
        if not isinstance(key_node, yaml.ScalarNode):
            reading.fault(reading.span(key_node), "a key has to be a word", f"Keys: {_known()}.")
            continue
        key = key_node.value
        if key in seen:
            _report_twice(reading, key_node)
            continue
        seen.add(key)
        if key in KEYS:
            yield key, value
        elif not key.startswith(OWN):
            _unknown_key(reading, key_node)


def _report_twice(reading: _Reading, node: yaml.ScalarNode) -> None:
    reading.fault(reading.span(node), f"the key `{node.value}` stands twice", "Keep one of them.")


def _unknown_key(reading: _Reading, node: yaml.ScalarNode) -> None:
    span = reading.span(node)
    close = difflib.get_close_matches(node.value[:40].lower(), KEYS, n=1, cutoff=0.7)
    if close:
        fix = Fix(f"Rename to `{close[0]}`", Applicability.SUGGESTED, (Edit(span, close[0]),))
        reading.fault(span, f"unknown key `{node.value}`", f"Did you mean `{close[0]}`?", fix)
    else:
        reading.fault(span, f"unknown key `{node.value}`", f"Keys: {_known()}; keys of your own begin with `{OWN}`.")


def _member(reading: _Reading, key: str, node: yaml.Node) -> None:
    if KEYS[key].many:
        _list_value(reading, key, node)
        return
    if not isinstance(node, yaml.ScalarNode) or _is_null(node):
        reading.fault(reading.span(node), f"`{key}` takes one value", _expected(key))
    elif (why := _bad_value(key, node.value)) is not None:
        reading.fault(reading.span(node), f"`{key}`: {why}", _expected(key))
    else:
        reading.values[key] = node.value.strip()


def _list_value(reading: _Reading, key: str, node: yaml.Node) -> None:
    nodes = node.value if isinstance(node, yaml.SequenceNode) else [node]
    values = []
    for item in nodes:
        if not isinstance(item, yaml.ScalarNode) or _is_null(item):
            reading.fault(reading.span(item), f"`{key}` takes a word or a list of words", _expected(key))
        elif (why := _bad_value(key, item.value)) is not None:
            reading.fault(reading.span(item), f"`{key}`: {why}", _expected(key))
        else:
            values.append(item.value)
    reading.values[key] = tuple(values)


def _is_null(node: yaml.ScalarNode) -> bool:
    return node.tag == "tag:yaml.org,2002:null" or not node.value.strip()


def _bad_value(key: str, value: str) -> str | None:
    form = KEYS[key].form
    if form and not form.fullmatch(value):
        return f"`{value[:60]}` is no {KEYS[key].what}"
    return "the value has more than one line" if "\n" in value else None


def _expected(key: str) -> str:
    return KEYS[key].expected


def _known() -> str:
    return ", ".join(f"`{key}`" for key in KEYS)


def _syntax_fault(reading: _Reading, text: str, error: yaml.YAMLError) -> None:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    at = mark.index if mark is not None else getattr(error, "position", 0)
    problem = getattr(error, "problem", None) or "it is not YAML"
    line = _unquoted_line(text, at)
    if line is not None:
        span, value = line
        quoted = '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
        place = Span(span.start + reading.offset, span.end + reading.offset)
        fix = Fix("Put the value in quotes", Applicability.SAFE, (Edit(place, quoted),))
        reading.fault(
            place, f"the front matter cannot be read: {problem}", f"Put the value in quotes: {quoted[:80]}.", fix
        )
        return
    start = min(at, max(0, len(text) - 1)) + reading.offset
    reading.fault(Span(start, start + 1), f"the front matter cannot be read: {problem}", "Correct the YAML here.")


def _unquoted_line(text: str, at: int) -> tuple[Span, str] | None:
    """The plain value, at the fault's line or the one before, that YAML cannot read without quotes."""
    begin = text.rfind("\n", 0, min(at, len(text))) + 1
    for start in (begin, text.rfind("\n", 0, max(0, begin - 1)) + 1):
        end = text.find("\n", start)
        match = _PLAIN_LINE.match(text[start : end if end >= 0 else len(text)].rstrip("\r"))
        if match and _needs_quotes(match["value"]):
            return Span(start + match.start("value"), start + match.end("value")), match["value"]
    return None


def _needs_quotes(value: str) -> bool:
    if value[0] in "\"'[{|>":
        return False
    return value[0] in "@`%&*!,]}?#-" or ": " in value or value.endswith(":")


def _typed(values: dict[str, str | tuple[str, ...]], span: Span) -> FrontMatter:
    def text(key: str) -> str | None:
        value = values.get(key)
        return value if isinstance(value, str) else None

    def words(key: str) -> tuple[str, ...]:
        value = values.get(key, ())
        return value if isinstance(value, tuple) else (value,)

    identifier = text("id")
    return FrontMatter(
        span=span,
        id=SpecId(identifier) if identifier else None,
        title=text("title"),
        owner=text("owner"),
        priority=int(text("priority") or 2),
        lane=text("lane") or "default",
        lang=text("lang") or "en",
        after=tuple(SpecId(one) for one in words("after")),
        supersedes=tuple(SpecId(one) for one in words("supersedes")),
        labels=words("labels"),
    )
