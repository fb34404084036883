"""Records: immutable files named by their content, in the tree of an orphan ref of the user's repository."""

from __future__ import annotations

import random
import time
from collections.abc import Iterable
from dataclasses import dataclass

from snapline.base import digest
from snapline.base.errors import UsageFault
from snapline.base.ids import Digest, Oid
from snapline.base.regex import regex
from snapline.repo import objects
from snapline.repo.git import Git, GitFault, decode, encode
from snapline.repo.objects import Entry, EntryKind
from snapline.repo.remotes import address
from snapline.repo.trees import compose
from snapline.repo.user import UserRepository
from snapline.repo.vault import SNAPLINE, move_ref, read_ref

REF = "refs/snapline/records"
"""The ref whose tree holds the records of a repository."""
MAX_BYTES = 8 * 1024 * 1024
"""Largest record."""
_PATH = regex(r"[a-z][a-z-]*(?:/[A-Za-z0-9][A-Za-z0-9._+~@=-]*)*/[0-9a-f]{64}")
_TRIES = 400
_PUSHES = 40


class BadRecordName(UsageFault):
    """A record cannot have this kind or name."""

    code = "bad-record-name"


class Unreachable(GitFault):
    """A remote does not answer, or not to us."""

    code = "unreachable-remote"
    hint = "Records are kept here; `snapline sync` sends them once the remote answers."


class RecordsContended(GitFault):
    """The records were changed by others all the time."""

    code = "records-contended"
    hint = "Try again; if it stays, look for a stale lock file in refs/snapline of the repository's git folder."


@dataclass(frozen=True, slots=True)
class RecordFault:
    """An entry that is no record: its content does not have the digest that it is named by, or it is no such file."""

    path: str
    message: str


@dataclass(frozen=True, slots=True)
class Reading:
    """The intact records below a folder, in the order of their paths, and what was found amiss beside them."""

    bodies: tuple[bytes, ...]
    faults: tuple[RecordFault, ...]


@dataclass(frozen=True, slots=True)
class Synced:
    """What a sync moved: how many records came and went, and what the remote held that was not taken."""

    received: int
    sent: int
    faults: tuple[RecordFault, ...] = ()


@dataclass(frozen=True)
class Records:
    """The records of a repository. Writers in any number may put at once; none is lost and none is changed."""

    user: UserRepository

    def put(self, kind: str, name_hint: str, body: bytes) -> Digest:
        """Store ``body`` as ``KIND/NAME_HINT/DIGEST`` and return the digest; storing it again changes nothing.

        ``name_hint`` (perhaps with ``/``, perhaps empty) is what :meth:`all` selects by. Raises :class:`BadRecordName`.
        """
        return self.put_all([(kind, name_hint, body)])[0]

    def put_all(self, bodies: Iterable[tuple[str, str, bytes]]) -> tuple[Digest, ...]:
        """Store several records (kind, name hint, body) at once; see :meth:`put`. Returns their digests in order."""
        git = self.user.git
        wanted = {_path(kind, hint, body): body for kind, hint, body in bodies}
        found = {path: Entry(path, "100644", objects.write_blob(git, body)) for path, body in wanted.items()}
        names = tuple(Digest(path.rpartition("/")[2]) for path in found)
        for _ in range(_TRIES):
            tip = read_ref(git, REF)
            new = {path: one for path, one in found.items() if not _holds(git, tip, one)}
            if not new:
                return names
            tree = compose(git, tip or _empty_tree(git), new)
            if move_ref(git, REF, _commit(git, tree, [tip] if tip else [], _message(new)), tip):
                return names
            _pause(0.05)
        raise RecordsContended

    def all(self, kind: str, under: str = "") -> tuple[bytes, ...]:
        """The intact records of a kind, below ``under`` where given."""
        return self.read(kind, under).bodies

    def read(self, kind: str, under: str = "") -> Reading:
        """The intact records of a kind (below ``under``), or of all, and the entries there that were tampered with."""
        git = self.user.git
        tip = read_ref(git, REF)
        if tip is None:
            return Reading((), ())
        prefix = "".join(f"{part}/" for part in (kind, under) if part)
        found = [one for one in objects.entries(git, tip) if one.path.startswith(prefix)]
        return _checked(git, found)[1]

    def faults(self) -> tuple[RecordFault, ...]:
        """Everything in the ref's tree that is no intact record."""
        git = self.user.git
        tip = read_ref(git, REF)
        return _checked(git, objects.entries(git, tip))[1].faults if tip else ()

    def deleted(self) -> tuple[str, ...]:
        """The records that the ref's history holds and its tree does not: nothing of ours ever takes one out."""
        git = self.user.git
        tip = read_ref(git, REF)
        if tip is None:
            return ()
        there = {one.path for one in objects.entries(git, tip)}
        listed = git.run("rev-list", "--objects", tip).stdout
        ever = {decode(line).partition(" ")[2] for line in listed.splitlines()}
        return tuple(sorted(path for path in ever - there if _PATH.fullmatch(path)))

    def sync(self, remote: str = "origin") -> Synced:
        """Exchange records with a remote (a name, an address or a folder): both have the union afterwards.

        Runs as the person, for their credentials. What the remote holds that is no intact record is not taken and
        named in the result. Raises :class:`NoRemote`, and :class:`GitFault` when the remote refuses.
        """
        remote = address(self.user, remote)
        received = 0
        for attempt in range(_PUSHES):
            _pause(0.05 * min(attempt, 10))
            theirs = self._fetch(remote)
            mine = read_ref(self.user.git, REF)
            joined, gained, faults = self._join(mine, theirs)
            received += gained
            if joined is None:
                return Synced(received, 0, faults)
            if joined == theirs:
                return Synced(received, 0, faults)
            sent = self._missing(joined, theirs)
            if self._push(remote, joined, theirs):
                return Synced(received, sent, faults)
        raise RecordsContended(f"{remote} was changed by others each time we pushed")

    def _fetch(self, remote: str) -> Oid | None:
        """The remote's records' tip, its objects brought here; None when it has none."""
        git = self._person
        for _ in range(_PUSHES):
            listed = git.run("ls-remote", "--quiet", "--", remote, REF, settings=_PLAIN, check=False)
            if listed.status:
                raise Unreachable(f"{remote} cannot be reached: {listed.complaint}")
            lines = listed.text.splitlines()
            tips = [Oid(oid) for oid, _, name in (line.partition("\t") for line in lines) if name == REF]
            if not tips:
                return None
            git.run(
                "fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--no-recurse-submodules", "--no-auto-gc",
                "--refmap=", "--", remote, REF, settings=_PLAIN,
            )  # fmt: skip
            if self.user.git.run("cat-file", "-e", f"{tips[0]}^{{tree}}", check=False).status == 0:
                return tips[0]
        raise RecordsContended(f"{remote} was changed by others each time we looked")

    def _join(self, mine: Oid | None, theirs: Oid | None) -> tuple[Oid | None, int, tuple[RecordFault, ...]]:
        """Our ref moved to the union; returns it, how many records it gained, and what of theirs was not taken."""
        git = self.user.git
        if theirs is None:
            return mine, 0, ()
        good, reading = _checked(git, objects.entries(git, theirs))
        for _ in range(_TRIES):
            own = {one.path for one in _checked(git, objects.entries(git, mine))[0]} if mine else set()
            new = {one.path: one for one in good if one.path not in own}
            joined = self._union(mine, theirs, new, clean=not reading.faults and len(good) == len(own) + len(new))
            if joined == mine or move_ref(git, REF, joined, mine):
                return joined, len(new), reading.faults
            mine = read_ref(git, REF)
        raise RecordsContended

    def _union(self, mine: Oid | None, theirs: Oid, new: dict[str, Entry], *, clean: bool) -> Oid:
        """The commit that holds both: one of the two where it does already, else a merge of them."""
        git = self.user.git
        if clean and (mine is None or _is_ancestor(git, mine, theirs)):
            return theirs
        if mine is not None and not new and _is_ancestor(git, theirs, mine):
            return mine
        tree = compose(git, mine or _empty_tree(git), new)
        return _commit(git, tree, [one for one in (mine, theirs) if one], "Join records")

    def _missing(self, joined: Oid, theirs: Oid | None) -> int:
        git = self.user.git
        there = {one.path for one in objects.entries(git, theirs)} if theirs else set()
        return sum(one.path not in there for one in objects.entries(git, joined))

    def _push(self, remote: str, joined: Oid, theirs: Oid | None) -> bool:
        pushed = self._person.run(
            "push", "--quiet", "--no-verify", "--no-recurse-submodules", f"--force-with-lease={REF}:{theirs or ''}",
            "--", remote, f"{joined}:{REF}", settings=_PLAIN, check=False,
        )  # fmt: skip
        if pushed.status == 0:
            return True
        if any(
            mark in pushed.complaint for mark in ("stale info", "fetch first", "cannot lock ref", "non-fast-forward")
        ):
            return False
        raise GitFault(f"{remote} did not take the records: {pushed.complaint}")

    @property
    def _person(self) -> Git:
        return Git(self.user.common_dir, personal=True)


_PLAIN = ("core.hooksPath=/dev/null", "fetch.recurseSubmodules=false", "push.gpgSign=false", "push.followTags=false")


def _checked(git: Git, found: Iterable[Entry]) -> tuple[list[Entry], Reading]:
    """The entries that are intact records, and their reading."""
    good: list[Entry] = []
    bodies: list[bytes] = []
    faults: list[RecordFault] = []
    listed = list(found)
    measured = objects.sizes(git, [one.oid for one in listed if one.kind is not EntryKind.GITLINK])
    with objects.blob_reader(git) as blobs:
        for one in listed:
            size = measured.get(one.oid)
            if _PATH.fullmatch(one.path) is None or one.mode != "100644" or size is None or size > MAX_BYTES:
                faults.append(RecordFault(one.path, f"{one.path!a} is not named or stored as a record is"))
                continue
            body = blobs.read(one.oid)
            if digest.of_bytes(body) != one.path.rpartition("/")[2]:
                faults.append(RecordFault(one.path, f"{one.path} was altered: its content has another digest"))
                continue
            good.append(one)
            bodies.append(body)
    return good, Reading(tuple(bodies), tuple(faults))


def _path(kind: str, hint: str, body: bytes) -> str:
    path = "/".join(part for part in (kind, hint, digest.of_bytes(body)) if part)
    if not kind or _PATH.fullmatch(path) is None or ".." in path or len(body) > MAX_BYTES:
        raise BadRecordName(f"a record cannot be named {path!r} or have {len(body)} bytes")
    return path


def _message(new: Iterable[str]) -> str:
    """What a commit that adds records says: its kind and digest where it is one, else how many."""
    paths = list(new)
    if len(paths) > 1:
        return f"Add {len(paths)} records"
    return f"Add {paths[0].partition('/')[0]} {paths[0].rpartition('/')[2][:12]}"


def _holds(git: Git, tip: Oid | None, one: Entry) -> bool:
    return tip is not None and objects.entry(git, tip, one.path) == one


def _pause(most: float) -> None:
    """Wait up to ``most`` seconds, so that writers who met once do not meet again and again."""
    time.sleep(random.uniform(0, most))  # noqa: S311 - spreads writers, protects nothing


def _empty_tree(git: Git) -> Oid:
    return Oid(git.run("mktree", input=b"").text)


def _commit(git: Git, tree: Oid, parents: Iterable[Oid], message: str) -> Oid:
    args = [part for parent in parents for part in ("-p", parent)]
    signed = git.given(
        GIT_AUTHOR_NAME=SNAPLINE.name, GIT_AUTHOR_EMAIL=SNAPLINE.email,
        GIT_COMMITTER_NAME=SNAPLINE.name, GIT_COMMITTER_EMAIL=SNAPLINE.email,
    )  # fmt: skip
    return Oid(signed.run("commit-tree", tree, *args, input=encode(message + "\n")).text)


def _is_ancestor(git: Git, older: Oid, newer: Oid) -> bool:
    return git.run("merge-base", "--is-ancestor", "--", older, newer, check=False).status == 0
