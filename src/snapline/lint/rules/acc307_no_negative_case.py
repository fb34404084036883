"""ACC307 no-negative-case."""

from __future__ import annotations

import re
from collections.abc import Iterator

from snapline.base.diagnostics import Applicability, Finding, Fix, Severity
from snapline.base.regex import regex
from snapline.lint.rule import Context, Rule
from snapline.lint.splices import Numbering, append_items
from snapline.spec.model import Clause, ReferenceWord, SectionKind, Spec

_NEGATIVE_WORDS = """
    error errors erroneous fail fails failed failing failure failures fault faults faulty wrong wrongly bad broken break
    breaks breaking corrupt corrupted corruption invalid illegal malformed unreadable unparsable garbage empty blank
    missing absent absence lack lacks lacking unknown unexpected unsupported undefined nonexistent null none zero nobody
    nothing negative reject rejects rejected rejection refuse refuses refused refusal deny denies denied forbid forbids
    forbidden unauthorised unauthorized unauthenticated not never cannot can't doesn't don't won't isn't aren't without
    unable no neither nor timeout timeouts expire expires expired abort aborts aborted cancel cancels cancelled canceled
    interrupt interrupts interrupted interruption drop drops dropped lost lose loses disconnect disconnects disconnected
    offline down unreachable unavailable crash crashes crashed kill kills killed limit limits exceed exceeds exceeded
    exceeding overflow oversize oversized overlong too maximum maximal minimum minimal most least full beyond boundary
    boundaries edge duplicate duplicated duplicates twice conflict conflicts conflicting collision collisions overlap
    overlaps overlapping exception exceptions warn warns warned warning warnings deadlock deadlocks race races nonzero
    retry retries retried incomplete partial partially truncated stale gone deleted removed timed rejected
"""
_NEGATIVE = frozenset(_NEGATIVE_WORDS.split())
_WORD = regex(r"[a-z]+(?:['’][a-z]+)?", re.IGNORECASE)  # noqa: RUF001 - an apostrophe that editors put in
_PHRASE = regex(
    r"\b(?:times?\s+out|rolls?\s+back|rolled\s+back|[45]\d\d|[45]xx|exit(?:s|\s+status|\s+code)?\s+(?:with\s+)?[1-9])\b",
    re.IGNORECASE,
)
_IN_CHECKS = regex(
    r"(?:^|[^a-z])!\s|(?<![a-z])(?:error|fail|invalid|empty|missing|bad|wrong|reject|refus|den(?:y|ied)|limit|overflow"
    r"|timeout|negative|unknown|malformed|corrupt|without|absent|broken|duplicate|conflict|raises|exceed"
    r"|(?:no|not|too|none|zero)(?![a-z]))",
    re.IGNORECASE,
)


class NoNegativeCase(Rule):
    """No criterion is about an error, an empty or invalid input, a limit, or anything else that goes wrong.

    ## Why it is bad

    Most of the work that is sent back fails where nobody had looked: on the empty list, the second click, the full
    disk. What is not asked for is decided by whoever writes the code.

    ## Example

    ```markdown
    # Acceptance
    - A1: An upload goes on after a reconnect: `$ pytest -q tests/upload`
    ```

    Better:

    ```markdown
    # Acceptance
    - A1: An upload goes on after a reconnect: `$ pytest -q tests/upload`
    - A2: An empty file is refused: `tests/upload/test_client.py::test_empty`
    ```

    ## How to fix

    Add a criterion for the case that is likely to go wrong. The fix drafts one for a person to judge.
    """

    code = "ACC307"
    name = "no-negative-case"
    severity = Severity.INFO
    fixes = Applicability.SUGGESTED
    language = "en"

    def check(self, context: Context) -> Iterator[Finding]:
        """At most one finding, at the heading of Acceptance."""
        spec = context.spec
        section = spec.section(SectionKind.ACCEPTANCE)
        if section is None or not spec.criteria or any(_is_negative(context, one) for one in spec.criteria):
            return
        yield self.finding(
            context,
            section.name_span,
            "no criterion is about an error, an empty or invalid input, or a limit",
            hint="Say what happens when it goes wrong: what is refused, what stays as it was.",
            fix=self._draft(context),
        )

    def _draft(self, context: Context) -> Fix | None:
        goal = _proved_goal(context.spec)
        options = f"({goal}, manual)" if goal else "(manual)"
        item = f"{Numbering(context).take('A')}: Empty and invalid input is refused. {options}"
        edit = append_items(context.spec, SectionKind.ACCEPTANCE, [item])
        return self.fix("Draft one", edit) if edit else None


def _is_negative(context: Context, clause: Clause) -> bool:
    """Whether a criterion's words or the names in its checks speak of something that goes wrong."""
    text = context.words.told(clause)
    if not _NEGATIVE.isdisjoint(word.lower().replace("’", "'") for word in _WORD.findall(text)):  # noqa: RUF001
        return True
    return _PHRASE.search(text) is not None or any(_IN_CHECKS.search(one.text) for one in clause.executable)


def _proved_goal(spec: Spec) -> str | None:
    """A goal that a criterion names already, so that the draft changes nothing about which goals are proved."""
    written = {clause.id for clause in spec.clauses(SectionKind.GOAL) if clause.written}
    named = (
        one.clause
        for clause in spec.criteria
        for one in clause.references
        if one.spec is None and one.word is ReferenceWord.PARENTHESES
    )
    return next((one for one in named if one in written), None)
