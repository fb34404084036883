"""Runs at a glance while they are at work: each task with its agent, for how long, and its last words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from snapline.app.running import Floor
from snapline.base import wire
from snapline.base.clock import Clock
from snapline.base.plain import plain
from snapline.engine.admission import MERGED
from snapline.engine.settings import TaskPlan
from snapline.sandbox.process import LOG_FILE
from snapline.store import views
from snapline.store.states import WORKFLOW_STATES, RunState, TaskState, Waiting
from snapline.store.views import AttemptRow, RunRow, TaskRow

_TAIL_BYTES = 4096


@dataclass(frozen=True)
class TaskNow:
    """A task at this moment; ``seconds`` is how long it has been in its state, None for one that rests."""

    task: str
    state: TaskState
    reason: Waiting | None
    attempt: int
    agent: str
    seconds: float | None
    words: str


@dataclass(frozen=True)
class RunNow:
    """A run at this moment."""

    run: str
    target: str
    state: RunState
    reason: Waiting | None
    seconds: float
    words: str
    tasks: tuple[TaskNow, ...]


@dataclass(frozen=True)
class Watch:
    """Looks at runs without changing anything."""

    floor: Floor
    runs: tuple[str, ...]
    clock: Clock

    def look(self) -> tuple[RunNow, ...]:
        """All of the runs, as they are now."""
        return tuple(self._run(one) for one in self.runs)

    def _run(self, name: str) -> RunNow:
        with self.floor.database.read() as connection:
            run = views.run(connection, name)
            tasks = views.tasks(connection, run_id=name)
            attempts = {one.task: one for one in views.attempts(connection, name)}
        merged = {one.id for one in tasks if one.state in MERGED}
        rows = tuple(self._task(run, one, attempts.get(one.id), merged) for one in tasks)
        return RunNow(run.id, run.target, run.state, run.reason, self._since(run.requested_at), plain(run.detail), rows)

    def _task(self, run: RunRow, task: TaskRow, attempt: AttemptRow | None, merged: Iterable[str]) -> TaskNow:
        works = task.state in WORKFLOW_STATES
        return TaskNow(
            task=task.id,
            state=task.state,
            reason=task.reason,
            attempt=task.number,
            agent=plain(attempt.agent) if attempt else "",
            seconds=self._since(task.changed_at) if works else None,
            words=self._words(run, task, set(merged)),
        )

    def _words(self, run: RunRow, task: TaskRow, merged: set[str]) -> str:
        """The agent's last line while it runs; else why the task is where it is."""
        if task.state is TaskState.RUNNING:
            attempt = f"{task.id}#{task.number}"
            folder = self.floor.project.home.run_folder(run.repository, attempt, "agent")
            return last_line(folder / LOG_FILE)
        if task.state is TaskState.QUEUED:
            missing = [one for one in wire.decode(task.plan, TaskPlan).after if one not in merged]
            held = task.not_before - self.clock.now().timestamp()
            again = f"again in {held:.0f} s: " if held > 0 else ""
            return plain(again + task.detail) or (f"after {', '.join(missing)}" if missing else "until a slot is free")
        return plain(task.detail)

    def _since(self, stamp: str) -> float:
        return max(0.0, (self.clock.now() - datetime.fromisoformat(stamp)).total_seconds())


def last_line(log: Path) -> str:
    """The last line with words in a log that is still written, safe to print; empty where there is none."""
    try:
        with log.open("rb") as stream:
            size = stream.seek(0, 2)
            stream.seek(max(0, size - _TAIL_BYTES))
            tail = stream.read()
    except OSError:
        return ""
    lines = [one.strip() for one in plain(tail).splitlines()]
    return next((one for one in reversed(lines) if one), "")
