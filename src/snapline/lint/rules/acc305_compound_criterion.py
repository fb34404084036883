"""ACC305 compound-criterion."""

from __future__ import annotations

import re
from collections.abc import Iterator

from snapline.base.diagnostics import Applicability, Finding, Fix, Severity
from snapline.base.regex import regex
from snapline.base.text import Edit, Span
from snapline.lint.outcomes import separate, tokens_of
from snapline.lint.rule import Context, Rule
from snapline.lint.splices import Numbering, paragraph_end
from snapline.spec.model import Check, CheckKind, Clause

_LIKELY = regex(r"\b(?:and|then|but)\b|[;.!]\s+\S", re.IGNORECASE)
_PARTING = regex(r"[,;.]?\s+(?:and|but)\s+(?:then\s+|also\s+)?|[;.!]\s+", re.IGNORECASE)
_AUXILIARIES = frozenset({"is", "are", "was", "were", "be", "been", "gets", "get", "stays", "remains", "becomes"})


class CompoundCriterion(Rule):
    """A criterion promises more than one outcome and has one check for all of them.

    ## Why it is bad

    If the check fails, nobody knows which promise was broken; if it passes, nobody knows whether it looked at all of
    them.

    ## Example

    ```markdown
    - A1: An upload goes on after a reconnect and a full disk is reported: `$ pytest -q tests/upload`
    ```

    Better:

    ```markdown
    - A1: An upload goes on after a reconnect: `tests/upload/test_resume.py::test_reconnect`
    - A2: A full disk is reported: `tests/upload/test_disk.py::test_full`
    ```

    ## How to fix

    Make it two criteria, each with its own check, or give the one a check for each outcome. What stands behind "when"
    or "if" is a circumstance, no outcome; an exit status together with what is printed is one outcome; a list of things
    ("shows name and size") is one, too. Transcripts and scripts of several lines may decide several
    things, and so may a person.

    ## How sure it is

    It is an info, although a warning was wanted: on wordings that were held back until the rule was done it found six
    of ten compound criteria, and missed most that only join two outcomes by "and".
    """

    code = "ACC305"
    name = "compound-criterion"
    severity = Severity.INFO
    fixes = Applicability.SUGGESTED
    language = "en"

    def check(self, context: Context) -> Iterator[Finding]:
        """One finding for each criterion with several outcomes and one check, at the second outcome's sentence part."""
        numbering = Numbering(context)
        for clause in context.spec.criteria:
            text = context.words.told(clause)
            if not _LIKELY.search(text) or not _has_one_check(clause):
                continue
            tokens = tokens_of(text)
            promised = separate(tokens)
            if len(promised) > 1:
                first, second = tokens[promised[0].number], tokens[promised[1].number]
                at = _parting(text, first.end, second.start)
                shares = promised[1].passive and second.text not in _AUXILIARIES
                whole = not promised[2:] and not shares and at.end > at.start
                yield self.finding(
                    context,
                    Span(clause.body.start + at.end, clause.body.start + second.end),
                    "this promises a second outcome, and there is one check for all",
                    hint="Make it a criterion of its own, with its own check.",
                    clause=clause,
                    fix=self._split(context, clause, at, numbering) if whole else None,
                )

    def _split(self, context: Context, clause: Clause, at: Span, numbering: Numbering) -> Fix | None:
        """Two items with the same check, where the check stands behind both halves of one list item."""
        source, begin = context.spec.source, clause.body.start
        end = paragraph_end(source, clause)
        behind = [check.span.start for check in clause.executable] + [group.span.start for group in clause.groups]
        marker = source.text[clause.span.start : clause.span.start + 2]
        if end is None or not behind or min(behind) < begin + at.end or marker not in {"- ", "* ", "+ "}:
            return None
        if source.text[end : clause.body.end].strip() or source.position(clause.span.start).column > 1:
            return None
        half = source.text[begin + at.end : min(behind)].rstrip(" \t\r\n:")
        stop = begin + at.end + len(half)
        item = f"{source.text[stop:end]}{source.newline}{marker}{numbering.take('A')}: {half[:1].upper()}{half[1:]}"
        return self.fix("Make it two criteria", Edit(Span(begin + at.start, stop), item))


def _has_one_check(clause: Clause) -> bool:
    """Whether one check that does not do several things decides the criterion."""
    checks: tuple[Check, ...] = clause.executable
    if not checks:
        return False
    script = checks[0].kind is CheckKind.SCRIPT and "\n" in checks[0].text.strip()
    return len(checks) == 1 and not script and len(checks[0].steps) <= 1


def _parting(text: str, start: int, end: int) -> Span:
    """Where the second outcome's part begins: the last "and", full stop or semicolon between the two."""
    found = list(_PARTING.finditer(text, start, end))
    return Span(found[-1].start(), found[-1].end()) if found else Span(end, end)
