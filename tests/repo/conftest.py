from __future__ import annotations

from pathlib import Path

import pytest
from tests.repo.agent import Agent, start_agent
from tests.repo.person import Person, start

from snapline.base.ids import Oid
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


@pytest.fixture
def base(vault: Vault, user: UserRepository) -> Oid:
    vault.fetch(user, user.head())
    return user.head()


@pytest.fixture
def agent(vault: Vault, base: Oid, tmp_path: Path) -> Agent:
    return start_agent(vault, base, tmp_path / "state", tmp_path / "agent-home")
