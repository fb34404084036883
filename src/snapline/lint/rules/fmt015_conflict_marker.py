"""FMT015 conflict-marker."""

from __future__ import annotations

from collections.abc import Iterator

from snapline.base.diagnostics import Finding, Severity
from snapline.lint.rule import Context, Rule
from snapline.spec.conflicts import markers


class ConflictMarker(Rule):
    """A merge left its markers: a line that begins with `<<<<<<<` or `>>>>>>>`.

    ## Why it is bad

    Two people's words stand there, and nobody has decided between them. Read as they stand, both count.

    ## Example

    ```markdown
    # Goal
    <<<<<<< ours (G1)
    - G1: An upload goes on after a reconnect.
    ||||||| base
    - G1: An upload goes on.
    =======
    - G1: An upload goes on within a second.
    >>>>>>> theirs (G1)
    ```

    Better:

    ```markdown
    # Goal
    - G1: An upload goes on within a second after a reconnect.
    ```

    ## How to fix

    Write the clause as it is to be, and take out the four lines of markers with what is not wanted. A code block that
    shows such lines has to indent them.
    """

    code = "FMT015"
    name = "conflict-marker"
    severity = Severity.ERROR

    def check(self, context: Context) -> Iterator[Finding]:
        """One finding for each marker."""
        for span in markers(context.spec.source):
            yield self.finding(
                context,
                span,
                "a merge left this marker",
                hint="Decide between the texts around it, and take the markers out.",
            )
