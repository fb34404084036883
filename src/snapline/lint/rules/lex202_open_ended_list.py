"""LEX202 open-ended-list."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import ClassVar

from snapline.base.diagnostics import Applicability, Finding, Fix, Severity
from snapline.base.regex import regex
from snapline.base.text import Edit, Span
from snapline.lint.lexicon.open_ends import FOLDER, LATIN, ONLY_AT_THE_END, OPEN_ENDS
from snapline.lint.phrases import MOST_PER_CLAUSE, Lexicon, Phrase
from snapline.lint.rewording import leave_out
from snapline.lint.rule import Context, Rule
from snapline.lint.words import Words
from snapline.spec.model import Clause, SectionKind

_PHRASES = Lexicon(*OPEN_ENDS)
_DOTS = regex(r"(?<=[,\w\x00)])[ ]?(?:,[ ]?)?(?P<dots>\.\.\.|…)(?=[\s).;\x02\x03]|\Z)")
_COMMAS = regex(r",[^.;:\x02…]{1,200}\Z")
_GOES_ON = """
    is are was were must should will shall can may has have stay stays do does to for from with when if by as in at that
    which before after into while but and or
"""
_LISTED = frozenset(_GOES_ON.split())
"""Words by which a sentence goes on behind a list."""
_NAMELY = frozenset({"including but not limited to", "includes but is not limited to", "including without limitation"})


class OpenEndedList(Rule):
    """A list is left open: etc., and so on, including but not limited to.

    ## Why it is bad

    What the author has in mind is on no list, so that nobody can say when the work is done. A criterion with an open
    list cannot be proved: there it is an error.

    ## Example

    ```markdown
    # Acceptance
    - A1: The export has name, size, owner, etc.
    ```

    Better:

    ```markdown
    # Acceptance
    - A1: The export has the columns name, size, owner and date.
    ```

    ## How to fix

    Finish the list, or say what decides whether something is on it. The fix ends the list where it stands.
    """

    code = "LEX202"
    name = "open-ended-list"
    severity = Severity.WARNING
    severities: ClassVar[Mapping[str, Severity]] = {"criterion": Severity.ERROR}
    fixes = Applicability.SUGGESTED
    language = "en"
    own_words = True

    def check(self, context: Context) -> Iterator[Finding]:
        """One finding for each open end."""
        words = context.words
        criteria = {id(clause) for clause in context.spec.clauses(SectionKind.ACCEPTANCE)}
        for phrase in _PHRASES.find(words, context.settings.words.get(self.code, ())):
            if not _ends_nothing(words, phrase):
                yield self._open(context, phrase.span, phrase.clause, criteria, self._finish(context, phrase))
        if "..." in words.text or "…" in words.text:
            for clause in context.spec.clauses():
                text = words.of(clause)
                for match in islice(_DOTS.finditer(text), MOST_PER_CLAUSE):
                    if _COMMAS.search(text, max(0, match.start() - 200), match.start("dots")):
                        start, end = match.span("dots")
                        span = Span(clause.body.start + start, clause.body.start + end)
                        yield self._open(context, span, clause, criteria, None)

    def _open(self, context: Context, span: Span, clause: Clause, criteria: set[int], fix: Fix | None) -> Finding:
        return self.finding(
            context,
            span,
            f"`{' '.join(context.spec.source.slice(span).split())}` leaves the list open",
            hint="Finish the list, or say what decides whether something is on it.",
            clause=clause,
            variant="criterion" if id(clause) in criteria else "",
            fix=fix,
        )

    def _finish(self, context: Context, phrase: Phrase) -> Fix | None:
        source, span = context.spec.source, phrase.span
        if " ".join(phrase.words) in _NAMELY:
            return self.fix("Let the list be all", Edit(span, "namely"))
        follows = source.text[span.end : span.end + 2]
        if phrase.words[-1] in LATIN and follows[:1] == "." and not _ends_sentence(source.text, span.end + 1):
            span = Span(span.start, span.end + 1)
        before = source.text[phrase.clause.body.start : span.start].rstrip()
        if before.endswith(","):
            return self.fix("End the list here", Edit(Span(phrase.clause.body.start + len(before) - 1, span.end), ""))
        edits = leave_out(source, context.words, span, phrase.clause)
        return self.fix("End the list here", *edits) if edits else None


def _ends_sentence(text: str, offset: int) -> bool:
    return re.match(r"[ \t]*(?:[\r\n(]|\Z|[A-Z`])", text[offset : offset + 40]) is not None


def _ends_nothing(words: Words, phrase: Phrase) -> bool:
    """Whether the phrase is part of something else: a folder, or a sentence that goes on."""
    tokens = words.tokens
    before, after = tokens.before(phrase.first, 1), tokens.after(phrase.last, 1)
    rest = tokens.rest(phrase.last)
    goes_on = bool(after) and rest.isspace()
    if phrase.words[0] in LATIN:
        return goes_on and after[0] in FOLDER
    if phrase.words == ("et", "al"):
        return not before
    if " ".join(phrase.words) not in ONLY_AT_THE_END:
        return False
    if goes_on:
        return after[0] not in _LISTED or phrase.words[-1] == "more"
    return rest.startswith("'") or bool(before and before[0].isdigit())  # others' guests; three and more
