"""FPL802 rollback-unverified."""

from __future__ import annotations

from collections.abc import Iterator

from snapline.base.diagnostics import Applicability, Finding, Fix, Severity
from snapline.lint.rule import Context, Rule
from snapline.lint.splices import Numbering, append_items
from snapline.plan.derive import is_regression
from snapline.spec.model import Clause, FailureEntry, FailureWord, SectionKind, Spec, StepKind


class RollbackUnverified(Rule):
    """The failure plan runs rollback commands, and nothing checks that they worked.

    ## Why it is bad

    A rollback runs when something is broken already, mostly for the first time. If its result is looked at by nobody,
    the second failure is found by the users.

    ## Example

    ```markdown
    # Failure plan
    - F1: Rollback: `$ alembic downgrade 0141`, revert
    ```

    Better:

    ```markdown
    # Failure plan
    - F1: Rollback: `$ alembic downgrade 0141`, revert
    - F2: Verify rollback: `$ pytest -q tests/smoke`
    ```

    ## How to fix

    Add `Verify rollback:` with a check that passed before the change. The fix names the spec's regression criteria,
    where it has some. A plain `revert` needs none: the checks that passed at the base are run after it anyway.
    """

    code = "FPL802"
    name = "rollback-unverified"
    severity = Severity.WARNING
    fixes = Applicability.SUGGESTED

    def check(self, context: Context) -> Iterator[Finding]:
        """At most one finding, at the first rollback command."""
        entries = _entries(context.spec)
        if any(entry.word is FailureWord.VERIFY_ROLLBACK for _, entry in entries):
            return
        for clause, entry in entries:
            command = next((step for step in entry.steps if step.kind is StepKind.COMMAND), None)
            if command is not None:
                yield self.finding(
                    context,
                    command.span,
                    "nothing checks that the rollback worked",
                    hint="Add `Verify rollback:` with a check that passed before the change.",
                    clause=clause,
                    fix=self._verify(context),
                )
                return

    def _verify(self, context: Context) -> Fix | None:
        holding = [one.id for one in context.spec.criteria if one.written and one.executable and is_regression(one)]
        if not holding:
            return None
        item = f"{Numbering(context).take('F')}: {FailureWord.VERIFY_ROLLBACK}: {', '.join(holding)}"
        edit = append_items(context.spec, SectionKind.FAILURE_PLAN, [item])
        return self.fix("Verify it by the regression criteria", edit) if edit else None


def _entries(spec: Spec) -> list[tuple[Clause, FailureEntry]]:
    return [
        (clause, clause.entry)
        for clause in spec.clauses(SectionKind.FAILURE_PLAN)
        if isinstance(clause.entry, FailureEntry)
    ]
