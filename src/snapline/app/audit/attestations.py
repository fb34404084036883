"""The attestations: each is held against the event that names it, the attempt, the commit and the report."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from snapline.app.attesting import Found, check
from snapline.app.audit.material import Material, RunLedger, readable
from snapline.app.audit.report import AuditFault
from snapline.base import wire
from snapline.base.ids import Digest, short
from snapline.base.wire import BadWire
from snapline.engine import attesting
from snapline.engine.targets import LAND, LANDED
from snapline.store.evidence import EvidenceMissing
from snapline.store.ledger import Event
from snapline.store.states import RunState
from snapline.verify.attestation import says_the_same
from snapline.verify.report import Report

_LANDED = frozenset({RunState.DONE, RunState.ROLLING_BACK, RunState.ROLLED_BACK})


@dataclass(frozen=True)
class Attested:
    """An attestation where the ledger names it: ``record`` is its name, ``told`` the event."""

    record: str
    told: Event
    found: Found


def of_run(material: Material, one: RunLedger) -> Iterator[AuditFault]:
    """What does not hold of a run's attestations."""
    seen: list[Attested] = []
    for told in one.attested:
        name = str(told.body.get("attestation", ""))
        record = f"attestation {short(name)} of {_name(told)}"
        if one.run.state in _LANDED and name not in material.attestations:
            yield AuditFault(f"attestations/{name}", f"it is missing from the records: {_name(told)} has landed")
        found = _kept(material, name)
        if isinstance(found, str):
            yield AuditFault(record, found)
            continue
        seen.append(Attested(record, told, found))
        yield from _faults(material, seen[-1])
    yield from _attempts(material, one, seen)
    yield from _landings(one, seen)


def _name(told: Event) -> str:
    number = told.body.get("number")
    return f"{told.subject}#{number}" if told.kind == attesting.ATTEMPT else f"{told.subject}, landing {number}"


def _kept(material: Material, name: str) -> Found | str:
    """An attestation from the evidence, or where that lost it from the records; else what is wrong."""
    try:
        return readable(material.floor.evidence.read(name))
    except EvidenceMissing as fault:
        recorded = material.attestations.get(Digest(name))
        return readable(recorded) if recorded is not None else fault.message


def _faults(material: Material, one: Attested) -> Iterator[AuditFault]:
    checked = check(material.floor.project, one.found, material.known)
    if not checked.holds:
        yield AuditFault(one.record, checked.reason)
    told, said = one.told, one.found.one
    work = (said.work.run, said.work.task or said.work.run, said.work.number)
    if work != (told.stream, told.subject, told.body.get("number")):
        yield AuditFault(one.record, f"it was made for {said.work.name} of {said.work.run}, not for {_name(told)}")
    if (one.found.commit, one.found.tree) != (told.body.get("commit"), told.body.get("tree")):
        why = f"it is about the commit {short(one.found.commit)}, not {short(str(told.body.get('commit')))}"
        yield AuditFault(one.record, f"{why} that the ledger names")
    yield from _report(material, one)


def _report(material: Material, one: Attested) -> Iterator[AuditFault]:
    """Whether the report is the one that was signed, and says the same."""
    said = one.found.one
    if said.report != one.told.body.get("report"):
        yield AuditFault(one.record, "it is about another report than the one that the ledger names")
    try:
        report = wire.decode(material.floor.evidence.read(said.report), Report)
    except EvidenceMissing as fault:
        yield AuditFault(f"evidence {said.report}", f"the report of {_name(one.told)}: {fault.message}")
    except BadWire as fault:
        yield AuditFault(f"evidence {said.report}", fault.message)
    else:
        if not says_the_same(said, report):
            yield AuditFault(one.record, "its verdicts are not those of its report")


def _attempts(material: Material, one: RunLedger, seen: Collection[Attested]) -> Iterator[AuditFault]:
    """Attempts whose commit or report is not the one that was attested."""
    for attempt in one.attempts:
        if attempt.report is None:
            continue
        name = f"attempt {attempt.task}#{attempt.number}"
        mine = [each for each in seen if _is_of(each, attempt.task, attempt.number)]
        if not mine:
            if material.since is not None and (attempt.ended_at or "") >= material.since and not one.unread:
                yield AuditFault(name, "it was judged, but nothing in the ledger attests it")
            continue
        if attempt.report not in {each.found.one.report for each in mine}:
            yield AuditFault(name, f"its report {short(attempt.report)} is none that was attested")
        if attempt.candidate not in {each.found.commit for each in mine}:
            signed = ", ".join(short(each.found.commit) for each in mine)
            why = f"its commit {short(attempt.candidate or 'none')} was swapped: what was attested is {signed}"
            yield AuditFault(name, why)
        elif attempt.tree not in {each.found.tree for each in mine}:
            yield AuditFault(name, f"its tree {short(attempt.tree or 'none')} is not the one that was attested")


def _is_of(one: Attested, task: str, number: int) -> bool:
    return one.told.kind == attesting.ATTEMPT and (one.told.subject, one.told.body.get("number")) == (task, number)


def _landings(one: RunLedger, seen: Collection[Attested]) -> Iterator[AuditFault]:
    """Landings whose commit is not one that was attested."""
    mine = {each.found.commit for each in seen if each.told.kind == attesting.LANDING}
    for row in one.landings:
        if row.kind == LAND and row.outcome == LANDED and mine and row.new not in mine:
            name = f"landing {one.run.id}/{row.number}"
            yield AuditFault(name, f"its commit {short(row.new)} was swapped: it is none that was attested")


def recorded(material: Material, named: Collection[str]) -> Iterator[AuditFault]:
    """Faults of what is recorded and no ledger of this machine names; what others signed is checked by itself."""
    for name, raw in material.attestations.items():
        found = readable(raw)
        if isinstance(found, str):
            yield AuditFault(f"attestations/{name}", found)
            continue
        if name in named:
            continue
        checked = check(material.floor.project, found, material.known)
        if not checked.holds:
            yield AuditFault(f"attestations/{name}", checked.reason)
        elif checked.key in material.own and not material.names(found.one.work.run, name):
            why = f"no ledger names it, though this machine made it for {found.one.work.name}"
            yield AuditFault(f"attestations/{name}", why)
