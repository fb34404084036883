"""Files of a work tree that steer the person's own git there: hooks, configuration, and programs that it names."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from snapline.base.regex import regex
from snapline.repo.checkouts import Checkout
from snapline.repo.git import decode

_RUN = regex(
    r"core\.(fsmonitor|sshcommand|editor|pager|askpass|gitproxy)|sequence\.editor|diff\.external"
    r"|diff\..*\.(command|textconv)|filter\..*\.(clean|smudge|process)|merge\..*\.driver"
    r"|credential\.(.*\.)?helper|gpg\.(.*\.)?program"
)
"""Keys whose values git runs, in its own spelling: section and name in lower case."""
_INCLUDE = regex(r"include\.path|includeif\..*\.path")
_BETWEEN_WORDS = regex(r"""[\s'"|&;()<>]+""")


def steering(place: Checkout, paths: Iterable[str]) -> tuple[str, ...]:
    """Those of ``paths`` that the person's git would run or obey in this work tree, sorted.

    Git looks at them as soon as they are there, so whoever changes one decides what runs as the person. What such a
    program starts in its turn is not looked at.
    """
    steers = (*_hooks(place), *_configured(place))
    return tuple(sorted(path for path in paths if any(_lies_at(place, path, one) for one in steers)))


def _lies_at(place: Checkout, path: str, steers: Path) -> bool:
    """Whether a path of the tree is a steering file, lies in a steering folder, or is a link on the way to one."""
    full = Path(os.path.normpath(place.root / path))
    return full == steers or steers in full.parents or full in steers.parents


def _hooks(place: Checkout) -> Iterator[Path]:
    """The folder of hooks, where it is not git's own."""
    named = place.root / place.personal.run("rev-parse", "--git-path", "hooks").text
    yield from _in_tree(place, named)


def _configured(place: Checkout) -> Iterator[Path]:
    said = place.personal.run("config", "--list", "--includes", "--show-origin", "-z").stdout
    fields = [decode(field) for field in said.split(b"\0")]
    for origin, setting in zip(fields[::2], fields[1::2], strict=False):
        key, _, value = setting.partition("\n")
        file = place.root / origin.removeprefix("file:")
        yield from _in_tree(place, file)
        if _INCLUDE.fullmatch(key):
            yield from _in_tree(place, file.parent / Path(value).expanduser())
        if _RUN.fullmatch(key):
            for word in _BETWEEN_WORDS.split(value):
                yield from _in_tree(place, place.root / word.removeprefix("!")) if word else ()


def _in_tree(place: Checkout, named: Path) -> Iterator[Path]:
    """A place, and where it leads by links, as far as that is in the work tree and not in git's own folder."""
    root = place.root.resolve()
    for found in {Path(os.path.normpath(named)), named.resolve()}:
        for base in {place.root, root}:
            if found != base and base in found.parents and found.relative_to(base).parts[0] != ".git":
                yield place.root / found.relative_to(base)
