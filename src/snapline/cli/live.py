"""Live progress of a run: a table on a terminal, one plain line per event elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from snapline.base.plain import plain
from snapline.cli.output import Output, colourful
from snapline.engine.executor import OnEvent
from snapline.store.ledger import Event

if TYPE_CHECKING:
    from rich.table import Table

_LONGEST = 100
_COLOURS = {
    "done": "green",
    "integrated": "green",
    "failed": "red",
    "cancelled": "red",
    "quarantined": "red",
    "waiting": "yellow",
    "rolled-back": "yellow",
}


def describe(event: Event) -> str:
    """One event as a line: whose, what, and why."""
    what = event.kind.partition(".")[2]
    words = event.body.get("words") or event.body.get("because") or ""
    reason = f" ({event.body['reason']})" if event.body.get("reason") else ""
    more = f": {plain(str(words))}" if words else ""
    return f"{event.subject} {what}{reason}{more}"


@contextmanager
def following(output: Output) -> Iterator[OnEvent]:
    """Show events as they come, on stderr: where that is a terminal as a live table, which gives way to the result."""
    if not colourful(sys.stderr) or output.as_json:
        yield lambda event: output.note(describe(event))
        return
    from rich.console import Console  # noqa: PLC0415 - only on a terminal
    from rich.live import Live  # noqa: PLC0415 - as above

    board = Board()
    with Live(board, console=Console(stderr=True), refresh_per_second=4, transient=True):
        yield board.see


@dataclass
class _Row:
    state: str
    since: float
    words: str


class Board:
    """A table of tasks as they change; rich asks it anew several times a second, so that times go on."""

    def __init__(self) -> None:
        self._rows: dict[str, _Row] = {}

    def see(self, event: Event) -> None:
        """Take one event into the table."""
        kind, _, what = event.kind.partition(".")
        if kind not in {"task", "run"}:
            return
        words = plain(str(event.body.get("words") or event.body.get("reason") or ""))
        self._rows[event.subject] = _Row(what, time.monotonic(), words)

    def __rich__(self) -> Table:
        """The table now."""
        from rich.table import Table  # noqa: PLC0415 - only on a terminal
        from rich.text import Text  # noqa: PLC0415 - as above

        table = Table(box=None, pad_edge=False, show_header=False)
        now = time.monotonic()
        for subject, row in self._rows.items():
            ended = row.state in _COLOURS
            style: Any = _COLOURS.get(row.state, "cyan")
            clock = "" if ended else f"{now - row.since:.0f} s"
            table.add_row(
                subject,
                Text(row.state, style=style),
                clock,
                Text(row.words.splitlines()[0][:_LONGEST] if row.words else ""),
            )
        return table
