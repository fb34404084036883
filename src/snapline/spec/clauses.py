"""Clauses: from the blocks of one to what it promises, and how that is decided."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from snapline.base.ids import ClauseId
from snapline.base.record import Record
from snapline.base.text import Span
from snapline.spec.blocks import BlockKind
from snapline.spec.canonical import block_text, inline_text
from snapline.spec.checks import (
    fence_of,
    manual_check,
    read_fence_check,
    read_span_check,
)
from snapline.spec.clarifications import read_clarification
from snapline.spec.failure import read_failure
from snapline.spec.ids import Lead, read_lead
from snapline.spec.inline import Inline
from snapline.spec.insertion import insertion_of
from snapline.spec.interfaces import has_code, read_interface
from snapline.spec.model import (
    Check,
    Clause,
    ConstraintEntry,
    Entry,
    FailureEntry,
    OptionGroup,
    SectionKind,
)
from snapline.spec.options import Placed, find_groups, shared_options, with_options
from snapline.spec.reading import Reading
from snapline.spec.references import find_references
from snapline.spec.sections import Unit
from snapline.spec.stray import report_foreign_word
from snapline.spec.tasks import read_task
from snapline.spec.vocabulary import read_constraint


class Draft(Record, frozen=True):
    """A clause before it has its id: ``inline`` is the paragraph that it begins with, if it begins with one."""

    unit: Unit
    kind: SectionKind
    letter: str
    inline: Inline | None
    lead: Lead | None

    @property
    def wanted(self) -> int | None:
        """The number of an id that was nearly written."""
        return self.lead.wanted if self.lead else None

    @property
    def body(self) -> int:
        """Where the words begin, as an offset of ``inline``."""
        return self.lead.body if self.lead else 0


def draft(reading: Reading, unit: Unit, kind: SectionKind) -> Draft:
    """Read what stands in front of a clause."""
    letter = kind.letter or ""
    inline = unit.lead(reading)
    return Draft(unit, kind, letter, inline, read_lead(inline, letter) if inline else None)


def finish(reading: Reading, one: Draft, clause_id: ClauseId) -> Clause:
    """Read the rest of a clause, now that it has an id."""
    unit, lead = one.unit, one.lead
    written = lead is not None and lead.id is not None
    shown = clause_id if written else f"{clause_id}?"
    texts = unit.inner_texts(reading)
    references = tuple(
        found for text in texts for found in find_references(reading, text, one.body if text is one.inline else 0)
    )
    checks, placed = _acceptance(reading, one, shown) if one.kind is SectionKind.ACCEPTANCE else ((), [])
    single = len([check for check in checks if check.text]) == 1
    insert_at, insertion = insertion_of(reading.source, unit, one.inline, lead, clause_id)
    return Clause(
        id=clause_id,
        written=written,
        span=unit.span,
        body=Span(_body_start(one), unit.span.end),
        insert_at=insert_at,
        text=_text(reading, one),
        id_span=lead.id_span if lead else None,
        tick=lead.tick if lead else None,
        code=tuple(code for text in texts for code in text.code_spans()),
        fences=tuple(
            fence_of(reading.source, block)
            for outer in unit.blocks
            for block in outer.walk()
            if block.kind is BlockKind.FENCE
        ),
        references=references,
        groups=tuple(group.group for group in placed),
        options=shared_options(placed, single=single),
        checks=checks,
        entry=_entry(reading, one, shown),
        insertion=insertion,
    )


def _text(reading: Reading, one: Draft) -> str:
    parts = []
    for block in one.unit.blocks:
        if one.inline is not None and block is one.unit.blocks[0] and block.kind is BlockKind.PARAGRAPH:
            parts.append(inline_text(one.inline, one.body))
        elif one.inline is not None and block is one.unit.blocks[0]:
            whole = block_text(reading, block)
            first = inline_text(one.inline)
            parts.append("| " + inline_text(one.inline, one.body) + whole.removeprefix(f"| {first}"))
        else:
            parts.append(block_text(reading, block))
    return "\n".join(part for part in parts if part)


def _body_start(one: Draft) -> int:
    if one.inline is not None:
        inline, at = one.inline, one.body
        while at < len(inline.text) and inline.masked[at] in " \t\n":
            at += 1
        return inline.place(at) if at < len(inline.text) else one.unit.span.end
    return one.unit.blocks[0].span.start if one.unit.blocks else one.unit.span.end


def _acceptance(reading: Reading, one: Draft, shown: str) -> tuple[tuple[Check, ...], list[Placed]]:
    """The checks of a criterion with their options, and its option groups."""
    found: list[Check] = []
    placed: list[Placed] = []
    for block in one.unit.blocks:
        if block.kind is BlockKind.FENCE:
            fence = read_fence_check(reading, block, shown)
            found += [fence] if fence else []
            continue
        for text in reading.texts(block):
            checks = [read_span_check(reading, code, shown) for code in text.code_spans()]
            here = [check for check in checks if check]
            start = one.body if text is one.inline else 0
            placed += find_groups(reading, text, start, tuple(check.span for check in here), shown)
            found += here
    for_all = shared_options(placed, single=len(found) == 1)
    done = list(with_options(tuple(found), placed))
    if for_all.manual or not found:
        groups: list[OptionGroup] = [group.group for group in placed if group.group.options.manual]
        done.append(manual_check(groups[0].span if groups else one.unit.span, for_all))
    return tuple(done), placed


def _entry(reading: Reading, one: Draft, shown: str) -> Entry | None:
    if one.inline is not None:
        report_foreign_word(reading, one.kind, one.inline, one.body, shown)
    reader = _READERS.get(one.kind)
    return reader(reading, one, shown) if reader else None


def _constraint(reading: Reading, one: Draft, shown: str) -> Entry | None:
    entry = read_constraint(reading, one.inline, one.body, shown) if one.inline else None
    return _whole(reading, one, entry, shown)


def _interface(reading: Reading, one: Draft, shown: str) -> Entry:
    return read_interface(reading, one.unit.inner_texts(reading), one.inline, one.body, shown)


def _failure(reading: Reading, one: Draft, shown: str) -> Entry | None:
    entry = read_failure(reading, one.inline, one.body, shown) if one.inline else None
    return _whole(reading, one, entry, shown)


def _task(reading: Reading, one: Draft, shown: str) -> Entry:
    return read_task(reading, one.inline, one.body, shown)


def _clarification(reading: Reading, one: Draft, shown: str) -> Entry:
    return read_clarification(reading, one.unit.blocks, one.body, shown)


_READERS: Final[dict[SectionKind, Callable[[Reading, Draft, str], Entry | None]]] = {
    SectionKind.CONSTRAINTS: _constraint,
    SectionKind.INTERFACES: _interface,
    SectionKind.FAILURE_PLAN: _failure,
    SectionKind.TASKS: _task,
    SectionKind.CLARIFICATIONS: _clarification,
}


def _whole(
    reading: Reading,
    one: Draft,
    entry: ConstraintEntry | FailureEntry | None,
    shown: str,
) -> ConstraintEntry | FailureEntry | None:
    """An entry is one paragraph: code in what follows it would quietly be prose."""
    if entry is None:
        return None
    for block in one.unit.blocks[1:]:
        if block.kind is BlockKind.FENCE or any(has_code(text) for text in reading.inner_texts(block)):
            line = reading.source.position(block.span.start).line
            end = reading.source.line_starts[line - 1] + len(reading.source.line_text(line))
            reading.fault(
                "CON506",
                Span(block.span.start, max(end, block.span.start)),
                f"values of `{entry.word.value}` have to stand in the paragraph that it opens",
                "Write them behind the colon, parted by commas.",
                clause=shown,
            )
            break
    return entry
