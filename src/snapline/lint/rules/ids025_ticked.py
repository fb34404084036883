"""IDS025 ticked."""

from __future__ import annotations

from snapline.base.diagnostics import Applicability, Severity
from snapline.lint.rule import Rule


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
