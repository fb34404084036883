"""Walking everything: the order of an audit, and the one report of it."""

from __future__ import annotations

from collections.abc import Iterator

from snapline.app.audit import artefacts, attestations, ledgers
from snapline.app.audit.material import Material, RunLedger
from snapline.app.audit.report import Audit, AuditFault, Progress, Unpinned, Walked


def audit(material: Material, progress: Progress) -> Audit:
    """Look at everything; what does not hold is named, record by record."""
    pins = ledgers.pins(material, progress)
    there, altered = artefacts.walk(material, progress)
    faults, unpinned, named, events = [*_records(material), *pins.faults, *altered], list[Unpinned](), set[str](), 0
    for number, run in enumerate(material.runs, 1):
        one = material.ledger(run)
        faults += [*ledgers.chain(one), *attestations.of_run(material, one), *artefacts.of_run(material, one, there)]
        faults += _approval(material, one)
        unpinned += ledgers.unpinned(one, pins)
        named |= {str(told.body.get("attestation")) for told in one.attested}
        events += len(one.hashes)
        progress("runs", number, len(material.runs))
    faults += attestations.recorded(material, named)
    elsewhere = pins.elsewhere + sum(one not in named for one in material.attestations)
    walked = Walked(
        runs=len(material.runs),
        events=events,
        checkpoints=len(material.checkpoints),
        attestations=len(named | set(material.attestations)),
        evidence=len(there),
        records=len(material.records.bodies),
    )
    return Audit(tuple(dict.fromkeys(faults)), tuple(unpinned), walked, elsewhere, tuple(sorted(material.known)))


def _records(material: Material) -> Iterator[AuditFault]:
    """Records that are not intact, or that were taken out; and keys whose statements do not hold."""
    records = material.floor.project.records
    yield from (AuditFault(one.path, one.message) for one in material.records.faults)
    yield from (AuditFault(one, "it was deleted: the history of the records holds it") for one in records.deleted())
    yield from ledgers.keys(material)


def _approval(material: Material, one: RunLedger) -> Iterator[AuditFault]:
    """A run whose approval is not recorded any more."""
    if (one.run.spec, one.run.revision) not in material.approved:
        why = f"it is missing from the records: run {one.run.id} rests on it"
        yield AuditFault(f"approval {one.run.spec}@{one.run.revision[:8]}", why)
