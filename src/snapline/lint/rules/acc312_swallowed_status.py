"""ACC312 swallowed-status."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import ClassVar

from snapline.base.diagnostics import Applicability, Finding, Fix, Severity
from snapline.base.regex import regex
from snapline.base.text import Edit, Span
from snapline.lint.checks import every_check, place
from snapline.lint.rule import Context, Rule
from snapline.lint.shell import command_ranges, masked, shell_text
from snapline.lint.splices import insertion, trimmed
from snapline.spec.model import Check, Clause

_SWALLOWED = regex(r"(?:\|\||;)[ \t]*(?:/bin/true|true|:|exit[ \t]+0)[ \t]*\Z")
_EARLY = regex(r"\|[ \t]*(?:(?P<grep>grep[ \t]+-(?P<flags>[a-zA-Z]*q[a-zA-Z]*))(?![\w-])|(?P<head>head)(?![\w-]))")
_END_OF_COMMAND = regex(r"[|;&\n)]|\Z")


class SwallowedStatus(Rule):
    """A check throws its own result away, or leaves it to chance.

    `|| true` or `; true` at its end throws it away. In a pipe, `grep -q` and `head` end early, the command before them
    is killed by SIGPIPE, and under `pipefail` that is a failure.

    ## Why it is bad

    The first passes whatever happens. The second passes or fails by how fast the two programs are.

    ## Example

    ```markdown
    - A1: The suite is green: `$ pytest -q || true`
    - A2: The option is documented: `$ mytool --help | grep -q -- --resume`
    ```

    Better:

    ```markdown
    - A1: The suite is green: `$ pytest -q`
    - A2: The option is documented: `$ mytool --help | grep -- --resume > /dev/null`
    ```

    ## How to fix

    Take the end away. Where a failure is expected, say so: `! command`.
    """

    code = "ACC312"
    name = "swallowed-status"
    severity = Severity.ERROR
    severities: ClassVar[Mapping[str, Severity]] = {"early": Severity.INFO}
    fixes = Applicability.SUGGESTED

    def check(self, context: Context) -> Iterator[Finding]:
        """One finding for each swallowed status, and an info for each pipe that may end early."""
        for clause, check in every_check(context.spec):
            ranges = command_ranges(check) if shell_text(check) is not None else ()
            hidden = masked(check.text) if ranges else ""
            for start, end in ranges:
                yield from self._swallowed(context, clause, check, hidden[start:end], start)
                yield from self._early(context, clause, check, hidden[start:end], start)

    def _swallowed(self, context: Context, clause: Clause, check: Check, hidden: str, start: int) -> Iterator[Finding]:
        match = _SWALLOWED.search(hidden)
        if match:
            end = len(hidden.rstrip())
            span = place(context.spec.source, check, start + len(hidden[: match.start()].rstrip(" \t")), start + end)
            yield self.finding(
                context,
                trimmed(context.spec.source, span),
                f"`{match[0].strip()}` throws the command's status away: the check cannot fail",
                hint="Take it away; an expected failure is written `! command`.",
                clause=clause,
                fix=None if span == check.span else self.fix("Let the status count", Edit(span, "")),
            )

    def _early(self, context: Context, clause: Clause, check: Check, hidden: str, start: int) -> Iterator[Finding]:
        for match in _EARLY.finditer(hidden):
            group = "grep" if match["grep"] else "head"
            span = place(context.spec.source, check, start + match.start(group), start + match.end(group))
            yield self.finding(
                context,
                span,
                f"`{match[group]}` may end before the command in front of it, which then fails under `pipefail`",
                hint="Read all of it: `grep ... > /dev/null`, `sed -n 1,5p`.",
                clause=clause,
                variant="early",
                fix=self._read_all(context, check, hidden, start, match) if match["grep"] else None,
            )

    def _read_all(self, context: Context, check: Check, hidden: str, start: int, match: re.Match[str]) -> Fix | None:
        source = context.spec.source
        stop = _END_OF_COMMAND.search(hidden, match.end())
        end = len(hidden[: stop.start() if stop else len(hidden)].rstrip())
        if end <= match.end():
            return None
        flags = match["flags"].replace("q", "")
        option = place(source, check, start + match.start("flags") - 1, start + match.end("flags") + (not flags))
        tail = place(source, check, start + end - 1, start + end)
        if check.span in (option, tail):
            return None
        return self.fix("Read all of it", Edit(option, f"-{flags}" if flags else ""), _after(tail))


def _after(span: Span) -> Edit:
    return insertion(span.end, " > /dev/null")
