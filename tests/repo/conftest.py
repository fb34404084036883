from __future__ import annotations

from pathlib import Path

import pytest
from tests.repo.person import Person, start

from snapline.repo.user import UserRepository
from snapline.repo.vault import Vault


@pytest.fixture
def ann(tmp_path: Path) -> Person:
    return start(tmp_path / "ann", tmp_path / "home")


@pytest.fixture
def user(ann: Person) -> UserRepository:
    return UserRepository.discover(ann.root)


@pytest.fixture
def vault(tmp_path: Path, user: UserRepository) -> Vault:
    return Vault.open(tmp_path / "state" / "vault.git", user)
