"""SEC002 empty-section."""

from __future__ import annotations

from collections.abc import Iterator

from snapline.base.diagnostics import Finding, Severity
from snapline.lint.rule import Context, Rule
from snapline.spec.model import THE_SIX


class EmptySection(Rule):
    """A section has its heading and says nothing: no text at all, or only a comment.

    ## Why it is bad

    The heading promises an answer. Whoever reads the spec next cannot tell "there is nothing to say" from "nobody has
    thought of it yet", and an agent will take it for permission.

    ## Example

    ```markdown
    # Constraints

    <!-- what must not happen; which boundaries matter -->
    ```

    Better, even where there is little to say:

    ```markdown
    # Constraints
    The public API stays as it is.
    ```

    ## How to fix

    Replace the guidance by an answer. "None, because ..." is an answer too.
    """

    code = "SEC002"
    name = "empty-section"
    severity = Severity.ERROR

    def check(self, context: Context) -> Iterator[Finding]:
        """One finding for each of the six that is there without content."""
        for section in context.spec.sections:
            if section.kind in THE_SIX and not (section.clauses or section.notes or section.prose.strip()):
                yield self.finding(
                    context,
                    section.name_span,
                    f"the section {section.kind} is empty",
                    hint="Write what holds, if only one sentence; a comment is not read.",
                )
