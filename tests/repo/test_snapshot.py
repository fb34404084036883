from __future__ import annotations

import hashlib
import time
from pathlib import Path

import pytest
from tests.repo.person import Person

from snapline.base.ids import Oid
from snapline.repo.snapshot import Unmerged, snapshot
from snapline.repo.user import UserRepository
from snapline.repo.vault import Vault


@pytest.fixture(autouse=True)
def _home(ann: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(ann.home))


def state(ann: Person) -> dict[str, str]:
    """Every file below the git folder with its digest."""
    return {
        str(path): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in (ann.root / ".git").rglob("*")
        if path.is_file()
    }


def take(user: UserRepository, vault: Vault, ann: Person, *, staged: bool) -> Oid:
    before = state(ann)
    taken = snapshot(user, vault, staged=staged)
    assert state(ann) == before, "nothing of the person's repository changes"
    assert vault.git.run("fsck", "--strict", "--connectivity-only", taken).status == 0
    return taken


def test_what_is_staged_is_told_from_what_is_not(user: UserRepository, vault: Vault, ann: Person) -> None:
    ann.write("src/a.py", "v = 2\n")
    ann.write("staged.txt", "staged\n")
    ann.git("add", "-A")
    ann.write("src/a.py", "v = 3\n")
    ann.write("new.txt", "new\n")
    (ann.root / "README.txt").unlink()
    staged = take(user, vault, ann, staged=True)
    assert vault.parents(staged) == (user.head(),)
    assert {change.path for change in vault.diff(user.head(), staged)} == {"src/a.py", "staged.txt"}
    assert vault.read(staged, "src/a.py") == b"v = 2\n"
    whole = take(user, vault, ann, staged=False)
    assert {change.path for change in vault.diff(user.head(), whole)} == {
        "src/a.py",
        "staged.txt",
        "new.txt",
        "README.txt",
    }
    assert vault.read(whole, "src/a.py") == b"v = 3\n"
    assert take(user, vault, ann, staged=True) == staged


def test_a_change_in_the_second_of_the_last_add_is_seen(user: UserRepository, vault: Vault, ann: Person) -> None:
    """Same size, same second: git tells it by the time of the index, which a copy must keep."""
    for _ in range(20):
        time.sleep(1 - time.time() % 1)
        ann.write("src/a.py", "v = 2\n")
        ann.git("add", "-A")
        ann.write("src/a.py", "v = 3\n")
        if int((ann.root / ".git/index").stat().st_mtime) == int((ann.root / "src/a.py").stat().st_mtime):
            break
    else:
        pytest.fail("a second was too short, twenty times")
    time.sleep(1.1 - time.time() % 1)
    assert vault.read(take(user, vault, ann, staged=False), "src/a.py") == b"v = 3\n"


def test_a_clean_tree_is_head_itself(user: UserRepository, vault: Vault, ann: Person) -> None:
    assert take(user, vault, ann, staged=True) == user.head()
    assert take(user, vault, ann, staged=False) == user.head()


def test_ignored_files_are_left_out_also_by_the_persons_own_rules(
    user: UserRepository, vault: Vault, ann: Person
) -> None:
    (ann.home / "ignore").write_text("*.swp\n")
    (ann.home / ".gitconfig").write_text(f"[core]\n\texcludesFile = {ann.home}/ignore\n")
    ann.write(".gitignore", "*.log\n")
    ann.write("a.log", "x\n")
    ann.write("b.swp", "x\n")
    assert user.dirty() == (".gitignore",)
    whole = take(user, vault, ann, staged=False)
    assert {change.path for change in vault.diff(user.head(), whole)} == {".gitignore"}


def test_the_persons_filters_act_as_on_their_own_add(user: UserRepository, vault: Vault, ann: Person) -> None:
    (ann.home / ".gitconfig").write_text('[filter "up"]\n\tclean = tr a-z A-Z\n\tsmudge = cat\n')
    ann.write(".gitattributes", "*.up filter=up\n")
    ann.write("x.up", "pointer\n")
    whole = take(user, vault, ann, staged=False)
    assert vault.read(whole, "x.up") == b"POINTER\n"


def test_hooks_and_monitors_stay_quiet(user: UserRepository, vault: Vault, ann: Person, tmp_path: Path) -> None:
    script = f"#!/bin/sh\necho ran >> '{tmp_path}/ran'\n"
    for name in ("post-index-change", "pre-commit", "fsmonitor"):
        ann.write(f".git/hooks/{name}", script).chmod(0o755)
    ann.git("config", "core.fsmonitor", str(ann.root / ".git/hooks/fsmonitor"))
    ann.write("src/a.py", "v = 2\n")
    ann.git("status")
    assert (tmp_path / "ran").exists(), "for the person it runs"
    (tmp_path / "ran").unlink()
    take(user, vault, ann, staged=False)
    take(user, vault, ann, staged=True)
    assert user.dirty() == ("src/a.py",)
    assert not (tmp_path / "ran").exists()


def test_an_unfinished_merge_has_no_staged_tree(user: UserRepository, vault: Vault, ann: Person) -> None:
    ann.git("checkout", "-q", "-b", "other")
    ann.commit("Other", src__a_py="v = 3\n")
    ann.git("checkout", "-q", "main")
    ann.commit("Mine", src__a_py="v = 4\n")
    ann.git("merge", "other", check=False)
    with pytest.raises(Unmerged):
        snapshot(user, vault, staged=True)
    whole = take(user, vault, ann, staged=False)
    assert b"<<<<<<<" in (vault.read(whole, "src/a.py") or b"")


def test_from_a_linked_worktree_its_own_index_counts(
    user: UserRepository, vault: Vault, ann: Person, tmp_path: Path
) -> None:
    ann.git("worktree", "add", "-q", "-b", "side", str(tmp_path / "side"))
    side = Person(tmp_path / "side", ann.home)
    side.write("side.txt", "side\n")
    side.git("add", "-A")
    linked = UserRepository.discover(side.root)
    taken = snapshot(linked, vault, staged=True)
    assert {change.path for change in vault.diff(linked.head(), taken)} == {"side.txt"}
    assert snapshot(user, vault, staged=True) == user.head()


def test_a_lock_on_the_persons_index_does_not_matter(user: UserRepository, vault: Vault, ann: Person) -> None:
    ann.write("src/a.py", "v = 2\n")
    (ann.root / ".git/index.lock").write_text("")
    assert take(user, vault, ann, staged=False) != user.head()
    (ann.root / ".git/index.lock").unlink()
    ann.git("update-index", "--split-index")
    ann.git("add", "-A")
    assert vault.read(take(user, vault, ann, staged=True), "src/a.py") == b"v = 2\n"
