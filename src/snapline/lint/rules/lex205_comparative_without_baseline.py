"""LEX205 comparative-without-baseline."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from snapline.base.diagnostics import Applicability, Finding, Fix, Severity
from snapline.base.regex import regex
from snapline.lint.checks import decided
from snapline.lint.lexicon.comparatives import CHOSEN, COMPARATIVES, MEASURES, NO_STANDARD, STANDARDS, THINGS
from snapline.lint.measures import quantities
from snapline.lint.performance import performance_spans
from snapline.lint.phrases import Lexicon, Phrase
from snapline.lint.rule import Context, Rule
from snapline.lint.splices import insertion
from snapline.lint.words import Words
from snapline.spec.model import Clause

_PHRASES = Lexicon(*COMPARATIVES)
_WORD = regex(r"[a-z']+")
_HIGH = frozenset({"higher", "lower"})


class ComparativeWithoutBaseline(Rule):
    """A clause compares with nothing: better, faster, fewer, without than or a number.

    ## Why it is bad

    Better than what: than today, than the competitor, than last year? Any change in the right direction would do, also
    one that nobody can measure.

    ## Example

    ```markdown
    # Constraints
    - C1: The new parser needs less memory.
    ```

    Better:

    ```markdown
    # Constraints
    - C1: The new parser needs at most half the memory of the old one on `bench/large.json`.
    ```

    ## How to fix

    Say with what it is compared, and by how much. The fix compares with the base commit, which a check can do too: it
    finds a checkout of the base in `SNAPLINE_BASE_DIR`.
    """

    code = "LEX205"
    name = "comparative-without-baseline"
    severity = Severity.WARNING
    fixes = Applicability.SUGGESTED
    language = "en"
    own_words = True

    def check(self, context: Context) -> Iterator[Finding]:
        """One finding for each comparative."""
        words = context.words
        own = context.settings.words.get(self.code, ())

        @cache
        def silent(clause: Clause) -> bool:
            text = words.of(clause)
            return decided(context.spec, clause) or _compares(text.lower()) or any(True for _ in quantities(text))

        for phrase in _PHRASES.find(words, own):
            if silent(phrase.clause) or (not phrase.own and _exact(words, phrase)):
                continue
            if any(phrase.span.overlaps(span) for span in performance_spans(context)):
                continue
            written = " ".join(context.spec.source.slice(phrase.span).split())
            yield self.finding(
                context,
                phrase.span,
                f"`{written}`, compared with what?",
                hint="Say `than` what, and by how much.",
                clause=phrase.clause,
                fix=self._compare(context, phrase),
            )

    def _compare(self, context: Context, phrase: Phrase) -> Fix | None:
        """Compare with the base, where the comparative ends its sentence."""
        follows = context.words.tokens.rest(phrase.last)
        text = context.spec.source.text[phrase.span.end : phrase.span.end + 1]
        if text not in {"", ".", ";", ",", "\n", "\r"} or (follows[:1] == "." and follows[1:2].isalnum()):
            return None
        return self.fix("Compare with the base", insertion(phrase.span.end, " than at the base"))


def _compares(text: str) -> bool:
    """Whether a clause says with what it compares."""
    found = _WORD.findall(text)
    for before, word in zip(["", *found], found, strict=False):
        if word == "than" and before in NO_STANDARD:
            continue
        if word in STANDARDS:
            return True
    return False


def _exact(words: Words, phrase: Phrase) -> bool:
    """Whether the word chooses one of two known things, is part of a name, or gives a place or an order."""
    tokens = words.tokens
    before, after = tokens.before(phrase.first, 1), tokens.after(phrase.last, 2)
    if words.is_name(phrase.span.start, phrase.span.end) or set(before) & CHOSEN:
        return True
    if after[:1] and after[0] in THINGS and tokens.rest(phrase.last).isspace():
        return True
    if phrase.words[-1] not in _HIGH:
        return False
    ends = not after or not tokens.rest(phrase.last).isspace()
    return not ends and not set(after) & MEASURES
