"""Attestations for people and other parties: found by file or commit, checked offline, and the key that signs them."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from snapline.app.home import Home
from snapline.app.project import Project
from snapline.app.running import Floor
from snapline.base import digest, statement
from snapline.base.clock import Clock
from snapline.base.errors import CriteriaFailed, NotFound
from snapline.base.ids import Digest, Oid, short
from snapline.base.regex import regex
from snapline.base.signing import PublicKey
from snapline.base.statement import NotAuthentic, Statement
from snapline.base.wire import BadWire
from snapline.engine import attesting
from snapline.repo import objects
from snapline.repo.objects import UnknownRevision
from snapline.review import published
from snapline.store import ledger
from snapline.store.evidence import EvidenceMissing
from snapline.store.keys import Keyring, known_keys, read_key
from snapline.verify import attestation
from snapline.verify.attestation import Attestation

_OID = regex(r"[0-9a-f]{40}|[0-9a-f]{64}")
MAX_BYTES = 8 * 1024 * 1024
"""The largest file that is read as an attestation or a key."""


class NoSuchFile(NotFound):
    """There is no such file."""

    code = "no-such-file"


class NotAttested(CriteriaFailed):
    """No attestation names this commit."""

    code = "not-attested"
    hint = "Attestations are recorded when a run lands; `snapline sync` brings those of others."


@dataclass(frozen=True)
class Found:
    """An envelope as it was found, and what it says: nothing of that is checked yet."""

    raw: bytes
    said: Statement
    one: Attestation
    signed_by: tuple[str, ...]

    @property
    def digest(self) -> Digest:
        """What names the envelope among evidence and records."""
        return digest.of_bytes(self.raw)

    @property
    def commit(self) -> Oid:
        """The commit that it says it is about."""
        return Oid(self.said.named("candidate", "gitCommit") or "")

    @property
    def tree(self) -> Oid:
        """The tree that it says it is about."""
        return Oid(self.said.named("tree", "gitTree") or "")


@dataclass(frozen=True)
class Checked:
    """An envelope, whether it holds, why not, and what could not be looked at. ``key`` is the key that signed it."""

    found: Found
    key: Digest | None
    reason: str = ""
    notes: tuple[str, ...] = field(default=())

    @property
    def holds(self) -> bool:
        """Whether nothing speaks against it."""
        return not self.reason


def find(project: Project | None, name: str) -> tuple[Found, ...]:
    """The attestation in the file ``name``, else all about the commit of that name.

    Raises :class:`NoSuchFile`, :class:`NotAttested`, and :class:`NotAuthentic` for a file that holds none.
    """
    path = Path(name)
    if path.is_file():
        return (read(content(path)),)
    if project is None:
        raise NoSuchFile(f"there is no file {name}", hint="A commit is looked up inside its repository.")
    commit = _commit(project, name)
    same = {one.digest: one for one in _all(project) if one.commit == commit}
    if not same:
        altered = project.records.read(published.ATTESTATIONS).faults
        more = f"; {len(altered)} records there are not intact: {altered[0].message}" if altered else ""
        raise NotAttested(f"no attestation names {short(commit)}{more}")
    return tuple(sorted(same.values(), key=lambda one: (one.one.at, one.digest)))


def content(path: Path) -> bytes:
    """The bytes of a file of somebody's; raises :class:`NoSuchFile`."""
    try:
        with path.open("rb") as stream:
            return stream.read(MAX_BYTES)
    except OSError as fault:
        raise NoSuchFile(f"{path} cannot be read: {fault.strerror}") from fault


def read(raw: bytes) -> Found:
    """What an envelope says, unchecked; raises :class:`NotAuthentic`."""
    envelope, said = statement.unseal(raw)
    try:
        one = attestation.read(said)
    except BadWire as fault:
        raise NotAuthentic(f"it is no attestation that this version reads: {fault.message}") from fault
    return Found(raw, said, one, tuple(each.keyid for each in envelope.signatures))


def _commit(project: Project, name: str) -> Oid:
    try:
        return project.repository.resolve(name)
    except UnknownRevision:
        if _OID.fullmatch(name):  # a candidate that did not land is in the vault only
            return Oid(name)
        raise NoSuchFile(f"`{name}` is no file, and names no commit of this repository") from None


def _all(project: Project) -> Iterator[Found]:
    """What is recorded, and what this machine keeps of work that has not landed; what cannot be read is left out."""
    for raw in (*published.attestations(project.records), *_kept(project)):
        try:
            yield read(raw)
        except NotAuthentic:
            continue  # `snapline audit` names it


def _kept(project: Project) -> Iterator[bytes]:
    if not Home.locate(project.environment, os.getuid()).database.exists():
        return
    floor = Floor(project)
    with floor.database.read() as connection:
        told = ledger.events(connection)
    for event in told:
        if event.kind in {attesting.ATTEMPT, attesting.LANDING}:
            try:
                yield floor.evidence.read(str(event.body.get("attestation", "")))
            except EvidenceMissing:
                continue  # `snapline audit` names it


def keys(project: Project | None, pinned: PublicKey | None) -> dict[str, PublicKey]:
    """The keys to check with: the one that is pinned and those that follow it, else all that are known here."""
    if project is None:
        return known_keys((), pinned)
    ring = Keyring(Home.locate(project.environment, os.getuid()).keys)
    return known_keys((*ring.statements(), *published.keys(project.records)), pinned)


def check(project: Project | None, found: Found, known: Mapping[str, PublicKey]) -> Checked:
    """Whether an attestation holds: its signature, its form, and its commit as far as that is here."""
    try:
        _, key = statement.authentic(found.raw, known)
    except NotAuthentic as fault:
        return Checked(found, None, fault.message)
    if not (_OID.fullmatch(found.commit) and _OID.fullmatch(found.tree)):
        return Checked(found, key, "it names no commit and tree")
    if project is None:
        return Checked(found, key, notes=("outside of the repository: commit and tree were not compared",))
    try:
        tree = objects.tree_of(project.repository.git, found.commit)
    except UnknownRevision:
        return Checked(found, key, notes=("the commit is not in this repository: its tree was not compared",))
    if tree != found.tree:
        return Checked(found, key, f"the commit has the tree {short(tree)}, not {short(found.tree)}")
    return Checked(found, key)


@dataclass(frozen=True)
class OurKey:
    """The key that signs on this machine, and those that it replaced, newest first."""

    public: PublicKey
    before: tuple[Digest, ...]


def our_key(home: Home, clock: Clock, *, rotate: bool) -> OurKey:
    """The key of the state home, made where there is none, or a new one in its place; raises ``UnusableKey``."""
    home.prepare()
    ring = Keyring(home.keys)
    key = ring.rotate(clock) if rotate else ring.ensure(clock)
    return OurKey(key.public, tuple(_before(ring, key.public)))


def _before(ring: Keyring, public: PublicKey) -> Iterator[Digest]:
    known = {one.public.keyid: one for one in map(read_key, ring.statements())}
    at = known.get(public.keyid)
    while at is not None and at.replaces is not None:
        yield at.replaces
        at = known.get(at.replaces)


def publish_keys(project: Project) -> None:
    """Record the statements of this machine's keys."""
    project.records.put_all((published.KEYS, "", one) for one in Keyring(project.home.keys).statements())
