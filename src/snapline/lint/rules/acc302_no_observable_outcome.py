"""ACC302 no-observable-outcome."""

from __future__ import annotations

import re
from collections.abc import Iterator

from snapline.base.diagnostics import Applicability, Finding, Fix, Severity
from snapline.base.regex import regex
from snapline.lint.outcomes import outcomes, tokens_of
from snapline.lint.rule import Context, Rule
from snapline.lint.splices import head, insertion, paragraph_end
from snapline.spec.model import Clause

_WORD = regex(r"[A-Za-z]{2}")
_COMPARED = regex(r"(?:<=?|>=?|[≤≥=]|\b(?:under|below|above|over|within|at (?:most|least))\b)\s*[$€]?\d", re.IGNORECASE)


class NoObservableOutcome(Rule):
    """A criterion without a check names no outcome: nothing in it happens, is shown, is refused, is there.

    ## Why it is bad

    "Good error handling" and "Support for large files" are headings, not criteria. Whoever judges them has to invent
    first what would have to be seen, and the author of the work will have invented something else.

    ## Example

    ```markdown
    - A1: Good error handling. (manual)
    - A2: Robust resume logic for uploads. (manual)
    ```

    Better:

    ```markdown
    - A1: An upload to a full disk is refused with "disk full". (manual)
    - A2: An upload goes on where it stopped after the line was down for a minute. (manual)
    ```

    ## How to fix

    Say what somebody sees: who or what does what, and what shows it. Words such as "support", "handle", "improve" and
    "work" are no outcome. A criterion with a command, a transcript, a script or a test is not looked at, and what
    promises speed or size without measure is ACC304 alone.
    """

    code = "ACC302"
    name = "no-observable-outcome"
    severity = Severity.WARNING
    fixes = Applicability.SUGGESTED
    language = "en"

    def check(self, context: Context) -> Iterator[Finding]:
        """One finding for each criterion without a check whose words name no outcome."""
        unmeasured = {clause.span for clause, _ in context.unmeasured}
        for clause in context.spec.criteria:
            if clause.executable or clause.span in unmeasured:
                continue
            text = context.words.told(clause)
            if not _WORD.search(text) or _COMPARED.search(text):
                continue
            if next(outcomes(tokens_of(text)), None) is None:
                yield self.finding(
                    context,
                    head(context.spec.source, clause),
                    "this names nothing that somebody could see happen",
                    hint='Say what is seen: "An upload goes on after a reconnect", "An empty file is refused".',
                    clause=clause,
                    fix=self._reader(context, clause),
                )

    def _reader(self, context: Context, clause: Clause) -> Fix | None:
        """The clause as what a person finds; a table or a fence has no sentence to put it into."""
        if paragraph_end(context.spec.source, clause) is None:
            return None
        return self.fix("Say who finds it", insertion(clause.body.start, "A reviewer finds this: "))
