"""Intake: a bundle is data, made by somebody who will do anything; each refusal says why."""

from __future__ import annotations

import os
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from tests.repo.agent import TASK, Agent, start_agent
from tests.repo.person import start

from snapline.base.ids import Oid, TaskId
from snapline.repo.bundle import BadBundle, Limits, unpack
from snapline.repo.git import Git, version
from snapline.repo.intake import AttemptTaken, Policy, candidate_ref, published, quarantine_ref, take
from snapline.repo.pathpolicy import Reason
from snapline.repo.user import UserRepository
from snapline.repo.vault import Identity, Vault


def crafted(agent: Agent, *lines: bytes, parent: str = "") -> Path:
    """A bundle of a commit whose tree has these ``mktree`` lines besides the base's own."""
    kept = subprocess.run(["git", "ls-tree", "-z", agent.base], cwd=agent.root, capture_output=True, check=True).stdout
    tree = subprocess.run(
        ["git", "mktree", "-z"], cwd=agent.root, input=kept + b"".join(lines), capture_output=True, check=True
    ).stdout.decode().strip()  # fmt: skip
    commit = agent.git("commit-tree", tree, "-p", parent or agent.base, "-m", "crafted")
    return bundled(agent, commit)


def bundled(agent: Agent, oid: str, *more: str) -> Path:
    agent.git("update-ref", "refs/crafted", oid)
    place = agent.root.with_name("crafted.bundle")
    agent.git("bundle", "create", "-q", str(place), "refs/crafted", *more, "--not", agent.base)
    return place


def blob(agent: Agent, body: str = "x\n") -> bytes:
    place = agent.root.with_name("blob")
    place.write_text(body)
    return agent.git("hash-object", "-w", str(place)).encode()


def reasons(agent: Agent, bundle: Path, policy: Policy | None = None) -> list[Reason]:
    intake = take(agent.vault, bundle, TASK, 1, agent.base, policy)
    assert intake.candidate is None
    assert published(agent.vault, TASK, 1) is None
    assert all(one.message for one in intake.refusals)
    return [one.reason for one in intake.refusals]


def test_a_candidate_is_one_commit_by_us_and_always_the_same(agent: Agent) -> None:
    agent.commit("agent's first", src__a_py="v = 2\n")
    agent.commit("agent's second", src__b_py="v = 3\n")
    lane = Identity("Lane", "lane@example.org")
    bundle, vault = agent.collect(), agent.vault
    intake = take(vault, bundle, TASK, 2, agent.base, identity=lane)
    candidate = intake.candidate
    assert candidate is not None
    assert intake.tip is not None
    assert vault.parents(candidate) == (agent.base,)
    assert vault.tree_of(candidate) == vault.tree_of(intake.tip)
    assert vault.when(candidate) == vault.when(agent.base)
    assert vault.message(candidate).splitlines()[2:] == [
        "Spec: retry-uploads",
        "Task: retry-uploads/T1",
        "Attempt: retry-uploads/T1#2",
    ]
    author = vault.git.run("log", "-1", "--format=%an <%ae> %cn", candidate).text
    assert author == "Lane <lane@example.org> Lane"
    assert vault.ref("refs/candidates/retry-uploads/T1/2") == candidate == published(vault, TASK, 2)
    assert vault.ref(quarantine_ref(TASK, 2)) == intake.tip
    assert take(vault, bundle, TASK, 2, agent.base, identity=lane) == intake


def test_an_attempt_publishes_one_candidate_ever(agent: Agent) -> None:
    agent.write("src/a.py", "v = 2\n")
    first = agent.take(1).candidate
    agent.write("src/a.py", "v = 3\n")
    with pytest.raises(AttemptTaken):
        agent.take(1)
    assert published(agent.vault, TASK, 1) == first
    assert agent.take(2).candidate != first


def test_a_gitattributes_change_is_flagged(agent: Agent) -> None:
    agent.write("src/.gitattributes", "*.py -diff\n")
    intake = agent.take()
    assert intake.candidate is not None
    assert intake.flags == ("src/.gitattributes",)


@pytest.mark.parametrize(
    ("path", "protected"),
    [("snapline.toml", ()), ("specs/x.md", ("specs/x.md",)), ("specs/deep/y.md", ("specs",))],
)
def test_protected_paths_are_refused(agent: Agent, path: str, protected: tuple[str, ...]) -> None:
    agent.write(path, "changed\n")
    agent.write("specs.md", "not protected\n")
    policy = Policy(protected=("snapline.toml", *protected))
    intake = agent.take(1, policy)
    assert [(one.reason, one.path) for one in intake.refusals] == [(Reason.PROTECTED, path)]


def test_a_protected_file_cannot_be_removed_or_shadowed_by_a_symlink(agent: Agent) -> None:
    policy = Policy(protected=("tests/t.py",))
    (agent.root / "tests" / "t.py").unlink()
    (agent.root / "tests").rmdir()
    (agent.root / "tests").symlink_to("src")
    assert [one.path for one in agent.take(1, policy).refusals] == ["tests/t.py"]


def test_gitmodules_are_refused(agent: Agent) -> None:
    agent.write(".gitmodules", '[submodule "x"]\n\tpath = x\n\turl = https://x.invalid/x\n')
    assert [one.reason for one in agent.take().refusals] == [Reason.SUBMODULES]


@pytest.mark.parametrize("name", ["a\nb", "a\x1b[2Jb", "a\u202eb", "tab\there"])
def test_control_characters_in_names_are_refused_and_shown_harmlessly(agent: Agent, name: str) -> None:
    agent.write(name, "x\n")
    refusals = agent.take().refusals
    assert [one.reason for one in refusals] == [Reason.NAME]
    assert refusals[0].message.isprintable()


def test_names_that_are_not_utf8_are_refused(agent: Agent) -> None:
    place = os.fsencode(agent.root) + b"/caf\xe9"
    with open(place, "w") as out:  # noqa: PTH123 - a Path of bytes does not exist
        out.write("x")
    refusals = agent.take().refusals
    assert [one.reason for one in refusals] == [Reason.NAME]
    assert refusals[0].message.isascii()


@pytest.mark.parametrize("name", [b".git", b".GIT", b"git~1", b"..", b"."])
def test_names_that_git_keeps_for_itself_never_get_in(agent: Agent, name: bytes) -> None:
    bundle = crafted(agent, b"100644 blob " + blob(agent) + b"\t" + name + b"\0")
    assert reasons(agent, bundle)[0] in (Reason.BUNDLE, Reason.NAME)


def test_fetching_a_bundle_does_not_check_it_in_older_git(agent: Agent) -> None:
    bundle = crafted(agent, b"100644 blob " + blob(agent) + b"\t.git\0")
    fetched = agent.vault.git.run(
        "fetch", "-q", str(bundle), "refs/crafted:refs/naive", settings=("fetch.fsckObjects=true",), check=False
    )
    if version() < (2, 46):
        assert fetched.status == 0, "this is why the intake unpacks by itself"
    agent.vault.git.run("update-ref", "-d", "refs/naive")
    assert reasons(agent, bundle) == [Reason.BUNDLE]


@pytest.mark.parametrize(
    ("target", "leaves"),
    [
        ("/etc/passwd", True),
        ("../../outside", True),
        ("../src/a.py", False),
        ("a.py", False),
        ("nowhere", False),
        ("..", False),
        ("../..", True),
        ("../.git/config", True),
        ("loop", False),
        ("../link.py/../..", False),
        ("../link.py/../../..", True),
    ],
)
def test_symlinks_may_not_leave_the_tree(agent: Agent, target: str, leaves: bool) -> None:  # noqa: FBT001 - a table
    (agent.root / "src" / "loop").symlink_to(target)
    intake = agent.take()
    assert [one.reason for one in intake.refusals] == ([Reason.SYMLINK] if leaves else [])
    assert (intake.candidate is None) == leaves


def test_a_chain_of_symlinks_is_followed_to_its_end(agent: Agent) -> None:
    deep = agent.root / "a" / "b"
    deep.mkdir(parents=True)
    (deep / "top").symlink_to("../..")
    (deep / "out").symlink_to("top/../../x")
    refusals = agent.take().refusals
    assert [one.path for one in refusals] == ["a/b/out"], "by its text alone it would stay inside"


def test_a_symlink_of_the_base_may_stay_but_not_be_turned_outwards(tmp_path: Path) -> None:
    person = start(tmp_path / "p", tmp_path / "home")
    (person.root / "abs").symlink_to("/usr/share")
    (person.root / "via").symlink_to("src/../README.txt")
    base = Oid(person.commit("Links"))
    user = UserRepository.discover(person.root)
    vault = Vault.open(tmp_path / "vault.git", user)
    vault.fetch(user, base)
    agent = start_agent(vault, base, tmp_path / "state", tmp_path / "agent-home")
    (agent.root / "fine").symlink_to("README.txt")
    assert agent.take(1).candidate is not None
    agent.git("mv", "src", "moved")
    (agent.root / "src").symlink_to(".")
    assert [one.path for one in agent.take(2).refusals] == ["via"]


def test_a_removed_submodule_link_is_a_changed_one(vault: Vault, base: Oid, tmp_path: Path) -> None:
    tree = vault.git.run("mktree", "-z", input=f"160000 commit {base}\tsub\0".encode()).text
    with_link = vault.commit(Oid(tree), [base], "With a link", vault.when(base))
    agent = start_agent(vault, with_link, tmp_path / "state", tmp_path / "agent-home")
    agent.write("a.txt", "a\n")
    assert agent.take(1).candidate is not None, "a submodule that stays empty is no change"
    agent.git("rm", "-q", "--cached", "sub")
    (agent.root / "sub").rmdir()
    assert [one.reason for one in agent.take(2).refusals] == [Reason.GITLINK]


@pytest.mark.parametrize("damage", ["garbage", "truncated", "flipped", "no end"])
def test_a_damaged_bundle_is_refused_and_leaves_nothing(agent: Agent, damage: str) -> None:
    agent.write("src/a.py", "v = 2\n" * 1000)
    bundle = agent.collect()
    body = bytearray(bundle.read_bytes())
    if damage == "garbage":
        body = bytearray(b"hello\n" * 100)
    elif damage == "truncated":
        del body[-30:]
    elif damage == "flipped":
        body[-40] ^= 0xFF
    else:
        body = bytearray(b"# v2 git bundle\n" + b"-" + b"0" * 40)
    bundle.write_bytes(body)
    before = sorted(agent.vault.folder.rglob("*"))
    assert reasons(agent, bundle) == [Reason.BUNDLE]
    assert sorted(agent.vault.folder.rglob("*")) == before


def test_a_bundle_has_one_tip_and_whole_history(agent: Agent) -> None:
    tip = agent.commit("x", src__a_py="v = 2\n")
    agent.git("update-ref", "refs/second", tip)
    assert reasons(agent, bundled(agent, tip, "refs/second")) == [Reason.BUNDLE]
    filtered = bundled(agent, tip)
    filtered.write_bytes(b"# v3 git bundle\n@filter=blob:none\n" + filtered.read_bytes().partition(b"\n")[2])
    assert reasons(agent, filtered) == [Reason.BUNDLE]


def test_a_bundle_that_builds_on_commits_we_do_not_have_is_refused(agent: Agent) -> None:
    hidden = agent.commit("kept back", src__a_py="v = 2\n")
    tip = agent.commit("sent", src__a_py="v = 3\n")
    agent.git("update-ref", "refs/crafted", tip)
    bundle = agent.root.with_name("thin.bundle")
    agent.git("bundle", "create", "-q", str(bundle), "refs/crafted", "--not", hidden)
    intake = take(agent.vault, bundle, TASK, 1, agent.base)
    assert hidden in intake.refusals[0].message
    body = bundle.read_bytes()
    bundle.write_bytes(body.replace(f"-{hidden}".encode(), f"-{agent.base}".encode(), 1))
    lied = take(agent.vault, bundle, TASK, 1, agent.base)
    assert [one.reason for one in lied.refusals] == [Reason.BUNDLE], "a header that lies is found out"


@pytest.mark.parametrize("kind", ["blob", "tree"])
def test_a_tip_that_is_no_commit_is_refused(agent: Agent, kind: str) -> None:
    tip = agent.commit("x", src__a_py="v = 2\n")
    bundle = bundled(agent, tip)
    other = agent.git("rev-parse", f"{tip}:src/a.py" if kind == "blob" else f"{tip}^{{tree}}")
    bundle.write_bytes(bundle.read_bytes().replace(f"{tip} refs".encode(), f"{other} refs".encode(), 1))
    assert reasons(agent, bundle) == [Reason.BUNDLE]


def test_each_limit_is_kept(agent: Agent) -> None:
    agent.write("big.bin", "0" * 100_000)
    for number in range(20):
        agent.write(f"many/{number}", f"{number}\n")
    bundle = agent.collect()
    assert bundle.stat().st_size < 20_000, "what is small on the way may be large unpacked"
    ample = Limits()
    cases = {
        "the bundle has": replace(ample, bundle_bytes=100),
        "a file of 100000 bytes": replace(ample, file_bytes=50_000),
        "unpacked it has": replace(ample, total_bytes=50_000),
        "objects; at most 5": replace(ample, objects=5),
    }
    before = sorted(agent.vault.folder.rglob("*"))
    for words, limits in cases.items():
        with pytest.raises(BadBundle, match=words):
            unpack(agent.vault.git, bundle, limits)
        assert sorted(agent.vault.folder.rglob("*")) == before, words
    assert reasons(agent, bundle, Policy(changes=20)) == [Reason.TOO_MANY]
    assert unpack(agent.vault.git, bundle, ample)


def test_unpacking_ends_when_its_time_is_up(agent: Agent) -> None:
    agent.write("src/a.py", "v = 2\n")
    with pytest.raises(BadBundle, match="more than"):
        unpack(agent.vault.git, agent.collect(), replace(Limits(), seconds=0.0))


def test_a_sha256_repository_goes_all_the_way(tmp_path: Path) -> None:
    person = start(tmp_path / "big", tmp_path / "home", object_format="sha256")
    user = UserRepository.discover(person.root)
    vault = Vault.open(tmp_path / "vault.git", user)
    vault.fetch(user, user.head())
    agent = start_agent(vault, user.head(), tmp_path / "state", tmp_path / "agent-home")
    agent.write("src/a.py", "v = 2\n")
    candidate = agent.take().candidate
    assert candidate is not None
    assert len(candidate) == 64
    assert vault.read(candidate, "src/a.py") == b"v = 2\n"


def test_every_task_id_makes_a_ref_that_git_takes() -> None:
    git = Git(Path("/"))
    names = ["a", "a/T1", "a..b", "a.lock", "a.", "a.b-c_d/T12"]
    refs = [candidate_ref(TaskId(name), 1) for name in names]
    assert len(set(refs)) == len(names)
    for ref in refs:
        assert git.run("check-ref-format", ref, check=False).status == 0, ref
