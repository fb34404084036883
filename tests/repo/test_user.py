from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.repo.person import Person

from snapline.repo.git import Git, GitFault, GitMissing, version
from snapline.repo.objects import UnknownRevision
from snapline.repo.user import NoCommits, NotARepository, UnusableRepository, UserRepository


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")


def test_it_is_found_from_a_subfolder_and_named_once(ann: Person) -> None:
    user = UserRepository.discover(ann.root / "src")
    assert user.root == ann.root
    assert user.git_dir == user.common_dir == ann.root / ".git"
    assert user.repo_id() is None
    name = user.register()
    assert user.register() == user.repo_id() == name
    assert len(name) == 32
    assert ann.git("status", "--porcelain") == ""
    assert sorted(path.name for path in (ann.root / ".git").glob("snapline*")) == ["snapline-id"]


def test_processes_that_register_at_once_agree(ann: Person) -> None:
    program = (
        "import sys; from pathlib import Path; from snapline.repo.user import UserRepository;"
        "print(UserRepository.discover(Path(sys.argv[1])).register())"
    )
    started = [
        subprocess.Popen([sys.executable, "-c", program, str(ann.root)], stdout=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    assert len({process.communicate()[0] for process in started}) == 1


def test_a_linked_worktree_is_the_same_repository(ann: Person, user: UserRepository, tmp_path: Path) -> None:
    user.register()
    ann.git("worktree", "add", "-q", "-b", "side", str(tmp_path / "side"))
    (tmp_path / "side" / "deep").mkdir()
    linked = UserRepository.discover(tmp_path / "side" / "deep")
    assert linked.root == tmp_path / "side"
    assert linked.common_dir == user.common_dir
    assert linked.repo_id() == user.repo_id()
    assert (linked.branch(), user.branch()) == ("side", "main")


def test_what_it_says_of_head_branch_and_changes(ann: Person, user: UserRepository) -> None:
    assert user.resolve("main") == user.resolve("HEAD") == user.head() == user.branch_tip("main")
    ann.git("tag", "-a", "v1", "-m", "v1")
    assert user.resolve("v1") == user.head()
    assert user.dirty() == ()
    ann.write("src/a.py", "v = 2\n")
    ann.write("new/x\ny.txt", "x\n")
    assert user.dirty() == ("src/a.py", "new/")
    ann.git("checkout", "-q", "--detach")
    assert user.branch() is None
    assert user.branch_tip("none") is None
    for name in ("none", "--all", "HEAD:src", "-x"):
        with pytest.raises(UnknownRevision):
            user.resolve(name)
    assert user.tree_view(user.head()).read("src/a.py") == b"v = 1\n"


def test_the_persons_identity_is_theirs_or_none(ann: Person, user: UserRepository) -> None:
    assert user.user_identity() is None
    (ann.home / ".gitconfig").write_text("[user]\n\tname = Ann\n\temail = ann@example.org\n")
    assert user.user_identity() == ("Ann", "ann@example.org")


def test_outside_a_repository_the_hint_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(NotARepository) as caught:
        UserRepository.discover(tmp_path)
    assert "git init" in caught.value.hint
    with pytest.raises(NotARepository):
        UserRepository.discover(tmp_path / "none")


def test_a_repository_without_commits_is_said_so(tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    fresh = Person(tmp_path / "fresh", tmp_path / "home")
    fresh.root.mkdir()
    fresh.git("init", "-q", "-b", "main")
    user = UserRepository.discover(fresh.root)
    assert user.branch() == "main"
    with pytest.raises(NoCommits):
        user.head()


def test_bare_shallow_partial_and_inner_folders_are_refused_with_a_hint(ann: Person, tmp_path: Path) -> None:
    ann.commit("Second")
    source = f"file://{ann.root}"
    ann.git("clone", "-q", "--bare", source, str(tmp_path / "bare"))
    ann.git("clone", "-q", "--depth=1", source, str(tmp_path / "shallow"))
    ann.git("config", "uploadpack.allowFilter", "true")
    ann.git("clone", "-q", "--filter=blob:none", source, str(tmp_path / "partial"))
    for place, word in (
        (tmp_path / "bare", "bare"),
        (tmp_path / "shallow", "shallow"),
        (tmp_path / "partial", "partial"),
        (ann.root / ".git" / "refs", "inside a .git folder"),
    ):
        with pytest.raises(UnusableRepository, match=word) as caught:
            UserRepository.discover(place)
        assert caught.value.hint


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder to somebody else")
def test_a_repository_of_somebody_else_needs_the_persons_trust(ann: Person) -> None:
    for path in (ann.root, *ann.root.rglob("*")):
        os.chown(path, 12345, 12345, follow_symlinks=False)
    with pytest.raises(UnusableRepository, match="another user") as caught:
        UserRepository.discover(ann.root)
    assert "safe.directory" in caught.value.hint
    (ann.home / ".gitconfig").write_text(f"[safe]\n\tdirectory = {ann.root}\n")
    user = UserRepository.discover(ann.root)
    assert user.head()
    assert user.dirty() == ()


def test_misleading_variables_do_not_lead_astray(ann: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = Person(tmp_path / "other", ann.home)
    other.root.mkdir()
    other.git("init", "-q")
    monkeypatch.setenv("GIT_DIR", str(other.root / ".git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(other.root))
    monkeypatch.setenv("GIT_INDEX_FILE", str(tmp_path / "index"))
    naive = subprocess.run(["git", "rev-parse", "--show-toplevel"], cwd=ann.root, capture_output=True, check=True)
    assert naive.stdout.decode().strip() == str(other.root), "plain git is misled"
    user = UserRepository.discover(ann.root)
    assert user.root == ann.root
    assert user.head() == ann.git("rev-parse", "HEAD")
    assert user.dirty() == ()


def test_git_that_fails_says_why_and_a_missing_git_how_to_get_it(
    user: UserRepository, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with pytest.raises(GitFault, match="git rev-list failed") as caught:
        user.git.run("rev-list", "nothing")
    assert caught.value.exit_status == 3
    with pytest.raises(GitFault, match="no such folder"):
        Git(tmp_path / "none").run("status")
    with pytest.raises(GitFault, match="took more than"):
        user.personal.run("-c", "alias.wait=!sleep 3", "wait", timeout=0.2)
    assert version() >= (2, 38)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(GitMissing) as missing:
        version()
    assert "apt-get install git" in missing.value.hint


def test_sealed_git_hears_nothing_of_the_persons_configuration(ann: Person, user: UserRepository) -> None:
    (ann.home / ".gitconfig").write_text("[alias]\n\tst = status\n[user]\n\tname = Ann\n")
    assert user.personal.run("config", "user.name").text == "Ann"
    assert user.git.run("config", "user.name", check=False).text == ""


def test_a_landing_stands_until_its_revert(ann: Person, user: UserRepository) -> None:
    ann.git("commit", "-q", "--allow-empty", "-m", "Land\n\nSpec: other\nRun: other.1")
    assert not user.has_landed("retry-uploads", "main")
    ann.git("commit", "-q", "--allow-empty", "-m", "Land\n\nSpec: retry-uploads")
    assert user.has_landed("retry-uploads", "main")
    assert not user.has_landed("retry", "main")
    ann.git("commit", "-q", "--allow-empty", "-m", "Take back\n\nSpec: retry-uploads\nReverts: abc")
    assert not user.has_landed("retry-uploads", "main")
    assert user.has_landed("other", "main")
    assert not user.has_landed("other", "no-such-branch")
