"""SEC002 empty-section."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache

from snapline.base.diagnostics import Finding, Severity
from snapline.base.ids import SpecId
from snapline.base.regex import regex
from snapline.lint.rule import Context, Rule
from snapline.spec.model import THE_SIX, Section
from snapline.spec.template import template

_GUIDANCE = regex(r"^# ([^\n]+)\n\n<!--\n(.*?)\n-->", re.MULTILINE | re.DOTALL)


class EmptySection(Rule):
    """A section has its heading and says nothing: no text at all, only a comment, or only the template's own words.

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
            if section.kind in THE_SIX and _says_nothing(section):
                yield self.finding(
                    context,
                    section.name_span,
                    f"the section {section.kind} is empty",
                    hint="Write what holds, if only one sentence; a comment is not read.",
                )


def _says_nothing(section: Section) -> bool:
    words = " ".join(section.prose.split())
    return not (words or section.clauses or section.notes) or words == _guidance().get(section.name)


@cache
def _guidance() -> Mapping[str, str]:
    """The template's words below each heading, blanks collapsed."""
    found = _GUIDANCE.findall(template(SpecId("x")))
    return {name: " ".join(words.split()) for name, words in found}
