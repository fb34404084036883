"""CON505 almost-vocabulary."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import ClassVar

from snapline.base.diagnostics import Applicability, Finding, Fix, Severity
from snapline.base.text import Edit, Span
from snapline.lint.near_words import NearWord, near_constraint, near_failure
from snapline.lint.rule import Context, Rule
from snapline.lint.splices import trimmed
from snapline.spec.model import Clause, SectionKind

_EMPHASIS = re.compile(r"[*_]+")
_VALUES_ONLY = re.compile(r"(?:`[^`]+`|[,;\s.]|\band\b|\bor\b|\bin\b)*", re.IGNORECASE)


class AlmostVocabulary(Rule):
    """A clause opens with something that is nearly an entry of the vocabulary.

    `Only change` and `Don't touch` are, and so is a word without its colon.

    ## Why it is bad

    The author believes that a boundary is enforced. It is prose, and nobody enforces it.

    ## Example

    ```markdown
    # Constraints
    - C1: Don't touch `src/auth/**`
    - C2: Keep passing `$ pytest -q`
    ```

    Better:

    ```markdown
    # Constraints
    - C1: Do not change: `src/auth/**`
    - C2: Keep passing: `$ pytest -q`
    ```

    ## How to fix

    Write the entry as the vocabulary has it, with its colon. `Only change`, `Don't touch` and `Do not touch` with a
    path are errors, anything else that comes near is a warning.
    """

    code = "CON505"
    name = "almost-vocabulary"
    severity = Severity.WARNING
    severities: ClassVar[Mapping[str, Severity]] = {"plain": Severity.ERROR}
    fixes = Applicability.SAFE

    def check(self, context: Context) -> Iterator[Finding]:
        """One finding for each clause of Constraints and Failure plan that nearly opens with an entry."""
        broken = {fault.clause for fault in context.faults.get("CON506", ())}
        readings = ((SectionKind.CONSTRAINTS, near_constraint), (SectionKind.FAILURE_PLAN, near_failure))
        for kind, reading in readings:
            for clause in context.spec.clauses(kind):
                if clause.entry is not None or {clause.id, clause.shown} & broken:
                    continue
                start = _opening(context, clause)
                near = reading(context.spec.source.text[start : trimmed(context.spec.source, clause.body).end])
                if near:
                    yield self._near(context, clause, near, start)

    def _near(self, context: Context, clause: Clause, near: NearWord, start: int) -> Finding:
        span = trimmed(context.spec.source, Span(start, start + near.length))
        written = context.spec.source.slice(span)
        entry = f"{near.word}:" if near.takes_value else str(near.word)
        return self.finding(
            context,
            span,
            f"`{written}` is nearly `{entry}`, but is read as prose",
            hint=f"Write `{entry}`; values are in code spans, parted by commas.",
            clause=clause,
            variant="plain" if near.plain else "",
            fix=self._correct(context, clause, near, start, entry),
        )

    def _correct(self, context: Context, clause: Clause, near: NearWord, start: int, entry: str) -> Fix | None:
        """The entry in place of what is written; none where prose among the values would make it an error."""
        rest = context.spec.source.text[start + near.length : clause.body.end]
        if near.takes_value and rest.startswith("`") and not _VALUES_ONLY.fullmatch(rest):
            return None
        text = f"{entry} " if near.takes_value else entry
        return self.fix(f"write {entry}", Edit(Span(start, start + near.length), text))


def _opening(context: Context, clause: Clause) -> int:
    """Where the words of a clause begin, after emphasis."""
    match = _EMPHASIS.match(context.spec.source.text, clause.body.start)
    return match.end() if match else clause.body.start
