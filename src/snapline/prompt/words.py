"""Small pieces of prompts: lists of ids, durations, and quoted text that cannot break out of its quotes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from snapline.base.plain import clipped, plain
from snapline.base.regex import regex

_ID = regex(r"([A-Z])(\d+)")
_TILDES = regex(r"~{3,}")
_MINUTE = 60


def id_list(ids: Iterable[str]) -> str:
    """Ids with runs drawn together: ``A1-A3, A5``; ``none`` for none."""
    runs: list[list[str]] = []
    for one in ids:
        if runs and _follows(runs[-1][-1], one):
            runs[-1].append(one)
        else:
            runs.append([one])
    return ", ".join(_run(run) for run in runs) or "none"


def duration(seconds: float) -> str:
    """A time as people say it: ``45 s``, ``90 min``."""
    return f"{round(seconds)} s" if seconds < 2 * _MINUTE else f"{round(seconds / _MINUTE)} min"


def quoted(text: str, limit: int) -> str:
    """Foreign text between fences: made safe to show, at most ``limit`` bytes, unable to close its own fence."""
    inner = clipped(plain(text), limit).strip("\n")
    longest = max((len(run) for run in _TILDES.findall(inner)), default=2)
    fence = "~" * (longest + 1)
    return f"{fence}\n{inner}\n{fence}"


def one_line(text: str, limit: int) -> str:
    """Foreign text as one line of at most ``limit`` characters."""
    line = " ".join(plain(text).split())
    return line if len(line) <= limit else f"{line[: limit - 3]}..."


def _follows(last: str, following: str) -> bool:
    before, after = _ID.fullmatch(last), _ID.fullmatch(following)
    return bool(before and after and before[1] == after[1] and int(before[2]) + 1 == int(after[2]))


def _run(run: Sequence[str]) -> str:
    short_run = 2
    return ", ".join(run) if len(run) <= short_run else f"{run[0]}-{run[-1]}"
