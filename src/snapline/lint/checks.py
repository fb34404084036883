"""The checks of a spec, wherever they stand, and where a part of one stands in the source."""

from __future__ import annotations

from snapline.base.text import Source, Span
from snapline.spec.model import Check, CheckKind, Clause, Spec, TaskEntry

_FENCED = frozenset({CheckKind.TRANSCRIPT, CheckKind.SCRIPT})


def every_check(spec: Spec) -> tuple[tuple[Clause, Check], ...]:
    """The executable checks of criteria, of Keep passing and of the Failure plan, each with its clause."""
    return spec.checks


def judged_by_person(clause: Clause) -> bool:
    """Whether a criterion is marked ``(manual)``."""
    return clause.options.manual or any(check.options.manual for check in clause.checks)


def place(source: Source, check: Check, start: int, end: int) -> Span:
    """Where ``check.text[start:end]`` stands in the source.

    The whole check's span, if the part goes over several lines or Markdown changed it.
    """
    line = check.text.count("\n", 0, start)
    begin = check.text.rfind("\n", 0, start) + 1
    until = check.text.find("\n", start)
    text = check.text[begin : until if until >= 0 else len(check.text)]
    if end > begin + len(text):
        return check.span
    number = source.position(check.span.start).line + line + (check.kind in _FENCED)
    if number > len(source.line_starts):
        return check.span
    row = source.line_span(number)
    found = source.text.find(text, max(row.start, check.span.start), min(row.end, check.span.end))
    return check.span if found < 0 else Span(found + start - begin, found + end - begin)


def decided(spec: Spec, clause: Clause) -> bool:
    """Whether a check decides what a clause says: its own, or that of a criterion that a task proves."""
    if clause.executable:
        return True
    proves = clause.entry.proves if isinstance(clause.entry, TaskEntry) else ()
    return any(one.executable for one in spec.criteria if one.id in proves) if proves else False
