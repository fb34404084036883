"""Folders that hostile code left are removed all the same."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from snapline.sandbox.removal import remove


def burrow(folder: Path, name: str, depth: int) -> None:
    """Folders in one another, deeper than any path can say."""
    here = os.open(".", os.O_RDONLY)
    try:
        os.chdir(folder)
        for _ in range(depth):
            Path(name).mkdir()
            os.chdir(name)
        Path("file").touch()
    finally:
        os.fchdir(here)
        os.close(here)


@pytest.mark.parametrize(("name", "depth"), [("d", 3000), ("d" * 200, 60)])
def test_folders_in_one_another_without_end(tmp_path: Path, name: str, depth: int) -> None:
    left = tmp_path / "left"
    left.mkdir()
    burrow(left, name, depth)
    if name == "d":
        with pytest.raises(RecursionError):
            shutil.rmtree(left)
    remove(left)
    assert not left.exists()


def test_closed_doors_links_and_what_is_not_there(tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    kept.mkdir()
    (kept / "file").touch()
    left = tmp_path / "left"
    (left / "a" / "b").mkdir(parents=True)
    (left / "a" / "link").symlink_to(kept)
    (left / "a").chmod(0)
    remove(left)
    assert not left.exists()
    assert (kept / "file").exists()
    remove(left)
