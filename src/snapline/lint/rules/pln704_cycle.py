"""PLN704 cycle."""

from __future__ import annotations

from snapline.base.diagnostics import Severity
from snapline.lint.rule import Rule


class Cycle(Rule):
    """Tasks wait for one another in a circle; the shortest one is named.

    ## Why it is bad

    None of them can ever begin.

    ## Example

    ```markdown
    # Tasks
    - T1: Server side. Proves A1. After T2.
    - T2: Client side. Proves A2. After T1.
    ```

    Better:

    ```markdown
    # Tasks
    - T1: Server side. Proves A1.
    - T2: Client side. Proves A2. After T1.
    ```

    ## How to fix

    Take one `After` out of the circle. Two tasks that truly need each other are one task.
    """

    code = "PLN704"
    name = "cycle"
    severity = Severity.ERROR
