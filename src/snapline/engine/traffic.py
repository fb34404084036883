"""What an agent asked of the network: counted, kept as evidence, and told by the ledger."""

from __future__ import annotations

from typing import Literal

from snapline.base.clock import stamp
from snapline.engine.world import Try
from snapline.sandbox import process, requestlog
from snapline.sandbox.policy import Job
from snapline.sandbox.runfolder import JOB_FILE
from snapline.store import ledger
from snapline.verify.report import AgentNetwork


def account(this: Try) -> AgentNetwork | None:
    """What the agent of an attempt could reach and asked for; None where nothing of its run is left."""
    folder = this.run_folder("agent")
    if not (folder / JOB_FILE).exists():
        return None
    job = process.job(folder)
    record = folder / requestlog.FILE
    counted = requestlog.count(record)
    kept = this.world.context.evidence.put(record, "requests") if record.exists() else None
    refused = counted.refused + counted.omitted
    return AgentNetwork(_mode(job), () if job.network else job.allowed, counted.passed, refused, kept)


def tell(this: Try) -> None:
    """Write into the ledger, once, how a closed network was used; one that was open has nothing to tell."""
    found = account(this)
    if found is None or found.mode == "on":
        return
    key = this.key("network")
    context = this.world.context
    words = f"reached only {', '.join(found.allowed)}" if found.allowed else "had no network"
    body = {"words": words, "number": this.attempt.number, "passed": found.passed, "refused": found.refused}
    with context.database.write() as connection:
        if not ledger.known(connection, key):
            at = stamp(context.clock.now())
            evidence = {"requests": found.requests} if found.requests else {}
            ledger.append(connection, this.world.run.id, key, at, "agent.network", this.task.id, body | evidence)


def _mode(job: Job) -> Literal["on", "none", "listed"]:
    if job.network:
        return "on"
    return "listed" if job.allowed else "none"
