"""The ledgers: every chain recomputed, and held against the heads that were signed and published."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from snapline.app.audit.material import Material, RunLedger
from snapline.app.audit.report import AuditFault, Progress, Unpinned
from snapline.base import statement
from snapline.base.ids import Digest, short
from snapline.base.statement import NotAuthentic
from snapline.base.wire import BadWire
from snapline.engine.pinning import last_checkpoint
from snapline.store import checkpoints
from snapline.store.checkpoints import Checkpoint, Head
from snapline.store.keys import read_key


def chain(one: RunLedger) -> Iterator[AuditFault]:
    """Where a run's chain breaks."""
    if not one.hashes:
        yield AuditFault(f"ledger {one.run.id}", "there is no event of it: it was deleted")
    elif one.fault is not None:
        yield AuditFault(f"event {one.run.id}/{one.fault.seq}", one.fault.message)
    if one.unread:
        yield AuditFault(f"ledger {one.run.id}", one.unread)


@dataclass
class Pins:
    """What the checkpoints of this machine pin, by run: the highest head, and every fault on the way."""

    highest: dict[str, int] = field(default_factory=dict)
    faults: list[AuditFault] = field(default_factory=list)
    elsewhere: int = 0


def pins(material: Material, progress: Progress) -> Pins:
    """Read every checkpoint, and hold the ledgers of this machine against those that it signed."""
    found = Pins()
    hashes: dict[str, dict[int, str]] = {}
    for number, (name, raw) in enumerate(material.checkpoints.items(), 1):
        progress("checkpoints", number, len(material.checkpoints))
        try:
            said, key = statement.authentic(raw, material.known)
            one, heads = checkpoints.read(said)
        except (NotAuthentic, BadWire) as fault:
            found.faults.append(AuditFault(f"checkpoints/{name}", fault.message))
            continue
        if one.previous is not None and one.previous not in material.checkpoints:
            why = f"it is missing from the records: the checkpoint {short(name)} follows it"
            found.faults.append(AuditFault(f"checkpoints/{one.previous}", why))
        if key not in material.own:
            found.elsewhere += 1
            continue
        for stream, head in heads.items():
            there = hashes.setdefault(stream, material.hashes(stream))
            found.highest[stream] = max(found.highest.get(stream, 0), head.seq)
            found.faults += _held(stream, head, there, name, one)
    found.faults = _first_of_each([*found.faults, *_last(material)])
    return found


def _held(stream: str, head: Head, there: Mapping[int, str], name: Digest, one: Checkpoint) -> Iterator[AuditFault]:
    pinned = f"the checkpoint {short(name)} of {one.at}"
    if head.seq not in there:
        ends = f"it ends at event {max(there)}" if there else "there is no event of it"
        yield AuditFault(f"ledger {stream}", f"it was cut off: {ends}, but {pinned} pins event {head.seq}")
    elif there[head.seq] != head.hash:
        yield AuditFault(f"event {stream}/{head.seq}", f"it is not the one that {pinned} pins: history was rewritten")


def _last(material: Material) -> Iterator[AuditFault]:
    """The last checkpoint, which no other one follows."""
    project = material.floor.project
    last = last_checkpoint(project.home.checkpoint(project.id))
    if last is not None and last not in material.checkpoints:
        yield AuditFault(f"checkpoints/{last}", "it is missing from the records: it was the last that was published")


def _first_of_each(faults: Iterable[AuditFault]) -> list[AuditFault]:
    """One fault per record: a ledger that was cut off contradicts every later checkpoint."""
    return list({one.record: one for one in reversed(list(faults))}.values())[::-1]


def unpinned(one: RunLedger, found: Pins) -> Iterator[Unpinned]:
    """The events behind the last checkpoint."""
    pinned, last = found.highest.get(one.run.id, 0), max(one.hashes, default=0)
    if last > pinned:
        yield Unpinned(one.run.id, pinned, last - pinned)


def keys(material: Material) -> Iterator[AuditFault]:
    """Statements of keys that do not hold, and that of a key which signed what is recorded but is itself gone."""
    there = set()
    for name, raw in material.key_statements.items():
        try:
            there.add(read_key(raw).public.keyid)
        except NotAuthentic as fault:
            yield AuditFault(f"keys/{name}", fault.message)
    for one in material.own:
        if one not in there and any(one in _claimed(raw) for raw in material.sealed):
            yield AuditFault(f"key {one}", "its statement is missing from the records, though it signed some of them")


def _claimed(raw: bytes) -> set[str]:
    """The keys that an envelope claims to be signed by."""
    try:
        return {one.keyid for one in statement.unseal(raw)[0].signatures}
    except NotAuthentic:
        return set()
