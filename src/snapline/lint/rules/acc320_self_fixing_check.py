"""ACC320 self-fixing-check."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from snapline.base.diagnostics import Applicability, Finding, Fix, Severity
from snapline.base.regex import regex
from snapline.base.text import Edit, Source, Span
from snapline.lint.invocations import Invocation
from snapline.lint.rule import Context, Rule
from snapline.lint.shellwords import Word

_LIKELY = regex(r"--fix|--write|--snapshot-update|--update|-u\b|git\b")
_MENDING = regex(r"--(?:fix|write|snapshot-update|update-snapshots?)(?:=(?!false\b|no\b|0\b)\S*)?")
_SNAPSHOT_RUNNERS = frozenset({"jest", "vitest"})
_SNAPSHOTS = frozenset({"-u", "--update", "--updateSnapshot", "--update-snapshot"})
_HISTORY = frozenset({"commit", "push"})
_COMPARERS = frozenset({"diff", "cmp"})


class SelfFixingCheck(Rule):
    """A check mends what it is to judge: `--fix`, `--write`, new snapshots, `git commit`, `git push`.

    ## Why it is bad

    It passes because it changed the work, not because the work is right. New snapshots in particular make every
    difference the expected one. What it changed is thrown away after the check, so that nobody sees it.

    ## Example

    ```markdown
    - A1: The code is formatted: `$ npx eslint --fix src`
    - A2: The page looks as before: `$ npx jest -u`
    ```

    Better:

    ```markdown
    - A1: The code is formatted: `$ npx eslint src`
    - A2: The page looks as before: `$ npx jest --ci`
    ```

    ## How to fix

    Take the option away; most tools have one that only looks, such as `--check`. A check that mends a file and then
    compares it with another one (`diff`, `git diff --exit-code`) is not meant, nor one that commits in a repository
    that it has made itself.
    """

    code = "ACC320"
    name = "self-fixing-check"
    severity = Severity.ERROR
    fixes = Applicability.SUGGESTED

    def check(self, context: Context) -> Iterator[Finding]:
        """One finding for each word that makes a check change what it judges."""
        ran = context.invocations
        for index, one in enumerate(ran):
            if not _LIKELY.search(one.check.text) or one.searches or one.speaks:
                continue
            for word in _mending(one):
                if not _compared(one, ran[index + 1 :]):
                    span = one.span(context.spec.source, word)
                    yield self._finding(context, one, word, span, self._without(context.spec.source, one, span))
            verb = one.verb_word
            if one.program == "git" and verb and verb.text in _HISTORY and not _own_repository(one, ran[:index]):
                yield self._finding(context, one, verb, one.span(context.spec.source, one.argv[0], verb), None)

    def _finding(self, context: Context, one: Invocation, word: Word, span: Span, fix: Fix | None) -> Finding:
        said = f"git {word.text}" if one.program == "git" else word.text
        return self.finding(
            context,
            span,
            f"`{said}` changes what the check is to judge",
            hint="A check only looks: take it away, or use the tool's `--check`.",
            clause=one.clause,
            fix=fix,
        )

    def _without(self, source: Source, one: Invocation, span: Span) -> Fix | None:
        """The word taken away with the blank before it, or what only looks in its place."""
        if span == one.check.span or source.text[span.start - 1] not in " \t":
            return None
        if one.program == "prettier":
            return self.fix("Only look", Edit(span, "--check"))
        return self.fix("Take it away", Edit(Span(span.start - 1, span.end), ""))


def _mending(one: Invocation) -> Iterator[Word]:
    for word in one.arguments:
        if _MENDING.fullmatch(word.text) or (one.program in _SNAPSHOT_RUNNERS and word.text in _SNAPSHOTS):
            yield word


def _compared(one: Invocation, later: Sequence[Invocation]) -> bool:
    """Whether the same check compares the outcome afterwards."""
    return any(
        other.check.span == one.check.span
        and (other.program in _COMPARERS or (other.program == "git" and other.verb in {"diff", "status"}))
        for other in later
    )


def _own_repository(one: Invocation, earlier: Sequence[Invocation]) -> bool:
    """Whether the check made the repository that it writes to, or only tries."""
    if any(word.text in {"--dry-run", "--help", "-h"} for word in one.arguments):
        return True
    return any(
        other.check.span == one.check.span and other.program == "git" and other.verb in {"init", "clone", "worktree"}
        for other in earlier
    )
