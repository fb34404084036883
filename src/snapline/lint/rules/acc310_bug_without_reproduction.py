"""ACC310 bug-without-reproduction."""

from __future__ import annotations

from collections.abc import Iterator

from snapline.base.diagnostics import Applicability, Finding, Fix, Severity
from snapline.lint.bugs import end_of, is_bug, pointer, says_how
from snapline.lint.rule import Context, Rule
from snapline.lint.splices import insertion
from snapline.spec.model import Check, CheckKind, SectionKind


class BugWithoutReproduction(Rule):
    """A spec with the label `bug` does not say in its Task how to see the bug.

    ## Why it is bad

    Whoever mends it first has to find it, and may find another one. Without a way to see it, nobody can tell that it is
    gone.

    ## Example

    ```markdown
    ---
    labels: [bug]
    ---
    # Task
    Orders sometimes show 10.00 instead of 20.00.
    ```

    Better:

    ```markdown
    ---
    labels: [bug]
    ---
    # Task
    Orders show 10.00 instead of 20.00. To see it: put two articles of 10.00 into the cart and open it in a second tab.
    ```

    ## How to fix

    Give the steps, a command, or an input in a fence with what it gives. The fix names the first command among the
    criteria.

    ## How sure it is

    It is an info, although a warning was wanted: on wordings that were held back until the rule was done it found eight
    of ten such specs.
    """

    code = "ACC310"
    name = "bug-without-reproduction"
    severity = Severity.INFO
    fixes = Applicability.SUGGESTED
    language = "en"

    def check(self, context: Context) -> Iterator[Finding]:
        """At most one finding, at the Task's heading."""
        if is_bug(context.spec) and not says_how(context.spec):
            yield self.finding(
                context,
                pointer(context.spec),
                "this bug does not say how to see it",
                hint="Give the steps, a command, or an input with what it gives.",
                fix=self._steps(context),
            )

    def _steps(self, context: Context) -> Fix | None:
        spec = context.spec
        section = spec.section(SectionKind.TASK)
        command = next((text for one in spec.criteria for text in map(_typed, one.executable) if text), None)
        if section is None or command is None:
            return None
        text = f"{spec.source.newline}{spec.source.newline}To reproduce: run `{command}`."
        return self.fix("Name the command that shows it", insertion(end_of(spec, section), text))


def _typed(check: Check) -> str | None:
    """A check as one would type it, where that is a single line."""
    if check.kind is CheckKind.TEST and "`" not in check.text:
        return f"pytest {check.text}"
    if check.kind is CheckKind.COMMAND and "`" not in check.text and "\n" not in check.text:
        return check.text
    return None
