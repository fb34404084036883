"""Transcripts: one shell runs every step, and we compare what it printed, outside the candidate's process.

The shell reads its program as :mod:`snapline.verify.programs` says, so nothing shows a child the marks that part the
steps. A mark is drawn anew for every step of every run.
"""

from __future__ import annotations

import itertools
import shlex
from collections.abc import Sequence
from dataclasses import dataclass

from snapline.base.regex import regex
from snapline.spec.model import TranscriptStep

SHELL_OPTIONS = ("--noprofile", "--norc", "-o", "pipefail")
_ANYTHING = "..."
_ESCAPED_DOTS = "\\..."
_DOTS = regex(r"(\\\.\.\.|\.\.\.)")
_ESCAPED_STATUS = regex(r"\\(\[\d+\])")


def program(steps: Sequence[TranscriptStep], marks: Sequence[str]) -> str:
    """The bash program that runs ``steps`` in one shell and prints ``MARK STATUS`` on its own line after each.

    A step may end the shell (``exit 3``): the trap still prints its mark.
    """
    lines = ["unset program", "exec 2>&1", 'trap \'printf "\\n%s %s\\n" "$snapline_mark" "$?"\' EXIT']
    for step, mark in zip(steps, marks, strict=True):
        lines += [
            f"snapline_mark={shlex.quote(mark)}",
            f"eval {shlex.quote(step.command)}",
            'printf "\\n%s %s\\n" "$snapline_mark" "$?"',
        ]
    lines += ["trap - EXIT", "exit 0"]
    return "\n".join(lines) + "\n"


@dataclass(frozen=True, slots=True)
class StepOutput:
    """What one step printed and its exit status; ``status`` is None when the step did not end."""

    text: str
    status: int | None


def split(output: str, marks: Sequence[str]) -> tuple[StepOutput, ...]:
    """Part ``output`` by the marks; the steps after one that did not end are left out."""
    steps: list[StepOutput] = []
    start = 0
    for mark in marks:
        found = output.find(f"\n{mark} ", start)
        end = output.find("\n", found + 1) if found >= 0 else -1
        status = output[found + len(mark) + 2 : end] if end >= 0 else ""
        if not status.isdigit():
            steps.append(StepOutput(output[start:], None))
            break
        steps.append(StepOutput(output[start:found], int(status)))
        start = end + 1
    return tuple(steps)


def as_typed(steps: Sequence[TranscriptStep], outputs: Sequence[StepOutput]) -> str:
    """A run as a person would have seen it: each command behind its prompt, what it printed, and its exit status."""
    told = []
    for step, output in zip(steps, outputs, strict=False):
        status = "[did not end]" if output.status is None else f"[{output.status}]"
        lines = [f"$ {step.command}", *([output.text.rstrip("\n")] if output.text.strip() else ()), status]
        told.append("\n".join(lines))
    return "\n".join(told) + "\n" if told else ""


@dataclass(frozen=True, slots=True)
class Difference:
    """The first step (by number) that did not go as written, and how, in words."""

    step: int
    words: str


def compare(steps: Sequence[TranscriptStep], outputs: Sequence[StepOutput]) -> Difference | None:
    """The first difference; None when every step ran, ended as it should and printed what it should."""
    for number, step in enumerate(steps):
        if number >= len(outputs):
            return Difference(number, f"`{step.command}` did not run")
        output = outputs[number]
        if output.status is None:
            return Difference(number, f"`{step.command}` did not end")
        if output.status != step.status:
            said = f"; it printed: {_last_line(output.text)}" if output.text.strip() else ""
            words = f"`{step.command}` exited {output.status}, expected {step.status}{said}"
            return Difference(number, words)
        difference = differs(step.expected, output.text)
        if difference:
            return Difference(number, f"`{step.command}`: {difference}")
    return None


def differs(expected: Sequence[str], output: str) -> str | None:
    """The first difference between the expected lines and an output; None when it matches.

    Each gap of the expected lines (``...``) takes the shortest stretch that lets the rest go on, which finds a match
    whenever there is one, without ever going back: time is the product of the two lengths at worst.
    """
    wanted = _trimmed(expected)
    got = _trimmed(output.splitlines())
    gaps = [number for number, line in enumerate(wanted) if line == _ANYTHING]
    if not gaps:
        return _first_difference(wanted, got)
    head, tail = wanted[: gaps[0]], wanted[gaps[-1] + 1 :]
    if len(got) < len(head) + len(tail) or not _all_match(head, got[: len(head)]):
        return _first_difference(head, got[: len(head)]) or "the output is too short"
    end = len(got) - len(tail)
    if not _all_match(tail, got[end:]):
        return _first_difference(tail, got[end:], shift=end) or "the output is too short"
    return _middle(wanted, gaps, got[len(head) : end])


def _middle(wanted: Sequence[str], gaps: Sequence[int], got: Sequence[str]) -> str | None:
    """Place every piece between two gaps as early as it fits."""
    at = 0
    for left, right in itertools.pairwise(gaps):
        piece = wanted[left + 1 : right]
        while at + len(piece) <= len(got) and not _all_match(piece, got[at : at + len(piece)]):
            at += 1
        if at + len(piece) > len(got):
            return f"nowhere in the output: {piece[0]!r}"
        at += len(piece)
    return None


def line_matches(pattern: str, line: str) -> bool:
    r"""Whether one expected line fits one line of output: ``...`` is any text, ``\...`` three dots."""
    status = _ESCAPED_STATUS.fullmatch(pattern)
    if status:
        return line == status.group(1)
    pieces = _pieces(pattern)
    if len(pieces) == 1:
        return line == pieces[0]
    first, *middle, last = pieces
    if len(line) < len(first) + len(last) or not line.startswith(first) or not line.endswith(last):
        return False
    at, end = len(first), len(line) - len(last)
    for piece in middle:
        found = line.find(piece, at, end)
        if found < 0:
            return False
        at = found + len(piece)
    return True


def _pieces(pattern: str) -> list[str]:
    """The literal texts between the wildcards of a line."""
    pieces = [""]
    for part in _DOTS.split(pattern):
        if part == _ANYTHING:
            pieces.append("")
        else:
            pieces[-1] += _ANYTHING if part == _ESCAPED_DOTS else part
    return pieces


def _all_match(patterns: Sequence[str], lines: Sequence[str]) -> bool:
    return len(patterns) == len(lines) and all(map(line_matches, patterns, lines))


def _first_difference(wanted: Sequence[str], got: Sequence[str], shift: int = 0) -> str | None:
    for number, (pattern, line) in enumerate(zip(wanted, got, strict=False), shift + 1):
        if not line_matches(pattern, line):
            return f"line {number}: expected {pattern!r}, got {line!r}"
    if len(wanted) > len(got):
        return f"line {shift + len(got) + 1}: expected {wanted[len(got)]!r}, got nothing more"
    if len(got) > len(wanted):
        return f"line {shift + len(wanted) + 1}: expected nothing more, got {got[len(wanted)]!r}"
    return None


def _trimmed(lines: Sequence[str]) -> list[str]:
    """The lines without trailing blanks, and without blank lines at the end."""
    kept = [line.rstrip() for line in lines]
    while kept and not kept[-1]:
        kept.pop()
    return kept


def _last_line(text: str) -> str:
    return text.strip().splitlines()[-1][:200]
