from __future__ import annotations

import subprocess
from pathlib import Path

from tests.repo.agent import Agent
from tests.repo.person import Person

from snapline.base.ids import Oid
from snapline.repo import workspace
from snapline.repo.seed import seed
from snapline.repo.user import UserRepository
from snapline.repo.vault import Identity, Vault


def test_a_workspace_is_a_clone_at_the_base_and_nothing_else(agent: Agent, base: Oid) -> None:
    assert agent.git("rev-parse", "HEAD") == base
    assert agent.git("branch", "--show-current") == "work"
    assert agent.git("status", "--porcelain") == ""
    assert agent.git("for-each-ref", "--format=%(refname)") == "refs/heads/work"
    assert agent.git("remote") == ""
    assert not (agent.root / ".git" / "hooks").exists()
    assert agent.git("config", "user.email") == "snapline@localhost"
    assert not list((agent.root / ".git/objects").rglob("*.pack")), "the objects are borrowed, not copied"


def test_a_workspace_is_made_once_and_after_a_crash_made_whole(vault: Vault, base: Oid, tmp_path: Path) -> None:
    source = seed(vault, "main", base, tmp_path / "seeds")
    folder = tmp_path / "ws" / "1"
    half = tmp_path / "ws" / "1.tmp" / ".git"
    half.mkdir(parents=True)
    (half / "config").write_text("half")
    lane = Identity("Lane", "lane@example.org")
    assert workspace.make(source, base, folder, lane) == folder
    assert not half.exists()
    (folder / "work.txt").write_text("kept")
    workspace.make(source, base, folder, lane)
    assert (folder / "work.txt").read_text() == "kept"
    who = subprocess.run(["git", "config", "user.name"], cwd=folder, capture_output=True, check=True).stdout
    assert who == b"Lane\n"


def test_a_seed_holds_the_bases_history_and_no_other_branch(
    vault: Vault, base: Oid, ann: Person, user: UserRepository, tmp_path: Path
) -> None:
    ann.git("checkout", "-q", "-b", "secret")
    secret = Oid(ann.commit("Secret", hidden_txt="x\n"))
    ann.git("checkout", "-q", "main")
    later = Oid(ann.commit("Later", later_txt="x\n"))
    vault.fetch(user, secret, later)
    source = seed(vault, "feature/x", base, tmp_path / "seeds")
    assert source.parent == tmp_path / "seeds"
    names = subprocess.run(
        ["git", "cat-file", "--batch-check", "--batch-all-objects"], cwd=source, capture_output=True, check=True
    )
    held = names.stdout.decode()
    assert base in held
    assert secret not in held
    assert later not in held
    assert seed(vault, "feature/x", later, tmp_path / "seeds") == source
    first = workspace.make(source, base, tmp_path / "ws" / "1")
    second = workspace.make(source, later, tmp_path / "ws" / "2")
    assert not (first / "later.txt").exists()
    assert (second / "later.txt").exists()


def test_work_in_a_workspace_writes_nothing_to_its_seed(agent: Agent, tmp_path: Path) -> None:
    def objects() -> set[Path]:
        return set((tmp_path / "state" / "seeds").rglob("*"))

    before = objects()
    agent.commit("Work", src__a_py="v = 2\n")
    agent.git("gc", "-q", "--prune=now")
    assert objects() == before
    assert agent.take().candidate is not None
