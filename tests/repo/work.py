"""Work to land: candidates and merge commits, made in the vault without an agent."""

from __future__ import annotations

from snapline.base.ids import Oid
from snapline.repo.land import merge
from snapline.repo.objects import Entry
from snapline.repo.vault import Vault


def work_on(vault: Vault, base: Oid, path: str, text: str) -> Oid:
    """A candidate: one commit on ``base`` that writes one file."""
    tree = vault.compose(base, {path: Entry(path, "100644", vault.write_blob(text.encode()))})
    return vault.commit(tree, [base], f"Write {path}", vault.when(base))


def merged(vault: Vault, tip: Oid, work: Oid) -> Oid:
    commit = merge(vault, tip, work, "Land it").commit
    assert commit is not None
    return commit
