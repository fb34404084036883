"""PLH102 open-question."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import ClassVar

from snapline.base.diagnostics import Applicability, Finding, Fix, Severity
from snapline.base.regex import regex
from snapline.base.text import Edit, Span
from snapline.lint.phrases import MOST_PER_CLAUSE
from snapline.lint.rewording import sentence
from snapline.lint.rule import Context, Rule
from snapline.lint.splices import Numbering, append_items, append_section, head, trimmed
from snapline.spec.model import ClarificationEntry, Clause, SectionKind

_QUESTION = regex(
    r"(?<=[\w)\]}\x00%'\"*_])[ ]?(?:[?？؟][!?？؟]{0,2}(?![\w?/&=-]))(?=[\s\x02\x03*_)\]'\"]|\Z)"  # noqa: RUF001 - full-width
)
_ASKING = regex(
    r"(?i:who|whom|whose|what|when|where|why|which|how|should|shall|could|can|do|does|did|is|are|will|would|may|must|has"
    r"|have|or|and|if|whether)(?!\w)"
)
_NEW_SENTENCE = regex(r"[ \t\r\n]*(?:[A-Z\x00\x02\x03(\d]|\Z)")
_BLOCKING = (SectionKind.ACCEPTANCE, SectionKind.INTERFACES)


class OpenQuestion(Rule):
    """A clause asks something, or a question under Clarifications has no answer.

    ## Why it is bad

    A promise that is a question promises nothing, and an agent does not wait for the answer: it gives one. In
    Acceptance and Interfaces, and for a question that somebody did ask, this is an error.

    ## Example

    ```markdown
    # Acceptance
    - A1: The export has a header. Should it have a footer too? (manual)
    ```

    Better:

    ```markdown
    # Acceptance
    - A1: The export has a header and no footer. (manual)
    ```

    ## How to fix

    Decide. Who cannot asks under Clarifications; the fix moves the question there, and approval waits for its answer.
    A question that the product asks belongs in quotation marks or code, where it is not looked at.
    """

    code = "PLH102"
    name = "open-question"
    severity = Severity.WARNING
    severities: ClassVar[Mapping[str, Severity]] = {"error": Severity.ERROR}
    fixes = Applicability.SUGGESTED

    def check(self, context: Context) -> Iterator[Finding]:
        """One finding for each question in a clause, and one for each question without an answer."""
        yield from self._unanswered(context)
        words = context.words
        if not any(mark in words.text for mark in "?？؟"):  # noqa: RUF001 - full-width ones count
            return
        numbering = Numbering(context)
        for section in context.spec.sections:
            for clause in section.clauses:
                text = words.of(clause)
                asking = (match.end() for match in _QUESTION.finditer(text) if _asks(text, match))
                marks = list(islice(asking, MOST_PER_CLAUSE))
                for end in marks:
                    blocking = section.kind in _BLOCKING
                    span = trimmed(context.spec.source, _sentence(context, clause, clause.body.start + end))
                    yield self.finding(
                        context,
                        span,
                        "the clause asks, where it should promise",
                        hint="Decide, or ask under Clarifications; quote a question that the product asks.",
                        clause=clause,
                        variant="error" if blocking else "",
                        fix=self._move(context, clause, span, numbering) if blocking and len(marks) == 1 else None,
                    )

    def _unanswered(self, context: Context) -> Iterator[Finding]:
        for clause in context.spec.clauses(SectionKind.CLARIFICATIONS):
            entry = clause.entry
            if isinstance(entry, ClarificationEntry) and not (entry.answer or "").strip() and entry.question.strip():
                yield self.finding(
                    context,
                    head(context.spec.source, clause),
                    "nobody has answered this question",
                    hint="The answer is written behind it: `**Answer:** ...`",
                    clause=clause,
                    variant="error",
                )

    def _move(self, context: Context, clause: Clause, span: Span, numbering: Numbering) -> Fix | None:
        """Ask it under Clarifications, where something of the clause is left without it."""
        spec, words = context.spec, context.words
        left = words.text[clause.body.start : span.start] + words.text[span.end : clause.body.end]
        asked = " ".join(spec.source.slice(span).split())
        if not clause.written or len(re.findall(r"\w{3,}", left)) < 3 or set(asked) & set("*_[]<>`"):  # noqa: PLR2004 - words of a sentence
            return None
        item = f"{numbering.take('Q')}: {asked} (clarifies {clause.id})"
        edit = append_items(spec, SectionKind.CLARIFICATIONS, [item])
        if edit is None and spec.section(SectionKind.CLARIFICATIONS) is None:
            edit = append_section(spec, SectionKind.CLARIFICATIONS, [item])
        if edit is None:
            return None
        start = span.start - (spec.source.text[span.start - 1] == " ")
        return self.fix("Ask it under Clarifications", Edit(Span(start, span.end), ""), edit)


def _asks(text: str, match: re.Match[str]) -> bool:
    """Whether a mark ends a question, rather than being part of a name in the middle of a sentence."""
    if not match[0].startswith(" ") and _NEW_SENTENCE.match(text, match.end()):
        return True
    before = re.split(r"[.!?;:,(\x02\x03]", text[max(0, match.start() - 300) : match.start()])[-1].strip(" \t\r\n*_")
    return _ASKING.match(before) is not None or text[match.end() : match.end() + 1] in (")", '"')


def _sentence(context: Context, clause: Clause, end: int) -> Span:
    """The question that ends at an offset."""
    return Span(sentence(context.words, end - 1, clause).start, end)
