"""A spec that has really landed in a real repository, and a workshop to take it back in."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from snapline.base.ids import Oid, SpecId
from snapline.base.text import Source
from snapline.recover.rollback import Workshop
from snapline.repo.user import UserRepository
from snapline.repo.vault import Vault
from snapline.sandbox import bubblewrap
from snapline.sandbox.bare import Bare
from snapline.sandbox.bubblewrap import Bubblewrap
from snapline.sandbox.environment import Environment
from snapline.sandbox.layers import Layers
from snapline.sandbox.policy import Sandbox
from snapline.spec.model import FrontMatter, Spec
from snapline.store.evidence import EvidenceStore
from snapline.verify.environments import Environments


@dataclass(frozen=True)
class Landed:
    """``landing`` is the merge of the work into ``before``; ``later`` a commit that others made after it."""

    root: Path
    user: UserRepository
    vault: Vault
    before: Oid
    landing: Oid
    later: Oid

    def git(self, *words: str) -> str:
        return git(self.root, *words)


def git(root: Path, *words: str) -> str:
    argv = ["git", "-c", "user.name=A", "-c", "user.email=a@example.org", *words]
    return subprocess.run(argv, cwd=root, capture_output=True, text=True, check=True).stdout.strip()


def commit(root: Path, message: str, **files: str) -> Oid:
    for name, text in files.items():
        (root / f"{name}.txt").write_text(text)
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", message)
    return Oid(git(root, "rev-parse", "HEAD"))


@pytest.fixture
def landed(tmp_path: Path) -> Landed:
    root = tmp_path / "repo"
    root.mkdir()
    git(root, "init", "-q", "-b", "main")
    before = commit(root, "first", kept="one\n", level="old\n")
    git(root, "switch", "-q", "-c", "work")
    commit(root, "the work", level="new\n", added="x\n")
    git(root, "switch", "-q", "main")
    git(root, "merge", "-q", "--no-ff", "-m", "land it", "work")
    landing = Oid(git(root, "rev-parse", "HEAD"))
    later = commit(root, "others", others="y\n")
    user = UserRepository.discover(root)
    vault = Vault.open(tmp_path / "state" / "vault.git", user)
    vault.fetch(user, later)
    return Landed(root, user, vault, before, landing, later)


@pytest.fixture
def spec() -> Spec:
    return Spec(Source("s.md", b"", ""), SpecId("demo"), "Raise the level", FrontMatter(), ())


@pytest.fixture(params=["T0", "T2"])
def sandbox(request: pytest.FixtureRequest) -> Sandbox:
    if request.param == "T0":
        return Bare()
    if not bubblewrap.probe().ok:
        assert "CI" not in os.environ, "bubblewrap is missing"
        pytest.skip("bubblewrap is missing: NOT TESTED")
    return Bubblewrap()


@pytest.fixture
def workshop(landed: Landed, sandbox: Sandbox, tmp_path: Path) -> Workshop:
    """At each tier."""
    return open_workshop(landed, sandbox, tmp_path / "state")


@pytest.fixture
def open_to_all(landed: Landed, tmp_path: Path) -> Workshop:
    """Without isolation, so that a command can leave a mark outside."""
    return open_workshop(landed, Bare(), tmp_path / "state")


def open_workshop(landed: Landed, sandbox: Sandbox, state: Path) -> Workshop:
    environment = Environment(variables={"LEVEL_FILE": "level.txt"})
    return Workshop(
        vault=landed.vault,
        sandbox=sandbox,
        environments=Environments(landed.vault, Layers(state / "layers", sandbox), environment),
        evidence=EvidenceStore(state / "evidence"),
        folder=state / "rollback",
        timeout=20.0,
        variables={"DATABASE": "db.example"},
    )
