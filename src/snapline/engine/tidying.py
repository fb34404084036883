"""Tidying: what is no longer needed goes, by one rename to the trash, and from there at leisure."""

from __future__ import annotations

import secrets
from contextlib import suppress
from pathlib import Path

from snapline.base.ids import file_name
from snapline.engine import faults
from snapline.engine.context import Context
from snapline.engine.faults import Point
from snapline.sandbox import process
from snapline.sandbox.process import NotProvedDead, RunState
from snapline.sandbox.removal import NotRemoved, remove
from snapline.store import states, views
from snapline.store.states import SLOT_STATES, TaskState

_CHECKING_TASKS = frozenset({TaskState.VERIFYING, TaskState.INTEGRATING})
_CHECKING_RUNS = frozenset({states.RunState.LANDING, states.RunState.ROLLING_BACK})


def tidy(context: Context) -> int:
    """Remove the workspaces of attempts that hold no slot, and trees that no check runs in; returns how many went.

    The commits of the workspaces are in the vault, the results of the checks are stored. Called between admissions,
    so that nothing comes into being meanwhile.
    """
    with context.database.read() as connection:
        kept = {
            (views.run(connection, task.run).repository, file_name(f"{task.id}#{task.number}"))
            for task in views.tasks(connection, states=SLOT_STATES)
        }
        checking = [*views.tasks(connection, states=_CHECKING_TASKS), *views.runs(connection, states=_CHECKING_RUNS)]
    gone = 0
    faults.reach("cleanup.trash", Point.BEFORE)
    for repository in _folders(context.places.home / "ws"):
        for place in _folders(repository):
            if (repository.name, place.name) not in kept:
                _discard(context, place)
                gone += 1
    if not checking:
        gone += _clear_trees(context)
    faults.reach("cleanup.trash", Point.EFFECT)
    for left in _folders(context.places.trash):
        with suppress(NotRemoved):  # tried again next time; no tick ends by it
            remove(left)
    faults.reach("cleanup.trash", Point.RECORDED)
    return gone


def _clear_trees(context: Context) -> int:
    """What checks left that a crash cut off after their result was stored."""
    gone = 0
    for repository in _folders(context.places.trees):
        for place in _folders(repository):
            if _ended(place):
                _discard(context, place)
                gone += 1
        for lock in repository.glob("*.lock"):
            lock.unlink()
    return gone


def _ended(place: Path) -> bool:
    """Whether nothing of a check lives any more, after what did was ended."""
    runs = [*place.glob("*/run"), *place.glob("layer/run/*")]
    try:
        for run in runs:
            if process.inspect(run) is not RunState.ABSENT:
                process.reap(run)
    except NotProvedDead:
        return False
    return True


def _folders(folder: Path) -> list[Path]:
    return sorted(one for one in folder.iterdir() if one.is_dir()) if folder.is_dir() else []


def _discard(context: Context, place: Path) -> None:
    context.places.trash.mkdir(mode=0o700, exist_ok=True)
    place.rename(context.places.trash / f"{place.name}.{secrets.token_hex(4)}")
