"""The known attacks of a workspace's git on whoever runs git in it: each fools a naive orchestrator, none fools us."""

from __future__ import annotations

import hashlib
import shutil
import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.repo.agent import Agent, evil

from snapline.base.ids import Oid
from snapline.repo import land
from snapline.repo.objects import Entry
from snapline.repo.pathpolicy import Reason
from snapline.repo.user import UserRepository
from snapline.repo.vault import Vault

HOOKS = ("pre-commit", "post-commit", "post-checkout", "post-merge", "post-index-change", "reference-transaction")


@dataclass(frozen=True)
class Scene:
    """An agent, the programs that it planted, and the mark that they leave outside the sandbox."""

    agent: Agent
    evil: Path
    filter: Path
    canary: Path

    @property
    def git_dir(self) -> Path:
        return self.agent.root / ".git"

    def config(self, text: str) -> None:
        with (self.git_dir / "config").open("a") as out:
            out.write(text)

    def naive(self, *argv: str) -> str:
        return self.agent.naive(*argv)

    def shell(self, script: str) -> str:
        return self.agent.naive("bash", "-c", script)


@pytest.fixture
def scene(agent: Agent, tmp_path: Path) -> Scene:
    canary = tmp_path / "canary"
    return Scene(agent, evil(tmp_path, canary), evil(tmp_path, canary, echo=True), canary)


def plant_hooks(scene: Scene) -> None:
    (scene.git_dir / "hooks").mkdir(exist_ok=True)
    for name in HOOKS:
        shutil.copy(scene.evil, scene.git_dir / "hooks" / name)


def plant_hooks_path(scene: Scene) -> None:
    folder = scene.agent.root / "h"
    folder.mkdir()
    shutil.copy(scene.evil, folder / "pre-commit")
    scene.config(f"[core]\n hooksPath={folder}\n")


def plant_textconv(scene: Scene) -> None:
    scene.agent.write(".gitattributes", "*.py diff=evil\n")
    scene.config(f'[diff "evil"]\n textconv={scene.evil}\n')


def plant_filter(scene: Scene) -> None:
    scene.agent.write(".gitattributes", "*.py filter=evil\n")
    scene.config(f'[filter "evil"]\n clean={scene.filter}\n smudge={scene.filter}\n')


def plant_merge_driver(scene: Scene) -> None:
    (scene.git_dir / "info").mkdir(exist_ok=True)
    (scene.git_dir / "info" / "attributes").write_text("*.py merge=evil\n")
    scene.config(f'[merge "evil"]\n driver={scene.evil} %A\n')
    scene.agent.git("branch", "other")
    scene.agent.commit("Mine", src__a_py="v = 7\n")
    scene.agent.git("checkout", "-q", "other")
    scene.agent.commit("Other", src__a_py="v = 8\n")
    scene.agent.git("checkout", "-q", "work")


def plant_include(scene: Scene) -> None:
    place = scene.agent.write("c.inc", f"[core]\n fsmonitor={scene.evil}\n")
    scene.config(f"[include]\n path={place}\n")


def plant_other_git_dir(scene: Scene) -> None:
    elsewhere = scene.agent.root / "elsewhere"
    scene.git_dir.rename(elsewhere)
    scene.git_dir.write_text("gitdir: elsewhere\n")
    with (elsewhere / "config").open("a") as out:
        out.write(f"[core]\n fsmonitor={scene.evil}\n")


def plant_embedded_bare(scene: Scene) -> None:
    folder = scene.agent.root / "src"
    scene.agent.git("init", "-q", "--bare", str(folder / "b"))
    for one in (folder / "b").iterdir():
        one.rename(folder / one.name)
    (folder / "tree").mkdir()
    (folder / "config").write_text(
        f"[core]\n repositoryformatversion=0\n bare=false\n worktree={folder}/tree\n fsmonitor={scene.evil}\n"
    )


def plant_submodule(scene: Scene) -> None:
    head = scene.agent.git("rev-parse", "HEAD")
    scene.config(f'[submodule "x"]\n update=!{scene.evil}\n url={scene.agent.root}\n active=true\n')
    scene.agent.write(".gitmodules", f'[submodule "x"]\n\tpath = x\n\turl = {scene.agent.root}\n')
    scene.agent.git("update-index", "--add", "--cacheinfo", f"160000,{head},x")
    scene.agent.git("add", ".gitmodules")
    scene.agent.git("commit", "-qm", "sub")
    scene.agent.git("clone", "-q", ".", "x")


def config(text: str) -> Callable[[Scene], None]:
    return lambda scene: scene.config(text.replace("EVIL", str(scene.evil)))


EXECUTING = {
    "hooks": (plant_hooks, "git add -A; git commit -qm x"),
    "core.hooksPath": (plant_hooks_path, "git add -A; git commit -qm x"),
    "core.fsmonitor": (config("[core]\n fsmonitor=EVIL\n"), "git status"),
    "core.sshCommand": (
        config('[core]\n sshCommand=EVIL\n[remote "origin"]\n url=ssh://x.invalid/y\n'),
        "git fetch origin",
    ),
    "ext:: url": (
        config('[protocol "ext"]\n allow=always\n[remote "origin"]\n url=ext::EVIL\n'),
        "git fetch origin",
    ),
    "credential.helper": (
        config("[credential]\n helper=!EVIL\n"),
        "printf 'protocol=https\\nhost=x.invalid\\n\\n' | GIT_TERMINAL_PROMPT=0 git credential fill",
    ),
    "diff.external": (config("[diff]\n external=EVIL\n"), "git diff"),
    "textconv": (plant_textconv, "git diff"),
    "filter": (plant_filter, "git add -A"),
    "merge driver": (plant_merge_driver, "git stash; git merge other"),
    "gpg.program": (config("[commit]\n gpgSign=true\n[gpg]\n program=EVIL\n"), "git commit -aqm x"),
    "core.editor": (config("[core]\n editor=EVIL\n"), "git commit -a"),
    "include.path": (plant_include, "git status"),
    ".git swapped": (plant_other_git_dir, "git status"),
    "embedded bare repository": (plant_embedded_bare, "cd src; git status"),
    "submodule update": (plant_submodule, "git submodule update --init"),
}


@pytest.mark.parametrize("name", EXECUTING)
def test_what_is_planted_runs_for_a_naive_orchestrator_and_not_for_us(
    name: str, scene: Scene, tmp_path: Path, user: UserRepository
) -> None:
    plant, naive = EXECUTING[name]
    plant(scene)
    scene.agent.write("src/a.py", "v = 2\n")
    spare = tmp_path / "spare"
    shutil.copytree(scene.agent.root, spare, symlinks=True)

    intake = scene.agent.take()
    if intake.candidate is not None:
        vault = scene.agent.vault
        assert vault.read(intake.candidate, "src/a.py") == b"v = 2\n"
        vault.materialise(intake.candidate, tmp_path / "check")
        vault.patch(scene.agent.base, intake.candidate)
        merged = land.merge(vault, scene.agent.base, intake.candidate, "Land")
        assert merged.commit is not None
        land.move_target(user, vault, "main", merged.commit, scene.agent.base)
        assert (user.root / "src/a.py").read_text() == "v = 2\n"
    else:
        assert name == "submodule update"
        assert {one.reason for one in intake.refusals} == {Reason.GITLINK, Reason.SUBMODULES}
    assert not scene.canary.exists(), scene.canary.read_text()

    scene.shell(f"rm -rf '{scene.agent.root}' && mv '{spare}' '{scene.agent.root}'")
    scene.shell(naive)
    assert scene.canary.exists(), "the attack must work on whoever runs git in the workspace"


def test_a_redirected_work_tree_makes_a_naive_clean_delete_elsewhere(scene: Scene, tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.mkdir()
    (victim / "precious").write_text("1")
    scene.agent.git("config", "core.worktree", str(victim))
    scene.agent.write("src/a.py", "v = 2\n")
    intake = scene.agent.take()
    assert [change.path for change in intake.changes] == ["src/a.py"], "the workspace is collected, nothing else"
    assert (victim / "precious").exists()
    scene.shell("git reset -q --hard; git clean -fdxq")
    assert not (victim / "precious").exists()


def evil_commit(agent: Agent) -> Oid:
    return Oid(agent.commit("innocent", src__evil_py="evil\n"))


def added(agent: Agent) -> list[str]:
    return [change.path for change in agent.take().changes]


def test_a_replacement_ref_blinds_a_naive_review(scene: Scene) -> None:
    tip = evil_commit(scene.agent)
    good = scene.agent.git("commit-tree", "-p", scene.agent.base, "-m", "innocent", f"{scene.agent.base}^{{tree}}")
    scene.agent.git("replace", tip, good)
    assert "evil" not in scene.naive("git", "diff", "--stat", scene.agent.base, tip)
    assert added(scene.agent) == ["src/evil.py"]


def test_a_poisoned_commit_graph_blinds_a_naive_review(scene: Scene) -> None:
    tip = evil_commit(scene.agent)
    scene.agent.git("commit-graph", "write", "--reachable")
    graph = scene.git_dir / "objects/info/commit-graph"
    good = scene.agent.git("rev-parse", f"{scene.agent.base}^{{tree}}")
    poisoned = with_root_tree(graph.read_bytes(), bytes.fromhex(tip), bytes.fromhex(good))
    graph.chmod(0o644)
    graph.write_bytes(poisoned)
    assert "evil" not in scene.naive("git", "diff", "--stat", scene.agent.base, tip)
    assert added(scene.agent) == ["src/evil.py"]


def with_root_tree(graph: bytes, commit: bytes, tree: bytes) -> bytes:
    """The commit-graph file with another root tree for ``commit`` and a right checksum."""
    data = bytearray(graph)
    chunks = {}
    for number in range(data[6] + 1):
        at = 8 + 12 * number
        chunks[bytes(data[at : at + 4])] = struct.unpack(">Q", data[at + 4 : at + 12])[0]
    names = chunks[b"OIDL"]
    count = struct.unpack(">I", data[chunks[b"OIDF"] + 1020 : chunks[b"OIDF"] + 1024])[0]
    row = [bytes(data[names + 20 * i : names + 20 * i + 20]) for i in range(count)].index(commit)
    place = chunks[b"CDAT"] + 36 * row
    data[place : place + 20] = tree
    data[-20:] = hashlib.sha1(bytes(data[:-20])).digest()  # noqa: S324 - the file's own checksum
    return bytes(data)


def test_a_graft_fakes_ancestry_for_a_naive_check(scene: Scene) -> None:
    agent = scene.agent
    agent.git("checkout", "-q", "--orphan", "alone")
    lone = agent.commit("lone", src__evil_py="evil\n")
    (scene.git_dir / "info").mkdir(exist_ok=True)
    (scene.git_dir / "info/grafts").write_text(f"{lone} {agent.base}\n")
    fooled = scene.shell(f"git merge-base --is-ancestor {agent.base} {lone} && echo yes")
    assert "yes" in fooled
    assert [refusal.reason for refusal in agent.take().refusals] == [Reason.REWRITTEN]


def test_an_overwritten_object_poisons_a_naive_fresh_checkout(scene: Scene, tmp_path: Path) -> None:
    agent = scene.agent
    oid = agent.git("rev-parse", f"{agent.base}:tests/t.py")
    loose = scene.git_dir / "objects" / oid[:2] / oid[2:]
    loose.parent.mkdir(exist_ok=True)
    lie = b"pass  # poisoned\n"
    loose.write_bytes(zlib.compress(b"blob %d\0" % len(lie) + lie))
    packs = list(agent.vault.folder.parent.glob("seeds/*/objects/pack/*.pack"))
    loose_in_seed = list(agent.vault.folder.parent.glob(f"seeds/*/objects/{oid[:2]}/{oid[2:]}"))
    assert packs or loose_in_seed
    agent.write("src/a.py", "v = 2\n")
    scene.naive("git", "worktree", "add", "-f", "--detach", str(tmp_path / "fresh"), agent.base)
    assert "poisoned" in (tmp_path / "fresh/tests/t.py").read_text()
    intake = agent.take()
    assert intake.candidate is not None
    agent.vault.materialise(intake.candidate, tmp_path / "check")
    assert (tmp_path / "check/tests/t.py").read_text() == "assert True\n"
    assert (tmp_path / "check/src/a.py").read_text() == "v = 2\n"


def test_index_flags_and_excludes_hide_edits_from_a_naive_status(scene: Scene, tmp_path: Path) -> None:
    agent = scene.agent
    agent.git("update-index", "--skip-worktree", "tests/t.py")
    agent.git("update-index", "--assume-unchanged", "README.txt")
    agent.write("tests/t.py", "pass  # cheat\n")
    agent.write("README.txt", "cheat\n")
    (scene.git_dir / "info").mkdir(exist_ok=True)
    (scene.git_dir / "info/exclude").write_text("conftest.py\n")
    agent.write("conftest.py", "# cheat\n")
    assert scene.naive("git", "status", "--porcelain") == "", "the naive orchestrator sees nothing and runs it all"
    agent.write("src/a.py", "v = 2\n")
    intake = agent.take()
    assert intake.candidate is not None
    agent.vault.materialise(intake.candidate, tmp_path / "check")
    assert (tmp_path / "check/tests/t.py").read_text() == "assert True\n"
    assert (tmp_path / "check/README.txt").read_text() == "hello\n"
    assert not (tmp_path / "check/conftest.py").exists()


def test_an_agents_refs_reach_nobody(scene: Scene, user: UserRepository, tmp_path: Path) -> None:
    agent, vault = scene.agent, scene.agent.vault
    shared = tmp_path / "shared"
    user.personal.run("worktree", "add", "-q", "-b", "task", str(shared))
    agent.naive("git", "update-ref", "refs/heads/other", "HEAD", cwd=shared)
    assert user.branch_tip("other") is not None, "in a shared worktree every ref can be moved"
    before = (user.git.run("for-each-ref").text, vault.refs("refs/kept"))
    tip = evil_commit(agent)
    for ref in ("refs/heads/main", "refs/tags/v1", f"refs/kept/{agent.base}", "refs/candidates/x/1"):
        agent.git("update-ref", ref, tip)
    agent.take()
    assert (user.git.run("for-each-ref").text, vault.refs("refs/kept")) == before
    assert not vault.refs("refs/candidates/x")
    assert not vault.refs("refs/tags")


def test_a_folder_made_a_symlink_catches_what_a_naive_restore_writes(scene: Scene, tmp_path: Path) -> None:
    private = tmp_path / "private"
    private.mkdir()
    agent = scene.agent
    shutil.rmtree(agent.root / "tests")
    (agent.root / "tests").symlink_to(private)
    shutil.copy(__file__, agent.root / "tests" / "t.py")
    assert (private / "t.py").exists()
    refusals = agent.take().refusals
    assert [refusal.reason for refusal in refusals] == [Reason.SYMLINK]
    assert str(private) in refusals[0].message


def test_a_symlink_in_the_tree_is_never_followed_while_writing(vault: Vault, base: Oid, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    target = vault.write_blob(str(outside).encode())
    tree = vault.compose(base, {"tests/t.py": None, "tests": Entry("tests", "120000", target)})
    vault.materialise(tree, tmp_path / "check")
    assert (tmp_path / "check" / "tests").is_symlink()
    assert list(outside.iterdir()) == []
