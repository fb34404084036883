"""Collecting an attempt's work: a bundle made in the agent's sandbox, inspected, and published as a candidate."""

from __future__ import annotations

import os

import msgspec

from snapline.base.ids import Digest, Oid, TaskId
from snapline.engine.workplace import protected, seed_of
from snapline.engine.world import Try
from snapline.memory.handoff import hand_off, keep, last_words
from snapline.repo import intake
from snapline.repo.intake import Intake, Policy
from snapline.repo.pathpolicy import Reason, Refusal
from snapline.sandbox import process
from snapline.sandbox.policy import Cause, Exit, Job, Limits, Mount, Shape
from snapline.verify.report import Report

COLLECT_SECONDS = 120.0
TRIES = 3
"""A collection that a crash cut off is begun again, in a folder of its own: it changes nothing by being repeated."""


def collect(this: Try) -> Intake:
    """What the attempt brought; its candidate is published once, and found again when it was."""
    folder, ended = _run(this)
    if not ended.ok:
        words = _why(ended)
        return Intake(None, refusals=(Refusal(Reason.BUNDLE, f"the work could not be collected: {words}"),))
    bundle = this.run_folder(folder) / process.OUTPUT_FILE
    if not bundle.exists():
        return Intake(None)
    policy = Policy(protected=protected(this))
    return intake.take(
        this.world.vault, bundle, TaskId(this.task.id), this.attempt.number, Oid(this.attempt.base), policy
    )


def clear(this: Try) -> None:
    """Remove the bundle, which may be large, once all of it is in the vault."""
    for number in range(1, TRIES + 1):
        (this.run_folder(f"collect-{number}") / process.OUTPUT_FILE).unlink(missing_ok=True)


def _run(this: Try) -> tuple[str, Exit]:
    for number in range(1, TRIES + 1):
        part = f"collect-{number}"
        ended = process.run(this.world.sandbox, _job(this), this.run_folder(part))
        if ended.cause not in {Cause.LOST, Cause.NOT_STARTED, Cause.STOPPED}:
            break
    return part, ended


def _job(this: Try) -> Job:
    source = str(seed_of(this))
    return Job(
        argv=intake.collect_argv(Oid(this.attempt.base)),
        shape=Shape.AGENT,
        limits=Limits(wall=COLLECT_SECONDS, output_kill=Policy().limits.bundle_bytes),
        env={"PATH": os.environ.get("PATH", os.defpath)},
        tree=str(this.tree),
        mounts=(Mount(source, source),),
        hide=this.world.hidden,
        network=False,
        capture=True,
    )


def _why(ended: Exit) -> str:
    match ended.cause:
        case Cause.WALL:
            return f"it took more than {COLLECT_SECONDS:.0f} s"
        case Cause.OUTPUT:
            return f"it is more than {Policy().limits.bundle_bytes} bytes"
        case _:
            return f"git gave up (status {ended.status})"


def handoff(
    this: Try, reason: str, taken: Intake | None = None, report: Report | None = None, conflict: str = ""
) -> Digest:
    """Keep what this attempt leaves to the next one and to the reviewer."""
    evidence = this.world.context.evidence
    candidate = taken.candidate if taken else this.attempt.candidate
    vault = this.world.vault
    base = Oid(this.attempt.base)
    changes = taken.changes if taken else vault.diff(base, Oid(candidate)) if candidate else ()
    left = hand_off(
        this.id,
        reason,
        evidence,
        words=last_words(this.run_folder("agent") / process.LOG_FILE),
        report=report,
        tree=vault.tree_of(candidate) if candidate else None,
        changes=changes,
    )
    return keep(evidence, msgspec.structs.replace(left, conflict=conflict))
