"""PLH101 placeholder."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from snapline.base.diagnostics import Finding, Severity
from snapline.base.regex import regex
from snapline.base.text import Span
from snapline.lint.clauses import Places
from snapline.lint.rule import Context, Rule
from snapline.lint.wording import worded

_PLACEHOLDER = regex(
    r"""
      (?<![\w-])TBD(?![\w-])
    | (?<![\w-])TODO[ \t]*[:(]
    | ^[ \t>]*(?:[-*+][ \t]+|\d+[.)][ \t]+)?(?:\[.\][ \t]+)?
        (?:[*_]*[A-Z]\d+[*_]*:[*_]*[ \t]*)?[*_]*(?P<alone>TODO)[*_.!]*[ \t]*$
    | \?\?\?+
    | <(?:(?i:insert|your))\b[^<>\n]*>
    | (?<![\w-])(?i:lorem)(?![\w-])(?:[ \t]+(?i:ipsum))?
    | \[NEEDS[ \t]CLARIFICATION[^\]\n]*\]?
    """,
    re.VERBOSE | re.MULTILINE,
)

_LIKELY = regex(r"TBD|TODO|\?\?\?|<(?i:insert|your)|(?i:lorem)|\[NEEDS")
_MOST_PER_LINE = 20
"""Placeholders of one line that are named; a line with more is no text."""


class Placeholder(Rule):
    """Text that was to be replaced is still there: TBD, `TODO:`, ???, `<insert ...>`, `<your ...>`, lorem ipsum.

    ## Why it is bad

    The author knew that something is missing. An agent does not ask: it invents, or takes the placeholder for the
    value.

    ## Example

    ```markdown
    # Constraints
    - C1: An upload is at most TBD megabytes.
    - C2: TODO: who is told?
    ```

    Better:

    ```markdown
    # Constraints
    - C1: An upload is at most 50 megabytes.
    - C2: The owner of the folder is told.
    ```

    ## How to fix

    Decide, or put the open question into Clarifications. A placeholder that is meant, such as `<NAME>` in a usage line,
    belongs into a code span; what stands in code, in quotation marks, in a quote or in a comment is not looked at.
    """

    code = "PLH101"
    name = "placeholder"
    severity = Severity.ERROR

    def check(self, context: Context) -> Iterator[Finding]:
        """One finding for each placeholder."""
        source = context.spec.source
        if not _LIKELY.search(source.text):
            return
        on_line: Counter[int] = Counter()
        places = Places(context.spec)
        for match in _PLACEHOLDER.finditer(worded(context.spec)):
            start, end = match.span("alone") if match["alone"] else match.span()
            line = source.position(start).line
            on_line[line] += 1
            if on_line[line] > _MOST_PER_LINE:
                continue
            written = source.slice(Span(start, end))
            yield self.finding(
                context,
                Span(start, end),
                f"`{written}` is a placeholder",
                hint="Replace it by what holds; what is open is a question under Clarifications.",
                clause=places.clause(start),
            )
