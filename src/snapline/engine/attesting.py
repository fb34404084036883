"""Attesting: each judgement is signed and kept as evidence, and the ledger names it; at a landing it is published."""

from __future__ import annotations

from snapline.base import digest
from snapline.base.clock import stamp
from snapline.base.ids import Digest, SpecId
from snapline.engine.context import Context
from snapline.engine.world import Try, World
from snapline.repo.user import UserRepository
from snapline.review import published
from snapline.sandbox import process, runfolder
from snapline.sandbox.process import RunState
from snapline.store import ledger
from snapline.store.evidence import EvidenceMissing
from snapline.store.keys import Keyring
from snapline.store.ledger import Event
from snapline.store.views import RunRow
from snapline.verify import attestation
from snapline.verify.attestation import AgentRun, Policy, Work
from snapline.verify.procedure import Judged

ATTEMPT, LANDING = "attempt.attested", "landing.attested"
"""The kinds of the events that name an attestation: its ``attestation``, ``commit``, ``tree`` and ``report``."""
EVIDENCE = "attestation"
"""The kind of evidence that envelopes are."""


def attest_attempt(this: Try, judged: Judged, phase: str) -> None:
    """Attest what an attempt was judged by in ``phase`` (``verify``, ``integrate``), once.

    Raises ``UnusableKey``.
    """
    work = Work(this.world.run.id, this.task.id, this.attempt.number)
    key = f"{this.key('attested')}:{phase}:{this.token}"
    _attest(this.world, judged, work, _agent(this), (ATTEMPT, this.task.id, key))


def attest_landing(world: World, judged: Judged, number: int) -> None:
    """Attest what a landing was judged by, once; raises ``UnusableKey``."""
    run = world.run.id
    work = Work(run, None, number)
    _attest(world, judged, work, None, (LANDING, run, f"{run}:land:{number}:attested:{world.run.token}"))


def _attest(world: World, judged: Judged, work: Work, agent: AgentRun | None, event: tuple[str, str, str]) -> None:
    kind, subject, key = event
    context, commit = world.context, judged.report.commit
    with context.database.read() as connection:
        if ledger.known(connection, key):
            return
    at = stamp(context.clock.now())
    one = attestation.attestation(judged, work, _policy(world), agent, at, context.evidence)
    tree = world.vault.tree_of(commit)
    sealed = attestation.seal(one, commit, tree, keyring(context).ensure(context.clock))
    body = {"attestation": context.evidence.put(sealed, EVIDENCE), "number": work.number}
    body |= {"commit": commit, "tree": tree, "report": one.report}
    with context.database.write() as connection:
        if not ledger.known(connection, key):
            ledger.append(connection, work.run, key, at, kind, subject, body)


def keyring(context: Context) -> Keyring:
    """The keys of the state home."""
    return Keyring(context.places.keys)


def _policy(world: World) -> Policy:
    return Policy(
        approval=digest.of_bytes(world.run.approval),
        configuration=digest.of_bytes(world.approval.settings.encode()),
        settings=digest.of_bytes(world.run.settings),
        accept=world.settings.accept,
    )


def _agent(this: Try) -> AgentRun | None:
    """How the agent's process ended; None where its record is gone."""
    folder = this.run_folder("agent")
    if process.inspect(folder) is not RunState.ENDED:
        return None
    ended, attempt = process.record(folder), this.attempt
    return AgentRun(
        name=attempt.agent,
        argv=digest.of_value(list(runfolder.job(folder).argv)),
        cause=ended.cause,
        exit=ended.status,
        seconds=round(ended.seconds, 3),
        containment=ended.containment,
        prompt=Digest(attempt.prompt) if attempt.prompt else None,
        log=Digest(attempt.log) if attempt.log else None,
    )


def publish(context: Context, run: RunRow, user: UserRepository) -> None:
    """Record the attestations of a run beside its approval; what is recorded already stays."""
    with context.database.read() as connection:
        told = ledger.events(connection, stream=run.id)
    found = [_read(context, one) for one in told if one.kind in {ATTEMPT, LANDING}]
    bodies = [one for one in found if one is not None]
    published.publish(user, SpecId(run.spec), bodies, keyring(context).statements())


def _read(context: Context, event: Event) -> bytes | None:
    try:
        return context.evidence.read(str(event.body.get("attestation", "")))
    except EvidenceMissing:
        return None  # the audit names it; what is there is published all the same
