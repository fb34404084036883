"""The vault: our own bare repository beside a user's, where candidates, integrations and check trees are made."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from snapline.base.ids import Oid
from snapline.repo import changes, objects, trees
from snapline.repo.bare import alone, make_bare
from snapline.repo.changes import AddedLine, Change
from snapline.repo.git import Git, GitFault, decode, encode
from snapline.repo.objects import BlobReader, Entry, TreeView
from snapline.repo.user import UserRepository

_STALE = 3600.0
"""Seconds after which a lock or an unpacking folder belongs to nobody: ours last milliseconds, or minutes at most."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Who a commit of ours is by."""

    name: str
    email: str


SNAPLINE = Identity("Snapline", "snapline@localhost")
"""The identity of commits that nobody gave one."""


@dataclass(frozen=True, slots=True)
class MergeResult:
    """A merged tree, or the paths in conflict (then ``tree`` is None)."""

    tree: Oid | None
    conflicts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Vault:
    """A bare repository of ours; nothing but Snapline writes it and no hook, filter or personal setting acts in it."""

    folder: Path
    git: Git

    @classmethod
    def open(cls, folder: Path, user: UserRepository) -> Vault:
        """The vault at ``folder``, made on first use with the object format of the user's repository."""
        make_bare(folder, user.object_format)
        return cls(folder, Git(folder.resolve()))

    def fetch(self, user: UserRepository, *commits: Oid) -> None:
        """Bring commits of the user's repository here, with all their history, and keep them."""
        if all(self.ref(_kept(oid)) == oid for oid in commits):
            return
        with alone(self.folder):
            missing = [oid for oid in dict.fromkeys(commits) if self.ref(_kept(oid)) != oid]
            if missing:
                pull(self.git, user.common_dir, [f"{oid}:{_kept(oid)}" for oid in missing])

    def resolve(self, revision: str) -> Oid:
        """The commit that a ref or (full) id names here; raises :class:`objects.UnknownRevision`."""
        return objects.resolve(self.git, revision)

    def tree_of(self, treeish: str) -> Oid:
        """The tree of a commit."""
        return objects.tree_of(self.git, treeish)

    def has(self, oid: Oid) -> bool:
        """Whether an object is here."""
        return self.git.run("cat-file", "-e", oid, check=False).status == 0

    def parents(self, commit: Oid) -> tuple[Oid, ...]:
        """A commit's parents, in order."""
        return tuple(Oid(one) for one in self.git.run("rev-parse", f"{commit}^@").text.split())

    def message(self, commit: Oid) -> str:
        """A commit's message."""
        return self.git.run("log", "-1", "--no-show-signature", "--format=%B", commit, "--").text.rstrip("\n")

    def when(self, commit: Oid) -> datetime:
        """A commit's committer date."""
        said = self.git.run("log", "-1", "--no-show-signature", "--format=%ct", commit, "--").text
        return datetime.fromtimestamp(int(said), UTC)

    def entries(self, treeish: str) -> tuple[Entry, ...]:
        """All entries of a tree, however deep."""
        return objects.entries(self.git, treeish)

    def read(self, treeish: str, path: str) -> bytes | None:
        """The content of a file of a tree (of a symlink: its target); None where there is none."""
        found = objects.entry(self.git, treeish, path)
        return None if found is None or found.kind is objects.EntryKind.GITLINK else self.read_blob(found.oid)

    def read_blob(self, oid: Oid) -> bytes:
        """The content of a blob."""
        return objects.read_blob(self.git, oid)

    def blobs(self) -> AbstractContextManager[BlobReader]:
        """A reader for many blobs, to be used as a context."""
        return objects.blob_reader(self.git)

    def write_blob(self, content: bytes) -> Oid:
        """Store a file's content."""
        return objects.write_blob(self.git, content)

    def tree_view(self, treeish: Oid) -> TreeView:
        """A tree for the language's questions."""
        return TreeView(self.git, treeish)

    def diff(self, base: str, commit: str) -> tuple[Change, ...]:
        """The changed entries, renames as removal and addition."""
        return changes.diff(self.git, base, commit)

    def added_lines(self, base: str, commit: str) -> Iterator[AddedLine]:
        """The lines that a difference adds."""
        return changes.added_lines(self.git, base, commit, self.diff(base, commit))

    def patch(self, base: str, commit: str, paths: Iterable[str] | None = None) -> str:
        """The difference as text."""
        return changes.patch(self.git, base, commit, paths)

    def merge_base(self, one: str, other: str) -> Oid | None:
        """The best common ancestor; None for unrelated histories."""
        found = self.git.run("merge-base", "--", one, other, check=False)
        return Oid(found.text) if found.status == 0 else None

    def is_ancestor(self, older: str, newer: str) -> bool:
        """Whether ``newer`` is ``older`` or descends from it; raises :class:`GitFault` for an unknown commit."""
        asked = self.git.run("merge-base", "--is-ancestor", "--", older, newer, check=False)
        if asked.status not in (0, 1):
            raise GitFault(f"git merge-base failed: {asked.complaint}")
        return asked.status == 0

    def compose(self, treeish: str, put: Mapping[str, Entry | None]) -> Oid:
        """A new tree: ``treeish`` with entries replaced, added or (None) removed."""
        return trees.compose(self.git, treeish, put)

    def materialise(self, treeish: str, folder: Path) -> None:
        """Write a tree's files into an empty folder, byte for byte."""
        trees.materialise(self.git, treeish, folder)

    def commit(
        self, tree: Oid, parents: Iterable[Oid], message: str, when: datetime, identity: Identity = SNAPLINE
    ) -> Oid:
        """A commit made of nothing but the arguments: the same ones give the same id."""
        args = [part for parent in parents for part in ("-p", parent)]
        signed = self.git.given(**_signature(identity, when))
        return Oid(signed.run("commit-tree", tree, *args, input=encode(message.rstrip("\n") + "\n")).text)

    def merge_tree(self, ours: Oid, theirs: Oid) -> MergeResult:
        """Merge two commits without a work tree; raises :class:`GitFault` for unrelated histories."""
        done = self.git.run(
            "merge-tree", "--write-tree", "-z", "--name-only", "--no-messages", ours, theirs, check=False
        )
        if done.status not in (0, 1):
            raise GitFault(f"git merge-tree failed: {done.complaint}")
        tree, *paths = done.stdout.split(b"\0")
        if done.status == 0:
            return MergeResult(Oid(tree.decode().strip()))
        return MergeResult(None, tuple(decode(path) for path in paths if path))

    def ref(self, name: str) -> Oid | None:
        """What a ref points at; None when there is none."""
        return read_ref(self.git, name)

    def refs(self, prefix: str) -> dict[str, Oid]:
        """All refs below a prefix such as ``refs/candidates``."""
        listed = self.git.run("for-each-ref", "--format=%(refname) %(objectname)", "--", prefix).text
        return {name: Oid(oid) for name, _, oid in (line.partition(" ") for line in listed.splitlines())}

    def update_ref(self, name: str, new: Oid, old: Oid | None) -> bool:
        """Move a ref from ``old`` to ``new`` in one step (None: make it); False when it is not at ``old``."""
        return move_ref(self.git, name, new, old)

    def sweep(self) -> tuple[Path, ...]:
        """Remove what killed processes left: unpacking folders and locks that nobody can still hold; says which."""
        left = [
            path
            for path in (
                *self.folder.glob("incoming-*"),
                *self.folder.glob("*.lock"),
                *self.folder.glob("refs/**/*.lock"),
            )
            if time.time() - path.stat().st_mtime > _STALE
        ]
        for path in left:
            shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
        return tuple(left)


def read_ref(git: Git, name: str) -> Oid | None:
    """What a ref of a repository points at; None when there is none."""
    found = git.run("rev-parse", "--verify", "--quiet", "--end-of-options", name, check=False)
    return Oid(found.text) if found.status == 0 else None


def move_ref(git: Git, name: str, new: Oid, old: Oid | None, *, reason: str = "") -> bool:
    """Compare and swap a ref; False when it was not at ``old``. Raises :class:`GitFault` when it cannot be written.

    A ``reason`` is written to the ref's log.
    """
    args = ("-m", reason) if reason else ()
    done = git.given(GIT_COMMITTER_NAME=SNAPLINE.name, GIT_COMMITTER_EMAIL=SNAPLINE.email).run(
        "update-ref", "--no-deref", *args, "--", name, new, old or "0" * len(new),
        settings=("core.logAllRefUpdates=true",) if reason else (), check=False,
    )  # fmt: skip
    if done.status == 0:
        return True
    if read_ref(git, name) != old or "but expected" in done.complaint or "already exists" in done.complaint:
        return False
    raise GitFault(f"cannot write {name}: {done.complaint}")


def pull(git: Git, source: Path, refspecs: Iterable[str]) -> None:
    """Fetch commits from a repository on this machine: each as ``OID:REF``, or ``OID`` for its objects alone."""
    git.run(
        "fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--no-recurse-submodules", "--no-auto-gc",
        "--refmap=", "--", str(source), *refspecs,
    )  # fmt: skip


def _kept(oid: Oid) -> str:
    return f"refs/kept/{oid}"


def _signature(identity: Identity, when: datetime) -> dict[str, str]:
    date = f"{int(when.timestamp())} +0000"
    return {
        f"GIT_{role}_{part}": value
        for role in ("AUTHOR", "COMMITTER")
        for part, value in (("NAME", identity.name), ("EMAIL", identity.email), ("DATE", date))
    }
