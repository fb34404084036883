"""What every step finds: the database, the places and the clock of the executor that runs it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import sqlalchemy as sa

from snapline.base.clock import Clock, SystemClock
from snapline.engine.places import Places
from snapline.store import moves
from snapline.store.database import Database
from snapline.store.evidence import EvidenceStore
from snapline.store.moves import Move, Moved
from snapline.store.results import ResultStore

LEAVING_SECONDS = 60.0
"""How long a step that finds the executor stopping waits for its process to leave."""
_LOOK_SECONDS = 0.2


@dataclass(slots=True)
class Context:
    """One executor's surroundings; workflows are functions of the process, so there is one at a time."""

    places: Places
    database: Database
    clock: Clock = field(default_factory=SystemClock)
    wake: threading.Event = field(default_factory=threading.Event)
    stopping: threading.Event = field(default_factory=threading.Event)

    @property
    def evidence(self) -> EvidenceStore:
        """The evidence of this state home."""
        return EvidenceStore(self.places.evidence)

    @property
    def results(self) -> ResultStore:
        """The results of checks of this state home."""
        return ResultStore(self.database, self.clock)

    def now(self) -> float:
        """Seconds since the epoch."""
        return self.clock.now().timestamp()

    def hold(self) -> None:
        """Begin nothing more while the process is about to leave; returns at once when it is not."""
        end = time.monotonic() + LEAVING_SECONDS
        while self.stopping.is_set() and time.monotonic() < end:
            time.sleep(_LOOK_SECONDS)

    def move(self, *steps: Move, also: Callable[[sa.Connection], None] | None = None) -> Moved:
        """Carry out moves, all or none, with what ``also`` writes beside them, and wake the tick."""
        moved = moves.apply(self.database, steps, self.clock, also)
        self.wake.set()
        return moved


_current: list[Context] = []


def enter(context: Context) -> None:
    """Make ``context`` the one that steps find."""
    _current[:] = [context]


def current() -> Context:
    """The executor's context; outside an executor there is none, and asking is a bug."""
    return _current[0]
