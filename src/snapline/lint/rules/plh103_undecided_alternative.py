"""PLH103 undecided-alternative."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import ClassVar

from snapline.base.diagnostics import Applicability, Finding, Fix, Severity
from snapline.base.regex import regex
from snapline.base.text import Edit, Span
from snapline.lint.lexicon.alternatives import CLASSES, CONDITIONS, EITHER, OUTCOMES, RULERS, SIDES, UNDECIDED
from snapline.lint.phrases import MOST_PER_CLAUSE, Lexicon, Phrase
from snapline.lint.rule import Context, Rule
from snapline.lint.words import BREAK, CODE, Words
from snapline.spec.model import Clause, SectionKind

_PHRASES = Lexicon(*UNDECIDED)
_EITHER = Lexicon(*EITHER)
_LABELLED = r"(?:options?|alternatives?|variants?|approach|proposal)\s+"
_LETTER = r"(?:[A-D]|[1-4])"
_PAIR = regex(
    rf"(?<![\w-]){_LABELLED}{_LETTER}(?:[ \t]+(?:or|vs\.?|versus)[ \t]+|[ \t]?/[ \t]?)(?:{_LABELLED})?{_LETTER}(?!\w)",
    re.IGNORECASE,
)
_LABEL = regex(rf"(?<![\w-]){_LABELLED}(?P<letter>{_LETTER})(?!\w)", re.IGNORECASE)
_BOTH = regex(rf"{_LETTER},?\s+(?:and|then)\s+(?:the\s+)?{_LABELLED}{_LETTER}(?!\w)", re.IGNORECASE)
_LABELS = frozenset({"option", "options", "alternative", "alternatives", "variant", "variants", "approach", "proposal"})
_SEGMENT = regex(rf"[.!?;,:()—{BREAK}]")
_OR = regex(rf"[^.!?;:{BREAK}]{{1,300}}?(?<![\w-])or(?![\w-])(?:\s+(?:{CODE}+|[\w'-]+))?")
_SIMPLE = regex(r"either[ ](?P<one>[\w.-]+(?:[ ][\w.-]+)?)[ ]or[ ](?P<other>[\w-]+(?:\.\w+)*)(?=[.,;:)]|\s*\Z|[ ]\()")
_BLOCKING = (SectionKind.ACCEPTANCE, SectionKind.INTERFACES)
_LOOK_BACK = 200
"""Characters in front of ``either`` in which the beginning of its clause is looked for."""


class UndecidedAlternative(Rule):
    """A clause leaves a decision open: either this or that, option A or B, "we could", "to be decided".

    ## Why it is bad

    Whoever does the work decides then, alone and unseen, and a criterion that accepts both proves neither. In
    Acceptance and Interfaces this is an error.

    ## Example

    ```markdown
    # Interfaces
    - I1: Sessions are kept in either Redis or Postgres.
    - I2: We could reuse the upload client.
    ```

    Better:

    ```markdown
    # Interfaces
    - I1: Sessions are kept in Postgres.
    - I2: Uses `src/upload/client.py`.
    ```

    ## How to fix

    Decide. What only its owner can decide is a question under Clarifications. A condition (`if either check fails`), a
    classification (`each line is either a comment or a key`) and a promise about outcomes (`an upload either completes
    or leaves no trace`) are no open decisions, and are left alone.
    """

    code = "PLH103"
    name = "undecided-alternative"
    severity = Severity.WARNING
    severities: ClassVar[Mapping[str, Severity]] = {"error": Severity.ERROR}
    fixes = Applicability.SUGGESTED
    language = "en"
    own_words = True

    def check(self, context: Context) -> Iterator[Finding]:
        """One finding for each phrase, and one for each pair of options."""
        words = context.words
        blocking = {id(clause) for clause in context.spec.clauses(*_BLOCKING)}
        for phrase in _PHRASES.find(words, context.settings.words.get(self.code, ())):
            if not _settled(words, phrase):
                yield self._open(context, phrase.clause, phrase.span, blocking)
        for phrase in _EITHER.find(words):
            pair = _OR.match(words.text, phrase.span.end, phrase.clause.body.end)
            if pair is not None and not _harmless(words, phrase, pair[0]):
                fix = self._take_first(context, phrase)
                yield self._open(context, phrase.clause, Span(phrase.span.start, pair.end()), blocking, fix)
        if _LABELS & words.present:
            yield from self._labelled(context, blocking)

    def _labelled(self, context: Context, blocking: set[int]) -> Iterator[Finding]:
        """Options that are named by letters or numbers, where a clause has two of them."""
        for clause in context.spec.clauses():
            text = context.words.of(clause)
            found = _PAIR.search(text)
            labels = list(islice(_LABEL.finditer(text), MOST_PER_CLAUSE))
            if found is None and len({match["letter"].upper() for match in labels}) > 1:
                found = None if _BOTH.search(text, labels[0].start(), labels[1].end()) else labels[0]
            if found is not None:
                start, end = found.span()
                yield self._open(context, clause, Span(clause.body.start + start, clause.body.start + end), blocking)

    def _open(
        self, context: Context, clause: Clause, span: Span, blocking: set[int], fix: Fix | None = None
    ) -> Finding:
        return self.finding(
            context,
            span,
            f"`{' '.join(context.spec.source.slice(span).split())}` leaves a decision open",
            hint="Decide, or ask under Clarifications.",
            clause=clause,
            variant="error" if id(clause) in blocking else "",
            fix=fix,
        )

    def _take_first(self, context: Context, phrase: Phrase) -> Fix | None:
        match = _SIMPLE.match(context.spec.source.text, phrase.span.start, phrase.clause.body.end)
        if match is None:
            return None
        return self.fix(f"Take the first: {match['one']}", Edit(Span(match.start(), match.end()), match["one"]))


def _settled(words: Words, phrase: Phrase) -> bool:
    """Whether the phrase tells of a decision in the product: until the vote is decided, an undecided vote."""
    tokens = words.tokens
    before = tokens.before(phrase.first, 3)
    opens = _SEGMENT.search(tokens.gap(max(0, phrase.first - len(before))))
    if opens and before[:1] == ["that"]:
        before = before[1:]  # ...; that is still open
    adjective = len(phrase.words) == 1 and before[-1:] in (["an"], ["every"], ["each"], ["all"], ["no"], ["the"])
    ruled = phrase.words[-1] in {"determined", "defined", "chosen"} and set(tokens.after(phrase.last, 1)) & RULERS
    return bool(set(before) & CONDITIONS) or adjective or bool(ruled)


def _harmless(words: Words, phrase: Phrase, pair: str) -> bool:
    """Whether ``either`` belongs to a condition, a classification, a set of values or a promise about outcomes."""
    follows = words.tokens.after(phrase.last, 1)
    if not follows or follows[0] in SIDES | OUTCOMES:
        return True
    low = max(phrase.clause.body.start, phrase.span.start - _LOOK_BACK)
    segment = _SEGMENT.split(words.lower[low : phrase.span.start])[-1].split()
    if set(segment) & CONDITIONS or set(segment[:1]) & CLASSES:
        return True
    return CODE in pair and not re.search(r"\w", pair.replace(" or ", " "))
