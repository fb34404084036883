"""Pages of the language: Markdown in which each example of a spec is followed by what is read in it.

An example is a fence ``markdown``, its reading the fence ``text`` behind it. Further readings of the same example with
one token changed follow a line such as ``With `slow` instead of `flow`:`` or ``Without `(slow)`:``. Words behind
``markdown`` tell :mod:`tests.lang.telling` what else to tell. A heading such as ``## options.slow`` says to which row
of the language the examples below it belong.
"""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CASES = ROOT / "tests" / "lang"
REFERENCE = ROOT / "docs" / "reference" / "language"

_FENCE = re.compile(r"^(?P<ticks>`{3,})(?P<info>[^\n`]*)\n(?P<body>.*?)^(?P=ticks)$", re.DOTALL | re.MULTILINE)
_ROW = re.compile(r"^## (?P<row>[a-z0-9.-]+)$", re.MULTILINE)
_STATEMENT = re.compile(rf"{_ROW.pattern}\n\n(?P<says>[^\n]+)$", re.MULTILINE)
_CODE = r"(?:``\ (?P<{0}_long>.+?)\ ``|`(?P<{0}>[^`\n]+)`)"
_INSTEAD = re.compile(rf"^With {_CODE.format('new')} instead of {_CODE.format('old')}:$")
_WITHOUT = re.compile(rf"^Without {_CODE.format('old')}:$")
_NAME = re.compile(r"^\| (?P<row>names\.[a-z0-9.-]+) \| (?P<cells>.+) \|$", re.MULTILINE)


@dataclass(frozen=True)
class Example:
    """One text with what has to be told of it. ``line`` is where the text stands in its page."""

    page: Path
    line: int
    row: str
    text: str
    settings: dict[str, str]
    reading: str
    token: tuple[str, str] | None = None

    @property
    def place(self) -> str:
        """Where it stands, for people."""
        changed = f" with {self.token[1]!r} for {self.token[0]!r}" if self.token else ""
        return f"{self.page.relative_to(ROOT)}:{self.line}{changed}"


@dataclass(frozen=True)
class Case:
    """An example and its siblings, in each of which one token differs."""

    example: Example
    siblings: list[Example] = field(default_factory=list)

    @property
    def all(self) -> tuple[Example, ...]:
        """The example and its siblings."""
        return (self.example, *self.siblings)


def cases(folder: Path) -> list[Case]:
    """All cases of the pages of a folder, in order."""
    return [case for page in sorted(folder.glob("*.md")) for case in _of_page(page)]


def statements(page: Path) -> dict[str, str]:
    """What a page says of each row: the paragraph below its heading."""
    return {match["row"]: match["says"] for match in _STATEMENT.finditer(page.read_text("utf-8"))}


@cache
def _of_page(page: Path) -> tuple[Case, ...]:
    text = page.read_text("utf-8")
    found: list[Case] = []
    done = 0
    waiting: Example | None = None
    for match in _FENCE.finditer(text):
        info = shlex.split(match["info"])
        between = text[done : match.start()].strip()
        line = text.count("\n", 0, match.start()) + 1
        done = match.end()
        if info[:1] == ["markdown"]:
            assert waiting is None, f"{page.name}:{line}: the example before this one has no reading"
            settings = dict(word.partition("=")[::2] for word in info[1:])
            waiting = Example(page, line, _row(text, match.start()), match["body"], settings, "")
        elif info == ["text"] and waiting is not None:
            found.append(Case(_read(waiting, match["body"])))
            waiting = None
        elif info == ["text"]:
            found[-1].siblings.append(_sibling(found[-1].example, between.rpartition("\n")[2], line, match["body"]))
    assert waiting is None, f"{page.name}: the last example has no reading"
    return (*found, *_names(page, text))


def _row(text: str, before: int) -> str:
    rows = [match["row"] for match in _ROW.finditer(text, 0, before)]
    return rows[-1] if rows else ""


def _read(example: Example, reading: str) -> Example:
    return Example(example.page, example.line, example.row, example.text, example.settings, reading)


def _sibling(example: Example, sentence: str, line: int, reading: str) -> Example:
    match = _INSTEAD.match(sentence) or _WITHOUT.match(sentence)
    assert match is not None, f"{example.page.name}:{line}: no token is named for this reading: {sentence}"
    groups = match.groupdict()
    old = _plain(groups["old"] or groups["old_long"])
    new = _plain(groups.get("new") or groups.get("new_long") or "")
    assert old in example.text, f"{example.page.name}:{line}: there is no {old!r} in the example"
    text = example.text.replace(old, new, 1)
    return Example(example.page, line, example.row, text, example.settings, reading, (old, new))


def _plain(code: str) -> str:
    return code.replace("\\n", "\n").replace("␠", " ")


def _names(page: Path, text: str) -> list[Case]:
    """The rows of a table of headings: row, language, heading, its reading, another heading and its reading."""
    found = []
    for match in _NAME.finditer(text):
        line = text.count("\n", 0, match.start()) + 1
        lang, name, reading, other, without = (cell.strip() for cell in match["cells"].split(" | "))
        one = Example(
            page, line, match["row"], _heading(lang, name), {"headings": "", "rules": "SEC004,SEC007"}, f"{reading}\n"
        )
        other_text = _heading(lang, other)
        found.append(Case(one, [Example(page, line, one.row, other_text, one.settings, f"{without}\n", (name, other))]))
    return found


def _heading(lang: str, name: str) -> str:
    return f"---\nlang: {lang}\n---\n# {name}\nText.\n"
