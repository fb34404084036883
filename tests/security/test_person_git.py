"""A person whose git runs or obeys files of the work tree: what an agent puts there must not run as its work lands."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.engine.scene import HONEST, make_scene
from tests.repo.person import Person, start

from snapline.base.clock import SystemClock
from snapline.base.ids import Oid
from snapline.engine.decisions import Decision, DecisionKind, decide
from snapline.repo import land
from snapline.repo.land import LandResult
from snapline.repo.objects import Entry
from snapline.repo.user import UserRepository
from snapline.repo.vault import Vault
from snapline.store.states import RunState, Waiting


@dataclass(frozen=True)
class Habit:
    """How the person's git is set, and what an agent writes (``EVIL`` is its program) to have it run."""

    settings: tuple[tuple[str, str], ...]
    writes: dict[str, str]
    named: str
    after: tuple[str, ...] = ("status",)


EVIL = "#!/bin/sh\ntouch EVIL\ncat\n"
HABITS = {
    "hooks in the tree": Habit((("core.hooksPath", ".husky"),), {".husky/post-merge": EVIL}, ".husky/post-merge"),
    "a filter in the tree": Habit(
        (("filter.x.smudge", "tools/run.sh"), ("filter.x.clean", "cat")),
        {"tools/run.sh": EVIL, ".gitattributes": "*.py filter=x\n", "src/a.py": "v = 2\n"},
        "tools/run.sh",
        ("checkout", "-q", "HEAD~1", "--", "src/a.py"),
    ),
    "a monitor in the tree": Habit((("core.fsmonitor", "./tools/run.sh"),), {"tools/run.sh": EVIL}, "tools/run.sh"),
    "configuration in the tree": Habit(
        (("include.path", "../.gitconfig"),),
        {".gitconfig": "[core]\n fsmonitor = touch EVIL; false\n"},
        ".gitconfig",
    ),
    "hooks by a link": Habit(
        (("core.hooksPath", "link"),), {"hooks/post-merge": EVIL}, "hooks/post-merge"
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Desk:
    """A person's repository, and our vault with the work of an agent in it."""

    person: Person
    user: UserRepository
    vault: Vault
    base: Oid
    new: Oid
    mark: Path


def desk(folder: Path, habit: Habit) -> Desk:
    folder.mkdir()
    person = start(folder / "ann", folder / "home")
    (person.root / "link").symlink_to("hooks")
    person.commit("A link")
    user = UserRepository.discover(person.root)
    vault = Vault.open(folder / "vault.git", user)
    base = user.head()
    vault.fetch(user, base)
    mark = folder / "mark"
    written = {
        path: Entry(path, "100755", vault.write_blob(text.replace("EVIL", str(mark)).encode()))
        for path, text in habit.writes.items()
    }
    work = vault.commit(vault.compose(base, written), [base], "Work", vault.when(base))
    merged = land.merge(vault, base, work, "Land").commit
    assert merged is not None
    for key, value in habit.settings:
        person.git("config", key, value)
    return Desk(person, user, vault, base, merged, mark)


@pytest.mark.parametrize("what", HABITS)
def test_what_the_persons_git_would_run_is_left_to_the_person(what: str, tmp_path: Path) -> None:
    habit = HABITS[what]
    naive = desk(tmp_path / "naive", habit)
    naive.person.git("fetch", "-q", str(naive.vault.folder), naive.new)
    naive.person.git("merge", "-q", "--ff-only", naive.new)
    naive.person.git(*habit.after)
    assert naive.mark.exists(), "what the agent wrote runs as the person"

    ours = desk(tmp_path / "ours", habit)
    outcome = land.move_target(ours.user, ours.vault, "main", ours.new, ours.base)
    assert (outcome.result, outcome.tip) == (LandResult.WORKING_TREE, ours.base)
    assert habit.named in outcome.message
    assert f"git merge --ff-only {ours.new[:8]}" in outcome.message
    ours.person.git("status")
    assert not ours.mark.exists()
    ours.person.git(
        "-c", "core.hooksPath=/dev/null", "-c", "core.fsmonitor=false", "merge", "-q", "--ff-only", ours.new
    )
    done = land.move_target(ours.user, ours.vault, "main", ours.new, ours.base)
    assert done.result is LandResult.ALREADY, "once the person has merged it, it has landed"


def test_other_work_lands_beside_such_habits(tmp_path: Path) -> None:
    habit = Habit(HABITS["hooks in the tree"].settings, {"src/a.py": "v = 2\n", ".huskyrc": "x\n"}, "")
    ours = desk(tmp_path / "ours", habit)
    outcome = land.move_target(ours.user, ours.vault, "main", ours.new, ours.base)
    assert outcome.result is LandResult.LANDED, outcome.message


def test_a_person_merges_such_a_landing_by_hand_and_the_run_is_done(tmp_path: Path) -> None:
    scene, mark = make_scene(tmp_path), tmp_path / "mark"
    scene.git("config", "core.hooksPath", ".husky")
    hook = f"mkdir .husky; printf '#!/bin/sh\\ntouch {mark}\\n' > .husky/post-merge; chmod +x .husky/post-merge"
    run = scene.request(f"{HONEST}; {hook}")
    scene.execute(run)
    row = scene.run(run)
    assert (row.state, row.reason) == (RunState.WAITING, Waiting.WORKING_TREE)
    assert ".husky/post-merge" in row.detail
    assert not mark.exists()
    command = row.detail.partition("git merge ")[2].split()
    scene.git("-c", "core.hooksPath=/dev/null", "merge", *command)
    decide(scene.database, Decision(run, None, DecisionKind.RETRY, row.token, "Ada"), SystemClock())
    said = scene.execute(run)
    assert scene.run(run).state is RunState.DONE, said
    assert not mark.exists()
