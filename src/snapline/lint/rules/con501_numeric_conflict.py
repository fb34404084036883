"""CON501 numeric-conflict."""

from __future__ import annotations

from collections.abc import Iterator

from snapline.base.diagnostics import Finding, Severity
from snapline.lint.rule import Context, Rule
from snapline.lint.splices import head
from snapline.spec.model import Clause, ConstraintEntry, FailureEntry, Spec


class NumericConflict(Rule):
    """Two clauses allow different numbers of attempts.

    ## Why it is bad

    The smaller number would count, and whoever wrote the larger one would never learn why the third attempt was not
    made.

    ## Example

    ```markdown
    # Constraints
    - C1: Budget: 2 attempts, 60m

    # Failure plan
    - F1: Retry: 5
    ```

    Better: the number once.

    ```markdown
    # Constraints
    - C1: Budget: 60m

    # Failure plan
    - F1: Retry: 5
    ```

    ## How to fix

    Decide, and take the other number away.
    """

    code = "CON501"
    name = "numeric-conflict"
    severity = Severity.ERROR

    def check(self, context: Context) -> Iterator[Finding]:
        """One finding for each clause whose number of attempts differs from the first one's."""
        limits = list(_attempts(context.spec))
        for clause, attempts in limits[1:]:
            first, other = limits[0]
            if attempts != other:
                yield self.finding(
                    context,
                    head(context.spec.source, clause),
                    f"{clause.shown} allows {attempts} attempts, {first.shown} allows {other}",
                    hint="Say it once.",
                    clause=clause,
                )


def _attempts(spec: Spec) -> Iterator[tuple[Clause, int]]:
    for clause in spec.clauses():
        entry = clause.entry
        attempts = None
        if isinstance(entry, ConstraintEntry) and entry.budget is not None:
            attempts = entry.budget.attempts
        elif isinstance(entry, FailureEntry):
            attempts = entry.attempts
        if attempts is not None:
            yield clause, attempts
