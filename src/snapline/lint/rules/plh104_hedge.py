"""PLH104 hedge."""

from __future__ import annotations

from collections.abc import Iterator

from snapline.base.diagnostics import Applicability, Finding, Fix, Severity
from snapline.base.text import Span
from snapline.lint.lexicon.hedges import HEDGES, SOMEBODY, STATES
from snapline.lint.phrases import Lexicon, Phrase
from snapline.lint.rewording import leave_out
from snapline.lint.rule import Context, Rule
from snapline.lint.words import Words

_PHRASES = Lexicon(*HEDGES)
_STATABLE = frozenset({"possibly", "perhaps", "probably", "maybe"})
_OPINIONS = frozenset({"think", "believe", "guess", "suppose", "assume", "suspect", "feel", "reckon", "hope", "expect"})


class Hedge(Rule):
    """A clause hedges: I think, maybe, probably, not sure.

    ## Why it is bad

    The author knows that the clause may be wrong, and the agent takes it as a promise. Either nobody has looked, or
    somebody else knows.

    ## Example

    ```markdown
    # Constraints
    - C1: The limit is probably 50 MB.
    ```

    Better:

    ```markdown
    # Constraints
    - C1: The limit is 50 MB, as in `src/upload/limits.py`.
    ```

    ## How to fix

    Look it up and say what holds, or ask under Clarifications. The fix leaves the hedge out.
    """

    code = "PLH104"
    name = "hedge"
    severity = Severity.WARNING
    fixes = Applicability.SUGGESTED
    language = "en"
    own_words = True

    def check(self, context: Context) -> Iterator[Finding]:
        """One finding for each hedge."""
        words = context.words
        for phrase in _PHRASES.find(words, context.settings.words.get(self.code, ())):
            if not phrase.own and _means_it(words, phrase):
                continue
            yield self.finding(
                context,
                phrase.span,
                f"`{' '.join(context.spec.source.slice(phrase.span).split())}` hedges",
                hint="Say what holds, or ask under Clarifications.",
                clause=phrase.clause,
                fix=self._leave_out(context, phrase),
            )

    def _leave_out(self, context: Context, phrase: Phrase) -> Fix | None:
        if len(phrase.words) > 1 and not _OPINIONS & set(phrase.words[-1:]):
            return None
        words, span = context.words, phrase.span
        if words.tokens.after(phrase.last, 1) == ["that"] and len(phrase.words) > 1:
            span = Span(span.start, words.tokens.ends[phrase.last + 1])
        edits = leave_out(context.spec.source, words, span, phrase.clause)
        return self.fix("Leave the hedge out", *edits) if edits else None


def _means_it(words: Words, phrase: Phrase) -> bool:
    """Whether the words are exact: a possibly empty list, a user who is not sure, the type Maybe."""
    tokens = words.tokens
    if words.is_name(phrase.span.start, phrase.span.end):
        return True
    if phrase.words[0] in _STATABLE and set(tokens.after(phrase.last, 1)) & STATES:
        return True
    if phrase.words[0] in {"not", "unsure", "no", "don't", "doesn't", "do"}:
        return bool(set(tokens.before(phrase.first, 3)) & SOMEBODY)
    return False
