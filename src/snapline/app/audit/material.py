"""What an audit looks at, read once: the ledgers of this machine, and the records of the repository."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from snapline.app.attesting import Found, keys, read
from snapline.app.running import Floor
from snapline.base import digest, wire
from snapline.base.ids import Digest
from snapline.base.signing import PublicKey
from snapline.base.statement import NotAuthentic
from snapline.base.wire import BadWire
from snapline.engine import attesting
from snapline.repo.records import Reading
from snapline.review import published
from snapline.review.approval import KIND, Approval
from snapline.store import ledger, views
from snapline.store.keys import Key, Keyring, known_keys, read_key
from snapline.store.ledger import ChainFault, Event
from snapline.store.views import AttemptRow, LandingRow, RunRow


@dataclass(frozen=True)
class RunLedger:
    """A run with its ledger: ``hashes`` by number, ``fault`` where its chain breaks, ``unread`` what cannot be read."""

    run: RunRow
    hashes: dict[int, str]
    fault: ChainFault | None
    events: tuple[Event, ...]
    attempts: tuple[AttemptRow, ...]
    landings: tuple[LandingRow, ...]
    unread: str = ""

    @property
    def attested(self) -> tuple[Event, ...]:
        """The events that name attestations."""
        return tuple(one for one in self.events if one.kind in {attesting.ATTEMPT, attesting.LANDING})


@dataclass(frozen=True)
class Material:
    """Everything that is compared. ``pinned`` is the one key to trust, where the person names one."""

    floor: Floor
    pinned: PublicKey | None = None

    @cached_property
    def runs(self) -> tuple[RunRow, ...]:
        """The runs of this repository on this machine."""
        with self.floor.database.read() as connection:
            return views.runs(connection, repository=self.floor.project.id)

    def ledger(self, run: RunRow) -> RunLedger:
        """A run with everything that is known of it."""
        with self.floor.database.read() as connection:
            fault, hashes = ledger.verify_chain(connection, run.id), ledger.hashes(connection, run.id)
            attempts, landings = views.attempts(connection, run.id), views.landings(connection, run.id)
            try:
                events, unread = ledger.events(connection, stream=run.id), ""
            except BadWire as edited:
                events, unread = (), edited.message
        return RunLedger(run, hashes, fault, events, attempts, landings, unread)

    def hashes(self, stream: str) -> dict[int, str]:
        """The hashes of any ledger of this machine; empty where there is none."""
        with self.floor.database.read() as connection:
            return ledger.hashes(connection, stream)

    @cached_property
    def keyring(self) -> Keyring:
        """This machine's keys."""
        return Keyring(self.floor.project.home.keys)

    @cached_property
    def own(self) -> dict[str, PublicKey]:
        """The keys that this machine's ledgers were signed with."""
        return known_keys(self.keyring.statements())

    @cached_property
    def known(self) -> dict[str, PublicKey]:
        """The keys to check with."""
        return keys(self.floor.project, self.pinned)

    @cached_property
    def since(self) -> str | None:
        """When this machine's first key was made; None when it has none. What ended before could not be attested."""
        return min((one.at for one in self._own_keys()), default=None)

    def _own_keys(self) -> Iterator[Key]:
        for raw in self.keyring.statements():
            try:
                yield read_key(raw)
            except NotAuthentic:
                continue  # told where the records of keys are read

    @cached_property
    def checkpoints(self) -> dict[Digest, bytes]:
        """The checkpoints that are recorded, by digest."""
        return {digest.of_bytes(one): one for one in published.checkpoints(self.floor.project.records)}

    @cached_property
    def attestations(self) -> dict[Digest, bytes]:
        """The attestations that are recorded, by digest."""
        return {digest.of_bytes(one): one for one in published.attestations(self.floor.project.records)}

    @property
    def sealed(self) -> tuple[bytes, ...]:
        """Everything signed that is recorded."""
        return (*self.checkpoints.values(), *self.attestations.values())

    @cached_property
    def records(self) -> Reading:
        """All records, and what is amiss among them."""
        return self.floor.project.records.read("")

    @cached_property
    def key_statements(self) -> dict[Digest, bytes]:
        """The statements of keys that are recorded, by digest."""
        return {digest.of_bytes(one): one for one in published.keys(self.floor.project.records)}

    @cached_property
    def approved(self) -> frozenset[tuple[str, str]]:
        """The specs and revisions that are approved, by the records that can be read."""
        return frozenset((one.spec, one.revision) for one in self._approvals())

    def _approvals(self) -> Iterator[Approval]:
        for raw in self.floor.project.records.all(KIND):
            try:
                yield wire.decode(raw, Approval)
            except BadWire:
                continue  # then the run that rests on it has none

    def names(self, run: str, attestation: str) -> bool:
        """Whether the ledger of a run, of whichever repository on this machine, names an attestation."""
        with self.floor.database.read() as connection:
            try:
                told = ledger.events(connection, stream=run)
            except BadWire:
                return False
        return any(one.body.get("attestation") == attestation for one in told)


def readable(raw: bytes) -> Found | str:
    """What an attestation says, or why it cannot be read."""
    try:
        return read(raw)
    except NotAuthentic as fault:
        return fault.message
