from __future__ import annotations

import os
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.repo.person import Person, start

from snapline.base.ids import Oid
from snapline.repo.changes import ChangeStatus
from snapline.repo.git import GitFault
from snapline.repo.objects import Entry, EntryKind, UnknownRevision
from snapline.repo.user import UserRepository
from snapline.repo.vault import Vault

WHEN = datetime(2026, 11, 22, 17, 30, tzinfo=UTC)


def paths_below(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if not path.is_dir() or path.is_symlink()}


def test_a_fetched_commit_can_be_read_after_the_users_repository_is_gone(vault: Vault, base: Oid, ann: Person) -> None:
    ann.root.rename(ann.root.with_name("moved"))
    assert vault.read(base, "src/a.py") == b"v = 1\n"
    assert vault.read(base, "link.py") == b"src/a.py"
    assert vault.read(base, "src") is None
    assert vault.read(base, "no/such") is None
    assert vault.message(base) == "First"


def test_fetching_twice_is_free_and_an_unknown_commit_is_a_fault(vault: Vault, base: Oid, user: UserRepository) -> None:
    vault.fetch(user, base)
    with pytest.raises(GitFault):
        vault.fetch(user, Oid("1" * 40))
    with pytest.raises(UnknownRevision):
        vault.resolve("nothing")


def test_entries_tell_what_each_path_is(vault: Vault, base: Oid) -> None:
    kinds = {one.path: one.kind for one in vault.entries(base)}
    assert kinds == {
        "README.txt": EntryKind.FILE,
        "link.py": EntryKind.SYMLINK,
        "src/a.py": EntryKind.FILE,
        "tests/t.py": EntryKind.FILE,
        "tools/run.sh": EntryKind.EXECUTABLE,
    }


def test_a_tree_view_answers_the_languages_questions(vault: Vault, base: Oid) -> None:
    view = vault.tree_view(base)
    assert view.folders() == {"src", "tests", "tools"}
    assert "src/a.py" in view.paths
    assert view.read("tests/t.py") == b"assert True\n"
    assert view.read("tests") is None


def test_diff_counts_lines_and_never_guesses_renames(
    vault: Vault, base: Oid, ann: Person, user: UserRepository
) -> None:
    ann.git("mv", "src/a.py", "src/b.py")
    (ann.root / "blob").write_bytes(b"\0\1")
    (ann.root / "README.txt").unlink()
    (ann.root / "README.txt").symlink_to("src")
    ann.write('odd "name"\nwith é.txt', "1\n2\n")
    tip = Oid(ann.commit("Move"))
    vault.fetch(user, tip)
    found = {change.path: change for change in vault.diff(base, tip)}
    assert {path: change.status for path, change in found.items()} == {
        "src/a.py": ChangeStatus.REMOVED,
        "src/b.py": ChangeStatus.ADDED,
        "blob": ChangeStatus.ADDED,
        "README.txt": ChangeStatus.TYPE,
        'odd "name"\nwith é.txt': ChangeStatus.ADDED,
    }
    assert found["blob"].binary
    assert found['odd "name"\nwith é.txt'].added == 2
    assert found["src/a.py"].removed == 1
    assert found["src/a.py"].new_oid is None
    assert found["README.txt"].new_kind is EntryKind.SYMLINK
    assert "+v = 1" in vault.patch(base, tip, ["src/b.py"])
    assert "blob" not in vault.patch(base, tip, ["src/b.py"])


def test_compose_replaces_adds_removes_and_swaps_files_with_folders(vault: Vault, base: Oid) -> None:
    blob = vault.write_blob(b"new\n")
    tree = vault.compose(
        base,
        {
            "src/a.py": Entry("src/a.py", "100755", blob),
            "tests/t.py": None,
            "tests": Entry("tests", "100644", blob),
            "README.txt": None,
            "README.txt/inner": Entry("README.txt/inner", "100644", blob),
        },
    )
    assert {one.path: one.mode for one in vault.entries(tree)} == {
        "README.txt/inner": "100644",
        "link.py": "120000",
        "src/a.py": "100755",
        "tests": "100644",
        "tools/run.sh": "100755",
    }
    assert vault.compose(base, {}) == vault.tree_of(base)
    assert vault.compose(tree, {}) == tree


def test_materialise_writes_exactly_the_tree(vault: Vault, base: Oid, tmp_path: Path) -> None:
    folder = tmp_path / "out" / "tree"
    vault.materialise(base, folder)
    assert paths_below(folder) == {one.path for one in vault.entries(base)}
    assert stat.S_IMODE((folder / "tools/run.sh").stat().st_mode) == 0o755
    assert stat.S_IMODE((folder / "src/a.py").stat().st_mode) == 0o644
    assert os.readlink(folder / "link.py") == "src/a.py"  # noqa: PTH115 - the text itself is compared
    with pytest.raises(GitFault, match="not empty"):
        vault.materialise(base, folder)


def test_attributes_of_the_tree_change_no_byte(vault: Vault, ann: Person, user: UserRepository, tmp_path: Path) -> None:
    ann.write(".gitattributes", "*.txt text eol=crlf\n*.id ident\n*.u working-tree-encoding=UTF-16\n*.f filter=x\n")
    ann.git("config", "filter.x.clean", "cat")
    ann.git("config", "filter.x.smudge", "tr a-z A-Z")
    (ann.root / "k.id").write_text("$Id$\n")
    (ann.root / "w.u").write_bytes("wide\n".encode("utf-16"))
    tip = Oid(ann.commit("Attributes", a_txt="one\ntwo\n", low_f="low\n"))
    (ann.root / "README.txt").unlink()
    ann.git("checkout", "README.txt")
    assert (ann.root / "README.txt").read_bytes() == b"hello\r\n", "an ordinary checkout converts"
    vault.fetch(user, tip)
    vault.materialise(tip, tmp_path / "out")
    for one in vault.entries(tip):
        if one.kind is not EntryKind.SYMLINK:
            assert (tmp_path / "out" / one.path).read_bytes() == vault.read_blob(one.oid), one.path


def test_a_commit_is_determined_by_its_arguments(vault: Vault, base: Oid) -> None:
    tree = vault.tree_of(base)
    one = vault.commit(tree, [base], "Same\n\nSpec: x", WHEN)
    assert one == vault.commit(tree, [base], "Same\n\nSpec: x\n", WHEN)
    assert vault.parents(one) == (base,)
    assert vault.when(one) == WHEN
    assert one != vault.commit(tree, [base], "Other", WHEN)


def test_merge_tree_merges_or_names_the_conflicts(vault: Vault, base: Oid, ann: Person, user: UserRepository) -> None:
    ours = Oid(ann.commit("Ours", src__a_py="v = 2\n"))
    ann.git("checkout", "-q", "-b", "theirs", base)
    theirs = Oid(ann.commit("Theirs", tests__t_py="assert 1\n"))
    clash = Oid(ann.commit("Clash", src__a_py="v = 3\n"))
    vault.fetch(user, ours, theirs, clash)
    merged = vault.merge_tree(ours, theirs)
    assert merged.tree is not None
    assert vault.read(merged.tree, "src/a.py") == b"v = 2\n"
    assert vault.read(merged.tree, "tests/t.py") == b"assert 1\n"
    refused = vault.merge_tree(ours, clash)
    assert refused.tree is None
    assert refused.conflicts == ("src/a.py",)
    assert vault.merge_base(ours, theirs) == base
    assert vault.is_ancestor(base, clash)
    assert not vault.is_ancestor(ours, clash)


def test_only_one_of_many_wins_a_compare_and_swap(vault: Vault, base: Oid) -> None:
    tips = [vault.commit(vault.tree_of(base), [base], f"Tip {number}", WHEN) for number in range(8)]
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda tip: vault.update_ref("refs/race", tip, None), tips))
    assert made.count(True) == 1
    winner = tips[made.index(True)]
    assert vault.ref("refs/race") == winner
    with ThreadPoolExecutor(8) as pool:
        moved = list(pool.map(lambda tip: vault.update_ref("refs/race", tip, winner), [*tips[:0], base] * 8))
    assert moved.count(True) == 1
    assert vault.refs("refs/race") == {"refs/race": base}


def test_a_ref_that_cannot_be_written_is_a_fault_not_a_lost_race(vault: Vault, base: Oid) -> None:
    (vault.folder / "refs" / "stuck.lock").write_text("")
    impatient = vault.git.run(
        "update-ref", "--", "refs/stuck", base, settings=("core.filesRefLockTimeout=0",), check=False
    )
    assert impatient.status != 0, "the stale lock really blocks"
    (vault.folder / "refs" / "taken").mkdir()
    (vault.folder / "refs" / "taken" / "below").write_text(f"{base}\n")
    with pytest.raises(GitFault, match="refs/taken"):
        vault.update_ref("refs/taken", base, None)


def test_one_vault_comes_of_several_processes_that_make_it_at_once(user: UserRepository, tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from snapline.repo.user import UserRepository;"
        "from snapline.repo.vault import Vault; user = UserRepository.discover(Path(sys.argv[1]));"
        "Vault.open(Path(sys.argv[2]), user).fetch(user, user.head())"
    )
    folder = tmp_path / "shared.git"
    argv = [sys.executable, "-c", program, str(user.root), str(folder)]
    started = [subprocess.Popen(argv) for _ in range(4)]
    assert [process.wait() for process in started] == [0, 0, 0, 0]
    assert Vault.open(folder, user).has(user.head())
    assert [path.name for path in tmp_path.glob("shared*")] == ["shared.git"]


def test_a_sha256_repository_gets_a_sha256_vault(tmp_path: Path) -> None:
    person = start(tmp_path / "big", tmp_path / "home", object_format="sha256")
    user = UserRepository.discover(person.root)
    vault = Vault.open(tmp_path / "vault.git", user)
    vault.fetch(user, user.head())
    assert len(user.head()) == 64
    tree = vault.compose(user.head(), {"src/a.py": None})
    assert "src/a.py" not in vault.tree_view(tree).paths
    vault.materialise(tree, tmp_path / "out")
    assert (tmp_path / "out" / "README.txt").read_text() == "hello\n"
    assert vault.update_ref("refs/x", user.head(), None)
    assert not vault.update_ref("refs/x", user.head(), None)


def test_many_blobs_are_read_through_one_process(vault: Vault, base: Oid) -> None:
    with vault.blobs() as blobs:
        found = {one.path: blobs.read(one.oid) for one in vault.entries(base)}
        with pytest.raises(GitFault, match="missing"):
            blobs.read(Oid("1" * 40))
        assert blobs.read(vault.write_blob(b"")) == b""
    assert found["README.txt"] == b"hello\n"
    assert len(found) == 5


def test_a_sweep_removes_what_killed_processes_left_and_nothing_in_use(vault: Vault, base: Oid) -> None:
    old, fresh = vault.folder / "incoming-old", vault.folder / "incoming-fresh"
    stale, held = vault.folder / "refs/kept/stale.lock", vault.folder / "refs/kept/held.lock"
    for folder in (old, fresh):
        (folder / "pack").mkdir(parents=True)
    for lock in (stale, held):
        lock.write_text("")
    for path in (old, stale):
        os.utime(path, (1_000_000_000, 1_000_000_000))
    assert set(vault.sweep()) == {old, stale}
    assert [path.exists() for path in (old, stale, fresh, held)] == [False, False, True, True]
    assert vault.has(base)
