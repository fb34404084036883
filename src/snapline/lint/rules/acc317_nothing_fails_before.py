"""ACC317 nothing-fails-before."""

from __future__ import annotations

from collections.abc import Iterator

from snapline.base.diagnostics import Applicability, Finding, Fix, Severity
from snapline.lint.drafts import goal_criteria
from snapline.lint.rule import Context, Rule
from snapline.lint.splices import append_items
from snapline.plan.derive import is_regression
from snapline.spec.model import SectionKind


class NothingFailsBefore(Rule):
    """All executable criteria are regressions, and no criterion is judged by a person.

    ## Why it is bad

    A regression criterion says that what held stays so. If there is nothing else, the spec demands no change: the base
    itself would be accepted.

    ## Example

    ```markdown
    # Goal
    - G1: The module `old` is gone.

    # Acceptance
    - A1: The suite stays green: `$ pytest -q` (regression)
    ```

    Better, say what becomes true:

    ```markdown
    # Acceptance
    - A1: The suite stays green: `$ pytest -q` (regression)
    - A2: The module is gone: `$ test ! -e src/old.py`
    ```

    ## How to fix

    Add a criterion that fails now: a name that is gone (`$ ! git grep -n OldName -- src`), a file that is there, a
    test. Where only a person can tell, say `(manual)`; the fix drafts that for each goal.
    """

    code = "ACC317"
    name = "nothing-fails-before"
    severity = Severity.ERROR
    fixes = Applicability.SUGGESTED

    def check(self, context: Context) -> Iterator[Finding]:
        """At most one finding, at the heading of Acceptance."""
        spec = context.spec
        section = spec.section(SectionKind.ACCEPTANCE)
        if section is None or not spec.criteria:
            return
        if all(clause.executable and not clause.options.manual and is_regression(clause) for clause in spec.criteria):
            yield self.finding(
                context,
                section.name_span,
                "every criterion is a regression: nothing says what becomes true",
                hint="Add a criterion that fails before the work, or one that a person judges: `(manual)`.",
                fix=self._drafts(context),
            )

    def _drafts(self, context: Context) -> Fix | None:
        items = goal_criteria(context)
        edit = append_items(context.spec, SectionKind.ACCEPTANCE, items) if items else None
        return self.fix("Draft a criterion for each goal", edit) if edit else None
