"""SEC001 missing-section."""

from __future__ import annotations

import re
from collections.abc import Iterator

from snapline.base.diagnostics import Applicability, Finding, Fix, Severity
from snapline.base.text import Span
from snapline.lint.rule import Context, Rule
from snapline.lint.splices import first_line, heading_marker, insertion
from snapline.spec.model import THE_SIX, Section, SectionKind, Spec

_GUIDANCE = {
    SectionKind.TASK: "one paragraph on the problem to solve",
    SectionKind.GOAL: "what is true when this is done",
    SectionKind.CONSTRAINTS: "what must not happen; which boundaries matter",
    SectionKind.INTERFACES: "files, services, APIs, owners, dependencies",
    SectionKind.ACCEPTANCE: "what checks prove that it worked",
    SectionKind.FAILURE_PLAN: "what happens if rollout fails",
}


class MissingSection(Rule):
    """One of the six sections is not there.

    ## Why it is bad

    Each section is a question that somebody will otherwise answer alone, in the middle of the work: what is the
    problem, what is true at the end, what must not happen, what is touched, what proves it, what if it fails. A spec
    that leaves one out does not say "none"; it says nothing.

    ## Example

    ```markdown
    # Task
    Uploads fail when the connection drops.

    # Acceptance
    - A1: An upload goes on after a reconnect. (manual)
    ```

    Goal, Constraints, Interfaces and Failure plan are missing. One honest sentence under each heading is enough:

    ```markdown
    # Failure plan
    Revert the commit; no data is changed.
    ```

    ## How to fix

    Write the section. The fix puts the heading in its place, with a reminder of what belongs there as a comment.
    """

    code = "SEC001"
    name = "missing-section"
    severity = Severity.ERROR
    fixes = Applicability.SUGGESTED

    def check(self, context: Context) -> Iterator[Finding]:
        """One finding for each missing section, at the heading that it would follow."""
        spec = context.spec
        for kind in THE_SIX:
            if spec.section(kind) is None:
                before, after = _neighbours(spec, kind)
                yield self.finding(
                    context,
                    _pointer(spec, before or after),
                    f"the section {kind} is missing",
                    hint=f"Say under `{kind}`: {_GUIDANCE[kind]}.",
                    fix=self._stub(spec, kind, before, after),
                )

    def _stub(self, spec: Spec, kind: SectionKind, before: Section | None, after: Section | None) -> Fix:
        text, newline = spec.source.text, spec.source.newline
        offset = before.span.end if before else after.span.start if after else len(text)
        head = text[:offset]
        gap = "" if not head or re.search(r"(\A|\n|\r)\r?\n\Z", head) else newline
        if gap and not head.endswith(("\n", "\r")):
            gap += newline
        tail = newline if offset < len(text) else ""
        lines = f"{heading_marker(spec)} {kind}{newline}{newline}<!-- {_GUIDANCE[kind]} -->{newline}"
        return self.fix(f"Add the heading {kind}", insertion(offset, gap + lines + tail))


def _neighbours(spec: Spec, kind: SectionKind) -> tuple[Section | None, Section | None]:
    """The nearest section that belongs before ``kind``, and the first that belongs after it."""
    order = list(SectionKind)
    rank = order.index(kind)
    known = [(order.index(one.kind), one) for one in spec.sections if one.kind is not None]
    before = max((pair for pair in known if pair[0] < rank), key=lambda pair: pair[0], default=None)
    after = next((one for place, one in known if place > rank), None)
    return (before[1] if before else None), after


def _pointer(spec: Spec, section: Section | None) -> Span:
    if section is not None:
        return section.name_span
    return first_line(spec.source, Span(0, len(spec.source.text)))
