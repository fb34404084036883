"""Tidying: what is no longer needed goes, by one rename to the trash, and from there at leisure."""

from __future__ import annotations

import os
import secrets
import shutil
from pathlib import Path

from snapline.base.ids import file_name
from snapline.engine import faults
from snapline.engine.context import Context
from snapline.engine.faults import Point
from snapline.store import views
from snapline.store.states import SLOT_STATES


def tidy(context: Context) -> int:
    """Remove the workspaces of attempts that hold no slot; their commits are in the vault. Returns how many went."""
    with context.database.read() as connection:
        kept = {
            (views.run(connection, task.run).repository, file_name(f"{task.id}#{task.number}"))
            for task in views.tasks(connection, states=SLOT_STATES)
        }
    gone = 0
    faults.reach("cleanup.trash", Point.BEFORE)
    for repository in _folders(context.places.home / "ws"):
        for place in _folders(repository):
            if (repository.name, place.name) not in kept:
                _discard(context, place)
                gone += 1
    faults.reach("cleanup.trash", Point.EFFECT)
    for left in _folders(context.places.trash):
        _remove(left)
    faults.reach("cleanup.trash", Point.RECORDED)
    return gone


def _folders(folder: Path) -> list[Path]:
    return sorted(one for one in folder.iterdir() if one.is_dir()) if folder.is_dir() else []


def _discard(context: Context, place: Path) -> None:
    context.places.trash.mkdir(mode=0o700, exist_ok=True)
    place.rename(context.places.trash / f"{place.name}.{secrets.token_hex(4)}")


def _remove(folder: Path) -> None:
    """Delete a folder that an agent wrote, in which it may have left folders that even we may not enter."""
    for where, names, _ in os.walk(folder):
        for name in names:
            inner = Path(where, name)
            if not inner.is_symlink():
                inner.chmod(0o700)
    shutil.rmtree(folder)
