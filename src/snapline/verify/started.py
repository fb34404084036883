"""Which files of the tree a shell text starts: what such a file says decides the check. Pure.

A reading of words, not of the shell's grammar: a file too many asks a person for a look, a file too few is one that
the text starts by something of its own.
"""

from __future__ import annotations

import re

from snapline.base.regex import regex

_COMMANDS = regex(r"[\n;&|(){}`]+")
_SHELL_WORD = regex(r"'[^']*'|\"[^\"]*\"|[^\s'\"]+")
_BEFORE = frozenset(
    {"!", "then", "do", "else", "if", "elif", "while", "until", "exec", "time", "env", "nice", "command"}
)
_RUNNERS = regex(r"(?:\S*/)?(?:(?:ba|da|k|z)?sh|python[\d.]*|node|perl|ruby|php)|\.|source")
_ASSIGNMENT = regex(r"\w+=.*", re.DOTALL)
_LIMITED = "timeout"
_LIMIT = regex(r"-.*|[\d.]+[smhd]?")


def started_by(text: str) -> frozenset[str]:
    """The words of ``text`` that stand where a program or a runner's script does, without quotes."""
    found = (_program(command) for command in _COMMANDS.split(text))
    return frozenset(word for word in found if word)


def _program(command: str) -> str | None:
    """The program of one simple command; of a shell, or another runner of scripts, its script."""
    words = [one.strip("'\"") for one in _SHELL_WORD.findall(command)]
    while words and (words[0] in _BEFORE or _ASSIGNMENT.fullmatch(words[0])):
        words.pop(0)
    if words[:1] == [_LIMITED]:
        words = [one for one in words[1:] if not _LIMIT.fullmatch(one)]
    if not words or not _RUNNERS.fullmatch(words[0]):
        return words[0] if words else None
    return next((one for one in words[1:] if not one.startswith("-")), None)
