"""PLN701 overlap."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from snapline.base.diagnostics import Applicability, Finding, Severity
from snapline.base.regex import regex
from snapline.lint.rule import Context, Rule
from snapline.lint.splices import insertion, paragraph_end

_FIRST = regex(r"(T\d+) and T\d+ may run side by side")


class Overlap(Rule):
    """Two tasks that may run side by side change overlapping paths.

    ## Why it is bad

    Two agents would edit the same file from the same base. The second one's work does not merge, or merges into
    something that neither has checked.

    ## Example

    ```markdown
    # Tasks
    - T1: Retry loop. Proves A1. Changes `src/upload/**`.
    - T2: Resume. Proves A2. Changes `src/upload/resume.py`.
    ```

    Better:

    ```markdown
    # Tasks
    - T1: Retry loop. Proves A1. Changes `src/upload/**`.
    - T2: Resume. Proves A2. Changes `src/upload/resume.py`. After T1.
    ```

    ## How to fix

    Give them an order, part what they change, or name what everybody may change in `[plan] shared` (changelogs and lock
    files are, unless you say otherwise).
    """

    code = "PLN701"
    name = "overlap"
    severity = Severity.ERROR
    fixes = Applicability.SUGGESTED

    def adopted(self, context: Context) -> Iterator[Finding]:
        """The planner's faults, each with an order as the fix."""
        for finding in super().adopted(context):
            first = _FIRST.match(finding.message)
            second = context.spec.clause((finding.clause or "").rstrip("?"))
            end = paragraph_end(context.spec.source, second) if second else None
            if first is None or end is None:
                yield finding
            else:
                fix = self.fix(f"Put it after {first[1]}", insertion(end, f" After {first[1]}."))
                yield replace(finding, fix=fix)
