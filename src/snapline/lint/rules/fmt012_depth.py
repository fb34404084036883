"""FMT012 depth."""

from __future__ import annotations

from snapline.base.diagnostics import Severity
from snapline.lint.rule import Rule


class Depth(Rule):
    """Lists or quotes are nested more than eight deep, or text stands where a Markdown reader would drop it.

    ## Why it is bad

    What one reader shows and another drops is no shared text: the reviewer would approve something else than what the
    agent is given.

    ## Example

    ```markdown
    - G1: a
      - b
        - c
          - d
            - e
              - f
                - g
                  - h
                    - i
    ```

    Better: the inner items as clauses of their own, or as one sentence.

    ## How to fix

    Flatten the nesting. A promise that matters is a clause at the section's root.
    """

    code = "FMT012"
    name = "depth"
    severity = Severity.ERROR
