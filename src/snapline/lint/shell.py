"""The shell texts of a spec: which there are, what a shell said about them, and reading them without running them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from snapline.base.regex import regex
from snapline.lint.checks import every_check
from snapline.lint.shellwords import MAX_READ, read
from snapline.spec.model import Check, CheckKind, FailureEntry, Spec, StepKind

_SHELLS = frozenset({"sh", "bash"})
_PROMPT = regex(r"^\$ (.*(?:\n> .*)*)", re.MULTILINE)
_LINE = regex(r"line (\d+): (.+)")
_QUOTED = regex(r"""'[^']*'|"(?:\\.|[^"\\])*"|\\.|(?<!\S)#[^\n]*""", re.DOTALL)


@dataclass(frozen=True, slots=True)
class ShellFault:
    """What a shell said about the syntax of a text: the line in it, counted from 1, and its message."""

    line: int
    message: str


def shell_texts(spec: Spec) -> tuple[str, ...]:
    """Every text of ``spec`` that a shell will read: what a caller gives to ``bash -n``, each once."""
    texts = [shell_text(check) for _, check in every_check(spec)]
    steps = [
        step.text
        for clause in spec.clauses()
        if isinstance(clause.entry, FailureEntry)
        for step in clause.entry.steps
        if step.kind is StepKind.COMMAND
    ]
    return tuple(dict.fromkeys(text for text in (*texts, *steps) if text is not None))


def shell_text(check: Check) -> str | None:
    """What a shell reads of a check; None for a form that no shell reads."""
    if check.kind is CheckKind.COMMAND:
        return check.text
    if check.kind is CheckKind.SCRIPT:
        return check.text if check.language in _SHELLS else None
    if check.kind is CheckKind.TRANSCRIPT:
        return "\n".join(step.command for step in check.steps)
    return None


def read_fault(stderr: str) -> ShellFault:
    """The first complaint in what ``bash -n`` printed."""
    for line in stderr.splitlines():
        match = _LINE.search(line)
        if match:
            return ShellFault(int(match[1]), match[2])
    return ShellFault(1, stderr.strip() or "the shell refuses it")


def masked(text: str) -> str:
    """``text`` with what is quoted, escaped or a comment blanked out, every offset kept."""
    return _QUOTED.sub(lambda match: "_" * len(match[0]) if match[0][0] != "#" else " " * len(match[0]), text)


def simple_commands(text: str) -> tuple[tuple[str, ...], ...] | None:
    """The words of each simple command in ``text``, but for those in substitutions; None if it cannot be parted."""
    commands = read(text)
    if commands is None:
        return None
    return tuple(tuple(word.text for word in one.words) for one in commands if not one.inner)


def command_ranges(check: Check) -> tuple[tuple[int, int], ...]:
    """Where the commands of a check begin and end in its text: one, but for a transcript, which has one per ``$ ``."""
    if len(check.text) > MAX_READ:
        return ()
    if check.kind is not CheckKind.TRANSCRIPT:
        return ((0, len(check.text.rstrip())),)
    return tuple((match.start(1), match.end(1)) for match in _PROMPT.finditer(check.text))
