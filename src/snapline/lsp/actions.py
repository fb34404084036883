"""Code actions: what an editor offers to do about findings."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from snapline.base.diagnostics import Applicability, Finding
from snapline.base.text import Edit, Source, Span
from snapline.lint.fix import mend
from snapline.lint.gate import is_firm
from snapline.lint.registry import find_rule
from snapline.lint.rule import Context
from snapline.lsp.view import View

_ALL: Final = "Fix everything that is safe to fix"
REASON: Final = "reason"
"""What stands in a suppression where a person has to say why."""


class ActionKind(StrEnum):
    """What kind of action, as the protocol names it."""

    QUICK_FIX = "quickfix"
    FIX_ALL = "source.fixAll.snapline"


@dataclass(frozen=True, slots=True)
class Action:
    """Edits of the text under a title. ``blank`` is the part of an inserted text that a person has to fill in."""

    title: str
    kind: ActionKind
    edits: tuple[Edit, ...]
    findings: tuple[Finding, ...] = ()
    preferred: bool = False
    blank: str = ""


def actions(view: View, span: Span) -> Iterator[Action]:
    """The fixes and suppressions of the findings at a span, fixes first, and the fix of everything that is safe."""
    here = [one for one in view.findings if one.span.start <= span.end and span.start <= one.span.end]
    for finding in here:
        if finding.fix is not None:
            safe = finding.fix.applicability is Applicability.SAFE
            yield Action(finding.fix.title, ActionKind.QUICK_FIX, finding.fix.edits, (finding,), preferred=safe)
    everything = fix_all(view)
    if everything is not None:
        yield everything
    for finding in {one.code: one for one in here if suppressible(one.code)}.values():
        yield suppression(view, finding)


def suppressible(code: str) -> bool:
    """Whether a comment may let findings of a rule pass."""
    rule = find_rule(code)
    return rule is not None and not is_firm(rule) and not code.startswith("SUP")


def fix_all(view: View) -> Action | None:
    """All safe fixes at once; of two that touch the same place the later waits for another time. None without any."""
    chosen = [one for one in view.findings if one.fix and one.fix.applicability is Applicability.SAFE]
    edits: list[Edit] = []
    done: list[Finding] = []
    for finding in chosen:
        new = finding.fix.edits if finding.fix else ()
        if not _touch(edits, new):
            edits += [one for one in new if one not in edits]
            done.append(finding)
    if not edits:
        return None
    return Action(_ALL, ActionKind.FIX_ALL, tuple(sorted(edits)), tuple(done))


def mended(view: View, read: Callable[[Source], Context]) -> Action | None:
    """All safe fixes, round by round, as ``snapline lint --fix`` applies them; None where there is nothing to fix."""
    done = mend(view.source, read, {Applicability.SAFE})
    if done.source.text == view.source.text:
        return None
    return Action(_ALL, ActionKind.FIX_ALL, (difference(view.source, done.source),), done.fixed)


def difference(old: Source, new: Source) -> Edit:
    """The edit, of whole lines, that makes one text of another."""
    before, after = _lines(old), _lines(new)
    most = min(len(before), len(after))
    first = next((index for index in range(most) if before[index] != after[index]), most)
    last = next((index for index in range(most - first) if before[-1 - index] != after[-1 - index]), most - first)
    start = sum(map(len, before[:first]))
    text = "".join(after[first : len(after) - last])
    return Edit(Span(start, start + sum(map(len, before[first : len(before) - last]))), text)


def _lines(source: Source) -> list[str]:
    return [source.slice(source.line_span(line + 1)) for line in range(len(source.line_starts))]


def suppression(view: View, finding: Finding) -> Action:
    """A comment that ignores a finding, right above its clause, or under its section's heading, or above all."""
    clause = view.clause_at(finding.span.start) if finding.clause else None
    source = view.source
    comment = f"<!-- snapline: ignore {finding.code} {REASON} -->"
    if clause is not None:
        line = source.position(clause.span.start).line
        start = source.line_starts[line - 1]
        indent = source.text[start : start + len(source.line_text(line)) - len(source.line_text(line).lstrip())]
        edit = Edit(Span(start, start), f"{indent}{comment}{source.newline}")
        what = clause.shown
    else:
        edit, what = _of_section(view, finding, comment)
    title = f"Ignore {finding.code} in {what}, with a reason"
    return Action(title, ActionKind.QUICK_FIX, (edit,), (finding,), blank=REASON)


def _of_section(view: View, finding: Finding, comment: str) -> tuple[Edit, str]:
    source = view.source
    section = view.section_at(finding.span.start)
    if section is not None and finding.span.start > section.heading.end:
        at = section.body.start
        return Edit(Span(at, at), f"{source.newline}{comment}{source.newline}"), section.name
    front = view.spec.front.span
    at = front.end if front else int(source.text.startswith("\ufeff"))
    return Edit(Span(at, at), f"{comment}{source.newline}{source.newline}"), "this file"


def _touch(edits: Iterable[Edit], new: Iterable[Edit]) -> bool:
    """Whether an edit meets another one that is not the same."""
    return any(_meet(one, other) for one in edits for other in new if one != other)


def _meet(one: Edit, other: Edit) -> bool:
    if one.span.start == one.span.end or other.span.start == other.span.end:
        return one.span.start <= other.span.end and other.span.start <= one.span.end
    return one.span.overlaps(other.span)
