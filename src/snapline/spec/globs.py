"""Globs of the language: anchored at the repository's root, case counts, a folder means all below it.

Which way an accented letter is composed does not count: a glob is typed, and a path made, as it suits their systems.

``*`` and ``?`` stay within one path component, ``**`` as a whole component spans any number of them, ``[a-z]`` and
``{a,b}`` mean what they mean in a shell. There is no negation and no escape. A glob names a folder when its last
component has no wildcard (``src``, ``src/*/tests``) or when it ends in ``/``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Final
from unicodedata import normalize

from snapline.base.record import Record
from snapline.base.regex import regex

MAX_LENGTH: Final = 500
MAX_ALTERNATIVES: Final = 64
_SPECIAL: Final = regex(r"[*?\[{]")
_DRIVE: Final = regex(r"[A-Za-z]:")
_SPECIAL_IN_CLASS: Final = regex(r"[\\\[\]^&~|]|-(?=-)")


class _Wildcard(Record, frozen=True):
    """The pieces between the stars of a component, each of fixed length; ``last`` is the length of the last one.

    The leftmost place for each piece in turn is always a right one, so that no regular expression has to backtrack.
    """

    segments: tuple[re.Pattern[str], ...]
    last: int

    def fits(self, part: str) -> bool:
        """Whether the component matches a whole part of a path."""
        first = self.segments[0].match(part)
        if first is None:
            return False
        if len(self.segments) == 1:
            return first.end() == len(part)
        position = first.end()
        for segment in self.segments[1:-1]:
            found = segment.search(part, position)
            if found is None:
                return False
            position = found.end()
        start = len(part) - self.last
        return start >= position and self.segments[-1].match(part, start) is not None


_Component = str | _Wildcard


def fault(glob: str) -> str | None:
    """Why ``glob`` cannot be used, in words; None if it can."""
    if not glob.strip():
        return "it is empty"
    for wrong, why in (
        (len(glob) > MAX_LENGTH, f"it is longer than {MAX_LENGTH} characters"),
        ("\\" in glob, "a backslash is no separator; write `/`"),
        (bool(_DRIVE.match(glob)), "a drive letter; write the path from the repository's root"),
        (glob.startswith("/"), "a leading `/`; paths are relative to the repository's root"),
        (glob.startswith("!") or "[!" in glob or "[^" in glob, "there is no `!`; use `Do not change` for exceptions"),
        (glob.startswith("~"), "`~` is outside the repository"),
        ("\n" in glob or "\0" in glob, "a line break"),
        (".." in glob.split("/"), "`..` leaves the repository"),
    ):
        if wrong:
            return why
    alternatives = _braces(glob)
    if isinstance(alternatives, str):
        return alternatives
    for one in alternatives:
        for part in one.split("/"):
            if "**" in part and part != "**":
                return "`**` has to be a whole component of the path, as in `src/**/x.py`"
            if _unclosed(part):
                return "`[` without `]`"
    return None


def portable(glob: str) -> str:
    """``glob`` without a drive letter, and with slashes for backslashes: what was probably meant."""
    return (
        _DRIVE.sub("", glob, count=1).replace("\\", "/").lstrip("/") if _DRIVE.match(glob) else glob.replace("\\", "/")
    )


def matches(glob: str, path: str) -> bool:
    """Whether ``glob`` matches ``path`` (posix, relative to the root), or names a folder that it lies in.

    A glob with a :func:`fault` matches nothing.
    """
    parts = tuple(normalize("NFC", path).strip("/").split("/"))
    return any(_matches_parts(pattern, parts) for pattern in _compiled(glob))


def is_literal(glob: str) -> bool:
    """Whether the glob has no wildcard and so names one file or folder."""
    return _SPECIAL.search(glob) is None


def fixed_folder(glob: str) -> str:
    """The folder (or file) in which all lies that a glob can match, as far as it has no wildcard; empty for the root.

    ``src/up`` for ``src/up/**`` and for ``src/up``. Empty too for a glob with alternatives or a :func:`fault`.
    """
    patterns = _compiled(glob)
    if len(patterns) != 1:
        return ""
    parts: list[str] = []
    for component in patterns[0]:
        if not isinstance(component, str) or component == "**":
            break
        parts.append(component)
    return "/".join(parts)


def overlap(first: str, second: str, paths: Iterable[str]) -> str | None:
    """A path of ``paths`` that both globs match, or the one that lies within the other; None if they are apart."""
    for path in paths:
        if matches(first, path) and matches(second, path):
            return path
    return nested(first, second)


def nested(first: str, second: str) -> str | None:
    """The one of two globs that lies within the other, as far as their components tell; None if neither does."""
    for inner, outer in ((first, second), (second, first)):
        if _within(inner, outer):
            return inner
    return None


@lru_cache(maxsize=4096)
def _within(inner: str, outer: str) -> bool:
    """Whether all that ``inner`` can match lies within ``outer``, as far as their components tell."""
    inners, outers = _compiled(inner), _compiled(outer)
    texts = _braces(normalize("NFC", inner))
    if not inners or not outers or isinstance(texts, str):
        return False
    parts = (tuple(one.strip("/").split("/")) for one in texts)
    return all(any(_matches_parts(pattern, one) for pattern in outers) for one in parts)


@lru_cache(maxsize=4096)
def _compiled(glob: str) -> tuple[tuple[_Component, ...], ...]:
    if fault(glob) is not None:
        return ()
    alternatives = _braces(normalize("NFC", glob))
    assert not isinstance(alternatives, str)  # noqa: S101 - fault() has looked
    return tuple(_components(one) for one in alternatives)


def _components(glob: str) -> tuple[_Component, ...]:
    components: list[_Component] = []
    last = glob.rstrip("/").rpartition("/")[2]
    below = glob.endswith("/") or _SPECIAL.search(last) is None
    for part in glob.strip("/").split("/"):
        if part in ("", "."):
            continue
        if part == "**":
            if not components or components[-1] != "**":
                components.append("**")
        elif _SPECIAL.search(part):
            components.append(_wildcard(part))
        else:
            components.append(part)
    if below and (not components or components[-1] != "**"):
        components.append("**")
    return tuple(components)


def _wildcard(part: str) -> _Wildcard:
    """A component with wildcards, cut at its stars."""
    segments: list[list[str]] = [[]]
    index = 0
    while index < len(part):
        char = part[index]
        if char == "*":
            segments.append([])
        elif char == "?":
            segments[-1].append(".")
        elif char == "[":
            close = part.index("]", index + 2)
            segments[-1].append(f"[{_ordered(_SPECIAL_IN_CLASS.sub(_escaped, part[index + 1 : close]))}]")
            index = close
        else:
            segments[-1].append(re.escape(char))
        index += 1
    compiled = tuple(re.compile("".join(one), re.DOTALL) for one in segments)
    return _Wildcard(compiled, len(segments[-1]))


def _escaped(match: re.Match[str]) -> str:
    return "\\" + match.group()


def _ordered(body: str) -> str:
    """A character class whose ranges run upwards; a reversed one means its two ends and the dash."""
    return re.sub(r"([^\\])-([^\\])", lambda m: m.group() if m[1] <= m[2] else f"{m[1]}{m[2]}\\-", body)


def _matches_parts(pattern: tuple[_Component, ...], parts: tuple[str, ...]) -> bool:
    """Match by components, all states at once: linear in each, whatever the number of ``**``."""
    states = _closure({0}, pattern)
    for part in parts:
        step: set[int] = set()
        for state in states:
            component = pattern[state] if state < len(pattern) else None
            if component == "**":
                step.add(state)
            elif component == part or (isinstance(component, _Wildcard) and component.fits(part)):
                step.add(state + 1)
        states = _closure(step, pattern)
        if not states:
            return False
    return len(pattern) in states


def _closure(states: set[int], pattern: tuple[_Component, ...]) -> set[int]:
    result = set(states)
    for state in sorted(states):
        index = state
        while index < len(pattern) and pattern[index] == "**":
            index += 1
            result.add(index)
    return result


def _unclosed(part: str) -> bool:
    index = part.find("[")
    while index >= 0:
        close = part.find("]", index + 2)
        if close < 0:
            return True
        index = part.find("[", close)
    return False


@lru_cache(maxsize=4096)
def _braces(glob: str) -> tuple[str, ...] | str:
    """The alternatives of ``{a,b}``, or why they cannot be told."""
    results = [""]
    rest = glob
    while rest:
        before, brace, after = rest.partition("{")
        if "}" in before:
            return "`}` without `{`"
        results = [one + before for one in results]
        if not brace:
            break
        inner, closing, rest = after.partition("}")
        if not closing:
            return "`{` without `}`"
        if "{" in inner:
            return "`{` inside `{`"
        results = [one + choice for one in results for choice in inner.split(",")]
        if len(results) > MAX_ALTERNATIVES:
            return f"more than {MAX_ALTERNATIVES} alternatives"
    return tuple(results)
