"""Which ``*`` and ``_`` of a text are emphasis markers: CommonMark's delimiter algorithm, in linear time."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

_ASCII_PUNCTUATION = frozenset("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")


@dataclass(slots=True)
class _Run:
    """A run of equal delimiters; ``left`` and ``right`` bound the part that is not yet used."""

    char: str
    left: int
    right: int
    length: int
    opens: bool
    closes: bool


def markers(text: str, runs: list[tuple[int, int]]) -> set[int]:
    """Offsets in ``text`` of all delimiter characters that are emphasis markers.

    ``runs`` are the half-open ranges of maximal runs of ``*`` or ``_`` outside code, HTML, links' targets and escapes.
    """
    used: set[int] = set()
    stacks: dict[str, list[_Run]] = {"*": [], "_": []}
    bottoms: dict[tuple[str, bool, int], int] = {}
    # Positions on the stacks are compared by source order: runs opened before a lower bound are never looked at again.
    for start, end in runs:
        run = _flanked(text, start, end)
        if run.closes:
            _close(run, stacks, bottoms, used)
        if run.opens and run.left < run.right:
            stacks[run.char].append(run)
    return used


def _close(
    closer: _Run, stacks: dict[str, list[_Run]], bottoms: dict[tuple[str, bool, int], int], used: set[int]
) -> None:
    stack = stacks[closer.char]
    other = stacks["_" if closer.char == "*" else "*"]
    while closer.left < closer.right:
        key = (closer.char, closer.opens, closer.length % 3)
        index = _opener(stack, closer, bottoms.get(key, -1))
        if index is None:
            bottoms[key] = closer.left - 1
            return
        opener = stack[index]
        del stack[index + 1 :]
        while other and other[-1].left > opener.left:
            other.pop()
        count = 2 if opener.right - opener.left > 1 and closer.right - closer.left > 1 else 1
        used.update(range(opener.right - count, opener.right))
        used.update(range(closer.left, closer.left + count))
        opener.right -= count
        closer.left += count
        if opener.left == opener.right:
            stack.pop()


def _opener(stack: list[_Run], closer: _Run, bottom: int) -> int | None:
    for index in range(len(stack) - 1, -1, -1):
        opener = stack[index]
        if opener.left <= bottom:
            return None
        either = opener.closes or closer.opens
        if not (either and (opener.length + closer.length) % 3 == 0 and (opener.length % 3 or closer.length % 3)):
            return index
    return None


def _flanked(text: str, start: int, end: int) -> _Run:
    before = text[start - 1] if start else " "
    after = text[end] if end < len(text) else " "
    blank_before, blank_after = before.isspace(), after.isspace()
    mark_before, mark_after = _punctuation(before), _punctuation(after)
    left = not blank_after and (not mark_after or blank_before or mark_before)
    right = not blank_before and (not mark_before or blank_after or mark_after)
    if text[start] == "_":
        opens, closes = left and (not right or mark_before), right and (not left or mark_after)
    else:
        opens, closes = left, right
    return _Run(text[start], start, end, end - start, opens, closes)


def _punctuation(char: str) -> bool:
    return char in _ASCII_PUNCTUATION or (char > "\x7f" and unicodedata.category(char)[0] in "PS")
