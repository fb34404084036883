"""FMT013 stray-structure."""

from __future__ import annotations

from snapline.base.diagnostics import Applicability, Severity
from snapline.lint.rule import Rule


class StrayStructure(Rule):
    """A check, a vocabulary word or an id stands where it is only prose: in a note, a nested item, a continuation line.

    ## Why it is bad

    The author meant it, and it does nothing. The command is never run, the constraint never enforced, and the id names
    no clause.

    ## Example

    ```markdown
    # Acceptance
    - A1: An upload goes on after a reconnect.
      - `$ pytest -q tests/upload`
    ```

    The nested item belongs to A1's text, but is no clause. Better:

    ```markdown
    # Acceptance
    - A1: An upload goes on after a reconnect: `$ pytest -q tests/upload`
    ```

    ## How to fix

    Put the check into the clause's own paragraph, indent a fence to its item, or make the line an item at the section's
    root.
    """

    code = "FMT013"
    name = "stray-structure"
    severity = Severity.ERROR
    fixes = Applicability.SUGGESTED
