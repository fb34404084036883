"""ACC315 vacuous-check."""

from __future__ import annotations

from collections.abc import Iterator

from snapline.base.diagnostics import Finding, Severity
from snapline.lint.rule import Context, Rule
from snapline.lint.splices import head


class VacuousCheck(Rule):
    """A check passes at the base commit already, before any work is done.

    Only a run can tell: `snapline lint --run` and `snapline approve` do it.

    ## Why it is bad

    A check that passes without the work cannot show that the work was done. Doing nothing would be accepted.

    ## Example

    ```markdown
    - A1: An upload goes on after a reconnect: `$ pytest -q tests/upload`
    ```

    when `tests/upload` is green today. Better, name the test that the work must make pass, and mark what must merely
    stay true:

    ```markdown
    - A1: An upload goes on after a reconnect: `tests/upload/test_resume.py::test_after_reconnect`
    - A2: Uploads work as before: `$ pytest -q tests/upload` (regression)
    ```

    ## How to fix

    Sharpen the check until it fails for the right reason, or mark it `(regression)`.
    """

    code = "ACC315"
    name = "vacuous-check"
    severity = Severity.ERROR

    def check(self, context: Context) -> Iterator[Finding]:
        """One finding for each criterion that a baseline found to be vacuous."""
        for clause in context.spec.criteria:
            reason = context.vacuous.get(clause.id)
            if reason is not None:
                checks = clause.executable
                span = checks[0].span if len(checks) == 1 else head(context.spec.source, clause)
                yield self.finding(
                    context,
                    span,
                    f"the check passes before the work: {reason}" if reason else "the check passes before the work",
                    hint="Let it fail for the right reason, or mark it `(regression)`.",
                    clause=clause,
                )
