"""Putting a case into a base: one text with exactly one defect, and where it is."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from tests.corpus.bases import Base
from tests.corpus.cases import Case
from tests.corpus.needs import folder, section_of, suits
from tests.corpus.places import place_text
from tests.corpus.variants import varied

from snapline.base.text import Span

_NAME: Final = re.compile(r"%([A-Za-z]+?)(\d*)%")
_LATER: Final = {"nest", "quote", "nestq", "S", "SU", "Sl"}
"""Names that stand for something else in each place."""
_LEVEL: Final = re.compile(r"^(#{1,2})(?= )", re.MULTILINE)


@dataclass(frozen=True)
class Trial:
    """One text to lint: ``mark`` is where the finding has to be, None where the defect is an absence.

    ``files`` are added to the base's tree, ``flight`` is the text of another spec that is under way.
    """

    base: Base
    case: Case
    text: str
    mark: Span | None
    files: Mapping[str, bytes]
    facts: Mapping[str, str]
    retired: frozenset[str]
    flight: str | None = None


def seeded(base: Base, case: Case) -> Trial | None:
    """The trial of a case in a base, or None if the two do not go together."""
    if not suits(base, case):
        return None
    names = _names(base, case)
    if names is None or any(key not in names for key in _wanted(case)):
        return None
    text = varied(base.name, case, _filled(case.text, names))
    options = tuple(_filled(option, names) for option in case.options)
    filled = replace(case, text=text, options=options)
    if case.place == "flight":
        return _trial(base, filled, base.text, text)
    done = _with_others(base, filled)
    written = done and place_text(done, filled)
    return _trial(base, filled, written) if written else None


def _with_others(base: Base, case: Case) -> Base | None:
    """The base with what the case puts elsewhere."""
    for other in case.having("also"):
        place, _, text = other.partition(" => ")
        written = place_text(base, replace(case, place=place, text=text, options=("unproved",)))
        if written is None:
            return None
        base = replace(base, text=written)
    return base


def _trial(base: Base, case: Case, text: str, flight: str | None = None) -> Trial:
    plain, mark = _unmarked(text)
    files = dict(_file(one) for one in case.having("tree+"))
    facts = dict(one.partition(" ")[::2] for one in case.having("vacuous"))
    nowhere = "nowhere" in case.options or case.place.endswith(" -")
    return Trial(base, case, plain, None if nowhere else mark, files, facts, case.words("retired"), flight)


def _file(option: str) -> tuple[str, bytes]:
    path, _, content = option.partition(" = ")
    return path, content.replace("\\n", "\n").encode()


def _unmarked(text: str) -> tuple[str, Span | None]:
    """The text without guillemets, and the span between the first pair."""
    start, end = text.find("«"), text.find("»")
    mark = Span(start, end - 1) if start >= 0 else None
    return text.replace("«", "").replace("»", ""), mark


def _wanted(case: Case) -> set[str]:
    texts = (case.text, *case.options)
    return {match[1] for text in texts for match in _NAME.finditer(text)} - _LATER


def _filled(text: str, names: Mapping[str, str]) -> str:
    def value(match: re.Match[str]) -> str:
        return _deep(match[1], int(match[2])) if match[2] else names.get(match[1], match[0])

    return _NAME.sub(value, text.replace("{h}", names["h"]))


def _deep(kind: str, levels: int) -> str:
    match kind:
        case "nest":
            return "".join(f"\n{'  ' * level}- level {level}" for level in range(levels))
        case "quote":
            return f"\n\n{'> ' * levels}deep"
        case _:
            return "> - " * (levels // 2) + "deep"


def _names(base: Base, case: Case) -> dict[str, str] | None:
    spec = base.spec
    found = {key: base.values[key] for key in ("path", "test", "other")}
    found |= {"dir": folder(base), "testdir": found["test"].rpartition("/")[0], "title": spec.title, "h": _level(base)}
    for letter in "GCIAFT":
        written = [clause.id for clause in spec.clauses() if clause.written and clause.id[0] == letter]
        if written:
            found[letter] = written[0]
            found[f"{letter}all"] = ", ".join(written)
    kind = section_of(case.place)
    section = spec.section(kind) if kind else None
    if kind and section is None and kind.value in {"Tasks", "Clarifications"}:
        return None
    if section and kind and kind.letter:
        numbers = [int(clause.id[1:]) for clause in section.clauses if clause.id.startswith(kind.letter)]
        found["n"] = str(max(numbers, default=0) + 1)
        found["id"] = f"{kind.letter}{found['n']}"
    return found


def _level(base: Base) -> str:
    section = base.spec.sections[0]
    heading = _LEVEL.match(base.text[section.heading.start : section.heading.end])
    return heading[1] if heading else "#"
