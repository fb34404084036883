"""Making trees, and writing them out as files: always through a private index, never inside a foreign folder."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from snapline.base.ids import Oid
from snapline.repo.git import Git, GitFault
from snapline.repo.objects import Entry, entry_line, tree_of


@contextmanager
def private_index() -> Iterator[Path]:
    """A path for an index file of our own, gone after the block."""
    with TemporaryDirectory(prefix="snapline-index-") as folder:
        yield Path(folder) / "index"


def compose(git: Git, treeish: str, put: Mapping[str, Entry | None]) -> Oid:
    """The tree of ``treeish`` with each path of ``put`` replaced by its entry (mode and oid count), or removed.

    A file put where a folder is takes the folder's place, and a file in the way of a folder gives way.
    """
    if not put:
        return tree_of(git, treeish)
    nothing = Oid("0" * len(tree_of(git, treeish)))
    removals = [entry_line(Entry(path, "0", nothing)) for path in put]
    additions = [entry_line(Entry(path, one.mode, one.oid)) for path, one in put.items() if one is not None]
    with private_index() as index:
        private = git.given(GIT_INDEX_FILE=str(index))
        private.run("read-tree", treeish)
        lines = b"".join(line + b"\0" for line in (*removals, *additions))
        private.run("update-index", "--add", "--replace", "-z", "--index-info", input=lines)
        return Oid(private.run("write-tree").text)


def materialise(git: Git, treeish: str, folder: Path) -> None:
    """Write a tree's files into ``folder``, which is made and must be empty; no ``.git`` appears in it.

    Content is byte for byte what git stores: no filter, line ending or keyword conversion acts (the vault's
    ``info/attributes`` neutralises them). Executable bits are kept, symlinks are made and never followed, a gitlink is
    an empty folder. Raises :class:`GitFault` when the folder is not empty.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise GitFault(f"{folder} is not empty; a tree is written into a fresh folder only")
    with private_index() as index:
        inside = Git(git.git_dir, folder).given(GIT_INDEX_FILE=str(index))
        inside.run("read-tree", treeish)
        inside.run("checkout-index", "--all", "--quiet")
