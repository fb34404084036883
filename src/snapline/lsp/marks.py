"""What stands where in a spec: every id, reference, path and word that an editor can ask about, with its place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from snapline.base.ids import CLAUSE_ID, SPEC_ID, ClauseId, SpecId
from snapline.base.regex import regex
from snapline.base.text import Span
from snapline.spec.idlists import MEMBER, id_range
from snapline.spec.interfaces import OPENINGS
from snapline.spec.model import (
    Binding,
    Check,
    CheckKind,
    Clause,
    ConstraintEntry,
    FailureEntry,
    InterfaceEntry,
    Named,
    OptionGroup,
    Spec,
    TaskEntry,
)


class MarkKind(StrEnum):
    """What a mark is."""

    SECTION = "section"
    ID = "id"
    REFERENCE = "reference"
    SPEC = "spec"
    WORD = "word"
    OPTION = "option"
    CHECK = "check"
    PATH = "path"
    RULE = "rule"


@dataclass(frozen=True, slots=True)
class Mark:
    """One thing in a spec's text. ``text`` is what it says: an id, a word of the language, a path, a rule's code.

    ``clause`` is the clause that it stands in. A reference has the ``ids`` that it names, several for a range, and the
    ``spec`` that they are in, None for this one. ``check`` and ``named`` are what the parser made of it.
    """

    kind: MarkKind
    span: Span
    text: str
    clause: Clause | None = None
    ids: tuple[ClauseId, ...] = ()
    spec: SpecId | None = None
    check: Check | None = None
    named: Named | None = None


IGNORE: Final = regex(r"<!--[ \t]*snapline:[ \t]*ignore[ \t]+([A-Z]{3}[0-9]{3}(?:[ \t]*,[ \t]*[A-Z]{3}[0-9]{3})*)")
"""A comment that suppresses findings: its codes."""
_CODE: Final = regex("[A-Z]{3}[0-9]{3}")
_OPENING: Final = regex(rf"({'|'.join(OPENINGS)})[ \t]*[:：]", re.IGNORECASE)  # noqa: RUF001 - the full-width colon counts
_BOUND: Final = regex(rf"\b({'|'.join(one.value for one in Binding if one is not Binding.TOUCHES)})\b", re.IGNORECASE)
_FIELD: Final = regex(r"(?<![\w`])(proves|changes|after|agent|lane)(?=[ \t\n]+[\w`@])", re.IGNORECASE)
_BEFORE: Final = regex(r"\b(proves|see|per|clarifies|after):?[ \t\r\n]+$", re.IGNORECASE)
_SPECS_KEY: Final = regex(r"^(?:after|supersedes)[ \t]*:", re.MULTILINE)
_KEY: Final = regex(r"^[A-Za-z]", re.MULTILINE)
_CODE_SPAN: Final = regex(r"(`+)(?!`).*?(?<!`)\1(?!`)", re.DOTALL)
_MEMBER: Final = regex(r"(?:`[^`]*`|[^,，、])+")  # noqa: RUF001 - full-width ones count


def marks(spec: Spec) -> tuple[Mark, ...]:
    """Everything in a spec, in the order of its text; what lies inside another thing comes after it."""
    found = [*_front(spec), *_suppressions(spec)]
    for section in spec.sections:
        if section.kind is not None:
            found.append(Mark(MarkKind.SECTION, section.name_span, section.kind.value))
        for clause in section.clauses:
            found += _of_clause(spec, clause)
    return tuple(sorted(dict.fromkeys(found), key=lambda one: (one.span.start, -one.span.end)))


def mark_at(found: tuple[Mark, ...], offset: int) -> Mark | None:
    """The innermost mark at an offset, its end included: a cursor behind a word means that word."""
    around = [one for one in found if one.span.start <= offset <= one.span.end]
    inside = [one for one in around if offset < one.span.end]
    return min(inside or around, key=lambda one: one.span.end - one.span.start, default=None)


def inner(text: str, span: Span) -> Span:
    """What stands between the backticks of a code span."""
    written = text[span.start : span.end]
    bare = written.strip("`")
    if not bare or bare == written:
        return span
    ticks = (len(written) - len(bare)) // 2
    start, end = span.start + ticks, span.end - ticks
    if bare.startswith(" ") and bare.endswith(" ") and bare.strip():
        return Span(start + 1, end - 1)
    return Span(start, end)


def _front(spec: Spec) -> Iterator[Mark]:
    """The specs that the front matter names."""
    span = spec.front.span
    named = {*spec.front.after, *spec.front.supersedes}
    if span is None or not named:
        return
    text = spec.source.slice(span)
    for key in _SPECS_KEY.finditer(text):
        following = _KEY.search(text, key.end())
        stop = following.start() if following else len(text)
        for match in SPEC_ID.finditer(text, key.end(), stop):
            if match.group() in named:
                place = Span(span.start + match.start(), span.start + match.end())
                yield Mark(MarkKind.SPEC, place, match.group(), spec=SpecId(match.group()))


def _suppressions(spec: Spec) -> Iterator[Mark]:
    for comment in IGNORE.finditer(spec.source.text):
        for code in _CODE.finditer(spec.source.text, *comment.span(1)):
            yield Mark(MarkKind.RULE, Span(*code.span()), code.group())


def _of_clause(spec: Spec, clause: Clause) -> Iterator[Mark]:
    if clause.id_span is not None:
        yield Mark(MarkKind.ID, clause.id_span, clause.id, clause)
    yield from _references(spec, clause)
    for group in clause.groups:
        yield from _options(spec, clause, group)
    for check in clause.checks:
        yield from _check(spec, clause, check)
    yield from _entry(spec, clause)


def _references(spec: Spec, clause: Clause) -> Iterator[Mark]:
    ids: dict[tuple[Span, SpecId | None], list[ClauseId]] = {}
    for one in clause.references:
        ids.setdefault((one.span, one.spec), []).append(one.clause)
    for (span, other), several in ids.items():
        yield Mark(MarkKind.REFERENCE, span, spec.source.slice(span), clause, tuple(several), other)
        word = _BEFORE.search(spec.source.text, clause.span.start, span.start)
        if word and not isinstance(clause.entry, TaskEntry):
            yield Mark(MarkKind.WORD, Span(*word.span(1)), word[1].capitalize(), clause)


def _options(spec: Spec, clause: Clause, group: OptionGroup) -> Iterator[Mark]:
    """The members of an option group that are no ids."""
    for member in _MEMBER.finditer(spec.source.text, group.span.start + 1, group.span.end - 1):
        text = member.group().strip()
        if text and not MEMBER.fullmatch(text):
            start = member.start() + len(member.group()) - len(member.group().lstrip())
            yield Mark(MarkKind.OPTION, Span(start, start + len(text)), text, clause)


def _check(spec: Spec, clause: Clause, check: Check) -> Iterator[Mark]:
    if check.kind is CheckKind.MANUAL:
        return
    yield Mark(MarkKind.CHECK, check.span, check.text, clause, check=check)
    if check.node is not None:
        start = spec.source.text.find(check.node.path, check.span.start, check.span.end)
        if start >= 0:
            yield Mark(MarkKind.PATH, Span(start, start + len(check.node.path)), check.node.path, clause)


def _entry(spec: Spec, clause: Clause) -> Iterator[Mark]:
    entry = clause.entry
    text = spec.source.text
    if isinstance(entry, ConstraintEntry | FailureEntry):
        yield Mark(MarkKind.WORD, entry.word_span, entry.word.value, clause)
        for check in entry.checks:
            yield from _check(spec, clause, check)
        yield from _values(spec, clause, entry)
    if isinstance(entry, ConstraintEntry | TaskEntry):
        for glob in entry.globs if isinstance(entry, ConstraintEntry) else entry.changes:
            yield Mark(MarkKind.PATH, inner(text, glob.span), glob.text, clause)
    if isinstance(entry, TaskEntry):
        for match in _FIELD.finditer(text, clause.body.start, clause.body.end):
            yield Mark(MarkKind.WORD, Span(*match.span(1)), match[1].capitalize(), clause)
    if isinstance(entry, InterfaceEntry):
        yield from _interface(spec, clause, entry)


def _interface(spec: Spec, clause: Clause, entry: InterfaceEntry) -> Iterator[Mark]:
    text = spec.source.text
    opening = _OPENING.search(text, clause.body.start, clause.body.end) if entry.opening else None
    if opening and entry.opening:
        yield Mark(MarkKind.WORD, Span(*opening.span(1)), entry.opening, clause)
        if entry.opening == "Spec" and SPEC_ID.fullmatch(entry.opening_value):
            start = text.find(entry.opening_value, opening.end(), clause.body.end)
            span = Span(start, start + len(entry.opening_value))
            if start >= 0:
                yield Mark(MarkKind.SPEC, span, entry.opening_value, clause, spec=SpecId(entry.opening_value))
    done = clause.body.start
    for named in entry.named:
        yield Mark(MarkKind.PATH, inner(text, named.span), named.text, clause, named=named)
        for match in _BOUND.finditer(text, done, named.span.start):
            if match[1].lower() == named.binding.value:
                yield Mark(MarkKind.WORD, Span(*match.span(1)), match[1].capitalize(), clause)
        done = named.span.end


def _values(spec: Spec, clause: Clause, entry: ConstraintEntry | FailureEntry) -> Iterator[Mark]:
    """The ids that stand as values of an entry, outside code and beside what counts as a reference anyway."""
    if not entry.ids:
        return
    known = [one.span for one in clause.references]
    text = spec.source.text[entry.word_span.end : clause.body.end]
    plain = _CODE_SPAN.sub(lambda match: " " * len(match.group()), text)
    for match in MEMBER.finditer(plain):
        span = Span(entry.word_span.end + match.start(), entry.word_span.end + match.end())
        ids = () if match[1] else id_range(match[2], match[3]) or ()
        if ids and set(ids) <= set(entry.ids) and not any(one.overlaps(span) for one in known):
            yield Mark(MarkKind.REFERENCE, span, match.group(), clause, ids)


def is_id(text: str) -> bool:
    """Whether a text is a clause's id."""
    return CLAUSE_ID.fullmatch(text) is not None
