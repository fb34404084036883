"""A dependency as a manifest declares it, and what one version of a manifest declares that another did not."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from snapline.base.regex import regex

_LONGEST = 120
_VCS_REVISION = regex(r"@[^/@:]*$")
_NOT_TOLD = frozenset({"", "."})


class Unreadable(ValueError):
    """A manifest that cannot be read; the message says why."""


@dataclass(frozen=True, slots=True)
class Dependency:
    """One dependency of a manifest.

    ``name`` is as its ecosystem compares names, ``source`` says where it comes from if the manifest says so (without a
    version), ``extras`` are the parts of it that are asked for. ``at_run_time`` is False where the manifest wants it
    for development alone. ``mark`` is the text by which its line is found, ``where`` the file that says it, if that is
    another one than the manifest.
    """

    name: str
    source: str = ""
    extras: frozenset[str] = frozenset()
    at_run_time: bool = True
    mark: str = ""
    where: str = ""


@dataclass(frozen=True, slots=True)
class Manifest:
    """One version of a manifest. ``beside`` gives the text of another file of the same tree, None where none is."""

    path: str
    text: str
    beside: Callable[[str], str | None] = lambda _path: None


@dataclass(frozen=True, slots=True)
class Additions:
    """What a difference adds: each new dependency with its place, and each manifest that cannot be read with why."""

    dependencies: tuple[str, ...] = ()
    unreadable: tuple[str, ...] = ()


Reader = Callable[[Manifest], Iterable[Dependency]]
"""Reads the dependencies of a manifest; raises :class:`Unreadable`."""


@dataclass(slots=True)
class _Known:
    """What one version of a manifest says about one name."""

    sources: set[str] = field(default_factory=set)
    extras: set[str] = field(default_factory=set)
    at_run_time: bool = False


def added(before: Iterable[Dependency], after: Iterable[Dependency]) -> Iterator[tuple[Dependency, str]]:
    """What ``after`` has and ``before`` has not, each with how it is called; a changed version is nothing new."""
    known = _by_name(before)
    told: set[str] = set()
    for one in after:
        what = _novelty(one, known.get(one.name))
        key = what if what is not None and one.name in known else one.name
        if what is not None and key not in told:
            told.add(key)
            yield one, what


def _by_name(dependencies: Iterable[Dependency]) -> dict[str, _Known]:
    known: dict[str, _Known] = {}
    for one in dependencies:
        said = known.setdefault(one.name, _Known())
        said.sources.add(one.source)
        said.extras |= one.extras
        said.at_run_time |= one.at_run_time
    return known


def _novelty(one: Dependency, known: _Known | None) -> str | None:
    name = _cut(one.name)
    if known is None:
        return name + (f" from {_cut(one.source)}" if one.source else "")
    if one.source not in known.sources:
        return f"{name} from {_cut(one.source) or 'the default source'}"
    if more := one.extras - known.extras:
        return f"{name}[{_cut(','.join(sorted(more)))}]"
    if one.at_run_time and not known.at_run_time:
        return f"{name}, now needed at run time"
    return None


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 3] + "..."


def repository_of(url: str) -> str:
    """The URL of a version control source without what names a version: fragment, query, and the last ``@revision``."""
    plain = url.partition("#")[0].partition("?")[0].rstrip("/")
    return _VCS_REVISION.sub("", plain).removesuffix(".git")


def host_of(url: str) -> str:
    """The scheme and host of a URL, by which its files are told apart from those of elsewhere."""
    scheme, mark, rest = url.partition("://")
    return f"{scheme}{mark}{rest.partition('/')[0]}" if mark else ""


def is_here(path: object) -> bool:
    """Whether a local source is the project itself."""
    return isinstance(path, str) and path.rstrip("/") in _NOT_TOLD
