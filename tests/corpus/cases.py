"""The cases of a rule: its defect in many wordings, the same repaired, and texts that only look like it.

A file ``CODE.txt`` has one case per line. ``@ PLACE; option; option`` says where the lines below it go and what holds
for all of them; ``+ text`` carries the defect at the part in guillemets; ``~ text`` says the case before in other
words; ``= text`` repairs it; ``- text`` is a near miss. ``text ¦ option; option`` is an option of one case. ``\\n`` is
a line end. ``! vary`` demands that the rule also finds the words emphasised, in capitals and broken over two lines.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from tests.corpus.bases import HERE


class Kind(StrEnum):
    """What a case is for."""

    SEEDED = "+"
    PARAPHRASE = "~"
    FIX = "="
    NEAR_MISS = "-"


@dataclass(frozen=True)
class Case:
    """One line of a file of cases."""

    code: str
    kind: Kind
    place: str
    text: str
    options: tuple[str, ...]
    vary: bool = False

    def having(self, word: str) -> Iterator[str]:
        """The values of an option, as written."""
        for option in self.options:
            name, _, value = option.partition(" ")
            if name == word:
                yield value

    def words(self, word: str) -> frozenset[str]:
        """The blank-separated values of an option."""
        return frozenset(one for value in self.having(word) for one in value.split())


def read_cases(part: str) -> dict[str, tuple[Case, ...]]:
    """The cases of ``open``, ``sealed`` or a later sealed part by code."""
    return {path.stem: tuple(_cases(path)) for path in sorted((HERE / part / "cases").glob("*.txt"))}


def _cases(path: Path) -> Iterator[Case]:
    place, vary = "", False
    shared: tuple[str, ...] = ()
    for line in path.read_text(encoding="utf-8").splitlines():
        mark, _, rest = line.partition(" ")
        if mark == "@":
            place, *options = _options(rest)
            shared = tuple(options)
        elif mark == "!":
            vary = True
        elif mark:
            text, _, own = rest.partition("¦")
            text = text.rstrip(" ").replace("\\n", "\n")
            yield Case(path.stem, Kind(mark), place, text, (*shared, *_options(own)), vary)


def _options(text: str) -> tuple[str, ...]:
    return tuple(one.strip() for one in text.split("; ") if one.strip())
