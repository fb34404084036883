"""IDS023 wrong-letter."""

from __future__ import annotations

from collections.abc import Iterator

from snapline.base.diagnostics import Applicability, Finding, Severity
from snapline.base.text import Edit
from snapline.lint.clauses import id_text, wrongly_lettered
from snapline.lint.rule import Context, Rule
from snapline.lint.splices import Numbering


class WrongLetter(Rule):
    """A clause has the letter of another section.

    ## Why it is bad

    The letter says what a clause is: `G` a goal, `C` a constraint, `I` an interface, `A` a criterion, `F` a part of the
    failure plan, `T` a task, `Q` a question. `A1` under Goal would be taken for a criterion, and no check decides it.

    ## Example

    ```markdown
    # Goal
    - A1: An upload goes on after a reconnect.
    ```

    Better:

    ```markdown
    # Goal
    - G1: An upload goes on after a reconnect.
    ```

    ## How to fix

    Give it the section's letter, or move the clause to the section that it was written for.
    """

    code = "IDS023"
    name = "wrong-letter"
    severity = Severity.ERROR
    fixes = Applicability.SUGGESTED

    def check(self, context: Context) -> Iterator[Finding]:
        """One finding for each written id whose letter is not its section's."""
        numbering = Numbering(context)
        for kind, clause in wrongly_lettered(context.spec):
            letter = kind.letter
            if letter is None:
                continue
            free = numbering.take(letter)
            span = id_text(context.spec.source, clause)
            yield self.finding(
                context,
                span,
                f"{clause.id} stands under {kind}, whose clauses are {letter}1, {letter}2, ...",
                hint=f"Call it {free}, or move it.",
                clause=clause,
                fix=self.fix(f"call it {free}", Edit(span, free)),
            )
