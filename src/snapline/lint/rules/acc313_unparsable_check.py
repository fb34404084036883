"""ACC313 unparsable-check."""

from __future__ import annotations

from collections.abc import Iterator

from snapline.base.diagnostics import Finding, Severity
from snapline.base.text import Span
from snapline.lint.checks import every_check, place
from snapline.lint.rule import Context, Rule
from snapline.lint.shell import ShellFault, shell_text
from snapline.spec.model import Check, CheckKind, Clause, FailureEntry, StepKind


class UnparsableCheck(Rule):
    """A check cannot be read: the shell rejects its syntax, its fence is never closed, or nothing runs its language.

    ## Why it is bad

    It would fail before the work and after it, for a reason that has nothing to do with either. An unclosed fence also
    swallows the rest of the file.

    ## Example

    ```markdown
    - A1: The option is documented: `$ grep -q "resume docs/cli.md`
    ```

    Better:

    ```markdown
    - A1: The option is documented: `$ grep -q "resume" docs/cli.md`
    ```

    ## How to fix

    Correct what the shell names. Scripts are `sh`, `bash`, `python` or `node`; anything else is started by a command.
    """

    code = "ACC313"
    name = "unparsable-check"
    severity = Severity.ERROR

    def check(self, context: Context) -> Iterator[Finding]:
        """One finding for each text that a shell refuses; fences and languages are the parser's."""
        if not context.shell_faults:
            return
        for clause, check in every_check(context.spec):
            text = shell_text(check)
            fault = context.shell_faults.get(text) if text is not None else None
            if fault:
                yield self._refused(context, clause, _line_of(context, check, fault), fault)
        for clause in context.spec.clauses():
            for step in clause.entry.steps if isinstance(clause.entry, FailureEntry) else ():
                fault = context.shell_faults.get(step.text) if step.kind is StepKind.COMMAND else None
                if fault:
                    yield self._refused(context, clause, step.span, fault)

    def _refused(self, context: Context, clause: Clause, span: Span, fault: ShellFault) -> Finding:
        return self.finding(
            context,
            span,
            f"the shell cannot read this: {fault.message}",
            hint="`bash -n` says the same; look for a quote or a bracket that is not closed.",
            clause=clause,
        )


def _line_of(context: Context, check: Check, fault: ShellFault) -> Span:
    """The line that the shell complains about; the whole check where lines are not the shell's."""
    lines = check.text.rstrip().split("\n")
    if check.kind is CheckKind.TRANSCRIPT:
        return check.span
    number = max(1, min(fault.line, len(lines)))  # an early end is reported behind the last line
    start = sum(len(line) + 1 for line in lines[: number - 1])
    text = lines[number - 1]
    return place(context.spec.source, check, start + len(text) - len(text.lstrip()), start + len(text.rstrip()))
