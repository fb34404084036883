"""Transcripts: a fence that shows commands and what they print."""

from __future__ import annotations

from typing import Final

from snapline.base.regex import regex
from snapline.spec.model import TranscriptStep

_STATUS: Final = regex(r"\[([0-9]{1,3})\]")
_PROMPT: Final = "$ "
_CONTINUED: Final = "> "


def read_steps(text: str) -> tuple[tuple[TranscriptStep, ...], str | None]:
    r"""The steps of a transcript, and what is wrong with it.

    ``expected`` holds the lines after a command as written, without trailing blanks and without blank lines at the end;
    wildcards and ``\`` are resolved where output is compared.
    """
    groups: list[tuple[list[str], list[str]]] = []
    wrong = None
    for line in (one.rstrip() for one in text.split("\n")):
        if line.startswith(_PROMPT) or line == "$":
            groups.append(([line[2:]], []))
        elif groups and not groups[-1][1] and (line.startswith(_CONTINUED) or line == ">"):
            groups[-1][0].append(line[2:])
        elif groups:
            groups[-1][1].append(line)
        elif line:
            wrong = "there is text before the first `$ ` line"
    steps = tuple(_step("\n".join(command), lines) for command, lines in groups)
    if not groups:
        return (), None
    if any(not step.command.strip() for step in steps):
        wrong = "a `$ ` line has no command"
    if any(step.status > 255 for step in steps):  # noqa: PLR2004 - the largest exit status there is
        wrong = "an exit status is at most 255"
    return steps, wrong


def _step(command: str, lines: list[str]) -> TranscriptStep:
    while lines and not lines[-1]:
        lines.pop()
    status = _STATUS.fullmatch(lines[-1]) if lines else None
    if status:
        return TranscriptStep(command, tuple(lines[:-1]), int(status[1]))
    return TranscriptStep(command, tuple(lines))
