"""ACC308 exact-text-missing."""

from __future__ import annotations

import re
from collections.abc import Iterator

from snapline.base.diagnostics import Finding, Severity
from snapline.base.regex import regex
from snapline.base.text import Span
from snapline.lint.rule import Context, Rule
from snapline.lint.words import CODE
from snapline.spec.model import CheckKind, Clause

_SPOKEN_OF = frozenset({"error", "errors", "message", "messages", "option", "warning", "warnings"})
_SHOWN = (
    r"(?:show|display|print|return|report|raise|give|get|see|say|emit|receive|log|throw|output|render|produce|present"
    r"|append|write|contain|include|read|find|answer|respond|reply|fail|exit|end|refuse|reject|abort|stop)"
)
_FORMS = r"(?:s|es|ed|ing|n|d|led|ied|ies)?"
_PAST = (
    r"shown|given|said|seen|got|thrown|written|found|prints?|told|tells?|informed|warns?|warned|met|greeted|presented"
)
_BETWEEN = r"(?:\s+(?!(?:no|not|without|any|never|when|if|after|zero|and|or|than)\b)[a-z-]+){0,5}?"
_TEXT = (
    r"(?P<what>(?:(?!(?:an?|the|its?|no|any|zero|this|that|each|every|without|all)\s)[a-z-]+\s+)?"
    r"(?:error\s+messages?|messages?|errors?|warnings?))"
)
_NO_TEXT = (
    r"(?!\s*(?:rates?|handling|budget|logs?|codes?|paths?|cases?|pages?|queues?|brokers?|bus|counts?|counter|sizes?|format"
    r"|types?|class(?:es)?|bound|bars?|handlers?|reports?|brokering|passing|ids?|bodies|body|stores?|lists?|box(?:es)?|tracking)\b)"
)
_OUTPUT = regex(
    rf"\b(?:{_SHOWN}{_FORMS}|{_PAST})\b{_BETWEEN}\s+{_TEXT}\b{_NO_TEXT}"
    rf"|\bwith\s+(?:an?|the|its)\s+{_TEXT.replace('<what>', '<with>')}\b{_NO_TEXT}"
    rf"|(?<!no )(?<!without )(?<!any )\b{_TEXT.replace('<what>', '<subject>')}\b{_NO_TEXT}"
    r"(?:\s+(?!(?:and|or|when|if|after|not|never|no)\b)[a-z-]+){0,5}?\s+"
    r"(?:(?:is|are|gets|must\s+be|will\s+be)\s+(?:[a-z]+ly\s+)?(?:shown|displayed|printed|returned|reported|raised"
    r"|logged|given|emitted|written|visible|sent\s+to\s+the\s+user)"
    r"|appears?|says?|tells?|names|explains?|mentions|states)\b",
    re.IGNORECASE,
)
_OPTION = regex(
    r"\b(?:an?|the|this|one|another)\s+(?:new\s+|command[- ]line\s+|[a-z-]+\s+)?(?P<option>option)\b"
    r"(?!\s*(?:to|of|for\s+the\s+user\s+to|that|list|group|menu|page|parser|value|names?)\b)",
    re.IGNORECASE,
)
_EXACT_NEXT_TO_IT = regex(r"\s*(?:code\s+|status\s+)?\d|\s*(?:is\s+)?\x00")
_NUMBERED = regex(r"\b(?:\d{3}|[45]xx)\s+\Z", re.IGNORECASE)
_OF_SOMEBODY = regex(
    r"\b(?:latest|first|last|next|unread|sent|received|old|oldest|newest|chat|mail|e-?mail|text|commit|private|direct|queued"
    r"|stored|same|incoming|outgoing)\s+messages?\Z",
    re.IGNORECASE,
)
"""Messages that people or programs send each other: nothing that a program says about its work."""
_QUOTED = regex(r"[\"'“„«][^\"'”“»]{2,}[\"'”“»]")


class ExactTextMissing(Rule):
    """A criterion speaks of an error, a message or an option that somebody will see, and quotes none.

    ## Why it is bad

    "A helpful error message is shown" is satisfied by any text. Whoever writes the test has to guess the words, the
    documentation another time, and a search for the message in the code finds nothing.

    ## Example

    ```markdown
    - A1: An error message is shown when the disk is full. (manual)
    - A2: The new option is documented: `$ upload --help`
    ```

    Better:

    ```markdown
    - A1: "disk full: 3 MB needed" is shown when the disk is full. (manual)
    - A2: `--resume` is documented: `$ upload --help | grep -e --resume`
    ```

    ## How to fix

    Quote the words, or write the name of the option in code. A transcript quotes, too.
    """

    code = "ACC308"
    name = "exact-text-missing"
    severity = Severity.WARNING
    language = "en"

    def check(self, context: Context) -> Iterator[Finding]:
        """One finding for each criterion that speaks of such a text without quoting any."""
        if _SPOKEN_OF.isdisjoint(context.words.present):
            return
        for clause in context.spec.criteria:
            text = context.words.told(clause)
            if _quotes(clause, text):
                continue
            found = next(_spoken_of(text), None)
            if found is not None:
                start, end = found
                yield self.finding(
                    context,
                    Span(clause.body.start + start, clause.body.start + end),
                    f"which {text[start:end].split()[-1].lower()} exactly? None is quoted",
                    hint="Quote its words, or write its name in code.",
                    clause=clause,
                )


def _spoken_of(text: str) -> Iterator[tuple[int, int]]:
    """Where a text speaks of what somebody sees, but for what has its number beside it."""
    for pattern in (_OUTPUT, _OPTION):
        for match in pattern.finditer(text):
            start, end = match.span(match.lastgroup or 0)
            exact = _EXACT_NEXT_TO_IT.match(text, end) or _NUMBERED.search(text[:start])
            if not exact and not _OF_SOMEBODY.search(text, 0, end):
                yield start, end


def _quotes(clause: Clause, text: str) -> bool:
    """Whether a criterion holds the exact text: code or a quotation that is no check, or one inside a command."""
    checks = {check.span for check in clause.executable}
    if any(code.span not in checks for code in clause.code) or any(f.span not in checks for f in clause.fences):
        return True
    if any(check.kind in {CheckKind.TRANSCRIPT, CheckKind.SCRIPT} for check in clause.executable):
        return True
    if any(_QUOTED.search(check.text) or "grep" in check.text for check in clause.executable):
        return True
    return text.count(CODE) > sum(check.span.end - check.span.start for check in clause.executable)
