"""SUP902 suppression-without-reason."""

from __future__ import annotations

from snapline.base.diagnostics import Finding, Severity
from snapline.base.text import Span
from snapline.lint.rule import Context, Rule


class SuppressionWithoutReason(Rule):
    """A comment suppresses a rule and does not say why. It has no effect.

    ## Why it is bad

    Who reads the spec cannot tell an exception that was thought about from one that was in the way. Nobody dares to
    take it out again.

    ## Example

    ```markdown
    - A1: <!-- snapline: ignore LEX201 --> The list feels fast.
    ```

    Better:

    ```markdown
    - A1: <!-- snapline: ignore LEX201 judged by hand on the old tablets --> The list feels fast. (manual)
    ```

    ## How to fix

    Write the reason behind the codes, or mend what the rule found and take the comment out.
    """

    code = "SUP902"
    name = "suppression-without-reason"
    severity = Severity.WARNING

    def tell(self, context: Context, span: Span, code: str) -> Finding:
        """That the comment at ``span`` gives no reason."""
        hint = f"Say why: `<!-- snapline: ignore {code} the reason -->`."
        return self.finding(context, span, "the comment does not say why, and has no effect", hint=hint)
