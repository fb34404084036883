"""Clean specs of many kinds of work, each with a small tree to be true in.

A base is two files: ``NAME.md`` is the spec, ``NAME.tree`` a line of ``key=value`` pairs and then one path per line,
``{a,b}`` standing for each of several. ``path`` is a file that the work changes, ``test`` one that tests it, ``other``
one that the work leaves alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from snapline.base.ids import SpecId
from snapline.base.text import Source
from snapline.spec.model import Spec
from snapline.spec.parser import parse

HERE = Path(__file__).parent
EVERYWHERE = ("README.md", "Makefile")
"""Files that the tree of each base has."""
_BRACES = re.compile(r"\{([^{}]*)\}")


def parsed(name: str, text: str) -> Spec:
    """A spec from a text of the corpus."""
    return parse(Source.from_bytes(f"specs/{name}.md", text.encode()))


@dataclass(frozen=True)
class Base:
    """A clean spec: its text, the files of its tree, and the ``values`` that cases name by ``%key%``."""

    name: str
    text: str
    tree: frozenset[str]
    values: Mapping[str, str]

    @cached_property
    def spec(self) -> Spec:
        """The text as the parser reads it."""
        return parsed(self.name, self.text)

    @cached_property
    def expects(self) -> frozenset[str]:
        """Codes that the base carries by the way it is written: plain prose has no ids and no checks."""
        return frozenset(self.values.get("expects", "").split())


def read_bases(part: str) -> tuple[Base, ...]:
    """The bases of ``open`` or ``sealed``, by name; the later sealed parts have none of their own."""
    return tuple(_read(path) for path in sorted((HERE / part / "bases").glob("*.md")))


def _read(path: Path) -> Base:
    head, *lines = path.with_suffix(".tree").read_text(encoding="utf-8").splitlines()
    values = dict(pair.split("=", 1) for pair in head.split("; "))
    text = path.read_bytes().decode()
    if values.get("ends") == "crlf":
        text = text.replace("\n", "\r\n")
    files = frozenset((*EVERYWHERE, *(one for line in lines for one in _expanded(line))))
    return Base(path.stem, text, files, values)


def _expanded(line: str) -> Iterator[str]:
    braces = _BRACES.search(line)
    if braces is None:
        yield line
        return
    for one in braces[1].split(","):
        yield from _expanded(line[: braces.start()] + one + line[braces.end() :])


def neighbours() -> dict[SpecId, Spec]:
    """The other specs of the repository, which bases wait for or take the place of."""
    text = "# Goal\n\n- G1: It is there.\n\n# Acceptance\n\n- A1: It is there. (manual)\n"
    return {SpecId(name): parsed(name, text) for name in ("bucket-access", "python-three-twelve", "token-lifetime")}
