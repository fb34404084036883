"""LEX201 vague-quality."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from snapline.base.diagnostics import Applicability, Finding, Fix, Severity
from snapline.lint.checks import decided
from snapline.lint.lexicon.vague import DEGREES, LABELS, NAMED_BY_NEXT, NAMED_BY_PREVIOUS, OPPOSITES, QUALITIES, WAYS
from snapline.lint.measures import has_list, quantities
from snapline.lint.performance import performance_spans
from snapline.lint.phrases import Lexicon, Phrase
from snapline.lint.rewording import leave_out
from snapline.lint.rule import Context, Rule
from snapline.lint.words import Words
from snapline.spec.model import Clause, SectionKind

_PHRASES = Lexicon(*QUALITIES)
_NONE: frozenset[str] = frozenset()
_LOOPS = frozenset({"as", "if", "when", "where", "wherever", "whenever", "how"})
_NEAR = 3


class VagueQuality(Rule):
    """A clause praises without a measure: fast, user-friendly, robust.

    It is silent where the clause has a number, a unit or a list that says what is meant, or a check that decides it.

    ## Why it is bad

    Two people who read it agree, and mean different things. The agent means a third one, and every result can be
    defended.

    ## Example

    ```markdown
    # Goal
    - G1: The import is robust and user-friendly.
    ```

    Better:

    ```markdown
    # Goal
    - G1: An import with a broken row imports all other rows and names the line of the broken one.
    ```

    ## How to fix

    Say what somebody would see, a number with its unit, or a list. Words for speed and size in Goal and Acceptance are
    ACC304's. Names such as FastAPI or the fast path, names that the spec gives (the quick tier beside
    a slow one, or one in capitals or code), and what stands in code or quotation marks, are left alone.

    ## How sure it is

    It is an info, although a warning was wanted: on wordings that were written without a look at the rule it found 85
    of 100, and brought no false finding. What it misses are words that are exact as often as not: clean, clear, good.
    """

    code = "LEX201"
    name = "vague-quality"
    severity = Severity.INFO
    fixes = Applicability.SUGGESTED
    language = "en"
    own_words = True

    def check(self, context: Context) -> Iterator[Finding]:
        """One finding for each word."""
        words = context.words
        own = context.settings.words.get(self.code, ())

        @cache
        def silent(clause: Clause) -> bool:
            text = words.of(clause)
            return decided(context.spec, clause) or any(True for _ in quantities(text)) or has_list(text)

        for phrase in _PHRASES.find(words, own):
            if (
                silent(phrase.clause)
                or (not phrase.own and _exact(context, words, phrase))
                or _measured_elsewhere(context, phrase)
            ):
                continue
            written = " ".join(context.spec.source.slice(phrase.span).split())
            yield self.finding(
                context,
                phrase.span,
                f"`{written}` means something else to everybody who reads it",
                hint="Say what somebody would see, or a number with its unit.",
                clause=phrase.clause,
                fix=self._leave_out(context, phrase),
            )

    def _leave_out(self, context: Context, phrase: Phrase) -> Fix | None:
        """Only where the word can go without its sentence falling apart: an adverb, or an adjective before its noun."""
        tokens, word = context.words.tokens, phrase.words[-1]
        follows = tokens.rest(phrase.last)
        before = tokens.before(phrase.first, 1)
        adverb = word.endswith("ly") and word not in {"friendly", "timely"}
        attribute = follows == " " and before[:1] in (["a"], ["an"]) and len(phrase.words) == 1
        if not (adverb or attribute) or tokens.after(phrase.last, 1)[:1] in (["and"], ["or"], ["enough"]):
            return None
        edits = leave_out(context.spec.source, context.words, phrase.span, phrase.clause)
        return self.fix(f"Leave out `{context.spec.source.slice(phrase.span)}`", *edits) if edits else None


def _exact(context: Context, words: Words, phrase: Phrase) -> bool:
    """Whether the word is part of a name, or compares, asks or limits instead of praising."""
    tokens = words.tokens
    before, after = tokens.before(phrase.first, _NEAR), tokens.after(phrase.last, 2)
    last = before[-1] if before else ""
    if words.is_name(phrase.span.start, phrase.span.end):
        return True
    if after[:1] and after[0] in NAMED_BY_NEXT.get(phrase.words[-1], _NONE) and tokens.rest(phrase.last).isspace():
        return not (after[0] in WAYS and last in {"a", "an"})
    if set(before) & NAMED_BY_PREVIOUS.get(phrase.words[0], _NONE) or last in DEGREES:
        return True
    if last in _LOOPS and (last != "as" or after[:1] == ["as"] or not after or not tokens.rest(phrase.last).isspace()):
        return True  # as appropriate, where reasonable: LEX203; as fast as the old one: compared
    return last == "the" and _labels(context, phrase) and tokens.rest(phrase.last) == " "


def _labels(context: Context, phrase: Phrase) -> bool:
    """Whether the word tells one of two things from the other, and the spec calls it so elsewhere: the fast tier."""
    if phrase.clause in context.spec.clauses(SectionKind.INTERFACES):
        return True
    word, *rest = phrase.words[0], *context.words.tokens.after(phrase.last, 1)
    if word not in LABELS or not rest:
        return False
    named = rf"[`\"'“«*_]{word}[ -]{re.escape(rest[0])}\b|\b(?:{OPPOSITES})[ -]{re.escape(rest[0])}\b"
    capitals = rf"\b{word.capitalize()}[ -]{re.escape(rest[0].capitalize())}\b"
    text = context.spec.source.text
    return bool(re.search(named, text, re.IGNORECASE) or re.search(capitals, text))


def _measured_elsewhere(context: Context, phrase: Phrase) -> bool:
    return any(phrase.span.overlaps(span) for span in performance_spans(context))
