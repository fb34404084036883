"""The programs that a spec's checks run, each with its arguments and its place in the check."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from snapline.base.text import Source, Span
from snapline.lint.checks import every_check, place
from snapline.lint.programs import program_name, unwrapped
from snapline.lint.shell import command_ranges, shell_text
from snapline.lint.shellwords import Command, Word, read
from snapline.spec.model import Check, CheckKind, Clause, Spec

_SHELLS = frozenset({"sh", "bash", "zsh", "dash"})
_SEARCHES = frozenset({"grep", "egrep", "fgrep", "rg", "ag", "ack", "zgrep"})
_TALKERS = frozenset({"echo", "printf", "test", "[", "[[", ":"})
_GIT_VALUED = frozenset({"-C", "-c", "--git-dir", "--work-tree"})


@dataclass(frozen=True, slots=True)
class Invocation:
    """One program that a check runs. ``argv`` are its own words, ``through`` the programs that only ran it.

    ``at`` is where the shell text that the words' offsets count from begins in ``check.text``.
    """

    clause: Clause
    check: Check
    command: Command
    argv: tuple[Word, ...]
    through: frozenset[str]
    at: int

    @property
    def program(self) -> str:
        """The program's name, without its path; empty for assignments alone."""
        return program_name(self.argv[0]) if self.argv else ""

    @property
    def arguments(self) -> tuple[Word, ...]:
        """The words behind the program."""
        return self.argv[1:]

    @property
    def verb(self) -> str:
        """The first argument that is no option (behind git's own options): ``push`` of ``git -C x push``."""
        word = self.verb_word
        return word.text if word else ""

    @property
    def verb_word(self) -> Word | None:
        """The word of :attr:`verb`."""
        skipped = False
        for word in self.arguments:
            if not skipped and not word.text.startswith("-"):
                return word
            skipped = word.text in _GIT_VALUED and self.program == "git"
        return None

    @property
    def searches(self) -> bool:
        """Whether it looks for a text, which is then no option, path or address of its own."""
        return self.program in _SEARCHES or (self.program == "git" and self.verb in {"grep", "log"})

    @property
    def speaks(self) -> bool:
        """Whether its arguments are texts that it prints or compares."""
        return self.program in _TALKERS

    def written(self, word: Word) -> str:
        """A word with its quotes and escapes."""
        return self.check.text[self.at + word.start : self.at + word.end]

    def span(self, source: Source, *words: Word) -> Span:
        """Where ``words`` stand in the source, the first to the last; the whole command for none."""
        first, last = (words[0], words[-1]) if words else (self.command.words[0], self.command.words[-1])
        return place(source, self.check, self.at + first.start, self.at + last.end)


def invocations(spec: Spec) -> tuple[Invocation, ...]:
    """The programs that the checks of criteria, Keep passing and the Failure plan run, in their order."""
    return tuple(one for clause, check in every_check(spec) for one in _of_check(clause, check))


def _of_check(clause: Clause, check: Check) -> Iterator[Invocation]:
    if shell_text(check) is None:
        return
    for start, end in command_ranges(check):
        text = check.text[start:end]
        if check.kind is CheckKind.TRANSCRIPT:
            text = text.replace("\n> ", "\n  ")
        yield from _of_text(clause, check, text, start)


def _of_text(clause: Clause, check: Check, text: str, at: int) -> Iterator[Invocation]:
    for command in read(text) or ():
        argv, through = unwrapped(command.words)
        one = Invocation(clause, check, command, argv, through, at)
        script = _script(one, text)
        if script is None:
            yield one
        else:
            noted = text[script.start - 1] == '"'
            for found in _of_text(clause, check, script.text, at + script.start):
                if not (noted and found.command.inner):
                    yield replace(found, through=found.through | through)


def _script(one: Invocation, text: str) -> Word | None:
    """The quoted text that a shell is given to run; None where none is, or where it is not verbatim in the text."""
    if one.program not in _SHELLS:
        return None
    for option, word in zip(one.arguments, one.arguments[1:], strict=False):
        if option.text.startswith("-") and option.text.endswith("c") and not option.text.startswith("--"):
            inner = Word(word.text, word.start + 1, word.end - 1)
            return inner if not word.bare and text[inner.start : inner.end] == word.text else None
    return None
