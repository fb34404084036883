"""Reading the objects of a repository: what a tree holds, and the content of files."""

from __future__ import annotations

import subprocess
import threading
import weakref
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from snapline.base.errors import NotFound
from snapline.base.ids import Oid
from snapline.repo.git import Git, GitFault, decode, encode
from snapline.spec.interfaces import folders_of
from snapline.spec.listing import Listing


class UnknownRevision(NotFound):
    """There is no such commit."""

    code = "unknown-revision"


class EntryKind(StrEnum):
    """What a tree entry is."""

    FILE = "file"
    EXECUTABLE = "executable"
    SYMLINK = "symlink"
    GITLINK = "gitlink"


_GITLINK = "160000"
_KINDS = {"100755": EntryKind.EXECUTABLE, "120000": EntryKind.SYMLINK, _GITLINK: EntryKind.GITLINK}


def kind_of(mode: str) -> EntryKind:
    """What a mode such as ``100755`` means; every other mode of a blob is a plain file."""
    return _KINDS.get(mode, EntryKind.FILE)


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of a tree. ``path`` is relative and posix; bytes that are not UTF-8 are kept as surrogates."""

    path: str
    mode: str
    oid: Oid

    @property
    def kind(self) -> EntryKind:
        """What the entry is, read from its mode."""
        return kind_of(self.mode)


def resolve(git: Git, revision: str) -> Oid:
    """The commit that ``revision`` names; raises :class:`UnknownRevision`."""
    found = git.run("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}", check=False)
    if found.status:
        raise UnknownRevision(f"{revision!r} names no commit of this repository")
    return Oid(found.text)


def tree_of(git: Git, treeish: str) -> Oid:
    """The tree of a commit (or the tree itself); raises :class:`UnknownRevision`."""
    found = git.run("rev-parse", "--verify", "--quiet", "--end-of-options", f"{treeish}^{{tree}}", check=False)
    if found.status:
        raise UnknownRevision(f"{treeish!r} names no tree of this repository")
    return Oid(found.text)


def entries(git: Git, treeish: str) -> tuple[Entry, ...]:
    """All files, symlinks and gitlinks of a tree, in git's order."""
    listed = git.run("ls-tree", "-r", "-z", "--full-tree", treeish).stdout
    return tuple(_parse_entry(line) for line in listed.split(b"\0") if line)


def entry(git: Git, treeish: str, path: str) -> Entry | None:
    """The file, symlink or gitlink at ``path``; None for a folder and where there is nothing."""
    listed = git.run("ls-tree", "-z", "--full-tree", treeish, "--", path).stdout
    found = [_parse_entry(line) for line in listed.split(b"\0") if line]
    return next((one for one in found if one.path == path and one.mode != "040000"), None)


def _parse_entry(line: bytes) -> Entry:
    meta, _, path = line.partition(b"\t")
    mode, _, oid = meta.decode("ascii").split(" ")
    return Entry(decode(path), mode, Oid(oid))


def read_blob(git: Git, oid: Oid) -> bytes:
    """The content of a blob; raises :class:`GitFault` when there is none."""
    return git.run("cat-file", "blob", oid).stdout


def write_blob(git: Git, content: bytes) -> Oid:
    """Store ``content`` as a blob, byte for byte."""
    return Oid(git.run("hash-object", "-w", "--stdin", input=content).text)


def sizes(git: Git, oids: Iterable[Oid]) -> dict[Oid, int | None]:
    """The size of each object in bytes, asked in one go; None for one that is not there."""
    wanted = list(dict.fromkeys(oids))
    if not wanted:
        return {}
    asked = "".join(f"{oid}\n" for oid in wanted).encode()
    answered = git.run("cat-file", "--batch-check=%(objectsize)", "--buffer", input=asked).stdout.splitlines()
    return {oid: int(line) if line.isdigit() else None for oid, line in zip(wanted, answered, strict=True)}


class BlobReader:
    """Reads many objects through one process of git, for one thread after the other.

    The process is started when it is first needed, and anew when it has died; :meth:`close` ends it.
    """

    def __init__(self, git: Git) -> None:
        self._git = git
        self._turn = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None

    def read(self, oid: Oid) -> bytes:
        """The content of an object; raises :class:`GitFault` when it is not there, or git cannot tell it."""
        with self._turn:
            try:
                content = self._ask(oid)
            except OSError:
                content = self._ask_again(oid)
        if content is None:
            raise GitFault(f"the object {oid} is missing")
        return content

    def close(self) -> None:
        """End the process, if there is one."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.communicate()

    def _ask_again(self, oid: Oid) -> bytes | None:
        try:
            return self._ask(oid)
        except OSError as error:
            raise GitFault(f"git ended before it told the object {oid}") from error

    def _ask(self, oid: Oid) -> bytes | None:
        """The content, None where there is none; after an OSError or an interruption the process is ended."""
        process = self._process = self._process or _reading(self._git)
        answered = False
        try:
            content = _exchange(process, oid)
            answered = True
        finally:
            if not answered:
                self.close()
        return content


def _exchange(process: subprocess.Popen[bytes], oid: Oid) -> bytes | None:
    """Ask ``cat-file --batch`` for one object; raises OSError when the answer breaks off or is about another."""
    if process.stdin is None or process.stdout is None:
        raise AssertionError("both streams were asked for as pipes")
    process.stdin.write(oid.encode() + b"\n")
    process.stdin.flush()
    name, *more = process.stdout.readline().split() or [b""]
    if name != oid.encode():
        raise OSError("it told something else")
    if len(more) != 2:  # noqa: PLR2004 - "<oid> <type> <size>"; anything else is a complaint
        return None
    size = int(more[1])
    content = process.stdout.read(size + 1)
    if len(content) <= size:
        raise OSError("it broke off")
    return content[:-1]


@contextmanager
def blob_reader(git: Git) -> Iterator[BlobReader]:
    """A reader for many objects; its process ends with the block."""
    with closing(BlobReader(git)) as reader:
        yield reader


def lasting_reader(git: Git, owner: object) -> BlobReader:
    """A reader for many objects; its process ends with the life of ``owner``."""
    reader = BlobReader(git)
    weakref.finalize(owner, reader.close)
    return reader


def _reading(git: Git) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        git.argv("cat-file", "--batch"),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=git.environment(),
        cwd=git.git_dir,
        start_new_session=True,
    )


@dataclass(frozen=True)
class TreeView:
    """A tree as :class:`snapline.spec.interfaces.Tree` wants it: paths, folders, and content on demand."""

    git: Git
    treeish: Oid

    @cached_property
    def entries(self) -> dict[str, Entry]:
        """Every entry by its path."""
        return {one.path: one for one in entries(self.git, self.treeish)}

    @cached_property
    def paths(self) -> frozenset[str]:
        """The files (symlinks among them), relative and posix; gitlinks are not files."""
        return frozenset([path for path, one in self.entries.items() if one.mode != _GITLINK])

    def folders(self) -> frozenset[str]:
        """Every folder that holds a file, however deep, without the root; a gitlink is an empty folder."""
        return self._folders

    @cached_property
    def listing(self) -> Listing:
        """Files and folders, arranged for the language's questions."""
        return Listing(self.paths, self._folders)

    def read(self, path: str) -> bytes | None:
        """The content of a file (of a symlink: its target); None where there is no file."""
        found = self.entries.get(path)
        if found is None or found.kind is EntryKind.GITLINK:
            return None
        return self._reader.read(found.oid)

    @cached_property
    def _reader(self) -> BlobReader:
        return lasting_reader(self.git, self)

    @cached_property
    def _folders(self) -> frozenset[str]:
        gitlinks = [path for path, one in self.entries.items() if one.mode == _GITLINK]
        return folders_of(self.entries).union(gitlinks)


def entry_line(one: Entry) -> bytes:
    """The entry as ``update-index --index-info`` and ``mktree`` read it."""
    return f"{one.mode} {one.oid}\t".encode() + encode(one.path)
