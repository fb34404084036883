"""ACC321 never-ends."""

from __future__ import annotations

import re
from collections.abc import Iterator

from snapline.base.diagnostics import Applicability, Finding, Severity
from snapline.base.regex import regex
from snapline.base.text import Edit, Source, Span
from snapline.lint.checks import every_check, place
from snapline.lint.invocations import Invocation
from snapline.lint.rule import Context, Rule
from snapline.lint.shell import command_ranges, masked, shell_text
from snapline.lint.shellwords import Word
from snapline.lint.splices import insertion
from snapline.spec.model import Check, Clause

_LIKELY = regex(
    r"start\b|nodemon|\.server\b|uvicorn|gunicorn|dev\b|serve\b|vitest|watch|\bup\b|tail\b|&[ \t]*(?:\n|\Z)"
)
_PACKAGE_MANAGERS = frozenset({"npm", "yarn", "pnpm", "bun"})
_SERVERS = frozenset({"start", "dev", "serve", "watch"})
_FOREVER = frozenset({"nodemon", "watchexec", "http.server", "live-server", "uvicorn", "gunicorn"})
_WATCHERS = frozenset({"cargo", "gulp", "grunt"})
"""Programs with a verb that watches."""
_COMPOSERS = frozenset({"docker-compose", "podman-compose"})
_CONTAINERS = frozenset({"docker", "podman", "nerdctl"})
_DETACHED = regex(
    r"-d|--detach|--wait|--no-start|--abort-on-container-(?:exit|failure)|--exit-code-from(?:=.*)?|--help|--dry-run"
)
_WATCH = regex(r"--watch(?:-?all)?", re.IGNORECASE)
_SAYING = frozenset({"--help", "-h", "--version", "-V"})
_VITEST_ENDS = frozenset({"run", "list", "related", "init", "bench", "typecheck"})
_VITEST_OPTIONS = frozenset({"--run", "--help", "-h", "--version", "-v", "--watch=false", "--no-watch"})
_TIMEOUTS = frozenset({"timeout", "gtimeout"})


class NeverEnds(Rule):
    """A check starts something that does not end: a server, a watcher, containers in the foreground, a background job.

    ## Why it is bad

    A check is judged by its exit status, and this one has none until its time is up. A command with `&` behind it has
    the status 0 at once, whatever becomes of it.

    ## Example

    ```markdown
    - A1: The page loads: `$ npm start`
    - A2: The list is sorted: `$ npx vitest`
    - A3: The service answers: `$ docker compose up`
    ```

    Better:

    ```markdown
    - A1: The page loads: `$ npm run build && node tools/probe.mjs`
    - A2: The list is sorted: `$ npx vitest run`
    - A3: The service answers: `$ docker compose up -d --wait`
    ```

    ## How to fix

    Use the form that ends: `vitest run`, `up -d`, no `--watch`. A server that a check needs is started in the
    background and stopped in the same script, runs under `timeout`, or is a service of the environment (`[env]`).
    """

    code = "ACC321"
    name = "never-ends"
    severity = Severity.WARNING
    fixes = Applicability.SUGGESTED

    def check(self, context: Context) -> Iterator[Finding]:
        """One finding for each program that does not end, and for each check that leaves a job behind."""
        source = context.spec.source
        for one in context.invocations:
            if one.command.operator == "&" or one.through & _TIMEOUTS or not _LIKELY.search(one.check.text):
                continue
            words = _endless(one)
            if words:
                span = one.span(source, *words)
                edit = None if span == one.check.span else _ending(source, one, words, span)
                yield self.finding(
                    context,
                    span,
                    f"`{source.slice(span)}` does not end by itself",
                    hint="Use the form that ends, put it under `timeout`, or stop it in the same script.",
                    clause=one.clause,
                    fix=self.fix("Use the form that ends", edit) if edit else None,
                )
        for clause, check in every_check(context.spec):
            yield from self._left_behind(context, clause, check)

    def _left_behind(self, context: Context, clause: Clause, check: Check) -> Iterator[Finding]:
        if "&" not in check.text or shell_text(check) is None:
            return
        for start, end in command_ranges(check)[-1:]:
            hidden = masked(check.text[start:end]).rstrip()
            if not hidden.endswith("&") or hidden.endswith(("&&", ">&", "<&")):
                continue
            before = start + len(hidden[:-1].rstrip(" \t"))
            mark = place(context.spec.source, check, start + len(hidden) - 1, start + len(hidden))
            whole = place(context.spec.source, check, before, start + len(hidden))
            yield self.finding(
                context,
                mark,
                "`&` leaves the job behind: the check passes before anything has happened",
                hint="Run it in the foreground, or wait for it.",
                clause=clause,
                fix=None if whole == check.span else self.fix("Run it in the foreground", Edit(whole, "")),
            )


def _endless(one: Invocation) -> tuple[Word, ...]:
    """The words of an invocation that make it go on for ever; none where it ends."""
    program, first = one.program, one.argv[:1]
    if one.searches or one.speaks:
        return ()
    if program in _PACKAGE_MANAGERS:
        words = [word for word in one.arguments if not word.text.startswith("-")]
        script = words[1:2] if words and words[0].text in {"run", "run-script"} else words[:1]
        return (*first, *script) if script and script[0].text in _SERVERS else _watching(one)
    if program == "vitest":
        ends = one.verb in _VITEST_ENDS or any(word.text in _VITEST_OPTIONS for word in one.arguments)
        return _watching(one) or (() if ends else first)
    if program in _COMPOSERS or (program in _CONTAINERS and one.verb == "compose") or program == "tilt":
        ups = [word for word in one.arguments if word.text == "up"][:1]
        ends = any(_DETACHED.fullmatch(word.text) for word in one.arguments)
        return () if ends else tuple(ups)
    if program == "tail":
        return tuple(word for word in one.arguments if word.text in {"-f", "-F", "--follow"})[:1]
    return first if _forever(one) else _watching(one)


def _forever(one: Invocation) -> bool:
    """Whether a program serves or watches until it is stopped."""
    named = one.program in _FOREVER or (one.program in _WATCHERS and one.verb == "watch")
    return named and not any(word.text in _SAYING for word in one.arguments)


def _watching(one: Invocation) -> tuple[Word, ...]:
    return tuple(word for word in one.arguments if _WATCH.fullmatch(word.text))[:1]


def _ending(source: Source, one: Invocation, words: tuple[Word, ...], span: Span) -> Edit | None:
    """The edit that gives the form that ends."""
    if one.program == "vitest" and words == one.argv[:1]:
        return insertion(span.end, " run")
    if words[0].text == "up":
        return insertion(span.end, " -d")
    if words[0].text.startswith("-") and source.text[span.start - 1] in " \t":
        return Edit(Span(span.start - 1, span.end), "")
    return None
