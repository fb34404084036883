"""ACC324 existence-only."""

from __future__ import annotations

import re
from collections.abc import Iterator

from snapline.base.diagnostics import Applicability, Finding, Fix, Severity
from snapline.base.regex import regex
from snapline.lint.checks import judged_by_person
from snapline.lint.invocations import Invocation
from snapline.lint.rule import Context, Rule
from snapline.lint.splices import insertion, paragraph_end
from snapline.spec.model import Check, CheckKind, Clause

_LIKELY = regex(r"grep|\b(?:test|ls|stat|rg|ag|cat|find)\b|\[")
_TESTS = frozenset({"test", "[", "[["})
_THERE = frozenset({"-e", "-f", "-d", "-s", "-r", "-x", "-L", "-h"})
_LISTERS = frozenset({"ls", "stat", "cat", "find"})
_GREPS = frozenset({"grep", "egrep", "fgrep", "rg", "ag"})
_ABSENT = regex(r"-\w*[vL]\w*|--invert-match|--files-without-match")
_READERS = frozenset({"head", "tail", "wc", "sort", "uniq"})
_NEUTRAL = frozenset({"cd", "set", "export", "echo", "printf", "true", ":", "", "exit", "for", "done", "fi"})
_SOURCE = regex(
    r".*\.(?:py|pyi|js|jsx|mjs|cjs|ts|tsx|vue|svelte|go|rs|java|kt|kts|scala|rb|php|cs|c|h|cc|cpp|cxx|hpp|m|swift|dart|ex|exs|erl|hs"
    r"|ml|clj|lua|pl|r|jl|sh|bash|sql|css|scss|html?|proto)"
    r"|(?:\./)?(?:src|lib|app|apps|pkg|packages|cmd|internal|server|client|web|api|core|tests?)(?:/.*)?|\.{1,2}/?",
    re.IGNORECASE,
)


class ExistenceOnly(Rule):
    """A criterion is only decided by whether a file is there, or whether the source contains some text.

    `test -f`, `ls` and `grep` of source, and nothing else. That something is absent (`! grep`, `test ! -e`) is not
    meant: that is how a removal is proved.

    ## Why it is bad

    An empty file is there, and a name in a comment is found. The work is not proved to do anything.

    ## Example

    ```markdown
    - A1: Uploads are resumed: `$ grep -q "def resume" src/upload/client.py`
    - A2: The tests are written: `$ test -f tests/upload/test_resume.py`
    ```

    Better:

    ```markdown
    - A1: Uploads are resumed: `tests/upload/test_resume.py::test_after_reconnect`
    ```

    ## How to fix

    Run what was written: its tests, or the program itself. Where existence is the point, leave it, or let a person look
    at it, too: `(manual)`. A search of documents is fine, since text is what they are for.
    """

    code = "ACC324"
    name = "existence-only"
    severity = Severity.INFO
    fixes = Applicability.SUGGESTED

    def check(self, context: Context) -> Iterator[Finding]:
        """One finding for each criterion all of whose checks only look whether something is there."""
        for clause in context.spec.criteria:
            checks = clause.executable
            if not checks or judged_by_person(clause) or not all(_looks(check) for check in checks):
                continue
            ran = [one for one in context.invocations if one.clause is clause]
            if all(_existence(check, [one for one in ran if one.check.span == check.span]) for check in checks):
                yield self.finding(
                    context,
                    checks[0].span,
                    "this only shows that something is there, not that it works",
                    hint="Run what was written: its tests, or the program itself.",
                    clause=clause,
                    fix=self._mark(context, clause),
                )

    def _mark(self, context: Context, clause: Clause) -> Fix | None:
        end = paragraph_end(context.spec.source, clause)
        return None if end is None else self.fix("Let a person look at it, too", insertion(end, " (manual)"))


def _looks(check: Check) -> bool:
    return check.kind in {CheckKind.COMMAND, CheckKind.SCRIPT} and _LIKELY.search(check.text) is not None


def _existence(check: Check, ran: list[Invocation]) -> bool:
    """Whether every program of a check only looks whether something is there, and one does."""
    if check.kind is CheckKind.SCRIPT and check.language not in {"sh", "bash"}:
        return False
    kinds = [_kind(one) for one in ran]
    return bool(kinds) and None not in kinds and True in kinds


def _kind(one: Invocation) -> bool | None:
    """True for a look whether something is there, False for what decides nothing, None for anything else."""
    texts = [word.text for word in one.arguments]
    if "!" in one.through or one.command.inner:
        return None
    if one.program in _NEUTRAL or (one.command.fed and one.program in _READERS):
        return False
    if one.program in _TESTS:
        return True if texts[:1] and texts[0] in _THERE and "!" not in texts else None
    if one.program in _LISTERS:
        return True
    if one.program in _GREPS or (one.program == "git" and one.verb == "grep"):
        return None if any(_ABSENT.fullmatch(text) for text in texts) else _of_source(one, texts)
    return True if one.program == "git" and one.verb == "ls-files" else None


def _of_source(one: Invocation, texts: list[str]) -> bool | None:
    """Whether a search looks into source; one that is fed looks into what came before it."""
    operands = [text for text in texts if not text.startswith("-")]
    files = operands[2:] if one.program == "git" else operands[1:]
    if not files:
        fed_or_everywhere = one.command.fed or one.program in {"rg", "ag", "git"}
        return (not one.command.fed) if fed_or_everywhere else None
    return True if all(_SOURCE.fullmatch(file) for file in files) else None
