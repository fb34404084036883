"""IDS024 id-near-miss."""

from __future__ import annotations

from snapline.base.diagnostics import Applicability, Severity
from snapline.lint.rule import Rule


class IdNearMiss(Rule):
    """A clause opens with something that is nearly an id: `AC1:`, `A-1:`, `a1:`, `A1.`.

    ## Why it is bad

    The author believes that the clause has an id, and refers to it; for the tool it is prose, and the clause will be
    given another number.

    ## Example

    ```markdown
    - AC1: An upload goes on after a reconnect.
    - a2. A full disk is reported as such.
    ```

    Better:

    ```markdown
    - A1: An upload goes on after a reconnect.
    - A2: A full disk is reported as such.
    ```

    ## How to fix

    One capital letter of the section, a number without leading zeros, a colon.
    """

    code = "IDS024"
    name = "id-near-miss"
    severity = Severity.ERROR
    fixes = Applicability.SUGGESTED
