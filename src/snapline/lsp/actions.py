"""Code actions: what an editor offers to do about findings."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from snapline.base.diagnostics import Applicability, Finding
from snapline.base.text import Edit, Source, Span
from snapline.lint.excuse import excuse
from snapline.lint.fix import mend
from snapline.lint.gate import is_firm
from snapline.lint.registry import find_rule
from snapline.lint.rule import Context
from snapline.lsp.view import View

REASON: Final = "reason"
"""What stands in a suppression where a person has to say why."""

Read = Callable[[Source], Context]
"""What lint knows about another version of the text."""


class ActionKind(StrEnum):
    """What kind of action, as the protocol names it."""

    QUICK_FIX = "quickfix"
    FIX_ALL = "source.fixAll.snapline"


class Deed(StrEnum):
    """What an action does: a finding's own fix, all safe fixes, or a comment that lets a finding pass."""

    FIX = "fix"
    FIX_ALL = "fix-all"
    IGNORE = "ignore"


@dataclass(frozen=True, slots=True)
class Action:
    """Something to do under a title. What it does to the text is worked out by :func:`edits_of`, when it is wanted."""

    title: str
    kind: ActionKind
    deed: Deed
    finding: Finding | None = None

    @property
    def preferred(self) -> bool:
        """Whether it may be done unseen."""
        fix = self.finding.fix if self.finding and self.deed is Deed.FIX else None
        return fix is not None and fix.applicability is Applicability.SAFE

    @property
    def blank(self) -> str:
        """The part of an inserted text that a person has to fill in."""
        return REASON if self.deed is Deed.IGNORE else ""


def actions(view: View, span: Span) -> Iterator[Action]:
    """The fixes of the findings at a span, the fix of everything that is safe, and what lets a finding pass."""
    ignored = set()
    for one in every(view):
        finding = one.finding
        if finding is not None and not (finding.span.start <= span.end and span.start <= finding.span.end):
            continue
        if one.deed is Deed.IGNORE and finding is not None:
            if finding.code in ignored:
                continue
            ignored.add(finding.code)
        yield one


def every(view: View) -> Iterator[Action]:
    """All that can be done about a spec: fixes first, then everything safe at once, then what lets findings pass."""
    for finding in view.findings:
        if finding.fix is not None:
            yield Action(finding.fix.title, ActionKind.QUICK_FIX, Deed.FIX, finding)
    if any(one.fix and one.fix.applicability is Applicability.SAFE for one in view.findings):
        yield Action("Fix everything that is safe to fix", ActionKind.FIX_ALL, Deed.FIX_ALL)
    for finding in view.findings:
        if suppressible(finding.code):
            yield Action(f"Ignore {finding.code} here, with a reason", ActionKind.QUICK_FIX, Deed.IGNORE, finding)


def edits_of(view: View, action: Action, read: Read) -> tuple[Edit, ...]:
    """What an action does to the text; nothing where it would do harm."""
    finding = action.finding
    match action.deed:
        case Deed.FIX:
            return finding.fix.edits if finding and finding.fix else ()
        case Deed.FIX_ALL:
            done = mend(view.source, read, {Applicability.SAFE})
            return () if done.source.text == view.source.text else (difference(view.source, done.source),)
        case Deed.IGNORE:
            edit = excuse(finding, REASON, view.source, read) if finding else None
            return (edit,) if edit else ()


def suppressible(code: str) -> bool:
    """Whether a comment may let findings of a rule pass."""
    rule = find_rule(code)
    return rule is not None and not is_firm(rule) and not code.startswith("SUP")


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
