"""Gradle: build scripts in Groovy and Kotlin, version catalogs, and lock files.

The scripts are programs. What they say in literals is read wherever it stands; what a `dependencies` block names by
anything else is told as it is written.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from re import MULTILINE

from snapline.base.regex import regex
from snapline.verify.manifests.dependency import Dependency, Manifest, Unreadable
from snapline.verify.manifests.documents import MAX_DEPTH, table, toml_of, word

_TOKEN = regex(
    r"""(?P<string>"(?:[^"\\\n]|\\.)*\\?(?:"|$)|'(?:[^'\\\n]|\\.)*\\?(?:'|$))"""
    r"""|(?P<comment>//[^\n]*)|(?P<mark>[{}()\n;])|(?P<word>[^\s"'{}();/]+|/)""",
    MULTILINE,
)
_LONG = ('"""', "'''", "/*")
_PINNED = regex(r"([^\s:/]+:[^\s:/]+):[^\s:]*[\d$+][^\s:]*(?::[^\s:@]+)?(?:@\w+)?")
_LOOSE = regex(r"([^\s:/]+:[^\s:/]+)(?::[^\s:]*)?(?::[^\s:@]+)?(?:@\w+)?")
_REPOSITORIES = frozenset({"mavenCentral", "mavenLocal", "google", "jcenter", "gradlePluginPortal", "flatDir"})
_MODIFIERS = frozenset(
    {
        "exclude", "transitive", "isTransitive", "because", "version", "prefer", "strictly", "require", "reject",
        "force", "isForce", "changing", "isChanging", "attributes", "attribute", "capabilities", "if", "else", "for",
    }
)  # fmt: skip
_LOCKED = regex(r"([^\s:#=]+:[^\s:=]+):[^\s:=]+=")


@dataclass
class _Statement:
    """The tokens between two ends of statements; ``deep`` counts open parentheses."""

    words: list[str] = field(default_factory=list)
    strings: list[str] = field(default_factory=list)
    deep: int = 0

    @property
    def text(self) -> str:
        """All that it says, evenly spaced."""
        return " ".join(self.words)

    @property
    def verb(self) -> str:
        """Its first word."""
        return self.words[0] if self.words else ""


def read(manifest: Manifest) -> Iterator[Dependency]:
    """A build or settings script."""
    blocks: list[str] = []
    statement = _Statement()
    for kind, text in _tokens(manifest.text):
        ends = kind == "mark" and (text in "{};" or (text == "\n" and statement.deep <= 0))
        if not ends:
            _take(statement, kind, text)
            continue
        yield from _said(statement, blocks, opens=text == "{")
        if text == "{":
            blocks.append(statement.verb)
            if len(blocks) > MAX_DEPTH:
                raise Unreadable("it is nested too deep")
        elif text == "}" and blocks:
            blocks.pop()
        statement = _Statement()
    yield from _said(statement, blocks, opens=False)


def _take(statement: _Statement, kind: str, text: str) -> None:
    if kind == "string":
        statement.strings.append(text)
        statement.words.append(repr(text))
    elif text != "\n":
        statement.deep += (text == "(") - (text == ")")
        statement.words.append(text)


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    place = 0
    while place < len(text):
        long = next((one for one in _LONG if text.startswith(one, place)), "")
        if long:
            end = text.find("*/" if long == "/*" else long, place + len(long))
            if end < 0:
                raise Unreadable(f"there is a {long} without its end")
            if long != "/*":
                yield "string", text[place + 3 : end]
            place = end + len(long)
            continue
        found = _TOKEN.match(text, place)
        if found is None:
            place += 1
            continue
        place = max(found.end(), place + 1)
        if found.lastgroup == "string":
            yield "string", found.group()[1:].removesuffix(found.group()[0])
        elif found.lastgroup in ("mark", "word"):
            yield found.lastgroup, found.group()


def _said(statement: _Statement, blocks: Sequence[str], *, opens: bool) -> Iterator[Dependency]:
    """What one statement brings in; ``opens`` says that a block follows it."""
    strings, verb = statement.strings, statement.verb
    if "dependencies" in blocks or verb.startswith("dependencies."):
        yield from _depends(statement, opens=opens)
        return
    yield from (Dependency(found.group(1), at_run_time=False) for one in strings if (found := _PINNED.fullmatch(one)))
    if "plugins" in blocks and verb:
        yield Dependency(f"the plugin {strings[0] if strings else statement.text}", mark=strings[0] if strings else "")
    elif verb == "apply" and strings:
        yield Dependency(f"the plugin {strings[0]}", mark=strings[0])
    elif "repositories" in blocks or verb == "maven":
        urls = [one for one in strings if "://" in one]
        yield from (Dependency(f"the repository {one}", mark=one) for one in urls)
        if not urls and (verb in _REPOSITORIES or verb in ("url", "setUrl")):
            yield Dependency(f"the repository {statement.text.replace(' ', '')}", mark=verb)


def _depends(statement: _Statement, *, opens: bool) -> Iterator[Dependency]:
    """A statement inside of ``dependencies``, or of a block in it."""
    verb, rest = statement.verb, statement.words[1:]
    later = verb.lower().startswith(("test", "androidtest", "debug"))
    named = [found.group(1) for one in statement.strings if (found := _LOOSE.fullmatch(one)) and one[0] != ":"]
    named += _by_map(statement)
    if verb in _MODIFIERS or not rest:
        return
    if named:
        yield from (Dependency(one, at_run_time=not later, mark=one) for one in named)
    elif not (opens and rest == ["(", ")"]):
        mark = statement.strings[0] if statement.strings else rest[-1]
        yield Dependency("".join(rest).removeprefix("(").removesuffix(")"), at_run_time=not later, mark=mark)


def _by_map(statement: _Statement) -> list[str]:
    """``group: 'g', name: 'a'`` in Groovy, ``group = "g", name = "a"`` in Kotlin."""
    said = {}
    words = [word for word in statement.words if word not in (":", "=", ",", "(", ")")]
    for key, value in pairwise(words):
        said[key.strip(",:=")] = value.strip(",").strip("'\"")
    return [f"{said['group']}:{said['name']}"] if "group" in said and "name" in said else []


def read_catalog(manifest: Manifest) -> Iterator[Dependency]:
    """A version catalog (``libs.versions.toml``)."""
    data = toml_of(manifest.text)
    for kind, key in (("libraries", "module"), ("plugins", "id")):
        declared = table(data, kind)
        for alias, value in declared.items():
            if not isinstance(value, str | dict):
                raise Unreadable(f"`{alias}` is neither a text nor a table")
            said = value if isinstance(value, dict) else {}
            if isinstance(value, str):
                name = value.rpartition(":")[0]
            else:
                name = word(said, key) or f"{word(said, 'group')}:{word(said, 'name')}"
            yield Dependency(name if key == "module" else f"the plugin {name}", mark=name)


def read_lock(manifest: Manifest) -> Iterator[Dependency]:
    """A gradle.lockfile."""
    for line in manifest.text.splitlines():
        if found := _LOCKED.match(line):
            yield Dependency(found.group(1))
