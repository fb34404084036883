"""ACC322 not-in-a-checkout."""

from __future__ import annotations

import re
from collections.abc import Iterator

from snapline.base.diagnostics import Finding, Severity
from snapline.base.regex import regex
from snapline.base.text import Span
from snapline.lint.checks import every_check, place
from snapline.lint.commands import needed_paths
from snapline.lint.invocations import Invocation
from snapline.lint.rule import Context, Rule, Uncommitted
from snapline.lint.shell import shell_text
from snapline.lint.shellwords import Word
from snapline.spec.model import Check, Clause

_LIKELY = regex(r"~|/Users/|/home/|[A-Za-z]:\\")
_HOME = regex(r"(?:[A-Za-z_]\w*=)?(?P<path>~(?:/.*)?)", re.DOTALL)
_MACHINE = regex(r"(?<![\w.~/:$}*-])(?:/Users/|/home/)|(?<!\w)[A-Za-z]:\\(?=\w)")
_IN_SCRIPT = regex(r"[\"'`](?P<path>~/|/Users/|/home/|[A-Za-z]:\\)")


class NotInACheckout(Rule):
    r"""A check names something that only this machine has: `~`, `/Users/`, `/home/`, `C:\`, an ignored or new file.

    ## Why it is bad

    A check runs in a fresh checkout of a commit, with an empty home. What git does not know is not there, so the check
    fails for a reason that has nothing to do with the work, or passes on the author's machine alone.

    ## Example

    ```markdown
    - A1: The sample is read: `$ python -m importer ~/samples/large.csv`
    - A2: The tool starts: `$ .venv/bin/tool --version`
    ```

    Better:

    ```markdown
    - A1: The sample is read: `$ python -m importer tests/samples/large.csv`
    - A2: The tool starts: `$ tool --version`
    ```

    ## How to fix

    Commit what the check needs, make it in the check, or let the environment's set-up (`[env]`) make it. Texts that a
    check only looks for or prints (`grep`, `echo`) are not meant.
    """

    code = "ACC322"
    name = "not-in-a-checkout"
    severity = Severity.WARNING

    def check(self, context: Context) -> Iterator[Finding]:
        """One finding for each word that names such a path."""
        for one in context.invocations:
            if _LIKELY.search(one.check.text):
                for word in _of_this_machine(one):
                    yield self._finding(context, one.clause, one.span(context.spec.source, word), _WHY)
        for clause, check in every_check(context.spec):
            if shell_text(check) is None and _LIKELY.search(check.text):
                yield from self._in_script(context, clause, check)
        if context.uncommitted:
            for needed in needed_paths(context.invocations):
                why = context.uncommitted.get(needed.path)
                if why is not None:
                    span = needed.invocation.span(context.spec.source, needed.word)
                    yield self._finding(context, needed.invocation.clause, span, _REASONS[why])

    def _in_script(self, context: Context, clause: Clause, check: Check) -> Iterator[Finding]:
        for match in _IN_SCRIPT.finditer(check.text):
            span = place(context.spec.source, check, match.start("path"), match.end("path"))
            yield self._finding(context, clause, span, _WHY)

    def _finding(self, context: Context, clause: Clause, span: Span, why: str) -> Finding:
        return self.finding(
            context,
            span,
            f"`{context.spec.source.slice(span)}` {why}",
            hint="A check runs in a fresh checkout with an empty home: commit what it needs, or make it in the check.",
            clause=clause,
        )


_SCRIPTED = frozenset({"awk", "gawk", "sed", "perl", "jq"})
"""Programs whose first operand is a script."""
_COMPARISONS = frozenset({"=", "==", "!=", "=~"})
_WHY = "is a place on this machine, not in a checkout"
_REASONS = {
    Uncommitted.IGNORED: "is ignored by git, so no checkout has it",
    Uncommitted.UNTRACKED: "is not committed, so no checkout has it",
}


def _says(one: Invocation) -> bool:
    """Whether all words are texts that are printed or compared."""
    return one.program in {"echo", "printf"} or (
        one.speaks and any(word.text in _COMPARISONS for word in one.arguments)
    )


def _of_this_machine(one: Invocation) -> Iterator[Word]:
    """The words that name a place on one machine; a text that is looked for or printed is none."""
    behind_pattern = not (one.searches or one.program in _SCRIPTED)
    option = ""
    for word in () if _says(one) else one.command.words:
        inside = word.start > one.argv[0].start if one.argv else False
        if inside and not behind_pattern and not word.text.startswith("-"):
            behind_pattern = one.program != "git" or option in {"-C", "--git-dir"}
        elif (word.bare and _HOME.fullmatch(word.text)) or _MACHINE.search(one.written(word)):
            yield word
        option = word.text
    yield from (word for word in one.command.files if _HOME.fullmatch(word.text) or _MACHINE.search(one.written(word)))
