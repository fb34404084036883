"""Tidying goes on whatever an agent left: it is part of every tick."""

from __future__ import annotations

from pathlib import Path

from tests.sandbox.test_removal import burrow

from snapline.engine.context import Context
from snapline.engine.places import Places
from snapline.engine.tidying import tidy
from snapline.store.database import open_database


def test_a_workspace_of_endless_folders_does_not_end_the_executor(tmp_path: Path) -> None:
    places = Places(tmp_path / "home")
    context = Context(places, open_database(places.database))
    left = places.home / "ws" / "repository" / "pair~1"
    left.mkdir(parents=True)
    burrow(left, "d" * 200, 60)
    assert tidy(context) == 1
    assert not left.exists()
    assert list(places.trash.iterdir()) == []
