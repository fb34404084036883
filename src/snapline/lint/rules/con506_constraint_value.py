"""CON506 constraint-value."""

from __future__ import annotations

from snapline.base.diagnostics import Applicability, Severity
from snapline.lint.rule import Rule


class ConstraintValue(Rule):
    """An entry of a vocabulary has no value, a value outside code, a word between its values, or a glob that is none.

    ## Why it is bad

    Nothing is guessed, so the entry is not enforced at all. `Do not change: everything in src` protects nothing.

    ## Example

    ```markdown
    # Constraints
    - C1: Do not change: src/auth
    - C2: Change only: `src/upload/**` except for `src/upload/legacy.py`
    ```

    Better:

    ```markdown
    # Constraints
    - C1: Do not change: `src/auth`, `src/upload/legacy.py`
    - C2: Change only: `src/upload/**`
    ```

    ## How to fix

    Put each value in a code span, and nothing but commas, semicolons, `and` and `or` between them. Globs are anchored
    at the repository's root, use `/`, and know no `!`. A reason is a clause of its own.
    """

    code = "CON506"
    name = "constraint-value"
    severity = Severity.ERROR
    fixes = Applicability.SUGGESTED
