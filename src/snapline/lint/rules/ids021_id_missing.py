"""IDS021 id-missing."""

from __future__ import annotations

from collections.abc import Iterator

from snapline.base.diagnostics import Applicability, Finding, Severity
from snapline.lint.rule import Context, Rule
from snapline.lint.splices import head, insertion


class IdMissing(Rule):
    """A clause has no id of its own yet.

    ## Why it is bad

    An id is how a review, a task, a check's result and the next revision name a clause. Without one the tool counts,
    and counting changes when a clause is inserted above.

    ## Example

    ```markdown
    # Goal
    - An upload goes on after a reconnect.
    ```

    Better:

    ```markdown
    # Goal
    - G1: An upload goes on after a reconnect.
    ```

    ## How to fix

    `snapline fmt SPEC` writes all missing ids, and `snapline approve` does the same before it pins the revision.
    """

    code = "IDS021"
    name = "id-missing"
    severity = Severity.WARNING
    fixes = Applicability.SAFE

    def check(self, context: Context) -> Iterator[Finding]:
        """One finding for each clause without a written id, but where one is written nearly right."""
        for clause in context.spec.clauses():
            if not clause.written and clause.insertion:
                yield self.finding(
                    context,
                    head(context.spec.source, clause),
                    "this clause has no id",
                    hint="`snapline fmt` writes it.",
                    clause=clause,
                    fix=self.fix(f"Write {clause.id}", insertion(clause.insert_at, clause.insertion)),
                )
