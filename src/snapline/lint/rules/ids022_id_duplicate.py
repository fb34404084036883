"""IDS022 id-duplicate."""

from __future__ import annotations

from collections.abc import Iterator

from snapline.base.diagnostics import Applicability, Finding, Severity
from snapline.base.text import Edit
from snapline.lint.clauses import id_text
from snapline.lint.rule import Context, Rule
from snapline.lint.splices import Numbering
from snapline.spec.model import Clause


class IdDuplicate(Rule):
    """Two clauses have the same id, or a clause has the id of one that an earlier approved revision had.

    ## Why it is bad

    An id names one promise for ever: in reviews, in sign-offs, in the history of results. Given to a second one, old
    evidence would seem to prove something that it never looked at.

    ## Example

    ```markdown
    - A1: An upload goes on after a reconnect.
    - A1: A full disk is reported as such.
    ```

    Better:

    ```markdown
    - A1: An upload goes on after a reconnect.
    - A2: A full disk is reported as such.
    ```

    ## How to fix

    Give the newer clause the next free number. Gaps in the numbering mean nothing.
    """

    code = "IDS022"
    name = "id-duplicate"
    severity = Severity.ERROR
    fixes = Applicability.SUGGESTED

    def check(self, context: Context) -> Iterator[Finding]:
        """One finding for each further clause of an id, and for each id of a clause that was removed."""
        numbering = Numbering(context)
        seen: dict[str, Clause] = {}
        for clause in context.spec.clauses():
            if not clause.written:
                continue
            first = seen.setdefault(clause.id, clause)
            if first is not clause:
                line = context.spec.source.position(first.span.start).line
                message = f"{clause.id} is the id of the clause in line {line} too"
            elif clause.id in context.retired:
                message = f"{clause.id} was the id of another clause in an earlier approved revision"
            else:
                continue
            free = numbering.take(clause.id[0])
            span = id_text(context.spec.source, clause)
            yield self.finding(
                context,
                span,
                message,
                hint=f"Ids are never used again; {free} is free.",
                clause=clause,
                fix=self.fix(f"Call it {free}", Edit(span, free)),
            )
