"""Executing what was dispatched or decided, until it has ended or waits for a person; or following who does."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from snapline.app.project import Project
from snapline.app.readmodel import RunStatus, run_status
from snapline.base.clock import SystemClock
from snapline.base.ids import RunId
from snapline.engine.dispatch import UNFINISHED, register
from snapline.engine.lock import ExecutorLock, lives
from snapline.engine.rest import at_rest
from snapline.store import views
from snapline.store.database import Database, open_database
from snapline.store.evidence import EvidenceStore

if TYPE_CHECKING:
    from snapline.engine.executor import Executor, OnEvent


@dataclass(frozen=True)
class Floor:
    """The state of one machine: where runs are written down, and the executor that works on them."""

    project: Project

    @cached_property
    def database(self) -> Database:
        """Our tables."""
        return open_database(self.project.home.database)

    @cached_property
    def evidence(self) -> EvidenceStore:
        """What checks and attempts left."""
        return EvidenceStore(self.project.home.evidence)

    @cached_property
    def executor(self) -> Executor:
        """This process's executor, should nobody else hold the lock."""
        from snapline.engine.executor import Executor  # noqa: PLC0415 - looking needs no workflow engine

        return Executor(self.project.home, self.database, SystemClock())

    def stay(self, runs: Iterable[RunId], on_event: OnEvent) -> tuple[RunStatus, ...]:
        """Execute or follow until each of ``runs`` is at rest; gives them as they are then.

        The repository may have been moved since they began: where it lies now is written down first.
        """
        mine = tuple(runs)
        register(self.database, self.project.id, self.project.root, SystemClock())
        self.executor.run(lambda: all(at_rest(self.database, one) for one in mine), on_event, mine)
        return self.statuses(mine)

    def statuses(self, runs: Iterable[RunId]) -> tuple[RunStatus, ...]:
        """Runs as they are now."""
        return tuple(run_status(self.database, self.evidence, one) for one in runs)

    def at_work(self) -> bool:
        """Whether a process executes on this machine now."""
        holder = ExecutorLock(self.project.home.lock).holder()
        return holder is not None and lives(holder)

    def leaves_work(self) -> bool:
        """Whether the executor still works for others, so that it cannot be ended quietly."""
        with self.database.read() as connection:
            unfinished = views.runs(connection, states=UNFINISHED)
        return any(not at_rest(self.database, one.id) for one in unfinished)
