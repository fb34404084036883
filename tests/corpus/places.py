"""The places of a spec where a case may go."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from tests.corpus.bases import Base, parsed
from tests.corpus.cases import Case
from tests.corpus.needs import LISTED, is_list, names_goal, section_of
from tests.corpus.variants import digest

from snapline.spec.model import THE_SIX, Clause, Section, Spec
from snapline.spec.model import SectionKind as Kind

_ITEMS: Final = re.compile(r"\n(?:[-*+]|\d+\.) ")


def place_text(base: Base, case: Case) -> str | None:
    """The base's text with the case at its place; None where there is no such place.

    Guillemets stay in. The base's line ends are kept.
    """
    bare = replace(base, text=base.text.replace("\r\n", "\n"))
    written = _placed(bare, case)
    if written is None or "\r\n" not in base.text:
        return written
    return written.replace("\n", "\r\n")


def _placed(base: Base, case: Case) -> str | None:
    text, spec, place = base.text, _marked(base), case.place
    if place.startswith(("each ", "after each")):
        return _in_each(base, spec, case)
    match place:
        case "front":
            return _into_front(text, case.text)
        case "append" | "end":
            return f"{text.rstrip()}\n\n{case.text}\n"
        case "swap":
            return _swapped(spec, text, case.text)
    kind = section_of(place.removeprefix("before "))
    section = spec.section(kind) if kind else None
    if kind is None or section is None:
        return None
    way = "before" if place.startswith("before ") else place.removeprefix(kind.value).strip()
    return _around(text, section, way, case.text) if way else _as_clause(base, spec, section, case)


def _marked(base: Base) -> Spec:
    """The base as it is read with guillemets, which stand for nothing, as letters of no meaning."""
    return parsed(base.name, base.text.replace("«", "\u200b").replace("»", "\u200b"))


def _in_each(base: Base, spec: Spec, case: Case) -> str | None:
    kind = THE_SIX[digest(base.name, case.code, case.text) % len(THE_SIX)]
    section = spec.section(kind)
    if section is None:
        return None
    name = section.kind.value if section.kind else ""
    text = case.text.replace("%SU%", name.upper()).replace("%Sl%", name.lower()).replace("%S%", name)
    way = "after" if case.place.startswith("after") else case.place[-1]
    return _around(base.text, section, way, text)


def _around(text: str, section: Section, way: str, new: str) -> str:
    end = section.span.start + len(text[section.span.start : section.span.end].rstrip())
    match way:
        case "-":
            return _spliced(text, section.span.start, section.span.end, f"{new}\n")
        case "before":
            return _spliced(text, section.span.start, section.span.start, f"{new}\n")
        case "#":
            return _spliced(text, section.heading.start, section.heading.end, f"{new}\n")
        case "=":
            return _spliced(text, section.body.start, section.span.end, f"\n{new}\n\n")
        case "<":
            return _spliced(text, section.body.start, section.body.start, f"\n{new}\n")
        case ">" | "after":
            return _spliced(text, end, end, f"\n\n{new}")
        case _:
            raise LookupError(f"no such way: {way}")


def _as_clause(base: Base, spec: Spec, section: Section, case: Case) -> str | None:
    """A new clause behind the last one of a section."""
    text, listed = base.text, is_list(spec, section.kind)
    if not section.clauses or (_ITEMS.search(case.text) and not listed):
        return None
    if section.kind is Kind.ACCEPTANCE and not _stands_alone(spec, case):
        return None
    last = section.clauses[-1]
    end = last.span.start + len(text[last.span.start : last.span.end].rstrip())
    letter = section.kind.letter if section.kind else None
    number = max((int(one.id[1:]) for one in section.clauses if one.id[0] == letter), default=0) + 1
    given = any(one.written for one in section.clauses) and "noid" not in case.options
    new = f"{letter}{number}: {case.text}" if given else case.text
    written = _spliced(text, end, end, _item(text, last, new) if listed else f"\n\n{new}")
    if section.kind is not Kind.GOAL or not given or ("unproved" in case.options and "proved" not in case.options):
        return written
    return _with_proof(spec, written, end, f"{letter}{number}")


def _stands_alone(spec: Spec, case: Case) -> bool:
    """Whether a criterion needs no task, where there are tasks."""
    return not spec.clauses(Kind.TASKS) or "(manual" in case.text or "(regression" in case.text


def _item(text: str, last: Clause, new: str) -> str:
    marker = LISTED.match(text, last.span.start)
    lead = marker[0] if marker else "- "
    lead = re.sub(r"\d+", lambda match: str(int(match[0]) + 1), lead)
    body = new.replace("\n", "\n" + " " * len(lead))
    return f"\n{lead}" + re.sub(r"\n +(?=\n)", "\n", body)


def _with_proof(spec: Spec, text: str, before: int, goal: str) -> str | None:
    """A new goal named by a criterion, where each criterion names the goals that it proves."""
    criteria = spec.criteria
    if not all(names_goal(one) for one in criteria):
        return text
    plain = [one for one in criteria if not one.fences and one.span.start > 0]
    if not plain:
        return None
    last, source = plain[-1], spec.source.text
    end = last.span.start + len(source[last.span.start : last.span.end].rstrip())
    shift = len(text) - len(source) if end > before else 0
    return _spliced(text, end + shift, end + shift, f" ({goal})")


def _into_front(text: str, line: str) -> str:
    if text.startswith("---\n"):
        end = text.index("\n---\n", 3)
        return _spliced(text, end, end, f"\n{line}")
    return f"---\n{line}\n---\n{text}"


def _swapped(spec: Spec, text: str, names: str) -> str | None:
    kinds = [kind for kind in Kind if re.search(rf"\b{kind.value}\b", names) and kind is not Kind.TASKS]
    first, second = sorted((one for one in map(spec.section, kinds) if one), key=lambda one: one.span)
    one, other = (text[part.span.start : part.span.end].rstrip() for part in (first, second))
    between = text[first.span.end : second.span.start]
    return f"{text[: first.span.start]}{other}\n\n{between}{one}\n\n{text[second.span.end :]}"


def _spliced(text: str, start: int, end: int, new: str) -> str:
    return text[:start] + new + text[end:]
