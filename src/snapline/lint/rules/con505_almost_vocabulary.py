"""CON505 almost-vocabulary."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from snapline.base.diagnostics import Applicability, Severity
from snapline.lint.rule import Rule


class AlmostVocabulary(Rule):
    """A clause opens with something that is nearly an entry of the vocabulary.

    `Only change` and `Don't touch` are, and so is a word without its colon.

    ## Why it is bad

    The author believes that a boundary is enforced. It is prose, and nobody enforces it.

    ## Example

    ```markdown
    # Constraints
    - C1: Don't touch `src/auth/**`
    - C2: Keep passing `$ pytest -q`
    ```

    Better:

    ```markdown
    # Constraints
    - C1: Do not change: `src/auth/**`
    - C2: Keep passing: `$ pytest -q`
    ```

    ## How to fix

    Write the entry as the vocabulary has it, with its colon. `Only change`, `Don't touch` and `Do not touch` with a
    path are errors, anything else that comes near is a warning.
    """

    code = "CON505"
    name = "almost-vocabulary"
    severity = Severity.WARNING
    severities: ClassVar[Mapping[str, Severity]] = {"error": Severity.ERROR}
    fixes = Applicability.SAFE
