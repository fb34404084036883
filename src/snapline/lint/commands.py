"""What looks like a command: known programs, test files, and the paths that a check needs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from snapline.base.regex import regex
from snapline.base.text import Span
from snapline.lint.invocations import Invocation, invocations
from snapline.lint.shellwords import Word
from snapline.spec.model import Spec

_PROGRAM_NAMES = """
    pytest tox nox uv uvx pip pipx poetry pdm hatch ruff mypy pyright black flake8 pylint npm npx yarn pnpm bun deno
    jest vitest eslint tsc cargo rustc gcc clang cmake ctest bazel gradle gradlew mvn dotnet rake rspec bundle composer
    phpunit docker podman kubectl helm terraform alembic psql sqlite3 git grep rg curl wget jq sed awk xargs snapline
"""
_WORD_NAMES = """
    bash sh zsh python python3 node ruby perl php make go swift java rails just task test find cat ls diff sort head
    tail time env
"""
_PROGRAMS = frozenset(_PROGRAM_NAMES.split())
_WORDS = frozenset(_WORD_NAMES.split())
"""Names that are words or languages too: they count only in front of something that is clearly an argument."""
_ALONE = frozenset({"pytest", "tox", "nox"})
"""Programs that are commonly run without an argument."""
_VERSION = regex(r"v?\d+(?:\.(?:\d+|x))*\+?")
_ARGUMENT = regex(r"-|\.{0,2}/|.*[/.=*\"']")
_BUILDERS = frozenset({"make", "just", "task", "go", "swift", "rails"})
_TARGETS = frozenset({"test", "tests", "check", "build", "lint", "run", "install", "verify", "all", "demo"})
_IDIOMS = frozenset(
    {"sure", "sense", "it", "up", "do", "way", "use", "believe", "the", "a", "an", "no", "that", "this"}
)
"""What follows "make" in a phrase that is no command."""
_TEST_FILE = regex(r"[^\s:]*(?:test_[^\s:/]*|[^\s:/]*_test)\.py|[^\s:]*\.(?:test|spec)\.[jt]sx?")
PATH = regex(r"[\w@.+][\w@./+-]*")
"""What a path below the root may be written with; no pattern, parameter or address is."""
PREPARING = frozenset({"cd", "set", "export", "source", ".", "pushd", "ulimit", "umask", "trap", ""})
"""Programs before which and behind which nothing of a check was made yet."""
MAKING = frozenset({"rm", "mkdir", "touch", "mktemp", "cp", "mv", "ln", "tar", "tee", "cd", "set", "export", "trap"})
"""Programs whose operands need not be there, or are folders that the rest of the check tells."""
PRODUCT = regex(r"-o$|--?(?:out|report|junit|html|log|cache|cov|basetemp|ignore|exclude|deselect|dist|target)")
"""Options whose value is made, or left out."""


def looks_like_command(text: str) -> bool:
    """Whether a code span begins like a command that somebody would type."""
    first, _, rest = text.strip().partition(" ")
    rest = rest.strip()
    if first.startswith("./") and len(first) > len("./"):
        return True
    if not rest:
        return first in _ALONE
    if _VERSION.fullmatch(rest):
        return False
    return (
        first in _PROGRAMS
        or (first in _BUILDERS and rest in _TARGETS)
        or (first == "make" and rest.split()[0] not in _IDIOMS)
        or (first in _WORDS and _ARGUMENT.match(rest) is not None)
    )


def is_test_file(text: str) -> bool:
    """Whether a code span is the path of a test file and nothing else."""
    return bool(_TEST_FILE.fullmatch(text))


def path_words(spec: Spec) -> tuple[str, ...]:
    """The paths below the root that the spec's checks need: what is looked for in the work tree, each once."""
    return tuple(dict.fromkeys(one.path for one in needed_paths(invocations(spec))))


@dataclass(frozen=True, slots=True)
class NeededPath:
    """A path that an invocation reads or runs, relative to the root, and the word that names it."""

    path: str
    word: Word
    invocation: Invocation


def needed_paths(ran: Iterable[Invocation]) -> Iterator[NeededPath]:
    """The paths that checks name before any program of theirs could have made them.

    What follows a check's first program may be its own product, and so may what an option such as ``--out`` names.
    """
    begun: set[Span] = set()
    for one in ran:
        if one.check.span in begun or not one.argv:
            continue
        if one.program not in PREPARING:
            begun.add(one.check.span)
        if one.program in MAKING or (one.speaks and ("!" in one.through or any(w.text == "!" for w in one.arguments))):
            continue
        for word in _operands(one):
            path = _below_root(one, word.text)
            if path:
                yield NeededPath(path, word, one)


def _operands(one: Invocation) -> Iterator[Word]:
    """The words of an invocation that may name what it needs."""
    yield from (word for word in one.command.words if word.start < one.argv[0].start and "=" not in word.text)
    yield one.argv[0]
    if one.program in {"echo", "printf"}:
        return
    pattern = one.searches and one.program != "git"
    before = ""
    for word in one.arguments:
        if word.text.startswith("-"):
            pattern = pattern and word.text not in {"-e", "-f", "--regexp"}
        elif pattern:
            pattern = False
        elif not PRODUCT.match(before):
            yield word
        before = "" if "=" in word.text else word.text


def _below_root(one: Invocation, text: str) -> str:
    """A word as a path from the repository's root; empty if it is none."""
    path = text.partition("::")[0].removeprefix("./")
    if not PATH.fullmatch(path) or ".." in path or not ("/" in path or "." in path):
        return ""
    folder = one.check.options.directory
    return f"{folder.rstrip('/')}/{path}" if folder else path
