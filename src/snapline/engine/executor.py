"""The executor: the one process that holds the lock, runs workflows and ticks; everybody else follows."""

from __future__ import annotations

import importlib
import math
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from snapline.base.clock import Clock, SystemClock
from snapline.engine import context as surroundings
from snapline.engine import dispatch, pinning, supervision, tidying
from snapline.engine.context import Context
from snapline.engine.lock import ExecutorLock, Holder
from snapline.engine.places import Places
from snapline.engine.runtime import Runtime
from snapline.engine.tick import TICK_SECONDS, tick
from snapline.store import ledger
from snapline.store.database import Database
from snapline.store.ledger import Event
from snapline.store.states import RunState
from snapline.store.views import TaskRow

BEAT_SECONDS = 3.0
"""How often a requester says that it is still here; five beats fit into the time after which it counts as gone."""

PIN_SECONDS = 60.0
"""How often the heads of the ledgers are published while something happens in them."""
PINNED_AT_ONCE = frozenset({f"run.{RunState.DONE}", f"run.{RunState.ROLLED_BACK}"})

OnEvent = Callable[[Event], None]
Until = Callable[[], bool]


@dataclass(frozen=True, slots=True)
class Parts:
    """What an executor works with beside the tick.

    ``load`` registers the workflows, ``prove_dead`` ends what is left of an attempt, ``stop_all`` tells every shim to
    end its run, ``tidy`` removes what is no longer needed, ``pin`` publishes checkpoints of some runs' ledgers and
    returns the runs for which it could not.
    """

    load: Callable[[], None]
    prove_dead: Callable[[Context, TaskRow], bool]
    stop_all: Callable[[Context], None]
    tidy: Callable[[Context], int]
    pin: Callable[[Context, frozenset[str]], frozenset[str]]


def _load() -> None:
    for name in ("attempt", "verification", "integration", "landing", "rollback"):
        importlib.import_module(f"snapline.engine.{name}")


PARTS = Parts(_load, supervision.prove_dead, supervision.stop_all, tidying.tidy, pinning.pin)


class Executor:
    """A process that may execute. ``acquire`` first; without the lock, ``follow`` is all it can do."""

    def __init__(self, places: Places, database: Database, clock: Clock | None = None, parts: Parts = PARTS) -> None:
        self.context = Context(places, database, clock or SystemClock())
        self._parts = parts
        self._lock = ExecutorLock(places.lock)
        self._runtime: Runtime | None = None
        self._beaten = -math.inf
        self._unpinned: frozenset[str] = frozenset()
        self._pinned = time.monotonic()
        with database.read() as connection:
            self._told = ledger.last_position(connection)

    def acquire(self) -> bool:
        """Become the executor, if nobody else is: what a predecessor ran goes on from here."""
        if not self._lock.acquire():
            return False
        if self._runtime is None:
            surroundings.enter(self.context)
            self._parts.load()
            self._runtime = Runtime(self.context.database)
        return True

    @property
    def executes(self) -> bool:
        """Whether this process is the executor."""
        return self._runtime is not None

    def holder(self) -> Holder | None:
        """The process that executes now."""
        return self._lock.holder()

    def execute(self, until: Until, on_event: OnEvent, runs: Iterable[str] = ()) -> None:
        """Tick until ``until`` holds, telling each new event of the ledger; ``runs`` are those asked for here."""
        if self._runtime is None:
            raise AssertionError("only the holder of the lock executes")
        mine = tuple(runs)
        while True:
            self.context.wake.clear()
            self._beat(mine)
            if tick(self.context, self._runtime.enqueue, self._runtime.ended, self._prove_dead):
                self._parts.tidy(self.context)
            landed = self._tell(on_event)
            leaving = until()
            if leaving:
                self._parts.tidy(self.context)
                self._tell(on_event)
            self._pin(at_once=landed or leaving)
            if leaving:
                return
            self.context.wake.wait(TICK_SECONDS)

    def follow(self, until: Until, on_event: OnEvent, runs: Iterable[str] = ()) -> None:
        """Watch another executor, telling its events; take over and execute when it dies."""
        mine = tuple(runs)
        while not until():
            self._beat(mine)
            self._tell(on_event)
            if self.acquire():
                self.execute(until, on_event, mine)
                return
            time.sleep(TICK_SECONDS)
        self._tell(on_event)

    def run(self, until: Until, on_event: OnEvent, runs: Iterable[str] = ()) -> None:
        """Execute if nobody does, else follow."""
        if self.acquire():
            self.execute(until, on_event, runs)
        else:
            self.follow(until, on_event, runs)

    def stop(self) -> None:
        """Admit nothing more and tell every shim to end its run.

        The caller then leaves by ``os._exit``: steps that run cannot be ended otherwise, and the next executor goes on
        from what is written down.
        """
        self.context.stopping.set()
        self._parts.stop_all(self.context)

    def close(self) -> None:
        """Give the lock back. Only for an executor none of whose workflows is at work."""
        if self._runtime is not None:
            self._runtime.close()
            self._runtime = None
        self._lock.release()

    def _prove_dead(self, task: TaskRow) -> bool:
        return self._parts.prove_dead(self.context, task)

    def _beat(self, runs: tuple[str, ...]) -> None:
        now = time.monotonic()
        if runs and now - self._beaten >= BEAT_SECONDS:
            dispatch.beat(self.context.database, runs, self.context.clock)
            self._beaten = now

    def _tell(self, on_event: OnEvent) -> bool:
        """Tell the new events; whether a landing or a rollback is among them."""
        with self.context.database.read() as connection:
            new = ledger.events(connection, after=self._told)
        for event in new:
            on_event(event)
            self._told = event.position
        self._unpinned |= {event.stream for event in new}
        return any(event.kind in PINNED_AT_ONCE for event in new)

    def _pin(self, *, at_once: bool) -> None:
        now = time.monotonic()
        if self._unpinned and (at_once or now - self._pinned >= PIN_SECONDS):
            self._unpinned = self._parts.pin(self.context, self._unpinned)
            self._pinned = now
