"""What looks like a command: known programs, test files, and what a check's command runs."""

from __future__ import annotations

import re
from collections.abc import Iterator

from snapline.lint.shell import shell_text, shell_texts, simple_commands
from snapline.spec.model import Check, Spec

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
_VERSION = re.compile(r"v?\d+(?:\.(?:\d+|x))*\+?")
_ARGUMENT = re.compile(r"-|\.{0,2}/|.*[/.=*\"']")
_BUILDERS = frozenset({"make", "just", "task", "go", "swift", "rails"})
_TARGETS = frozenset({"test", "tests", "check", "build", "lint", "run", "install", "verify", "all", "demo"})
_TEST_FILE = re.compile(r"[^\s:]*(?:test_[^\s:/]*|[^\s:/]*_test)\.py|[^\s:]*\.(?:test|spec)\.[jt]sx?")
_RUNNERS = frozenset({"pytest", "py.test"})
_INTERPRETERS = frozenset({"python", "python3", "bash", "sh", "node"})
_PATH = re.compile(r"[\w@.+-][\w@./+-]*")


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
        or (first in _WORDS and _ARGUMENT.match(rest) is not None)
    )


def is_test_file(text: str) -> bool:
    """Whether a code span is the path of a test file and nothing else."""
    return bool(_TEST_FILE.fullmatch(text))


def targets(check: Check) -> Iterator[str]:
    """The files, folders and test nodes that a check's commands run, as they are written: what must be there."""
    text = shell_text(check)
    for command in (simple_commands(text) if text is not None else None) or ():
        program, *arguments = command
        if program.startswith("./") and _PATH.fullmatch(program[2:]):
            yield program
        elif program in _RUNNERS:
            yield from _test_targets(arguments)
        elif program in _INTERPRETERS:
            yield from _interpreted(arguments)


def path_words(spec: Spec) -> tuple[str, ...]:
    """The words of the spec's commands that read like paths below the root: what is looked for in the work tree."""
    words = (
        word.rpartition("=")[2].removeprefix("./")
        for text in shell_texts(spec)
        for command in simple_commands(text) or ()
        for word in command
    )
    found = (word for word in words if _PATH.fullmatch(word) and ("/" in word or "." in word) and ".." not in word)
    return tuple(dict.fromkeys(word for word in found if not word.startswith("-")))


def _interpreted(arguments: list[str]) -> Iterator[str]:
    if arguments[:2] == ["-m", "pytest"]:
        yield from _test_targets(arguments[2:])
    elif arguments and not arguments[0].startswith("-") and _PATH.fullmatch(arguments[0]):
        yield arguments[0]


def _test_targets(arguments: list[str]) -> Iterator[str]:
    """Words that can only be paths: an option's value is told apart by its form."""
    for before, argument in zip(["", *arguments], arguments, strict=False):
        path = argument.partition("::")[0]
        valued = before.startswith("-") and "=" not in before and before not in {"-q", "-v", "-x", "-s", "-vv", "-qq"}
        if not valued and _PATH.fullmatch(path) and ("/" in path or path.endswith(".py")):
            yield argument
