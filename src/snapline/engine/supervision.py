"""The processes that outlive the executor: adopting them, ending them, and proving that they are gone."""

from __future__ import annotations

from pathlib import Path

from snapline.base.ids import AttemptId
from snapline.engine.context import Context
from snapline.sandbox import process
from snapline.sandbox.process import NotProvedDead, RunState
from snapline.store import views
from snapline.store.states import SLOT_STATES
from snapline.store.views import TaskRow


def prove_dead(context: Context, task: TaskRow) -> bool:
    """End whatever is left of a task's last attempt; whether the kernel showed that nothing is."""
    with context.database.read() as connection:
        repository = views.run(connection, task.run).repository
    attempt = AttemptId(f"{task.id}#{task.number}")
    folder = context.places.run_folder(repository, attempt, "agent").parent
    try:
        for part in _runs(folder):
            process.reap(part)
    except NotProvedDead:
        return False
    return True


def stop_all(context: Context) -> None:
    """Tell every live shim to end its run: agents, their collections and checks."""
    with context.database.read() as connection:
        tasks = views.tasks(connection, states=SLOT_STATES)
        repositories = {one.id: one.repository for one in views.runs(connection)}
    for task in tasks:
        attempt = AttemptId(f"{task.id}#{task.number}")
        for part in _runs(context.places.run_folder(repositories[task.run], attempt, "agent").parent):
            _stop(part)
    for record in context.places.trees.glob("*/*/*/run"):
        _stop(record)


def _runs(folder: Path) -> list[Path]:
    """The supervised runs of an attempt that were begun: the agent's, collections, those of building a layer."""
    found = [*folder.glob("*/"), *folder.glob("layer/*/")]
    return [one for one in found if process.inspect(one) is not RunState.ABSENT]


def _stop(folder: Path) -> None:
    if process.inspect(folder) is RunState.RUNNING:
        process.stop(folder)
