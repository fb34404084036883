"""Applying fixes: as splices that are read again, round by round, and only those that do no harm."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field

from snapline.base.diagnostics import Applicability, Finding, Severity
from snapline.base.errors import UnreadableText
from snapline.base.text import Edit, Source, Span, apply_edits
from snapline.lint.harm import harm
from snapline.lint.rule import Context
from snapline.lint.run import lint

MAX_ROUNDS = 50
"""Rounds after which what is still offered is left: fixes that overlap take turns, one of them per round."""
MAX_READ = 20_000_000
"""Code points of changed texts that are read in one run; fixes that were not tried by then are left."""

_RANK = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.INFO: 2}

Read = Callable[[Source], Context]
"""What lint knows about a text."""


@dataclass(frozen=True, slots=True)
class Refused:
    """A fix that was offered and not applied, and why."""

    finding: Finding
    reason: str


@dataclass(frozen=True, slots=True)
class Mended:
    """A text with its fixes. ``fixed`` are as they were found, in the order in which they were applied.

    ``findings`` are those of ``source``, the text as it is now.
    """

    source: Source
    fixed: tuple[Finding, ...]
    refused: tuple[Refused, ...]
    findings: tuple[Finding, ...]


@dataclass
class _Text:
    """A text with what lint says about it."""

    context: Context
    findings: tuple[Finding, ...]

    @property
    def source(self) -> Source:
        return self.context.spec.source


@dataclass
class _Work:
    """One run of :func:`mend`."""

    read: Read
    left: int = MAX_READ
    seen: set[str] = field(default_factory=set)
    refused: dict[tuple[object, ...], Refused] = field(default_factory=dict)

    def look(self, source: Source) -> _Text:
        context = self.read(source)
        return _Text(context, lint(context))

    def round(self, text: _Text, batch: Sequence[Finding]) -> tuple[_Text, list[Finding]]:
        """The text with as many fixes of a batch as do no harm, and which those are."""
        done: list[Finding] = []
        pending = [list(batch)]
        while pending:
            group = pending.pop()
            tried = self._try(text, [*done, *group])
            if isinstance(tried, _Text):
                done += group
                after = tried
            elif len(group) == 1:
                self.refused[_key(text, group[0])] = Refused(group[0], tried)
            else:
                middle = len(group) // 2
                pending += [group[middle:], group[:middle]]
        return (after, done) if done else (text, done)

    def _try(self, text: _Text, chosen: Sequence[Finding]) -> _Text | str:
        """The text with these fixes, or why they are not applied."""
        self.left -= len(text.source.text)
        if self.left < 0:
            return "there are too many fixes for one run"
        edits = [edit for finding in chosen if finding.fix for edit in finding.fix.edits]
        try:
            source = Source.from_bytes(text.source.path, apply_edits(text.source.text, edits).encode())
        except UnreadableText as fault:
            return fault.message
        if source.text in self.seen:
            return "other fixes would take it back"
        after = self.look(source)
        return _objection(text, after, chosen, edits) or after


def mend(source: Source, read: Read, wanted: Collection[Applicability]) -> Mended:
    """Apply the fixes of the wanted kinds, until none is offered that does no harm.

    A fix that would change more than it is for, or would bring about an error finding, is left and told.
    """
    work = _Work(read)
    text = work.look(source)
    fixed: list[Finding] = []
    for _ in range(MAX_ROUNDS):
        work.seen.add(text.source.text)
        batch = _apart([one for one in text.findings if _offered(one, wanted) and _key(text, one) not in work.refused])
        if not batch:
            break
        text, done = work.round(text, batch)
        fixed += done
    left = {_key(text, one) for one in text.findings}
    refused = tuple(one for key, one in work.refused.items() if key in left)
    return Mended(text.source, tuple(fixed), refused, text.findings)


def _offered(finding: Finding, wanted: Collection[Applicability]) -> bool:
    return finding.fix is not None and bool(finding.fix.edits) and finding.fix.applicability in wanted


def _apart(findings: Sequence[Finding]) -> list[Finding]:
    """Those findings whose fixes do not touch each other, errors first.

    A clause has the fixes of one rule at a time: what mends the one finding often clears the other, as a check that is
    marked clears that nothing decides the criterion.
    """
    chosen: list[Finding] = []
    rules: dict[str, str] = {}
    taken = _Taken()
    for finding in sorted(findings, key=lambda one: _RANK[one.severity]):
        alone = finding.clause is None or rules.get(finding.clause, finding.code) == finding.code
        edits = finding.fix.edits if finding.fix else ()
        if alone and not any(taken.meets(edit.span) for edit in edits):
            chosen.append(finding)
            taken.add(edits)
            if finding.clause is not None:
                rules[finding.clause] = finding.code
    return chosen


class _Taken:
    """The places that the fixes chosen so far change, apart from each other and in order."""

    def __init__(self) -> None:
        self._starts: list[int] = []
        self._ends: list[int] = []

    def meets(self, span: Span) -> bool:
        """Whether a place overlaps one that is taken, or stands at its end."""
        index = bisect_left(self._ends, span.start)
        return index < len(self._starts) and self._starts[index] <= span.end

    def add(self, edits: Sequence[Edit]) -> None:
        for edit in sorted(edits):
            index = bisect_right(self._starts, edit.span.start)
            self._starts.insert(index, edit.span.start)
            self._ends.insert(index, edit.span.end)


def _objection(before: _Text, after: _Text, chosen: Sequence[Finding], edits: Sequence[Edit]) -> str | None:
    errors = _errors(after) - _errors(before)
    if errors:
        code = min(errors)
        first = next(one for one in after.findings if one.code == code and one.severity is Severity.ERROR)
        return f"it would bring about {code}: {first.message}"
    targets = {one.clause for one in chosen if one.clause}
    return harm(before.context.spec, after.context.spec, edits, {one.code for one in chosen}, targets)


def _errors(text: _Text) -> Counter[str]:
    return Counter(one.code for one in text.findings if one.severity is Severity.ERROR)


def _key(text: _Text, finding: Finding) -> tuple[object, ...]:
    """What makes a finding the same one after other places of the text have changed."""
    return finding.code, finding.clause, finding.message, text.source.slice(finding.span)
