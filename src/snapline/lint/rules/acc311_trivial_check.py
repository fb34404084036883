"""ACC311 trivial-check."""

from __future__ import annotations

from collections.abc import Iterator

from snapline.base.diagnostics import Finding, Severity
from snapline.lint.checks import every_check
from snapline.lint.rule import Context, Rule
from snapline.lint.shell import shell_text, simple_commands
from snapline.spec.model import Check, CheckKind

_ALWAYS = frozenset(
    {
        ("true",),
        ("/bin/true",),
        ("/usr/bin/true",),
        (":",),
        ("exit",),
        ("exit", "0"),
        ("test", "1"),
        ("test", "1", "-eq", "1"),
        ("[", "1", "]"),
        ("[", "1", "-eq", "1", "]"),
        ("[[", "1", "]]"),
    }
)
_PRINTERS = frozenset({"echo", "printf"})


class TrivialCheck(Rule):
    """A check passes whatever the work is.

    The whole command is `true`, `:`, `echo ...`, `printf ...`, `exit 0`, `test 1`; or a transcript has no `$ ` line.

    ## Why it is bad

    It looks like proof in every report, and proves nothing. It also hides that the criterion has no check.

    ## Example

    ```markdown
    - A1: An upload goes on after a reconnect: `$ echo ok`
    ```

    Better:

    ```markdown
    - A1: An upload goes on after a reconnect: `$ pytest -q tests/upload/test_resume.py`
    ```

    ## How to fix

    Write a command whose exit status depends on the work, or say `(manual)`.
    """

    code = "ACC311"
    name = "trivial-check"
    severity = Severity.ERROR

    def check(self, context: Context) -> Iterator[Finding]:
        """One finding for each check that cannot fail."""
        for clause, check in every_check(context.spec):
            if check.kind is CheckKind.TRANSCRIPT and not check.steps:
                yield self.finding(
                    context,
                    check.span,
                    "this transcript runs nothing: no line begins with `$ `",
                    hint="Begin each command's line with `$ `; what follows is the output that it must have.",
                    clause=clause,
                )
            elif _always_passes(check):
                yield self.finding(
                    context,
                    check.span,
                    "this check always passes",
                    hint="Its exit status must depend on the work; or say `(manual)`.",
                    clause=clause,
                )


def _always_passes(check: Check) -> bool:
    text = shell_text(check)
    if text is None or check.kind is CheckKind.TRANSCRIPT:
        return False
    commands = simple_commands(text)
    return commands is not None and all(one in _ALWAYS or one[0] in _PRINTERS for one in commands)
