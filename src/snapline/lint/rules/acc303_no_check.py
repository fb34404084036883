"""ACC303 no-check."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import ClassVar

from snapline.base.diagnostics import Applicability, Finding, Fix, Severity
from snapline.lint.checks import judged_by_person
from snapline.lint.rule import Context, Rule
from snapline.lint.splices import head, insertion, paragraph_end
from snapline.spec.model import Clause


class NoCheck(Rule):
    """A criterion has no check that can be run, and is not marked as judged by a person.

    ## Why it is bad

    It is legal: a person will be asked to sign it. But nobody has said so, and often a command was meant and forgotten.
    What a machine could decide in a second then waits for somebody's attention at each attempt.

    ## Example

    ```markdown
    - A1: An upload goes on after a reconnect.
    ```

    Better, either:

    ```markdown
    - A1: An upload goes on after a reconnect: `$ pytest -q tests/upload/test_resume.py`
    - A2: The message is understood by somebody who has never seen it. (manual: @alice)
    ```

    ## How to fix

    Add a command, a transcript, a script or a test, or say `(manual)`. With the setting `strict` this is an error.
    """

    code = "ACC303"
    name = "no-check"
    severity = Severity.WARNING
    severities: ClassVar[Mapping[str, Severity]] = {"strict": Severity.ERROR}
    fixes = Applicability.SUGGESTED

    def check(self, context: Context) -> Iterator[Finding]:
        """One finding for each criterion that is neither executable nor marked."""
        variant = "strict" if context.settings.strict else ""
        for clause in context.spec.criteria:
            if not clause.executable and not judged_by_person(clause):
                yield self.finding(
                    context,
                    head(context.spec.source, clause),
                    "nothing decides this criterion but a person",
                    hint="Add a check (`$ command`, a test, a transcript), or say `(manual)`.",
                    clause=clause,
                    variant=variant,
                    fix=self._mark(context, clause),
                )

    def _mark(self, context: Context, clause: Clause) -> Fix | None:
        end = paragraph_end(context.spec.source, clause)
        return None if end is None else self.fix("Mark it as judged by a person", insertion(end, " (manual)"))
