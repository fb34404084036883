"""Seeds: read-only sources of workspaces, one per repository and target, that hold nothing but the bases' history."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

from snapline.base.ids import Oid
from snapline.repo.bare import alone, make_bare, object_format
from snapline.repo.git import Git
from snapline.repo.vault import Vault, pull, read_ref


def seed(vault: Vault, target: str, base: Oid, folder: Path) -> Path:
    """The seed for branch ``target`` below ``folder``, holding ``base`` and its ancestors; made on first use.

    A seed only grows: workspaces that borrow its objects stay whole. It is to be mounted read-only, at this very path,
    where a workspace is used.
    """
    place = folder.resolve() / f"{quote(target, safe='')}.git"
    make_bare(place, object_format(vault.git))
    git = Git(place)
    kept = f"refs/bases/{base}"
    with alone(place):
        if read_ref(git, kept) != base:
            pull(git, vault.folder, [f"{base}:{kept}"])
    return place
