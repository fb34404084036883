"""Work that was right when it was looked at, and is not where it is to land: naive merging is fooled, ours is not."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from tests.repo.person import Person
from tests.verify.world import World, check, criterion, sandboxed, spec_of

from snapline.base.ids import Oid
from snapline.repo import land
from snapline.repo.land import LandResult, LandsNothing
from snapline.repo.vault import Vault
from snapline.verify.verdict import Verdict


@pytest.fixture
def world(tmp_path: Path) -> World:
    return sandboxed(tmp_path)


@pytest.fixture
def ann(world: World, tmp_path: Path) -> Person:
    """The person of the repository; ``main`` is checked out."""
    (tmp_path / "home").mkdir()
    return Person(world.root, tmp_path / "home")


def kept(world: World, *commits: Oid) -> Vault:
    world.bench.vault.fetch(world.user, *commits)
    return world.bench.vault


def test_a_base_that_moved_after_the_verdict_is_verified_again(world: World, ann: Person) -> None:
    """Each of the two changes is right by itself."""
    command = '. ./conf && test "$limit" = 5 && test -e work'
    spec = spec_of(f"- A1: `$ {command}`.")
    base = world.commit({"conf": "limit=5\n"})
    work = world.commit({"work": "1\n"})
    assert world.verify(spec, base, work).accepted
    moved = world.commit({"conf": "limit=6\n"}, base)
    ann.git("checkout", "-q", "-B", "naive", moved)
    ann.git("merge", "-q", "-m", "Land", work)
    naive = subprocess.run(["bash", "-c", command], cwd=world.root, check=False)
    assert naive.returncode, "git merges it without a word, and A1 fails there"
    merged = land.merge(kept(world, moved, work), moved, work, "Land").commit
    assert merged is not None
    report = world.verify(spec, moved, merged)
    assert criterion(report).verdict is Verdict.FAIL
    assert check(report).message
    assert not report.accepted


def test_a_target_that_moved_meanwhile_is_not_overwritten(world: World, ann: Person) -> None:
    base = world.commit({"a": "1\n"})
    ann.git("branch", "target", base)
    work = world.commit({"work": "1\n"})
    merged = land.merge(kept(world, base, work), base, work, "Land").commit
    assert merged is not None
    theirs = world.commit({"a": "theirs\n"}, base)
    ann.git("branch", "-f", "target", theirs)
    outcome = land.move_target(world.user, world.bench.vault, "target", merged, base)
    assert (outcome.result, outcome.tip) == (LandResult.LOST_RACE, theirs)
    ann.git("fetch", "-q", str(world.bench.vault.folder), merged)
    ann.git("update-ref", "refs/heads/target", merged)
    assert theirs not in ann.git("rev-list", "target"), "a naive update loses what came meanwhile"


def test_two_tasks_that_touch_the_same_lines_conflict_and_neither_is_lost(world: World, ann: Person) -> None:
    base = world.commit({"a": "1\n"})
    first = world.commit({"a": "first\n"})
    second = world.commit({"a": "second\n"}, base)
    ann.git("checkout", "-q", "-B", "naive", first)
    ann.git("checkout", second, "--", "a")
    assert (world.root / "a").read_text() == "second\n", "whoever copies files over each other loses the first"
    joined = land.merge(kept(world, first, second), first, second, "Land")
    assert joined.commit is None
    assert joined.conflicts == ("a",)


def test_a_merge_that_was_reverted_is_not_taken_for_landed_when_it_comes_again(world: World, ann: Person) -> None:
    base = world.commit({"a": "1\n"})
    work = world.commit({"work": "1\n"})
    vault = kept(world, base, work)
    landed = land.merge(vault, base, work, "Land").commit
    assert landed is not None
    back = land.revert(vault, landed, [landed], "Take it back").commit
    assert back is not None
    ann.git("fetch", "-q", str(vault.folder), back)
    ann.git("checkout", "-q", "-B", "naive", back)
    assert "up to date" in ann.git("merge", work)
    assert not (world.root / "work").exists(), "git says that all is well, and nothing is there"
    with pytest.raises(LandsNothing) as refused:
        land.merge(vault, back, work, "Land again")
    assert "dispatch the spec again" in refused.value.hint
