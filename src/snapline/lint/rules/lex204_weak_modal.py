"""LEX204 weak-modal."""

from __future__ import annotations

from collections.abc import Iterator

from snapline.base.diagnostics import Applicability, Finding, Fix, Severity
from snapline.base.text import Span
from snapline.lint.lexicon.modals import AUXILIARIES, DETERMINERS, LINKS, MODALS, RELATIVES
from snapline.lint.phrases import Lexicon, Phrase
from snapline.lint.rewording import put
from snapline.lint.rule import Context, Rule
from snapline.lint.words import BREAK, Words
from snapline.spec.model import SectionKind

_PHRASES = Lexicon(*MODALS)
_LOOK_BACK = 25
"""Words in front of a modal in which the beginning of its clause is looked for."""
_SUBJECT = 3
"""Words of the longest subject between a subordinator and its modal."""

_JOINTS = frozenset({"and", "or", "but", "then"})


class WeakModal(Rule):
    """The main verb of a criterion is may, might, could or should.

    ## Why it is bad

    What should be need not be: a criterion that the result may meet is met by every result. A reviewer and an agent
    read `should` differently, and both are right.

    ## Example

    ```markdown
    # Acceptance
    - A1: The upload should go on after a reconnect.
    ```

    Better:

    ```markdown
    # Acceptance
    - A1: The upload goes on after a reconnect.
    ```

    ## How to fix

    Say what happens, or `must`. In a side clause (`a file that may be empty`, `the message says that the file could
    not be read`) the words are exact, and left alone.
    """

    code = "LEX204"
    name = "weak-modal"
    severity = Severity.WARNING
    fixes = Applicability.SUGGESTED
    language = "en"
    own_words = True

    def check(self, context: Context) -> Iterator[Finding]:
        """One finding for each criterion's modal that is not in a side clause."""
        words = context.words
        criteria = {id(clause) for clause in context.spec.clauses(SectionKind.ACCEPTANCE)}
        for phrase in _PHRASES.find(words, context.settings.words.get(self.code, ())):
            if id(phrase.clause) in criteria and _is_main(words, phrase):
                yield self.finding(
                    context,
                    phrase.span,
                    f"`{context.spec.source.slice(phrase.span)}` promises nothing as the verb of a criterion",
                    hint="Say what happens, or `must`.",
                    clause=phrase.clause,
                    fix=self._strengthen(context, phrase),
                )

    def _strengthen(self, context: Context, phrase: Phrase) -> Fix | None:
        span = Span(phrase.span.start, context.words.tokens.ends[phrase.first])
        if phrase.words != ("should",):
            return None  # what may happen is not what must
        return self.fix("Write `must`", put(context.words, span, "must"))


def _is_main(words: Words, phrase: Phrase) -> bool:
    tokens, start = words.tokens, phrase.span.start
    written = words.text[start : phrase.span.end]
    after = tokens.after(phrase.last, 2)
    if written == "May" or not after or not tokens.rest(phrase.last).isspace():
        return False  # the month, or a word that is spoken of
    if words.opens_sentence(start):
        # "Should resume" lacks its subject; "Should the line drop" is a condition, "Could it" a question.
        return after[0] not in DETERMINERS
    if words.text.rfind("(", max(0, start - 80), start) > words.text.rfind(")", max(0, start - 80), start):
        return False
    return not _subordinate(words, phrase)


def _subordinate(words: Words, phrase: Phrase) -> bool:
    """Whether the modal belongs to a side clause: its subject is all that stands between it and what begins one."""
    tokens, number = words.tokens, phrase.first
    for subject in range(_LOOK_BACK):
        gap = tokens.gap(number)
        if number == 0 or any(mark in gap for mark in f".!?:;{BREAK}"):
            return False
        number -= 1
        word = tokens.words[number]
        if "," in gap:
            return subject == 0 and word in LINKS
        if word in LINKS:
            return subject <= _SUBJECT and not _has_verb(tokens.words[number : phrase.first])
        if word in _JOINTS and subject == 0:
            return False
    return False


def _has_verb(side: list[str]) -> bool:
    """Whether a side clause, with the word that begins it, has its verb already, so that the modal is the main one."""
    first, *between = side
    if any(word in AUXILIARIES or word.endswith("ed") for word in between):
        return True
    return first in RELATIVES and len(between) > 1 and between[0].endswith("s") and between[0] not in DETERMINERS
