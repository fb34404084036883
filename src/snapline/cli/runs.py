"""The way of every verb that stays until its work has ended or waits for a person."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterable
from typing import NoReturn

from snapline.app.readmodel import RunStatus, exit_status
from snapline.app.running import Floor
from snapline.app.watching import Watch
from snapline.base.clock import SystemClock
from snapline.base.errors import ExitStatus
from snapline.base.ids import RunId
from snapline.cli import live, standing
from snapline.cli.endings import Terminated
from snapline.cli.output import Output


def stay(output: Output, floor: Floor, runs: Iterable[RunId]) -> ExitStatus:
    """Work on runs until each is at rest, then show them; the exit status says how they ended."""
    statuses = stay_quiet(output, floor, runs)
    for one in statuses:
        standing.show(output, one)
    if output.as_json:
        output.document(standing.document(statuses))
    return finish(floor, exit_status(statuses))


def stay_quiet(output: Output, floor: Floor, runs: Iterable[RunId]) -> tuple[RunStatus, ...]:
    """Work on runs until each is at rest, with progress on stderr.

    Ctrl-C (or SIGTERM) stops cleanly: nothing more is admitted, agents are told to end, and a later ``snapline run``
    goes on. A second Ctrl-C leaves at once; what runs is then adopted later.
    """
    mine = tuple(runs)
    try:
        with live.following(output, Watch(floor, mine, SystemClock())) as on_event:
            return floor.stay(mine, on_event)
    except KeyboardInterrupt:
        _leave(output, floor, "interrupted", ExitStatus.INTERRUPTED)
    except Terminated:
        _leave(output, floor, "terminated", ExitStatus.TERMINATED)


def finish(floor: Floor, status: ExitStatus) -> ExitStatus:
    """End this process's part: quietly, or at once where the executor still works for others."""
    if floor.leaves_work():
        _end(status)
    floor.executor.close()
    return status


def _leave(output: Output, floor: Floor, word: str, status: ExitStatus) -> NoReturn:
    for one in (signal.SIGINT, signal.SIGTERM):
        signal.signal(one, lambda *_: os._exit(status))
    if floor.executor.executes:
        # Where no table was taken away, the terminal's own ^C still stands on the line.
        below = "\n" if sys.stderr.isatty() and not live.is_live(output) else ""
        output.note(f"{below}Stopping: agents are told to end. Ctrl-C again leaves at once.")
        floor.executor.stop()
        output.error(word, f"{word}; what was done is kept", "The same command goes on where this stopped.")
    else:
        output.error(word, f"{word}; the work itself goes on", "Another process is at it: `snapline status`.")
    _end(status)


def _end(status: ExitStatus) -> NoReturn:
    """Leave although threads still work: crash and stop are one path, and the next executor goes on."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)
