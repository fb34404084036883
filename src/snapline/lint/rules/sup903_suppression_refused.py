"""SUP903 suppression-refused."""

from __future__ import annotations

from snapline.base.diagnostics import Finding, Severity
from snapline.base.text import Span
from snapline.lint.registry import all_rules, find_rule
from snapline.lint.rule import Context, Rule
from snapline.lint.similar import closest


class SuppressionRefused(Rule):
    """A comment that speaks to Snapline has no effect: it is not understood, names no rule, or one that stays.

    ## Why it is bad

    Its author believes that something is settled. What makes a verdict meaningless cannot be excused: a spec that is
    read differently than it looks (FMT and IDS errors), and one without criteria or whose checks prove nothing (SEC001,
    ACC301, ACC313, ACC315, ACC317).

    ## Example

    ```markdown
    # Acceptance
    <!-- snapline: ignore LEX2001 judged by hand -->
    - A1: The list feels fast. (manual)
    ```

    Better:

    ```markdown
    # Acceptance
    <!-- snapline: ignore LEX201 judged by hand -->
    - A1: The list feels fast. (manual)
    ```

    ## How to fix

    The form is `<!-- snapline: ignore CODE[,CODE] reason -->`. Inside a clause or above it, it is about that clause;
    right under a heading, about what stands under the heading; above the first section, about the file.
    """

    code = "SUP903"
    name = "suppression-refused"
    severity = Severity.WARNING

    def tell(self, context: Context, span: Span, message: str, hint: str) -> Finding:
        """That a comment has no effect."""
        return self.finding(context, span, message, hint=hint)

    def refuse(self, context: Context, span: Span, code: str) -> Finding:
        """That findings of ``code``, which stands at ``span``, are not let pass."""
        if find_rule(code) is None:
            near = closest(code, (rule.code for rule in all_rules()))
            hint = f"Did you mean `{near}`?" if near else "`snapline rule` lists the rules."
            return self.tell(context, span, f"there is no rule {code}", hint)
        message = f"findings of {code} cannot be suppressed"
        return self.tell(context, span, message, f"Mend what it finds; `snapline rule {code}` says how.")
