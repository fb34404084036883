"""What agents plant in their clones: each works on whoever runs git there, none on us.

The agent plants it in the sandbox, as agents work; collection, intake, check tree, review and landing follow, with a
git that writes down where it was called.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from msgspec.structs import replace
from tests.repo.person import Person, start
from tests.sandbox.victims import demand
from tests.security.gitattacks import ATTACKS, COMMON, Attack
from tests.security.recorder import Call, Recorder

from snapline.base.ids import Oid, TaskId
from snapline.repo import bundle, intake, land, workspace
from snapline.repo.intake import Intake, Policy
from snapline.repo.objects import Entry
from snapline.repo.pathpolicy import Reason, Refusal
from snapline.repo.seed import seed
from snapline.repo.user import UserRepository
from snapline.repo.vault import Vault
from snapline.sandbox import bubblewrap, process
from snapline.sandbox.bubblewrap import Bubblewrap
from snapline.sandbox.policy import Job, Limits, Mount, Shape

POLICY = Policy(limits=bundle.Limits(file_bytes=1_000_000))
BASE_TEST = b"assert True\n"


@dataclass(frozen=True)
class Place:
    """A person's repository with its vault, the seed of its clones, and the git that is watched."""

    folder: Path
    person: Person
    user: UserRepository
    vault: Vault
    base: Oid
    seed: Path
    recorder: Recorder

    @property
    def workspaces(self) -> Path:
        return self.folder / "state" / "ws"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    demand("bubblewrap", works=bubblewrap.probe().ok)
    folder = tmp_path_factory.mktemp("place")
    person = start(folder / "ann", folder / "home")
    person.git("branch", "other")
    person.git("tag", "v1")
    shutil.copytree(person.root, folder / "template", symlinks=True)
    recorder = Recorder.make(folder / "recorder")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", recorder.path)
        user = UserRepository.discover(person.root)
        vault = Vault.open(folder / "state" / "vault.git", user)
        base = user.head()
        vault.fetch(user, base)
        yield Place(folder, person, user, vault, base, seed(vault, "main", base, folder / "state" / "seeds"), recorder)


def victim(place: Place, folder: Path) -> Path:
    """A folder of somebody else's, with a file, and an object store with a secret."""
    made = folder / "victim"
    (made / "objects" / "info").mkdir(parents=True)
    (made / "precious").write_text("1")
    subprocess.run(
        ["git", "hash-object", "-w", "--stdin"],
        input=b"secret\n",
        cwd=place.person.root,
        env={**place.person.env, "GIT_OBJECT_DIRECTORY": str(made / "objects")},
        capture_output=True,
        check=True,
    )
    return made


def naive(place: Place, attack: Attack, folder: Path) -> bool:
    """Whether an orchestrator is fooled that lets the agent work in a worktree, and then runs git there."""
    person = Person(folder / "theirs", place.person.home)
    shutil.copytree(place.folder / "template", person.root, symlinks=True)
    tree = folder / "tree"
    person.git("worktree", "add", "-q", "-b", "work", str(tree))
    variables = {"MARK": str(folder / "mark"), "VICTIM": str(victim(place, folder)), "PYTHON": sys.executable}
    env = {**person.env, **variables, "BASE": place.base}
    for text in (f"{COMMON}\n{attack.plant}", attack.naive):
        (folder / "mark").unlink(missing_ok=True)
        done = subprocess.run(
            ["bash", "-c", text], cwd=tree, env=env, capture_output=True, check=False,
            stdin=subprocess.DEVNULL, timeout=60,
        )  # fmt: skip
        assert text == attack.naive or done.returncode == 0, done.stderr.decode()
    return (folder / "mark").exists()


def dispatch(place: Place, attack: Attack, name: str, folder: Path) -> Intake:
    """Let the agent work in a clone, in the sandbox, and take in what it brought, as the engine does."""
    sandbox = Bubblewrap((place.folder / "state",))
    tree = workspace.make(place.seed, place.base, place.workspaces / name)
    python = str(Path(sys.executable).resolve())
    agent = Job(
        ("bash", "-c", f"{COMMON}\n{attack.plant}"),
        Shape.AGENT,
        Limits(wall=60),
        env={"MARK": str(folder / "mark"), "VICTIM": str(victim(place, folder)), "PYTHON": python, "PATH": os.defpath},
        tree=str(tree),
        mounts=(Mount(str(place.seed), str(place.seed)),),
        toolchains=(str(Path(python).parents[1]),),
    )
    ended = process.run(sandbox, agent, folder / "agent")
    assert ended.ok, (folder / "agent" / "log").read_text()
    collecting = replace(agent, argv=intake.collect_argv(place.base), env={"PATH": os.defpath}, capture=True)
    ended = process.run(sandbox, collecting, folder / "collect")
    if not ended.ok:
        return Intake(None, refusals=(Refusal(Reason.BUNDLE, "the work could not be collected"),))
    return intake.take(place.vault, folder / "collect" / "stdout", TaskId(f"{name}/T1"), 1, place.base, POLICY)


def go_on(place: Place, candidate: Oid, name: str, folder: Path) -> None:
    """All that happens to a candidate: a tree for its checks, its diff for the review, its landing."""
    place.vault.materialise(candidate, folder / "check")
    assert (folder / "check" / "src" / "a.py").read_text() == "v = 2\n"
    assert (folder / "check" / "tests" / "t.py").read_bytes() == BASE_TEST
    assert "+v = 2" in place.vault.patch(place.base, candidate)
    merged = land.merge(place.vault, place.base, candidate, "Land")
    assert merged.commit is not None
    place.person.git("branch", name, place.base)
    landed = land.move_target(place.user, place.vault, name, merged.commit, place.base)
    assert landed.result is land.LandResult.LANDED


@pytest.mark.parametrize("what", ATTACKS)
def test_an_attack_fools_whoever_runs_git_in_the_clone_and_not_us(what: str, place: Place, tmp_path: Path) -> None:
    attack, name = ATTACKS[what], f"attack-{list(ATTACKS).index(what)}"
    (tmp_path / "naive").mkdir()
    (tmp_path / "ours").mkdir()
    assert naive(place, attack, tmp_path / "naive"), "the attack works on a naive orchestrator"

    before = place.person.git("for-each-ref")
    taken = dispatch(place, attack, name, tmp_path / "ours")
    assert place.person.git("for-each-ref") == before
    if attack.told:
        assert taken.candidate is None
        assert any(attack.told in one.message for one in taken.refusals), taken.refusals
    else:
        assert taken.candidate is not None, taken.refusals
        assert tuple(one.path for one in taken.changes) == attack.brings
        go_on(place, taken.candidate, name, tmp_path / "ours")
    assert not (tmp_path / "ours" / "mark").exists(), "something planted took effect outside of the sandbox"
    assert sorted(one.name for one in (tmp_path / "ours" / "victim").iterdir()) == ["objects", "precious"]
    assert set(place.vault.refs("refs/kept")) == {f"refs/kept/{place.base}"}


def test_a_symlink_in_a_tree_catches_what_a_naive_restore_writes_and_not_ours(place: Place, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    target = place.vault.write_blob(str(outside).encode())
    tree = place.vault.compose(place.base, {"tests/t.py": None, "tests": Entry("tests", "120000", target)})
    place.vault.materialise(tree, tmp_path / "check")
    assert (tmp_path / "check" / "tests").is_symlink()
    assert list(outside.iterdir()) == []
    (tmp_path / "check" / "tests" / "t.py").write_bytes(BASE_TEST)
    assert list(outside.iterdir()) == [outside / "t.py"], "whoever restores the file by its path writes there"


def test_nothing_of_other_branches_or_later_than_the_base_is_to_be_had(place: Place, tmp_path: Path) -> None:
    """The seed of one target is made before the answer is in the repository: there it lies for a naive runner."""
    person, look = place.person, "git cat-file --batch-all-objects --batch-check; git log --all --reflog -p"
    person.git("checkout", "-q", "-b", "future")
    answer = person.commit("The answer", src__answer_py="answer = 42\n")
    person.git("checkout", "-q", "main")
    place.vault.fetch(place.user, Oid(answer))
    tree = tmp_path / "tree"
    person.git("worktree", "add", "-q", "--detach", str(tree), place.base)
    naive = subprocess.run(["bash", "-c", look], cwd=tree, env=person.env, capture_output=True, check=True).stdout
    assert answer.encode() in naive
    assert b"answer = 42" in naive
    taken = dispatch(place, Attack(f"work; {look}", ""), "future", tmp_path)
    assert taken.candidate is not None
    seen = (tmp_path / "agent" / "log").read_text()
    assert place.base in seen
    assert answer not in seen
    assert "answer = 42" not in seen


def test_no_git_of_ours_works_in_a_clone_once_an_agent_has_it(place: Place, tmp_path: Path) -> None:
    """A call in ``NAME.tmp`` is our making of the clone: it is renamed before anything of the agent starts."""
    tree = tmp_path / "tree"
    place.person.git("worktree", "add", "-q", "--detach", str(tree))
    subprocess.run(["git", "status"], cwd=tree, capture_output=True, check=True)
    subprocess.run(["git", "--git-dir", str(tree / ".git"), "log"], cwd="/", capture_output=True, check=True)
    assert sum(call.touches(tree) for call in place.recorder.calls()) == 2, "a naive orchestrator would be seen"
    if not place.workspaces.exists():
        attack = ATTACKS["hooks"]
        dispatch(place, attack, "attack-0", tmp_path)
    inside = [call for call in place.recorder.calls() if call.touches(place.workspaces)]
    made = {one.name for one in place.workspaces.iterdir()}
    assert {first(place, call) for call in inside} == {f"{name}.tmp" for name in made}
    assert all(
        "clone" in call.arguments
        or "checkout" in call.arguments
        or "config" in call.arguments
        or "remote" in call.arguments
        for call in inside
    )


def first(place: Place, call: Call) -> str:
    """The workspace that a call worked in."""
    inside = next(one for one in call.places if one.is_relative_to(place.workspaces))
    return inside.relative_to(place.workspaces).parts[0]
