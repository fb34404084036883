"""Where a fix goes: places in a spec, and the text that belongs there."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

from snapline.base.ids import ClauseId
from snapline.base.regex import regex
from snapline.base.text import Edit, Source, Span
from snapline.lint.rule import Context
from snapline.spec.model import Clause, Section, SectionKind, Spec

_MARKER = regex(r"[ \t]*(?:[-*+]|\d{1,9}[.)])[ \t]+")
_STOPS = regex(r"[ \t]*(?:$|[-*+][ \t]|\d{1,9}[.)][ \t]|```|~~~|>|\|)")


class Numbering:
    """Ids that no clause has or had, each given out once, so that several fixes never clash."""

    def __init__(self, context: Context) -> None:
        self._context = context

    @cached_property
    def _highest(self) -> dict[str, int]:
        """The highest number of each letter, looked for when the first id is asked for."""
        context = self._context
        highest: dict[str, int] = {}
        for one in {clause.id for clause in context.spec.clauses()} | context.history | context.retired:
            highest[one[0]] = max(highest.get(one[0], 0), int(one[1:]))
        return highest

    def take(self, letter: str) -> ClauseId:
        """The next free id of a section letter."""
        number = self._highest.get(letter, 0) + 1
        self._highest[letter] = number
        return ClauseId(f"{letter}{number}")


def insertion(offset: int, text: str) -> Edit:
    """Insert ``text`` at ``offset``."""
    return Edit(Span(offset, offset), text)


def trimmed(source: Source, span: Span) -> Span:
    """``span`` without the blanks at its ends."""
    text = source.slice(span)
    start = span.start + len(text) - len(text.lstrip())
    return Span(start, max(start, span.start + len(text.rstrip())))


def unquoted(source: Source, span: Span) -> Span:
    """What stands between the backticks of a code span; ``span`` itself where there are none."""
    text = source.slice(span)
    inner = text.strip("`")
    if len(inner) == len(text):
        return span
    begin = span.start + len(text) - len(text.lstrip("`"))
    return trimmed(source, Span(begin, begin + len(inner)))


def first_line(source: Source, span: Span) -> Span:
    """The part of ``span`` on its first line, without blanks at the ends: enough to point at a clause."""
    whole = trimmed(source, span)
    line = source.line_span(source.position(whole.start).line)
    return trimmed(source, Span(whole.start, min(whole.end, line.end)))


def head(source: Source, clause: Clause) -> Span:
    """The first line of a clause, without marker and id where words follow them."""
    words = first_line(source, clause.body)
    return words if words.end > words.start else first_line(source, clause.span)


def paragraph_end(source: Source, clause: Clause) -> int | None:
    """Where the first paragraph of a clause ends; None for a clause that opens with a table, fence or quote."""
    first = source.position(clause.body.start).line
    if _STOPS.match(source.line_text(first)[clause.body.start - source.line_starts[first - 1] :]):
        return None
    last = first
    for number in range(first + 1, source.position(max(clause.body.start, clause.body.end - 1)).line + 1):
        if _STOPS.match(source.line_text(number)):
            break
        last = number
    end = min(source.line_starts[last - 1] + len(source.line_text(last)), clause.body.end)
    return trimmed(source, Span(clause.body.start, end)).end


def append_items(spec: Spec, kind: SectionKind, items: Iterable[str]) -> Edit | None:
    """Write list items at the end of a section; None if it is not there or has items of no list."""
    section = spec.section(kind)
    if section is None:
        return None
    newline = spec.source.newline
    lines = newline.join(f"- {item}" for item in items)
    if not section.clauses:
        end = trimmed(spec.source, Span(section.heading.start, section.body.end)).end
        return insertion(end, f"{newline}{newline}{lines}")
    last = section.clauses[-1]
    if not has_list(spec.source, section):
        return None
    return insertion(trimmed(spec.source, last.span).end, f"{newline}{lines}")


def append_section(spec: Spec, kind: SectionKind, items: Iterable[str]) -> Edit:
    """Write a section that is not there yet at the end of the spec, with a list of items."""
    text, newline = spec.source.text, spec.source.newline
    gap = newline if text.endswith(("\n", "\r")) else 2 * newline
    lines = newline.join(f"- {item}" for item in items)
    return insertion(len(text), f"{gap}{heading_marker(spec)} {kind}{newline}{newline}{lines}{newline}")


def heading_marker(spec: Spec) -> str:
    """``#`` or ``##``: the level that the spec's sections have."""
    for section in spec.sections:
        if section.kind is None:
            continue
        lines = spec.source.slice(section.heading).strip().splitlines()
        if lines[0].startswith("#"):
            return "##" if lines[0].startswith("##") else "#"
        return "##" if lines[-1].strip().startswith("-") else "#"
    return "#"


def has_list(source: Source, section: Section) -> bool:
    """Whether the clauses of a section are the items of a bullet list at the margin."""
    return bool(section.clauses) and all(
        _MARKER.match(source.slice(clause.span)) and source.position(clause.span.start).column == 1
        for clause in section.clauses
    )
