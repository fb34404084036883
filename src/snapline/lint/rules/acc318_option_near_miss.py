"""ACC318 option-near-miss."""

from __future__ import annotations

from snapline.base.diagnostics import Applicability, Severity
from snapline.lint.rule import Rule


class OptionNearMiss(Rule):
    """A pair of parentheses is nearly a group of options.

    A member is misspelt or has a bad value, or the group stands where none is read.

    ## Why it is bad

    None of such a group is applied. `(regresion)` would demand that the check fails before the work, `(timeout two
    minutes)` would leave the timeout at ten.

    ## Example

    ```markdown
    - A1: The suite stays green: `$ pytest -q` (regresion)
    - A2: It is quick: `$ python bench.py` (timeout two minutes)
    ```

    Better:

    ```markdown
    - A1: The suite stays green: `$ pytest -q` (regression)
    - A2: It is quick: `$ python bench.py` (timeout 2m)
    ```

    ## How to fix

    Options are `regression`, `slow`, `network`, `manual`, `manual: @who`, `timeout 2m`, `runs 3`, `in DIR`, `env K=V`,
    `report GLOB` and `keep GLOB`, parted by commas, at the end of the clause or next to the check.
    """

    code = "ACC318"
    name = "option-near-miss"
    severity = Severity.ERROR
    fixes = Applicability.SUGGESTED
