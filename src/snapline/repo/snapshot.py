"""What a person has staged, or has in the work tree, as a commit in the vault; their index is not touched."""

from __future__ import annotations

import shutil
from pathlib import Path

from snapline.base.errors import Refused
from snapline.base.ids import Oid
from snapline.repo import objects
from snapline.repo.git import Git, alternates
from snapline.repo.trees import private_index
from snapline.repo.user import UserRepository
from snapline.repo.vault import Vault


class Unmerged(Refused):
    """The index holds a merge that is not finished."""

    code = "unmerged"
    hint = "Resolve the conflicts and `git add` the files, or look at the work tree instead: `--worktree`."


def snapshot(user: UserRepository, vault: Vault, *, staged: bool) -> Oid:
    """The index (``staged``) or the whole work tree without ignored files, as a commit on top of HEAD in the vault.

    HEAD itself when nothing differs. The same content gives the same commit. Nothing is written to the user's
    repository. Raises :class:`Unmerged` when conflicts are staged.
    """
    head = user.head()
    vault.fetch(user, head)
    with private_index() as index:
        git = _borrowing(user, vault, index)
        if (user.git_dir / "index").exists():
            # With its time: git looks again into a file that changed in the second in which the index was written.
            shutil.copy2(user.git_dir / "index", index)
        if not staged:
            git.run("add", "--all", settings=_QUIET)
        written = git.run("write-tree", check=False, settings=_QUIET)
        if written.status:
            raise Unmerged(f"the staged files make no tree: {written.complaint}")
    tree = Oid(written.text)
    _bring(user, vault, tree, head)
    if tree == vault.tree_of(head):
        return head
    what = "Staged changes" if staged else "Work tree"
    taken = vault.commit(tree, [head], f"{what} on {head[:12]}", vault.when(head))
    vault.update_ref(f"refs/snapshots/{taken}", taken, vault.ref(f"refs/snapshots/{taken}"))
    return taken


_QUIET = (
    "core.fsmonitor=false",
    "core.hooksPath=/dev/null",
    "core.splitIndex=false",
    "advice.addEmbeddedRepo=false",
    "core.safecrlf=false",
)


def _borrowing(user: UserRepository, vault: Vault, index: Path) -> Git:
    """The person's git (their filters and ignore files count) with our index, writing its objects to the vault."""
    return user.personal.given(
        GIT_INDEX_FILE=str(index),
        GIT_OBJECT_DIRECTORY=str(vault.folder / "objects"),
        GIT_ALTERNATE_OBJECT_DIRECTORIES=alternates(user.common_dir / "objects"),
        GIT_NO_REPLACE_OBJECTS="1",
    )


def _bring(user: UserRepository, vault: Vault, tree: Oid, head: Oid) -> None:
    """Copy what of ``tree`` only the user's object store holds: git writes no object that it finds there."""
    both = vault.git.given(GIT_ALTERNATE_OBJECT_DIRECTORIES=alternates(user.common_dir / "objects"))
    walked = both.run("rev-list", "--objects", "--no-object-names", tree, "--not", head).text.split()
    missing = [oid for oid, size in objects.sizes(vault.git, map(Oid, walked)).items() if size is None]
    if missing:
        listed = "".join(f"{oid}\n" for oid in missing).encode()
        packed = both.run("pack-objects", "--stdout", "--quiet", input=listed).stdout
        vault.git.run("index-pack", "--stdin", input=packed)
