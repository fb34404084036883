"""FPL803 watch-unbounded."""

from __future__ import annotations

import re
from collections.abc import Iterator

from snapline.base.diagnostics import Applicability, Finding, Fix, Severity
from snapline.base.regex import regex
from snapline.lint.rule import Context, Rule
from snapline.lint.splices import insertion
from snapline.spec.model import Clause, FailureEntry, FailureWord, SectionKind

_FAILS = regex(r"(?<![\w-])fails?(?![\w-])", re.IGNORECASE)
_WITHIN = regex(r"(?<![\w-])within(?![\w-])", re.IGNORECASE)


class WatchUnbounded(Rule):
    """`Roll back when` does not say for how long it watches.

    ## Why it is bad

    Without a time nobody knows when the change counts as landed for good. A check that fails three weeks later would
    take back a change that has long been built upon.

    ## Example

    ```markdown
    # Failure plan
    - F1: Roll back when: `$ make smoke` fails
    ```

    Better:

    ```markdown
    # Failure plan
    - F1: Roll back when: `$ make smoke` fails within 30m
    ```

    ## How to fix

    Add `within` and a time. The fix writes 30 minutes.
    """

    code = "FPL803"
    name = "watch-unbounded"
    severity = Severity.WARNING
    fixes = Applicability.SUGGESTED

    def check(self, context: Context) -> Iterator[Finding]:
        """One finding for each watch; a time that cannot be read is CON506's."""
        for clause in context.spec.clauses(SectionKind.FAILURE_PLAN):
            entry = clause.entry
            if (
                isinstance(entry, FailureEntry)
                and entry.word is FailureWord.ROLL_BACK_WHEN
                and entry.within is None
                and not _WITHIN.search(context.words.of(clause))
            ):
                yield self.finding(
                    context,
                    entry.word_span,
                    "this watch has no end",
                    hint="Say for how long: `fails within 30m`.",
                    clause=clause,
                    fix=self._bound(context, clause),
                )

    def _bound(self, context: Context, clause: Clause) -> Fix | None:
        match = _FAILS.search(context.words.of(clause))
        return (
            self.fix("Watch for 30 minutes", insertion(clause.body.start + match.end(), " within 30m"))
            if match
            else None
        )
