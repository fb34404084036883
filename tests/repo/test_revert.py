"""Taking landings back, and what may not be landed: conflicts are values, and nothing is touched."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from tests.repo.work import merged, work_on

from snapline.base.ids import Oid
from snapline.repo.land import LandsNothing, merge, revert
from snapline.repo.vault import Vault

WHEN = datetime(2026, 11, 22, 17, 30, tzinfo=UTC)


def test_a_conflict_is_a_value_with_its_paths(vault: Vault, base: Oid) -> None:
    ours = work_on(vault, base, "src/a.py", "v = 2\n")
    joined = merge(vault, ours, work_on(vault, base, "src/a.py", "v = 3\n"), "Land")
    assert joined.commit is None
    assert joined.conflicts == ("src/a.py",)


def test_landing_what_is_there_already_or_was_reverted_is_an_error(vault: Vault, base: Oid) -> None:
    work = work_on(vault, base, "src/a.py", "v = 2\n")
    landed = merged(vault, base, work)
    with pytest.raises(LandsNothing):
        merge(vault, landed, work, "Again")
    back = revert(vault, landed, [landed], "Back").commit
    assert back is not None
    with pytest.raises(LandsNothing):
        merge(vault, back, work, "A reverted merge, merged again")


def test_a_revert_gives_the_bases_tree_back_and_keeps_what_came_later(vault: Vault, base: Oid) -> None:
    landed = merged(vault, base, work_on(vault, base, "src/a.py", "v = 2\n"))
    back = revert(vault, landed, [landed], "Take it back", when=WHEN).commit
    assert back is not None
    assert vault.tree_of(back) == vault.tree_of(base)
    assert vault.parents(back) == (landed,)
    later = work_on(vault, landed, "later.txt", "x\n")
    after = revert(vault, later, [landed], "Take it back").commit
    assert after is not None
    assert vault.read(after, "later.txt") == b"x\n"
    assert vault.read(after, "src/a.py") == b"v = 1\n"
    assert after == revert(vault, later, [landed], "Take it back").commit
    with pytest.raises(LandsNothing):
        revert(vault, after, [landed], "Twice")


def test_a_revert_that_conflicts_touches_nothing(vault: Vault, base: Oid) -> None:
    landed = merged(vault, base, work_on(vault, base, "src/a.py", "v = 2\n"))
    built_on = work_on(vault, landed, "src/a.py", "v = 2 + 1\n")
    refs = vault.refs("refs")
    joined = revert(vault, built_on, [landed], "Back")
    assert (joined.commit, joined.conflicts) == (None, ("src/a.py",))
    assert vault.refs("refs") == refs


def test_several_landings_are_taken_back_in_one_commit(vault: Vault, base: Oid) -> None:
    first = merged(vault, base, work_on(vault, base, "src/a.py", "v = 2\n"))
    second = merged(vault, first, work_on(vault, first, "src/a.py", "v = 3\n"))
    back = revert(vault, second, [second, first], "Both").commit
    assert back is not None
    assert vault.tree_of(back) == vault.tree_of(base)
    assert revert(vault, second, [first], "Only the older").conflicts == ("src/a.py",)
