"""Real repositories for the records."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from snapline.repo.records import Records
from snapline.repo.user import UserRepository


@pytest.fixture
def records(tmp_path: Path) -> Records:
    folder = tmp_path / "repo"
    folder.mkdir()
    git = ["git", "-c", "user.name=A", "-c", "user.email=a@example.org"]
    for words in ("init -q", "commit -q --allow-empty -m first"):
        subprocess.run([*git, *words.split()], cwd=folder, check=True)
    return Records(UserRepository.discover(folder))
