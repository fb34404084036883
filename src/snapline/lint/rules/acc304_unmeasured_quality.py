"""ACC304 unmeasured-quality."""

from __future__ import annotations

import re
from collections.abc import Iterator

from snapline.base.diagnostics import Applicability, Finding, Fix, Severity
from snapline.base.regex import regex
from snapline.base.text import Span
from snapline.lint.rule import Context, Rule
from snapline.lint.splices import insertion, paragraph_end
from snapline.spec.model import Clause

_SIZE = regex(r"small|large|big|tiny|huge|compact|slim|lean|lightweight|memory|footprint|disk|space", re.IGNORECASE)
_END_OF_SENTENCE = regex(r"[.;!?](?=\s|\Z)|(?=\s*[(:—\x00\x02])|\s*\Z")
_TIME = ", within 2 s for 95 % of 1000 requests on the reference machine"
_ROOM = ", under 10 MB for 1000 entries on the reference machine"


class UnmeasuredQuality(Rule):
    """A goal or criterion promises speed or size without a number, its unit and the condition under which it holds.

    It speaks in the place of LEX201 and LEX205, which look at all other vague words.

    ## Why it is bad

    "Fast" is a wish. Without a number nobody can tell when the work is done; without a unit and a condition the number
    can be met anywhere: on an empty list, on the author's machine.

    ## Example

    ```markdown
    # Goal
    - G1: The search is fast.
    - G2: Large files are uploaded quickly.
    ```

    Better:

    ```markdown
    # Goal
    - G1: The search answers within 200 ms for 95 % of 1000 requests.
    - G2: An upload of 2 GB takes at most 60 s on a line of 1 Gbit/s.
    ```

    ## How to fix

    Say how much, in which unit, and under which load, for which input or on which machine; or compare: "half the time
    that version 2 takes". The figures of the fix are an example: put yours. A criterion with a check that runs is not
    looked at, since the check measures.
    """

    code = "ACC304"
    name = "unmeasured-quality"
    severity = Severity.WARNING
    fixes = Applicability.SUGGESTED
    language = "en"

    def check(self, context: Context) -> Iterator[Finding]:
        """One finding for each clause, at the first word that promises speed or size."""
        for clause, spans in context.unmeasured:
            word = " ".join(context.spec.source.slice(spans[0]).split())
            yield self.finding(
                context,
                spans[0],
                f"`{word}` is not measured: no number with a unit and a condition",
                hint="Say how much, in which unit, and for which input, load or machine.",
                clause=clause,
                fix=self._figures(context, clause, spans[0]),
            )

    def _figures(self, context: Context, clause: Clause, word: Span) -> Fix | None:
        """Example figures at the end of the sentence; none for a table or a fence."""
        if paragraph_end(context.spec.source, clause) is None:
            return None
        end = _END_OF_SENTENCE.search(context.words.text, word.end, clause.body.end)
        text = _ROOM if _SIZE.search(context.spec.source.slice(word)) else _TIME
        return self.fix("Measure it, with your own figures", insertion(end.start() if end else clause.body.end, text))
