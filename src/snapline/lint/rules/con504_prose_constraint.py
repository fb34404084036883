"""CON504 prose-constraint."""

from __future__ import annotations

from collections.abc import Iterator

from snapline.base.diagnostics import Applicability, Finding, Fix, Severity
from snapline.lint.drafts import manual_criterion
from snapline.lint.rule import Context, Rule
from snapline.lint.splices import Numbering, append_items, head
from snapline.spec.model import Clause, SectionKind


class ProseConstraint(Rule):
    """A constraint is prose: the tool does not enforce it, and no criterion names it.

    ## Why it is bad

    It is not: many boundaries cannot be said in a closed vocabulary, and this one is shown to the agent and to the
    reviewer. This is advice, lest anybody believe that it is enforced.

    ## Example

    ```markdown
    # Constraints
    - C1: The public API stays as it is.
    ```

    Enforced, by a criterion that names it:

    ```markdown
    # Acceptance
    - A4: The public API is the same: `$ python tools/api.py --check` (C1, regression)
    ```

    ## How to fix

    Use the vocabulary where it fits (`Change only:`, `Do not change:`, `Keep passing:` ...), or let a criterion prove
    it. The fix drafts one that a person judges.
    """

    code = "CON504"
    name = "prose-constraint"
    severity = Severity.INFO
    fixes = Applicability.SUGGESTED

    def check(self, context: Context) -> Iterator[Finding]:
        """One info for each constraint that nobody but a reader enforces."""
        broken = {fault.clause for code in ("CON505", "CON506") for fault in context.faults.get(code, ())}
        named = {
            reference.clause
            for criterion in context.spec.criteria
            for reference in criterion.references
            if reference.spec in (None, context.spec.id)
        }
        numbering = Numbering(context)
        for clause in context.spec.clauses(SectionKind.CONSTRAINTS):
            if clause.entry is None and clause.id not in named and not {clause.id, clause.shown} & broken:
                yield self.finding(
                    context,
                    head(context.spec.source, clause),
                    "this constraint is prose: shown to the agent and the reviewer, enforced by nobody",
                    hint=f"A criterion that names it, `({clause.id})`, would prove it.",
                    clause=clause,
                    fix=self._draft(context, clause, numbering),
                )

    def _draft(self, context: Context, clause: Clause, numbering: Numbering) -> Fix | None:
        if not clause.written:
            return None
        item = manual_criterion(numbering, clause)
        edit = append_items(context.spec, SectionKind.ACCEPTANCE, [item])
        return self.fix("Draft a criterion that a person judges", edit) if edit else None
