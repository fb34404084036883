"""Landing: the one place that writes a person's branch, and never what they have not committed."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.repo.person import Person
from tests.repo.work import merged, work_on

from snapline.base.ids import Oid
from snapline.repo.checkouts import worktrees_of
from snapline.repo.land import LandOutcome, LandResult, merge, move_target
from snapline.repo.user import UserRepository
from snapline.repo.vault import Vault

WHEN = datetime(2026, 11, 22, 17, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _home(ann: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(ann.home))


@pytest.fixture
def new(vault: Vault, base: Oid) -> Oid:
    return merged(vault, base, work_on(vault, base, "src/a.py", "v = 2\n"))


def land(user: UserRepository, vault: Vault, new: Oid, old: Oid, target: str = "main") -> LandOutcome:
    outcome = move_target(user, vault, target, new, old)
    assert user.git.run("for-each-ref", "refs/snapline").text == "", "nothing is left behind"
    return outcome


def test_a_merge_has_two_parents_fixed_dates_and_one_id(vault: Vault, base: Oid, ann: Person) -> None:
    work = work_on(vault, base, "src/a.py", "v = 2\n")
    one = merged(vault, base, work)
    assert vault.parents(one) == (base, work)
    assert one == merged(vault, base, work)
    assert vault.when(one) == vault.when(base)
    assert vault.when(merge(vault, base, work, "Land it", when=WHEN).commit or base) == WHEN
    assert ann.git("log", "-1", "--format=%H") == base, "nothing moved yet"


def test_a_checked_out_target_is_moved_with_its_files(
    user: UserRepository, vault: Vault, new: Oid, ann: Person
) -> None:
    old = user.head()
    ann.write("notes.txt", "mine, untracked\n")
    ann.write("README.txt", "mine, uncommitted\n")
    assert land(user, vault, new, old) == LandOutcome(LandResult.LANDED, new)
    assert ann.git("rev-parse", "HEAD", "main").split() == [new, new]
    assert (ann.root / "src/a.py").read_text() == "v = 2\n"
    assert (ann.root / "README.txt").read_text() == "mine, uncommitted\n"
    assert ann.git("status", "--porcelain").split("\n") == [" M README.txt", "?? notes.txt"]
    assert land(user, vault, new, old).result is LandResult.ALREADY


def test_a_target_that_is_not_checked_out_is_moved_by_its_ref(
    user: UserRepository, vault: Vault, new: Oid, ann: Person
) -> None:
    ann.git("checkout", "-q", "-b", "elsewhere")
    assert land(user, vault, new, user.head()).result is LandResult.LANDED
    assert user.branch_tip("main") == new
    assert (ann.root / "src/a.py").read_text() == "v = 1\n", "the work tree is on another branch"
    assert "snapline: land" in ann.git("reflog", "show", "main")
    assert ann.git("fsck", "--strict") == ""


@pytest.mark.parametrize("how", ["edited", "staged", "untracked", "ignored"])
def test_what_a_person_has_not_committed_is_never_overwritten(
    user: UserRepository, vault: Vault, base: Oid, ann: Person, how: str
) -> None:
    path = {"edited": "src/a.py", "staged": "src/a.py"}.get(how, "fresh.log")
    new = merged(vault, base, work_on(vault, base, path, "ours\n"))
    ann.write(path, "precious\n")
    if how == "staged":
        ann.git("add", path)
    if how == "ignored":
        (ann.root / ".git/info/exclude").write_text("*.log\n")
    outcome = land(user, vault, new, base)
    assert outcome.result is LandResult.WORKING_TREE
    assert path in outcome.message
    assert (ann.root / path).read_text() == "precious\n"
    assert user.head() == base
    (ann.root / path).unlink()
    ann.git("reset", "-q", "--hard")
    assert land(user, vault, new, base).result is LandResult.LANDED, "once it is out of the way it lands"


def test_a_target_checked_out_in_a_linked_worktree_is_moved_there(
    user: UserRepository, vault: Vault, new: Oid, base: Oid, ann: Person, tmp_path: Path
) -> None:
    ann.git("checkout", "-q", "--detach")
    ann.git("worktree", "add", "-q", str(tmp_path / "linked tree"), "main")
    assert [one.root for one in worktrees_of(user, "main")] == [tmp_path / "linked tree"]
    assert land(user, vault, new, base).result is LandResult.LANDED
    assert (tmp_path / "linked tree/src/a.py").read_text() == "v = 2\n"
    assert user.head() == base
    linked = UserRepository.discover(tmp_path / "linked tree")
    assert linked.branch() == "main"
    assert linked.common_dir == user.common_dir
    assert linked.dirty() == ()


def test_a_worktree_that_is_gone_does_not_hold_the_target(
    user: UserRepository, vault: Vault, new: Oid, base: Oid, ann: Person, tmp_path: Path
) -> None:
    ann.git("checkout", "-q", "--detach")
    ann.git("worktree", "add", "-q", str(tmp_path / "usb"), "main")
    (tmp_path / "usb").rename(tmp_path / "unplugged")
    ann.git("worktree", "lock", str(tmp_path / "usb"))
    assert land(user, vault, new, base).result is LandResult.WORKING_TREE, "locked: it comes back"
    ann.git("worktree", "unlock", str(tmp_path / "usb"))
    assert land(user, vault, new, base).result is LandResult.LANDED


def test_two_worktrees_on_the_target_are_left_alone(
    user: UserRepository, vault: Vault, new: Oid, base: Oid, ann: Person, tmp_path: Path
) -> None:
    ann.git("worktree", "add", "-q", "--force", str(tmp_path / "twin"), "main")
    outcome = land(user, vault, new, base)
    assert outcome.result is LandResult.WORKING_TREE
    assert str(tmp_path / "twin") in outcome.message
    assert user.branch_tip("main") == base


def test_a_rebase_of_the_target_is_not_disturbed(user: UserRepository, vault: Vault, base: Oid, ann: Person) -> None:
    ann.git("checkout", "-q", "-b", "other")
    ann.commit("Other", src__a_py="v = 3\n")
    ann.git("checkout", "-q", "main")
    tip = Oid(ann.commit("Mine", src__a_py="v = 4\n"))
    vault.fetch(user, tip)
    new = merged(vault, tip, work_on(vault, tip, "x.txt", "x\n"))
    ann.git("rebase", "-q", "other", check=False)
    assert user.branch() is None
    outcome = land(user, vault, new, tip)
    assert (outcome.result, user.branch_tip("main")) == (LandResult.WORKING_TREE, tip)
    assert "rebase" in outcome.message
    ann.git("rebase", "--abort")
    assert land(user, vault, new, tip).result is LandResult.LANDED
    assert base


def test_an_unfinished_merge_stands_in_the_way(user: UserRepository, vault: Vault, base: Oid, ann: Person) -> None:
    ann.git("checkout", "-q", "-b", "other")
    ann.commit("Other", other_txt="x\n")
    ann.git("checkout", "-q", "main")
    ann.git("merge", "-q", "--no-ff", "--no-commit", "other")
    new = merged(vault, base, work_on(vault, base, "x.txt", "x\n"))
    outcome = land(user, vault, new, base)
    assert (outcome.result, user.head()) == (LandResult.WORKING_TREE, base)


def test_a_moved_target_is_a_lost_race_and_a_later_tip_with_the_landing_is_landed(
    user: UserRepository, vault: Vault, new: Oid, base: Oid, ann: Person
) -> None:
    moved = ann.commit("Meanwhile", other_txt="x\n")
    assert land(user, vault, new, base) == LandOutcome(
        LandResult.LOST_RACE, Oid(moved), f"main was moved to {moved[:8]} meanwhile"
    )
    vault.fetch(user, Oid(moved))
    again = merged(vault, Oid(moved), vault.parents(new)[1])
    assert land(user, vault, again, Oid(moved)).result is LandResult.LANDED
    ann.commit("Later", later_txt="x\n")
    assert land(user, vault, again, Oid(moved)).result is LandResult.ALREADY
    ann.git("checkout", "-q", "--detach")
    ann.git("branch", "-D", "main")
    assert land(user, vault, again, Oid(moved)).result is LandResult.LOST_RACE


def test_of_many_landings_at_once_exactly_one_wins(user: UserRepository, vault: Vault, base: Oid, ann: Person) -> None:
    ann.git("checkout", "-q", "--detach")
    news = [merged(vault, base, work_on(vault, base, f"f{number}.txt", "x\n")) for number in range(6)]
    with ThreadPoolExecutor(6) as pool:
        results = [one.result for one in pool.map(lambda new: land_raw(user, vault, new, base), news)]
    assert sorted(results) == [LandResult.LANDED] + [LandResult.LOST_RACE] * 5
    assert user.branch_tip("main") == news[results.index(LandResult.LANDED)]


def land_raw(user: UserRepository, vault: Vault, new: Oid, old: Oid) -> LandOutcome:
    return move_target(user, vault, "main", new, old)


def test_a_person_and_a_landing_at_once_lose_nothing(
    user: UserRepository, vault: Vault, base: Oid, ann: Person
) -> None:
    news = [merged(vault, base, work_on(vault, base, f"f{number}.txt", "x\n")) for number in range(3)]
    ann.write("mine.txt", "mine\n")
    ann.git("add", "-A")
    with ThreadPoolExecutor(4) as pool:
        waiting = [pool.submit(land_raw, user, vault, new, base) for new in news]
        person = pool.submit(ann.git, "commit", "-qm", "Mine", check=False)
        outcomes = [one.result().result for one in waiting]
        person.result()
    assert outcomes.count(LandResult.LANDED) <= 1
    assert set(outcomes) <= {LandResult.LANDED, LandResult.LOST_RACE, LandResult.WORKING_TREE}
    assert (ann.root / "mine.txt").read_text() == "mine\n"


def test_the_persons_hooks_run_where_their_work_tree_moves_and_nowhere_else(
    user: UserRepository, vault: Vault, new: Oid, base: Oid, ann: Person, tmp_path: Path
) -> None:
    for name in ("post-merge", "reference-transaction", "post-update", "pre-push"):
        hook = ann.write(f".git/hooks/{name}", f"#!/bin/sh\necho {name} >> '{tmp_path}/ran'\ncat >/dev/null\n")
        hook.chmod(0o755)
    ann.git("branch", "spare")
    (tmp_path / "ran").unlink()
    assert land(user, vault, new, base, "spare").result is LandResult.LANDED
    assert not (tmp_path / "ran").exists()
    assert land(user, vault, new, base).result is LandResult.LANDED
    assert "post-merge" in (tmp_path / "ran").read_text()


def test_a_hook_of_the_person_may_refuse(user: UserRepository, vault: Vault, new: Oid, base: Oid, ann: Person) -> None:
    script = '#!/bin/sh\n[ "$1" != prepared ] || ! grep -q refs/heads/main\n'
    ann.write(".git/hooks/reference-transaction", script).chmod(0o755)
    outcome = land(user, vault, new, base)
    assert (outcome.result, user.head()) == (LandResult.REFUSED, base)


def test_something_that_does_not_build_on_the_target_is_refused(user: UserRepository, vault: Vault, base: Oid) -> None:
    stranger = vault.commit(vault.tree_of(base), [], "Stranger", WHEN)
    assert land(user, vault, stranger, base).result is LandResult.REFUSED


def test_a_ref_that_cannot_be_written_is_refused_with_gits_words(
    user: UserRepository, vault: Vault, new: Oid, base: Oid, ann: Person
) -> None:
    ann.git("branch", "old/name", base)
    ann.git("pack-refs", "--all")
    junk = ann.root / ".git/refs/heads/old/name/junk.lock"
    junk.parent.mkdir(parents=True, exist_ok=True)
    junk.write_text("")
    outcome = land(user, vault, new, base, "old/name")
    assert (outcome.result, outcome.tip) == (LandResult.REFUSED, base)
    assert "old/name" in outcome.message
    junk.unlink()
    assert land(user, vault, new, base, "old/name").result is LandResult.LANDED


def test_misleading_variables_do_not_lead_a_landing_astray(
    user: UserRepository, vault: Vault, new: Oid, base: Oid, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_COMMON_DIR"):
        monkeypatch.setenv(name, str(tmp_path / "nowhere"))
    monkeypatch.setenv("GIT_NAMESPACE", "evil")
    monkeypatch.setenv("GIT_CONFIG_COUNT", "1")
    monkeypatch.setenv("GIT_CONFIG_KEY_0", "core.bare")
    monkeypatch.setenv("GIT_CONFIG_VALUE_0", "true")
    assert land(user, vault, new, base).result is LandResult.LANDED
    assert (user.root / "src/a.py").read_text() == "v = 2\n"
    assert not (tmp_path / "nowhere").exists()


def test_a_repository_with_its_git_folder_elsewhere_and_a_submodule_land_too(
    vault: Vault, base: Oid, new: Oid, ann: Person, tmp_path: Path
) -> None:
    apart = Person(tmp_path / "apart", ann.home)
    ann.git("clone", "-q", "--separate-git-dir", str(tmp_path / "apart.git"), str(ann.root), str(apart.root))
    user = UserRepository.discover(apart.root)
    assert [one.root for one in worktrees_of(user, "main")] == [apart.root]
    apart.git("worktree", "add", "-q", "--detach", str(tmp_path / "linked"))
    from_linked = UserRepository.discover(tmp_path / "linked")
    assert land(from_linked, vault, new, base).result is LandResult.WORKING_TREE, "git cannot say where it is"
    assert land(user, vault, new, base).result is LandResult.LANDED
    assert (apart.root / "src/a.py").read_text() == "v = 2\n"

    above = Person(tmp_path / "above", ann.home)
    above.root.mkdir()
    above.git("init", "-q", "-b", "main")
    above.git("-c", "protocol.file.allow=always", "submodule", "add", "-q", str(ann.root), "inner")
    inner = UserRepository.discover(above.root / "inner")
    assert land(inner, vault, new, base).result is LandResult.LANDED
    assert (above.root / "inner/src/a.py").read_text() == "v = 2\n"


def test_a_persons_merge_settings_turn_no_landing_into_something_else(
    user: UserRepository, vault: Vault, new: Oid, base: Oid, ann: Person
) -> None:
    for key, value in (("branch.main.mergeOptions", "--squash"), ("merge.ff", "false"), ("merge.autoStash", "true")):
        ann.git("config", key, value)
    ann.write("src/a.py", "precious\n")
    assert land(user, vault, new, base).result is LandResult.WORKING_TREE
    assert (ann.root / "src/a.py").read_text() == "precious\n"
    assert ann.git("stash", "list") == ""
    ann.git("checkout", "-q", "src/a.py")
    assert land(user, vault, new, base) == LandOutcome(LandResult.LANDED, new)
    assert ann.git("status", "--porcelain") == ""
