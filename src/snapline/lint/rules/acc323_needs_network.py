"""ACC323 needs-network."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from snapline.base.diagnostics import Applicability, Finding, Fix, Severity
from snapline.base.regex import regex
from snapline.base.text import Span
from snapline.lint.checks import place
from snapline.lint.invocations import Invocation
from snapline.lint.rule import Context, Rule
from snapline.lint.shell import shell_text
from snapline.lint.shellwords import Word
from snapline.lint.splices import insertion, paragraph_end
from snapline.spec.model import Check, CheckKind, Clause, Spec

_LIKELY = regex(
    r"curl|wget|pip|npm|yarn|pnpm|bun\b|://|git@|\b(?:uv|poetry|pdm|gem|go|cargo|apt|apt-get|apk|dnf|brew)\b|docker|ssh|scp|ping|git"
)
_ADDRESS = regex(r"(?:https?|ftps?|ssh|git|wss?)://(?P<host>[^\s/'\"`<>()]+)|git@(?P<ssh>[\w.-]+):")
_HERE = regex(r"(?:[^@/]*@)?(?:localhost|[\w.-]+\.localhost|127(?:\.\d+){3}|0\.0\.0\.0|\[::1?\]|::1)(?::.*)?\Z")
_OWN_REMOTE = regex(r"git\s+(?:init|remote\s+(?:add|set-url))\b")
_UNKNOWN = regex(r"[$%{}]")
_FETCHERS = frozenset({"curl", "wget"})
_REMOTE_SHELLS = frozenset({"ssh", "scp", "sftp", "ping"})
_INSTALLS = {
    "pip": frozenset({"install", "download", "wheel"}),
    "pip3": frozenset({"install", "download", "wheel"}),
    "pipx": frozenset({"install", "run"}),
    "npm": frozenset({"install", "i", "ci", "add", "update", "audit", "outdated", "publish", "view"}),
    "yarn": frozenset({"", "install", "add", "upgrade"}),
    "pnpm": frozenset({"install", "i", "add", "update"}),
    "bun": frozenset({"install", "i", "add", "update"}),
    "uv": frozenset({"sync", "pip", "lock", "add"}),
    "poetry": frozenset({"install", "add", "update", "lock"}),
    "pdm": frozenset({"install", "add", "update", "lock", "sync"}),
    "gem": frozenset({"install"}),
    "go": frozenset({"get", "install"}),
    "cargo": frozenset({"install", "update", "publish"}),
    "apt": frozenset({"install", "update"}),
    "apt-get": frozenset({"install", "update"}),
    "apk": frozenset({"add"}),
    "dnf": frozenset({"install"}),
    "brew": frozenset({"install", "update"}),
    "docker": frozenset({"pull", "push", "login"}),
}
"""Programs and the verbs with which they ask a server."""
_OFFLINE = frozenset({"--offline", "--no-index", "--version", "-V", "--help", "-h", "--dry-run", "--unix-socket"})
_REMOTE_GIT = frozenset({"push", "pull", "fetch", "ls-remote"})
_REMOTES = frozenset({"origin", "upstream"})
_LOCAL_GIT = frozenset({"remote", "config", "log", "grep", "commit", "tag"})


class NeedsNetwork(Rule):
    """A check asks the network and does not say `(network)`: `curl`, `pip install`, `npm install`, a remote address.

    ## Why it is bad

    Checks have no network but their own machine's, so this one cannot run; the spec does not tell that it was meant
    to. And what an address answers is not in the commit: the same work passes today and fails tomorrow.

    ## Example

    ```markdown
    - A1: The service is up: `$ curl -fsS https://status.example.org/health`
    ```

    Better, either:

    ```markdown
    - A1: The service is up: `$ curl -fsS https://status.example.org/health` (network)
    - A2: The service answers: `$ curl -fsS http://localhost:8080/health`
    ```

    ## How to fix

    Install in the environment's set-up (`[env]`), ask `localhost`, or open the network for this criterion: `(network)`.
    A text that a check only looks for or compares (`grep`, `test`, `echo`) is no address that it asks, and an address
    that comes from a variable is not judged.
    """

    code = "ACC323"
    name = "needs-network"
    severity = Severity.WARNING
    fixes = Applicability.SUGGESTED

    def check(self, context: Context) -> Iterator[Finding]:
        """One finding for each check that asks the network, at the first place where it does."""
        spec = context.spec
        done: set[Span] = set()
        for one in context.invocations:
            if one.check.span not in done and _judged(one.clause, one.check):
                words = _asking(one)
                if words:
                    done.add(one.check.span)
                    yield self._finding(context, one.clause, one.check, one.span(spec.source, *words))
        for clause in spec.criteria:
            for check in clause.executable:
                if check.kind is CheckKind.SCRIPT and shell_text(check) is None and _judged(clause, check):
                    yield from self._in_script(context, clause, check)

    def _in_script(self, context: Context, clause: Clause, check: Check) -> Iterator[Finding]:
        for match in _ADDRESS.finditer(check.text):
            if _remote(match):
                span = place(context.spec.source, check, match.start(), match.end())
                yield self._finding(context, clause, check, span)
                return

    def _finding(self, context: Context, clause: Clause, check: Check, span: Span) -> Finding:
        said = context.spec.source.slice(span) if span != check.span else "this check"
        return self.finding(
            context,
            span,
            f"`{said}` asks the network, which checks do not have",
            hint="Say `(network)`, ask localhost, or install in the environment's set-up.",
            clause=clause,
            fix=self._open(context.spec, clause, check),
        )

    def _open(self, spec: Spec, clause: Clause, check: Check) -> Fix | None:
        """The option behind the check; none where the spec forbids the network."""
        if clause.id[:1] != "A" or spec.offline:
            return None
        fenced = check.kind is not CheckKind.COMMAND
        end = paragraph_end(spec.source, clause) if fenced else check.span.end
        return None if end is None else self.fix("Open the network for it", insertion(end, " (network)"))


def _judged(clause: Clause, check: Check) -> bool:
    """Whether a check has no network and says nothing of it; the failure plan's is opened in the configuration."""
    if check.options.network or clause.options.network or not _LIKELY.search(check.text):
        return False
    return clause.id[:1] in {"A", "C"}


def _asking(one: Invocation) -> tuple[Word, ...]:
    """The words of an invocation that ask the network."""
    if one.searches or one.speaks or any(word.text in _OFFLINE for word in one.arguments):
        return ()
    if one.program in _FETCHERS:
        return _fetched(one.argv)
    if one.program in _REMOTE_SHELLS:
        return one.argv[:1]
    verbs = _INSTALLS.get(one.program)
    if verbs is not None and one.verb in verbs and not _from_here(one):
        word = one.verb_word
        return (one.argv[0], word) if word else one.argv[:1]
    remote = next(((word,) for word in one.arguments if _names_remote(word)), ())
    return _git(one, remote) if one.program == "git" else remote


def _git(one: Invocation, remote: tuple[Word, ...]) -> tuple[Word, ...]:
    """The words of a git command that ask another machine: an address, or the name of a remote of the checkout's."""
    if one.verb in _LOCAL_GIT:
        return ()
    named = [word for word in one.arguments if word.text in _REMOTES]
    if named and one.verb in _REMOTE_GIT and not _OWN_REMOTE.search(one.check.text):
        return (one.argv[0], named[0])
    return remote


def _fetched(argv: Sequence[Word]) -> tuple[Word, ...]:
    """The address that is fetched, or the program where it is not told; nothing for this machine and for variables."""
    operands = [word for word in argv[1:] if not word.text.startswith("-")]
    remote = next(((word,) for word in operands if _names_remote(word)), ())
    if remote or any(_local(word) or _UNKNOWN.search(word.text) for word in operands):
        return remote
    return tuple(argv[:1]) if operands else ()


def _from_here(one: Invocation) -> bool:
    """Whether an installation takes everything from the checkout."""
    words = {word.text for word in one.arguments}
    return "--no-deps" in words and ("--no-build-isolation" in words or any(text.endswith(".whl") for text in words))


def _names_remote(word: Word) -> bool:
    match = _ADDRESS.search(word.text)
    return match is not None and _remote(match)


def _remote(match: re.Match[str]) -> bool:
    host = match["ssh"] or match["host"]
    return not (_HERE.match(host) or _UNKNOWN.search(host))


def _local(word: Word) -> bool:
    bare = word.text.partition("://")[2] or word.text
    return word.text.startswith("file:") or _HERE.match(bare.partition("/")[0]) is not None
