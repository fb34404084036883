"""The evidence: every artefact is what it is named by, and everything that is referred to is there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from snapline.app.audit.material import Material, RunLedger, readable
from snapline.app.audit.report import AuditFault, Progress
from snapline.base import digest, wire
from snapline.base.wire import BadWire
from snapline.store.evidence import EvidenceMissing
from snapline.verify.report import Report


def walk(material: Material, progress: Progress) -> tuple[frozenset[str], list[AuditFault]]:
    """The names of all artefacts, and those whose content is another's."""
    files = list(material.floor.evidence.files())
    altered = []
    for number, path in enumerate(files, 1):
        name = path.name.partition(".")[0]
        if digest.of_file(path) != name:
            altered.append(AuditFault(f"evidence {name}", f"it was changed after it was stored: {path}"))
        progress("evidence", number, len(files))
    return frozenset(path.name.partition(".")[0] for path in files), altered


def of_run(material: Material, one: RunLedger, there: frozenset[str]) -> Iterator[AuditFault]:
    """What a run refers to and is gone."""
    for name, what in _referred(material, one).items():
        if name not in there:
            yield AuditFault(f"evidence {name}", f"{what} is gone from the evidence")


def _referred(material: Material, one: RunLedger) -> Mapping[str, str]:
    """What a run refers to: digest, and what it is."""
    found: dict[str, str] = {}
    for attempt in one.attempts:
        name = f"{attempt.task}#{attempt.number}"
        for what in ("prompt", "log", "handoff", "report"):
            if (referred := getattr(attempt, what)) is not None:
                found.setdefault(referred, f"the {what} of {name}")
    for row in one.landings:
        if row.report is not None:
            found.setdefault(row.report, f"the report of {row.kind} {row.number} of {one.run.id}")
    for told in one.events:
        for what in ("report", "attestation"):
            if isinstance(referred := told.body.get(what), str) and referred:
                found.setdefault(referred, f"the {what} that event {told.stream}/{told.seq} names")
    for name, what in list(found.items()):
        found |= {each: f"evidence of {what}" for each in _inside(material, name) if each not in found}
    return found


def _inside(material: Material, name: str) -> Iterator[str]:
    """What a report or an attestation refers to."""
    evidence = material.floor.evidence
    kind = evidence.kind(name)
    try:
        if kind == "report":
            yield from _of_report(evidence.read(name))
        elif kind == "attestation":
            found = readable(evidence.read(name))
            if not isinstance(found, str):
                yield from (each for row in found.one.runs for each in row.evidence)
    except (EvidenceMissing, BadWire):
        return  # altered, or no report of a verification; the walk over all artefacts names what was altered


def _of_report(raw: bytes) -> Iterator[str]:
    for row in wire.decode(raw, Report).verdicts:
        for check in row.checks:
            yield from check.evidence
            yield from (one.digest for one in check.kept if one.digest is not None)
