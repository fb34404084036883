"""FMT014 section-level."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from snapline.base.diagnostics import Applicability, Severity
from snapline.lint.rule import Rule


class SectionLevel(Rule):
    """A heading is named like a section but stands on another level; or a line of dashes makes a heading by accident.

    ## Why it is bad

    Sections are all on one level. `## Acceptance` among `#` headings is part of the section above it: its criteria are
    not criteria. And text directly above a `---` line is a heading in Markdown, where a rule was meant.

    ## Example

    ```markdown
    # Goal
    Uploads go on after a reconnect.

    ## Acceptance
    - A1: `$ pytest -q tests/upload`
    ```

    Better:

    ```markdown
    # Goal
    Uploads go on after a reconnect.

    # Acceptance
    - A1: `$ pytest -q tests/upload`
    ```

    ## How to fix

    Give all sections the same number of `#`. Put a blank line above a `---` that is to be a rule.
    """

    code = "FMT014"
    name = "section-level"
    severity = Severity.ERROR
    severities: ClassVar[Mapping[str, Severity]] = {"underline": Severity.WARNING}
    fixes = Applicability.SUGGESTED
