"""ACC316 check-not-marked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import ClassVar

from snapline.base.diagnostics import Applicability, Finding, Severity
from snapline.base.text import Edit
from snapline.lint.checks import judged_by_person
from snapline.lint.commands import is_test_file, looks_like_command
from snapline.lint.rule import Context, Rule
from snapline.lint.splices import insertion
from snapline.spec.model import (
    Clause,
    ConstraintEntry,
    ConstraintWord,
    FailureEntry,
    FailureWord,
    Fence,
    SectionKind,
    Spec,
)

_SHELL_FENCES = frozenset({"shell", "shell-session"})
_READ = frozenset({FailureWord.ROLL_BACK_WHEN, FailureWord.ROLLBACK, FailureWord.VERIFY_ROLLBACK})


class CheckNotMarked(Rule):
    """Where commands are read, something looks like a check and is none.

    A code span looks like a command but does not begin with `$ `, or it is a bare test file, or a fence's language is
    `shell`.

    ## Why it is bad

    It will not be run. The criterion looks executable and is not; whoever reads the review believes that the command
    passed.

    ## Example

    ```markdown
    - A1: An upload goes on after a reconnect: `pytest -q tests/upload`
    - A2: A full disk is reported: `tests/upload/test_disk.py`
    ```

    Better:

    ```markdown
    - A1: An upload goes on after a reconnect: `$ pytest -q tests/upload`
    - A2: A full disk is reported: `tests/upload/test_disk.py::test_message`
    ```

    ## How to fix

    Put `$ ` in front. Name a test by `file::test`. Write output to compare as a `console` fence, a script as
    `sh check`. It is an error where the clause has no other check, else a warning.
    """

    code = "ACC316"
    name = "check-not-marked"
    severity = Severity.ERROR
    severities: ClassVar[Mapping[str, Severity]] = {"another check": Severity.WARNING}
    fixes = Applicability.SUGGESTED

    def check(self, context: Context) -> Iterator[Finding]:
        """One finding for each code span and fence that looks like a check and is none."""
        for clause in _where_commands_are_read(context.spec):
            variant = "another check" if _has_check(clause) else ""
            yield from self._spans(context, clause, variant)
            for fence in clause.fences:
                if fence.info.split()[:1] and fence.info.split()[0].lower() in _SHELL_FENCES:
                    yield self._fence(context, clause, fence, variant)

    def _spans(self, context: Context, clause: Clause, variant: str) -> Iterator[Finding]:
        for code in clause.code:
            text = code.text.strip()
            if is_test_file(text):
                message, command = f"`{text}` names a test file, which is not run", f"$ python -m pytest -q {text}"
                edits, hint = (Edit(code.inner, command),), f"Name a test in it (`{text}::test_name`), or a command."
            elif looks_like_command(text):
                message, hint = f"`{text}` is not run: a command begins with `$ `", f"Write `` `$ {text}` ``."
                edits = (insertion(code.inner.start, "$ "),)
            else:
                continue
            fix = self.fix("Make it a command", *edits)
            yield self.finding(context, code.span, message, hint=hint, clause=clause, variant=variant, fix=fix)

    def _fence(self, context: Context, clause: Clause, fence: Fence, variant: str) -> Finding:
        word = fence.info.split()[0]
        prompts = any(line.startswith("$ ") for line in fence.text.splitlines())
        better = "console" if prompts else "sh check"
        return self.finding(
            context,
            fence.info_span,
            f"a `{word}` fence is not run",
            hint=f"Write `{better}`: {'commands with their output' if prompts else 'a script that must exit 0'}.",
            clause=clause,
            variant=variant,
            fix=self.fix(f"Make it `{better}`", Edit(fence.info_span, better)),
        )


def _where_commands_are_read(spec: Spec) -> Iterator[Clause]:
    yield from spec.criteria
    for clause in spec.clauses(SectionKind.CONSTRAINTS):
        if isinstance(clause.entry, ConstraintEntry) and clause.entry.word is ConstraintWord.KEEP_PASSING:
            yield clause
    for clause in spec.clauses(SectionKind.FAILURE_PLAN):
        if isinstance(clause.entry, FailureEntry) and clause.entry.word in _READ:
            yield clause


def _has_check(clause: Clause) -> bool:
    entry = clause.entry
    if isinstance(entry, ConstraintEntry):
        return bool(entry.checks or entry.ids)
    if isinstance(entry, FailureEntry):
        return bool(entry.checks or entry.ids or entry.steps)
    return bool(clause.executable) or judged_by_person(clause)
