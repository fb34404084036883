"""LEX203 loophole."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import ClassVar

from snapline.base.diagnostics import Applicability, Finding, Fix, Severity
from snapline.lint.lexicon.loopholes import ACTORS, KINDS, LOOPHOLES, MAKERS, SCENES, STATERS
from snapline.lint.phrases import Lexicon, Phrase
from snapline.lint.rewording import leave_out
from snapline.lint.rule import Context, Rule
from snapline.lint.words import Words
from snapline.spec.model import SectionKind

_PHRASES = Lexicon(*LOOPHOLES)
_TRYING = frozenset({"try", "tries"})
_ATTEMPTING = frozenset({"attempt", "attempts", "aim", "aims", "seek", "seeks"})
_MODALS = frozenset({"will", "must", "shall", "should", "may", "can"})
_SHORT = 4
"""Letters of words such as ``this``, ``does`` and ``uses``, which end like plurals."""
_NEED = frozenset({"needed", "necessary"})


class Loophole(Rule):
    """A clause lets itself off: if possible, as appropriate, where feasible, try to.

    ## Why it is bad

    Whoever does the work decides whether the clause holds at all. As a criterion it passes whatever happens: there it
    is an error.

    ## Example

    ```markdown
    # Acceptance
    - A1: The client resumes the upload if possible.
    ```

    Better:

    ```markdown
    # Acceptance
    - A1: The client resumes an upload that was interrupted less than 24 hours ago; an older one begins anew.
    ```

    ## How to fix

    Say under which condition it holds, and what holds else. The fix leaves the loophole out.
    """

    code = "LEX203"
    name = "loophole"
    severity = Severity.WARNING
    severities: ClassVar[Mapping[str, Severity]] = {"criterion": Severity.ERROR}
    fixes = Applicability.SUGGESTED
    language = "en"
    own_words = True

    def check(self, context: Context) -> Iterator[Finding]:
        """One finding for each loophole."""
        words = context.words
        criteria = {id(clause) for clause in context.spec.clauses(SectionKind.ACCEPTANCE)}
        for phrase in _PHRASES.find(words, context.settings.words.get(self.code, ())):
            if not _binding(words, phrase):
                yield self.finding(
                    context,
                    phrase.span,
                    f"`{' '.join(context.spec.source.slice(phrase.span).split())}` is a way out of the promise",
                    hint="Say when it holds, and what holds else.",
                    clause=phrase.clause,
                    variant="criterion" if id(phrase.clause) in criteria else "",
                    fix=self._close(context, phrase),
                )

    def _close(self, context: Context, phrase: Phrase) -> Fix | None:
        """Leave it out, where what is left is a sentence: not a verb that another one hangs on."""
        verb = phrase.words[-1] in {"to", "for"}
        if verb and not set(context.words.tokens.before(phrase.first, 1)) & _MODALS:
            return None
        if phrase.words[0] == "as" and "as" in phrase.words[2:]:
            return None
        edits = leave_out(context.spec.source, context.words, phrase.span, phrase.clause)
        return self.fix("Leave the way out, out", *edits) if edits else None


def _binding(words: Words, phrase: Phrase) -> bool:
    """Whether the phrase only looks like a loophole."""
    tokens, first = words.tokens, phrase.words[0]
    before, after = tokens.before(phrase.first, 3), tokens.after(phrase.last, 1)
    last = before[-1] if before else ""
    if first in _TRYING:
        return bool(set(before[-2:]) & SCENES)
    if first in _ATTEMPTING:
        return last not in ACTORS or bool(set(before[:-1]) & (SCENES - {"and", "then"}))
    if phrase.words[-1] == "possible":
        return tokens.rest(phrase.last).isspace() and any(_is_noun(word) for word in after)
    if phrase.words == ("as", "required"):
        return last in STATERS or after[:1] in (["by"], ["in"], ["for"], ["to"])
    if phrase.words[-1] in _NEED and first != "unless":
        return bool(set(before) & MAKERS) or "as" in before or after[:1] in (["by"], ["for"])
    return False


def _is_noun(word: str) -> bool:
    """Whether ``possible`` is the adjective of a word: where possible values are listed, even if possible losses ..."""
    return word in KINDS or (len(word) > _SHORT and word.endswith("s") and not word.endswith(("ss", "ous", "ways")))
