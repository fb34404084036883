"""ACC301 no-criteria."""

from __future__ import annotations

from collections.abc import Iterator

from snapline.base.diagnostics import Applicability, Finding, Fix, Severity
from snapline.lint.drafts import goal_criteria
from snapline.lint.rule import Context, Rule
from snapline.lint.splices import append_items
from snapline.spec.model import SectionKind


class NoCriteria(Rule):
    """The section Acceptance has no criterion.

    ## Why it is bad

    An empty set of criteria is met by everything, also by nothing at all. Nobody could say that the work is done, and
    nobody could send it back.

    ## Example

    ```markdown
    # Acceptance

    ## On the server
    ```

    Better, a list item, a paragraph or a table counts:

    ```markdown
    # Acceptance
    - A1: An upload goes on after a reconnect: `$ pytest -q tests/upload`
    ```

    ## How to fix

    Say for each goal how somebody would see that it is reached. The fix drafts one criterion for each goal, to be
    judged by a person, until there is a check.
    """

    code = "ACC301"
    name = "no-criteria"
    severity = Severity.ERROR
    fixes = Applicability.SUGGESTED

    def check(self, context: Context) -> Iterator[Finding]:
        """At most one finding; a missing section is SEC001's."""
        section = context.spec.section(SectionKind.ACCEPTANCE)
        if section is not None and not context.spec.criteria:
            yield self.finding(
                context,
                section.name_span,
                "Acceptance has no criterion",
                hint="Write one clause for each thing that must be seen to be true.",
                fix=self._drafts(context),
            )

    def _drafts(self, context: Context) -> Fix | None:
        items = goal_criteria(context)
        edit = append_items(context.spec, SectionKind.ACCEPTANCE, items) if items else None
        return self.fix("Draft a criterion for each goal", edit) if edit else None
