"""SEC004 section-alias-or-order."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator

from snapline.base.diagnostics import Applicability, Finding, Fix, Severity
from snapline.base.text import Edit
from snapline.lint.rule import Context, Rule
from snapline.lint.splices import insertion
from snapline.spec.model import Section, SectionKind, Spec
from snapline.spec.names import ENGLISH

_ORDER = list(SectionKind)


class SectionAliasOrOrder(Rule):
    """A section has another name than its own, or stands out of order.

    ## Why it is bad

    People and agents who read many specs find their way by the same eight names in the same order. A synonym is
    understood, but each one costs every reader a moment of doubt whether it means something else. Names in other
    languages, such as `Ziel` for Goal, are as good as the English ones and are left alone.

    ## Example

    ```markdown
    # Definition of done
    - A1: `$ pytest -q tests/upload`

    # Goal
    - G1: ...
    ```

    Better:

    ```markdown
    # Goal
    - G1: ...

    # Acceptance
    - A1: `$ pytest -q tests/upload`
    ```

    The order is Task, Goal, Constraints, Interfaces, Acceptance, Failure plan, Tasks, Clarifications.

    ## How to fix

    Apply the fix: it changes the heading's words only, or moves whole sections only.
    """

    code = "SEC004"
    name = "section-alias-or-order"
    severity = Severity.WARNING
    fixes = Applicability.SAFE

    def check(self, context: Context) -> Iterator[Finding]:
        """One finding for each synonym, and one for the first section that is out of order."""
        for section in context.spec.sections:
            if section.alias and section.kind is not None and section.language == ENGLISH:
                yield self.finding(
                    context,
                    section.name_span,
                    f"`{section.name}` is read as the section {section.kind}",
                    hint=f"Call it `{section.kind}`.",
                    fix=self.fix(f"Call it {section.kind}", Edit(section.name_span, section.kind)),
                )
        yield from self._order(context)

    def _order(self, context: Context) -> Iterator[Finding]:
        known = [one for one in context.spec.sections if one.kind is not None]
        kept = _longest_run([_ORDER.index(one.kind) for one in known if one.kind is not None])
        misplaced = [one for index, one in enumerate(known) if index not in kept]
        if misplaced:
            first = misplaced[0]
            yield self.finding(
                context,
                first.name_span,
                f"the section {first.kind} stands out of order",
                hint=f"The order is {', '.join(_ORDER)}.",
                fix=self._moves(context.spec, misplaced, [known[index] for index in sorted(kept)]),
            )

    def _moves(self, spec: Spec, misplaced: list[Section], kept: list[Section]) -> Fix:
        newline = spec.source.newline
        edits: list[Edit] = []
        for section in sorted(misplaced, key=_rank):
            later = [one for one in kept if _rank(one) > _rank(section)]
            text = spec.source.slice(section.span).rstrip() + newline
            edits.append(Edit(section.span, ""))
            if later:
                edits.append(insertion(later[0].span.start, text + newline))
            else:
                end = kept[-1].span.end
                head = spec.source.text[:end]
                gap = newline * max(0, 2 - (len(head) - len(head.rstrip("\n"))))
                edits.append(insertion(end, gap + text + (newline if end < len(spec.source.text) else "")))
        return self.fix("Put the sections in order", *edits)


def _rank(section: Section) -> int:
    return _ORDER.index(section.kind) if section.kind is not None else len(_ORDER)


def _longest_run(ranks: list[int]) -> frozenset[int]:
    """Indices of a longest part of ``ranks`` that never falls: what may stay where it is (patience sorting)."""
    tails: list[int] = []
    ends: list[int] = []
    before: list[int | None] = []
    for index, rank in enumerate(ranks):
        place = bisect_left(tails, rank + 1)
        before.append(ends[place - 1] if place else None)
        tails[place : place + 1] = [rank]
        ends[place : place + 1] = [index]
    kept: list[int] = []
    step: int | None = ends[-1] if ends else None
    while step is not None:
        kept.append(step)
        step = before[step]
    return frozenset(kept)
