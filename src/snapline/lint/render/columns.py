"""Text as a terminal shows it: how many columns it takes, and what is shown of a long line."""

from __future__ import annotations

import unicodedata

TAB = 4
"""Columns between tab stops in what we print."""
ROOM = 100
"""Columns of a line that are shown around a finding."""
_LEAD = 30
_NEAR = 400
"""Code points on either side of a finding that are looked at."""
_CUT = "…"
_JOINERS = "\u200d\ufe0e\ufe0f"


def visible(text: str) -> str:
    """``text`` with what would move a terminal's cursor, hide text or turn its direction made visible."""
    return "".join("\ufffd" if _hidden(char) else char for char in text)


def width(char: str) -> int:
    """Columns that one code point takes: 0, 1 or 2."""
    if unicodedata.combining(char) or char in _JOINERS:
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def excerpt(line: str, start: int, end: int) -> tuple[str, int, int]:
    """What to show of ``line``, the blanks before the carets, and how many carets mark ``[start, end)``.

    Tabs become blanks, a long line is cut around the span; at least one caret is always there.
    """
    length = len(line) - max(0, start - _NEAR)
    begin = max(0, start - _NEAR)
    if begin or len(line) > 2 * _NEAR:
        line, start, end = line[begin : start + _NEAR], start - begin, end - begin
    cells = _cells(line)
    columns = [0]
    for cell in cells:
        columns.append(columns[-1] + sum(map(width, cell)))
    first = _first(columns, start)
    last = next((index for index in range(len(cells), first, -1) if columns[index] - columns[first] <= ROOM), first)
    cut = _CUT if first or begin else ""
    shown = cut + "".join(cells[first:last]) + (_CUT if last < length else "")
    padding = columns[start] - columns[first] + len(cut)
    carets = columns[max(start, min(end, last))] - columns[start]
    return shown, padding, max(1, carets)


def _cells(line: str) -> list[str]:
    cells: list[str] = []
    column = 0
    for char in line:
        cell = " " * (TAB - column % TAB) if char == "\t" else visible(char)
        column += sum(map(width, cell))
        cells.append(cell)
    return cells


def _first(columns: list[int], start: int) -> int:
    """The index of the first code point shown: 0, unless the span would lie outside the room."""
    if columns[-1] <= ROOM or columns[start] <= ROOM - _LEAD:
        return 0
    return next(index for index in range(start + 1) if columns[start] - columns[index] <= _LEAD)


def _hidden(char: str) -> bool:
    return char not in _JOINERS and unicodedata.category(char) in {"Cc", "Cf", "Cs", "Zl", "Zp"}
