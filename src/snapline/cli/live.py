"""Live progress of runs: a table on a terminal, one plain line per event elsewhere."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from snapline.cli import events
from snapline.cli.output import Output, colourful
from snapline.store.ledger import Event
from snapline.store.states import RunState, TaskState

if TYPE_CHECKING:
    from rich.console import Console, ConsoleOptions, RenderResult
    from rich.table import Table
    from rich.text import Text

    from snapline.app.watching import RunNow, TaskNow, Watch
    from snapline.engine.executor import OnEvent

LOOKS_PER_SECOND = 2
COLOURS: dict[str, str] = {
    TaskState.DONE: "green",
    TaskState.INTEGRATED: "green",
    TaskState.FAILED: "red",
    TaskState.CANCELLED: "red",
    TaskState.QUARANTINED: "red",
    TaskState.WAITING: "yellow",
    TaskState.ROLLED_BACK: "yellow",
    RunState.ROLLING_BACK: "yellow",
    TaskState.QUEUED: "bright_black",
}
_SETTLED = frozenset({TaskState.DONE, TaskState.INTEGRATED, TaskState.ROLLED_BACK})
_AROUND = 4
"""Lines of a terminal that the table leaves to what stands around it."""


@contextmanager
def following(output: Output, watch: Watch) -> Iterator[OnEvent]:
    """Show on stderr how runs get on: as a live table where that is a terminal, else a line for each event.

    What else the executor does meanwhile, for runs that were begun elsewhere, is not told.
    """
    if not is_live(output):
        yield lambda event: _note(output, event) if event.stream in watch.runs else None
        return
    from rich.console import Console  # noqa: PLC0415 - only on a terminal
    from rich.live import Live  # noqa: PLC0415 - as above
    from rich.text import Text  # noqa: PLC0415 - as above

    console = Console(stderr=True, highlight=False)

    def see(event: Event) -> None:
        if event.stream in watch.runs and events.needs_a_look(event):
            console.print(Text(events.line(event)))

    # The table goes when the work ends: what stays is said once, on stdout.
    with Live(Board(watch), console=console, refresh_per_second=LOOKS_PER_SECOND, transient=True):
        yield see


def is_live(output: Output) -> bool:
    """Whether progress is a table that is drawn anew, and taken away at the end."""
    return colourful(sys.stderr) and not output.as_json


def _note(output: Output, event: Event) -> None:
    if events.is_progress(event):
        output.note(events.line(event))


class Board:
    """All runs and their tasks, looked up anew whenever rich draws: other threads may draw at the same time."""

    def __init__(self, watch: Watch) -> None:
        self._watch = watch
        self._turn = threading.Lock()

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """The table now, cut to what the terminal has room for."""
        with self._turn:
            runs = self._watch.look()
        # Short of the edge: what the terminal echoes of Ctrl-C must not wrap into a line that nobody takes away.
        yield table(runs, (options.height or console.height) - _AROUND, options.max_width - len("^C") - 1)


def table(runs: tuple[RunNow, ...], height: int, width: int) -> Table:
    """Runs with their tasks; those that are through give way where there is no room for all."""
    from rich.table import Table  # noqa: PLC0415 - only on a terminal
    from rich.text import Text  # noqa: PLC0415 - as above

    grid = Table.grid(padding=(0, 2), expand=True)
    grid.width = width
    for ratio in (None, None, None, None):
        grid.add_column(no_wrap=True, ratio=ratio)
    grid.columns[3].justify = "right"
    grid.add_column(no_wrap=True, overflow="ellipsis", ratio=1)
    crowded = sum(len(run.tasks) + 1 for run in runs) > height
    for run in runs:
        done = [one for one in run.tasks if one.state in _SETTLED]
        count = f"{len(done)} of {len(run.tasks)}"
        word = "at work" if run.state is RunState.OPEN else run.state
        state = Text(word, style=COLOURS.get(run.state, "cyan"))
        grid.add_row(Text(run.run, style="bold"), state, Text(count), clock(run.seconds), Text(_first(run.words)))
        for task in run.tasks:
            if not (crowded and task in done):
                grid.add_row(*_cells(task))
    return grid


def _cells(task: TaskNow) -> tuple[Text | str, ...]:
    from rich.text import Text  # noqa: PLC0415 - only on a terminal

    reason = f" ({task.reason})" if task.reason else ""
    who = f"#{task.attempt} {task.agent}" if task.agent else ""
    elapsed = "" if task.seconds is None else clock(task.seconds)
    state = Text(f"{task.state}{reason}", style=COLOURS.get(task.state, "cyan"))
    return Text(f"  {task.task}"), state, Text(who), elapsed, Text(_first(task.words), style="bright_black")


def _first(words: str) -> str:
    return words.splitlines()[0] if words else ""


def clock(seconds: float) -> str:
    """A time span as people read it at a glance: ``0:07``, ``12:30``, ``1:02:30``."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
