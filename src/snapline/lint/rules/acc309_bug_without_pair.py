"""ACC309 bug-without-pair."""

from __future__ import annotations

from collections.abc import Iterator

from snapline.base.diagnostics import Applicability, Finding, Fix, Severity
from snapline.lint.bugs import end_of, is_bug, pointer, says_pair, task_text
from snapline.lint.drafts import one_line
from snapline.lint.rule import Context, Rule
from snapline.lint.splices import insertion
from snapline.spec.model import SectionKind


class BugWithoutPair(Rule):
    """A spec with the label `bug` does not say in its Task what was expected and what happens instead.

    ## Why it is bad

    Of everything that people miss in reports of bugs, this pair is missed most. "The total is wrong" can be mended in
    ten ways, nine of which are another bug.

    ## Example

    ```markdown
    ---
    labels: [bug]
    ---
    # Task
    The total of an order is wrong.
    ```

    Better:

    ```markdown
    ---
    labels: [bug]
    ---
    # Task
    An order of two articles at 10.00 shows a total of 10.00. Expected: 20.00.
    ```

    ## How to fix

    Write both: "Expected: ... Actual: ...", "shows X instead of Y", "should ... but ...". The fix takes the first goal
    as what is expected, and the Task's own text as what happens.
    """

    code = "ACC309"
    name = "bug-without-pair"
    severity = Severity.ERROR
    fixes = Applicability.SUGGESTED
    language = "en"

    def check(self, context: Context) -> Iterator[Finding]:
        """At most one finding, at the Task's heading."""
        if is_bug(context.spec) and not says_pair(context.spec):
            yield self.finding(
                context,
                pointer(context.spec),
                "this bug does not say what was expected and what happens instead",
                hint='Write both, in one place: "Expected: ... Actual: ..."',
                fix=self._pair(context),
            )

    def _pair(self, context: Context) -> Fix | None:
        spec = context.spec
        section, goals = spec.section(SectionKind.TASK), spec.clauses(SectionKind.GOAL)
        told = one_line(task_text(spec))
        if section is None or not goals or not told:
            return None
        newline = spec.source.newline
        actual = told.split(". ")[0].rstrip(".")
        text = f"{newline}{newline}Expected: {one_line(goals[0].text).rstrip('.')}. Actual: {actual}."
        return self.fix("Set the goal against what happens", insertion(end_of(spec, section), text))
