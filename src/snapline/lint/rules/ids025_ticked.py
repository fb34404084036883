"""IDS025 ticked."""

from __future__ import annotations

from collections.abc import Iterator

from snapline.base.diagnostics import Applicability, Finding, Severity
from snapline.base.text import Edit, Span
from snapline.lint.rule import Context, Rule


class Ticked(Rule):
    """A clause's box is ticked: `[x]`.

    ## Why it is bad

    A tick says "done", and a spec never knows that: whether a criterion holds is decided by its check against a commit,
    each time anew. A tick is not part of the revision, changes nothing, and misleads whoever reads it.

    ## Example

    ```markdown
    - [x] A1: An upload goes on after a reconnect.
    ```

    Better:

    ```markdown
    - [ ] A1: An upload goes on after a reconnect.
    ```

    ## How to fix

    Apply the fix, which empties the box. `snapline verify` says what holds.
    """

    code = "IDS025"
    name = "ticked"
    severity = Severity.WARNING
    fixes = Applicability.SAFE

    def check(self, context: Context) -> Iterator[Finding]:
        """One finding for each box that is not empty."""
        for clause in context.spec.clauses():
            tick = clause.tick
            if tick is None:
                continue
            mark = context.spec.source.slice(tick).lower().find("x")
            if mark >= 0:
                cross = Span(tick.start + mark, tick.start + mark + 1)
                yield self.finding(
                    context,
                    tick,
                    "a tick means nothing here",
                    hint="`snapline verify` says what holds.",
                    clause=clause,
                    fix=self.fix("empty the box", Edit(cross, " ")),
                )
