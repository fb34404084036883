"""PLN702 task-outside-scope."""

from __future__ import annotations

from snapline.base.diagnostics import Severity
from snapline.lint.rule import Rule


class TaskOutsideScope(Rule):
    """A task says that it changes what the constraints do not let it change.

    ## Why it is bad

    The task cannot be done: every candidate for it is refused at verification.

    ## Example

    ```markdown
    # Constraints
    - C1: Change only: `src/upload/**`

    # Tasks
    - T1: Describe resuming. Proves A3. Changes `docs/upload.md`.
    ```

    Better:

    ```markdown
    # Constraints
    - C1: Change only: `src/upload/**`, `docs/upload.md`
    ```

    ## How to fix

    Widen the constraint, or narrow what the task changes.
    """

    code = "PLN702"
    name = "task-outside-scope"
    severity = Severity.ERROR
