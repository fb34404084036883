"""Carrying out a failure plan: its commands, the revert commit, and the checks that prove it, each once.

Every function is one step of a rollback and can be called again after a crash: a command that ended is read, one that
still runs is awaited, one whose end nobody can tell is never repeated.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import assert_never

import msgspec

from snapline.base.ids import ClauseId, Digest, Oid, RevisionId
from snapline.base.plain import plain
from snapline.plan.derive import is_regression
from snapline.recover.failureplan import FailurePlan, Step
from snapline.recover.report import Proof, ProofState, StepOutcome, StepState
from snapline.repo import land
from snapline.repo.land import Joined
from snapline.repo.vault import Vault
from snapline.sandbox import process
from snapline.sandbox.policy import Cause, Exit, Job, Sandbox
from snapline.sandbox.removal import remove
from snapline.sandbox.runfolder import INTENT_FILE, LOG_FILE, OUTPUT_FILE, RunState
from snapline.spec.model import Check, CheckKind, Spec, StepKind
from snapline.store.evidence import EvidenceStore
from snapline.verify import checks, groups, reading
from snapline.verify.checks import Place
from snapline.verify.environments import Environments, EnvironmentUnusable
from snapline.verify.orders import CheckOrder, order
from snapline.verify.outcome import CheckOutcome, Phase
from snapline.verify.verdict import State

_LONGEST_LINE = 300


@dataclass(frozen=True)
class Workshop:
    """Where the commands and proofs of one rollback run.

    ``folder`` belongs to this rollback alone and outlives a crash. ``timeout`` is seconds for a command; ``network``
    and ``variables`` are what ``[rollback]`` gives to the commands, beside the environment of the checks.
    """

    vault: Vault
    sandbox: Sandbox
    environments: Environments
    evidence: EvidenceStore
    folder: Path
    timeout: float
    network: bool = False
    variables: Mapping[str, str] = field(default_factory=dict)


def run_step(workshop: Workshop, number: int, step: Step, commit: Oid) -> StepOutcome:
    """Run the command of ``step`` in a checkout of ``commit``: once, whatever happens in between.

    Raises :class:`snapline.sandbox.process.NotProvedDead` when an earlier run of it cannot be shown to be gone.
    """
    place = workshop.folder / f"step-{number}"
    run_dir = place / "run"
    if process.inspect(run_dir) is RunState.ABSENT:
        _clear(place)
        try:
            ended = _start(workshop, CheckOrder(CheckKind.COMMAND, step.text, workshop.timeout), commit, place)
        except EnvironmentUnusable as fault:
            return StepOutcome(number, step.kind, step.text, step.side, StepState.FAILED, _no_environment(fault))
    else:
        ended = process.wait(run_dir) or process.reap(run_dir)
    state, message = _step_state(ended, run_dir, workshop.timeout)
    return StepOutcome(
        number=number,
        kind=step.kind,
        text=step.text,
        side=step.side,
        state=state,
        message=message,
        exit=ended.status,
        seconds=round(ended.seconds, 3),
        evidence=_kept(workshop.evidence, run_dir),
    )


def revert_commit(vault: Vault, spec: Spec, revision: RevisionId, tip: Oid, landings: Sequence[Oid], by: str) -> Joined:
    """The one commit on ``tip`` that takes back the landings of a spec, newest first; or the paths that conflict.

    The same arguments give the same commit. Raises :class:`snapline.repo.land.LandsNothing` when nothing of them is
    left to take back.
    """
    trailers = (f"Spec: {spec.id}", f"Revision: {revision}", *(f"Reverts: {one}" for one in landings), f"By: {by}")
    message = f"Roll back {spec.id}: {spec.title}\n\nAs its failure plan says.\n\n" + "\n".join(trailers)
    return land.revert(vault, tip, landings, message)


def reverted(number: int, step: Step, joined: Joined) -> StepOutcome:
    """The outcome of the step ``revert``, once the target has moved or the conflict is known."""
    done = joined.commit is not None
    message = "" if done else f"it conflicts in {', '.join(joined.conflicts)}"
    return StepOutcome(
        number, StepKind.REVERT, step.text, step.side, StepState.DONE if done else StepState.FAILED, message
    )


def proofs(spec: Spec, plan: FailurePlan) -> tuple[tuple[ClauseId, Check], ...]:
    """The checks of ``Verify rollback``, those of the criteria that it names among them."""
    declared = [(clause, check) for clause, found in plan.verify for check in found]
    named = (spec.clause(one) for one in plan.verify_ids)
    return (*declared, *((clause.id, check) for clause in named if clause for check in clause.executable))


def regressions(spec: Spec) -> tuple[ClauseId, ...]:
    """What must hold after a rollback as it did at the baseline: regression criteria, and ``Keep passing``."""
    criteria = [clause.id for clause in spec.criteria if clause.executable and is_regression(clause)]
    return (*criteria, *(clause.id for clause in groups.kept(spec)))


def prove(workshop: Workshop, number: int, clause: ClauseId, check: Check, commit: Oid) -> Proof:
    """Run one check of ``Verify rollback`` in a fresh checkout of ``commit``.

    Checks only look, so one that was broken off is run again. It gets what the commands get, because what it looks at
    may lie outside the repository. Raises :class:`snapline.sandbox.process.NotProvedDead`.
    """
    place = workshop.folder / f"proof-{number}"
    _clear(place)
    outcome = _look(workshop, order(check, workshop.timeout), commit, place)
    match outcome.state:
        case State.PASSED:
            state = ProofState.HOLDS
        case State.FAILED | State.ABSENT:
            state = ProofState.FAILS
        case State.COULD_NOT_RUN:
            state = ProofState.COULD_NOT_RUN
        case _:
            assert_never(outcome.state)
    return Proof(clause, check.text, state, outcome.message, _kept(workshop.evidence, place / "run"))


def _start(workshop: Workshop, wanted: CheckOrder, commit: Oid, folder: Path) -> Exit:
    place = _place(workshop, commit, folder)
    job, _ = checks.prepare(wanted, place, folder / "control", 1)
    return process.run(workshop.sandbox, _opened(workshop, job), folder / "run")


def _look(workshop: Workshop, wanted: CheckOrder, commit: Oid, folder: Path) -> CheckOutcome:
    try:
        place = _place(workshop, commit, folder)
    except EnvironmentUnusable as fault:
        return CheckOutcome(wanted.kind, State.COULD_NOT_RUN, "environment", None, 0.0, _no_environment(fault))
    job, control = checks.prepare(wanted, place, folder / "control", 1)
    ended = process.run(workshop.sandbox, _opened(workshop, job), folder / "run")
    said = folder / "run" / (OUTPUT_FILE if job.capture else LOG_FILE)
    text = said.read_bytes().decode("utf-8", "replace") if said.exists() else ""
    paths = workshop.vault.tree_view(commit)
    return reading.read(reading.Run(wanted, Phase.CANDIDATE, ended, text, control, place.tree, paths, ()))


def _place(workshop: Workshop, commit: Oid, folder: Path) -> Place:
    """A fresh checkout of ``commit`` with its environment; raises EnvironmentUnusable."""
    tree = folder / "tree"
    workshop.vault.materialise(commit, tree)
    return workshop.environments.place(workshop.sandbox, commit, tree, None, folder / "layer")


def _no_environment(fault: EnvironmentUnusable) -> str:
    return f"its environment cannot be made: {fault}"


def _opened(workshop: Workshop, job: Job) -> Job:
    """A check's job with what the configuration gives to rollbacks."""
    return msgspec.structs.replace(job, network=workshop.network, env=job.env | dict(workshop.variables))


def _step_state(ended: Exit, run_dir: Path, timeout: float) -> tuple[StepState, str]:
    if ended.ok:
        return StepState.DONE, ""
    match ended.cause:
        case Cause.LOST | Cause.STOPPED:
            return StepState.UNKNOWN, "it was broken off, and nobody can tell how far it came; it is not repeated"
        case Cause.NOT_STARTED:
            return StepState.FAILED, "it could not be started"
        case Cause.WALL:
            return StepState.FAILED, f"it took longer than {timeout:g} s and was ended"
        case Cause.IDLE | Cause.OUTPUT:
            return StepState.FAILED, f"it was ended for its {ended.cause}"
        case Cause.EXIT | Cause.SIGNAL:
            return StepState.FAILED, f"exit status {ended.status}{_last_line(run_dir)}"
        case _:
            assert_never(ended.cause)


def _last_line(run_dir: Path) -> str:
    log = run_dir / LOG_FILE
    lines = plain(log.read_bytes()).split("\n") if log.exists() else []
    last = next((line.strip() for line in reversed(lines) if line.strip()), "")
    return f": {last[:_LONGEST_LINE]}" if last else ""


def _kept(evidence: EvidenceStore, run_dir: Path) -> tuple[Digest, ...]:
    files = ((run_dir / LOG_FILE, "log"), (run_dir / OUTPUT_FILE, "output"))
    return tuple(evidence.put(path, kind) for path, kind in files if path.exists() and path.stat().st_size)


def _clear(folder: Path) -> None:
    """End and remove what an earlier try of a step left, folders that nobody may enter among it."""
    if not folder.exists():
        return
    builds = (intent.parent for intent in (folder / "layer" / "run").rglob(INTENT_FILE))
    for run_dir in (folder / "run", *builds):
        process.reap(run_dir)
    remove(folder)
