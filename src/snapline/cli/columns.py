"""Small tables for people: columns as wide as what they hold, the last one wrapped at the terminal's width."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from snapline.base.plain import plain

_LEAST = 20


def columns(rows: Sequence[Sequence[str]], width: int) -> Iterator[str]:
    """Each row as text of one or more lines, at most ``width`` wide; every row has as many cells.

    A line break in a last cell stays one.
    """
    widths = [max(len(cell) for cell in column) for column in list(zip(*rows, strict=True))[:-1]]
    left = sum(widths) + 2 * len(widths)
    for row in rows:
        start = "".join(f"{cell:<{wide}}  " for cell, wide in zip(row[:-1], widths, strict=True))
        lines = [line for one in row[-1].split("\n") for line in _wrapped(one, max(width - left, _LEAST))]
        yield start + f"\n{' ' * left}".join(lines)


def _wrapped(text: str, width: int) -> list[str]:
    return textwrap.wrap(plain(text), width, break_on_hyphens=False) or [""]
