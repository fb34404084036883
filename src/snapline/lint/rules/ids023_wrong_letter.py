"""IDS023 wrong-letter."""

from __future__ import annotations

from snapline.base.diagnostics import Applicability, Severity
from snapline.lint.rule import Rule


class WrongLetter(Rule):
    """A clause has the letter of another section.

    ## Why it is bad

    The letter says what a clause is: `G` a goal, `C` a constraint, `I` an interface, `A` a criterion, `F` a part of the
    failure plan, `T` a task, `Q` a question. `A1` under Goal would be taken for a criterion, and no check decides it.

    ## Example

    ```markdown
    # Goal
    - A1: An upload goes on after a reconnect.
    ```

    Better:

    ```markdown
    # Goal
    - G1: An upload goes on after a reconnect.
    ```

    ## How to fix

    Give it the section's letter, or move the clause to the section that it was written for.
    """

    code = "IDS023"
    name = "wrong-letter"
    severity = Severity.ERROR
    fixes = Applicability.SUGGESTED
