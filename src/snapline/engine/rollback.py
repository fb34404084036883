"""The rollback of a landed run: the steps of its failure plan, each once, and what they prove."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import msgspec

from snapline.base import wire
from snapline.base.errors import SnaplineError
from snapline.base.ids import Oid
from snapline.engine import faults, targets
from snapline.engine.context import current
from snapline.engine.decisions import DecisionKind
from snapline.engine.faults import Point
from snapline.engine.steps import GO, SETTLED, STALE, step, workflow
from snapline.engine.targets import INTENDED, LAND, LANDED, ROLLBACK
from snapline.engine.world import World
from snapline.recover import rollback as recovery
from snapline.recover.failureplan import FailurePlan, Side, Step, failure_plan, to_carry_out
from snapline.recover.report import (
    Proof,
    RollbackReport,
    StepOutcome,
    StepState,
    first_failure,
    regression_proofs,
    render,
)
from snapline.recover.rollback import Workshop
from snapline.repo.land import Joined, LandOutcome, LandResult, LandsNothing, move_target
from snapline.sandbox.layers import Layers
from snapline.spec.model import StepKind
from snapline.store import views
from snapline.store.moves import Move, Moved
from snapline.store.states import RunState, TaskState, Waiting
from snapline.verify.environments import Environments
from snapline.verify.subject import Subject

_DONE = frozenset({LandResult.LANDED, LandResult.ALREADY})
_RACES = 5
"""How often a target may be moved under a revert before a person is asked."""


@dataclass(frozen=True)
class Back:
    """A rollback at work."""

    world: World
    number: int
    plan: FailurePlan
    steps: tuple[Step, ...]
    landing: Oid
    by: str

    @classmethod
    def of(cls, run: str, number: int, token: int) -> Back | None:
        """The rollback while it owns the run; None when the run has moved on. Raises what the plan refuses."""
        world = World.of(current(), run)
        if world.run.state is not RunState.ROLLING_BACK or world.run.token != token:
            return None
        asked = _asked(world)
        plan = failure_plan(world.spec)
        steps = to_carry_out(plan, revert=bool(asked["options"].get("revert", False)))
        landed = [one for one in targets.rows(world, LAND) if one.outcome == LANDED]
        return cls(world, number, plan, steps, Oid(landed[-1].new), str(asked["by"]))

    @property
    def workshop(self) -> Workshop:
        """Where commands and proofs run: one folder per landing, whichever workflow is at it."""
        world = self.world
        environment = world.settings.environment
        return Workshop(
            vault=world.vault,
            sandbox=world.sandbox,
            environments=Environments(
                world.vault, Layers(world.context.places.layers, world.sandbox), environment, world.hidden
            ),
            evidence=world.context.evidence,
            folder=world.context.places.run_folder(world.run.repository, world.run.id, f"rollback-{self.landing}"),
            timeout=world.settings.verify.timeout,
            network=world.settings.rollback.network,
            variables=world.settings.rollback.variables,
        )

    def reverted(self) -> Oid | None:
        """The commit that took the landing back, once it is on the target."""
        found = targets.arrived(self.world, ROLLBACK)
        return Oid(found.new) if found is not None else None


def _asked(world: World) -> dict[str, Any]:
    with world.context.database.read() as connection:
        decided = views.decisions(connection, run_id=world.run.id)
    bodies: list[dict[str, Any]] = [json.loads(one.body) for one in decided if one.kind == DecisionKind.ROLLBACK]
    return bodies[-1]


@workflow("rollback")
def rollback(run: str, number: int, token: int) -> str:
    """Carry out the failure plan of a landed run, step by step, and prove what it came to."""
    said, *steps = begin(run, number, token)
    if said != GO:
        return said
    outcomes: list[str] = []
    for index in range(len(steps)):
        outcome = carry_out(run, number, token, index)
        if outcome in {STALE, SETTLED}:
            return outcome
        outcomes.append(outcome)
        if wire.decode(outcome, StepOutcome).state is not StepState.DONE:
            break
    return confirm(run, number, token, outcomes)


@step("rollback.begin")
def begin(run: str, number: int, token: int) -> list[str]:
    """Read the plan; returns ``go`` and its steps in words, or why there is nothing to carry out."""
    try:
        back = Back.of(run, number, token)
    except SnaplineError as fault:
        return [_give_up(run, number, token, fault)]
    if back is None:
        return [STALE]
    faults.reach("rollback.begin", Point.EFFECT)
    return [GO, *(one.text for one in back.steps)]


def _give_up(run: str, number: int, token: int, fault: SnaplineError) -> str:
    words = fault.told
    changes = {"reason": Waiting.ROLLBACK, "detail": words, "token": token + 1}
    key = f"{run}:{ROLLBACK}:{number}:waiting"
    move = Move(run, None, RunState.ROLLING_BACK, RunState.WAITING, token, key, changes, {"words": words})
    return STALE if current().move(move) is Moved.STALE else SETTLED


@step("rollback.carry-out")
def carry_out(run: str, number: int, token: int, index: int) -> str:
    """Carry out one step of the plan; what was done is read, not repeated."""
    back = Back.of(run, number, token)
    if back is None:
        return STALE
    try:
        one = back.steps[index]
        outcome = _revert(back, index + 1, one) if one.kind is StepKind.REVERT else _command(back, index + 1, one)
    except SnaplineError as fault:
        return _give_up(run, number, token, fault)
    faults.reach("rollback.carry-out", Point.EFFECT)
    return wire.encode(outcome).decode()


def _command(back: Back, number: int, one: Step) -> StepOutcome:
    commit = back.landing if one.side is Side.LANDED else back.reverted() or back.landing
    return recovery.run_step(back.workshop, number, one, commit)


def _revert(back: Back, number: int, one: Step) -> StepOutcome:
    """Make the revert commit and move the target; whoever was quicker is built upon."""
    for _ in range(_RACES):
        done = back.reverted()
        if done is not None:
            return recovery.reverted(number, one, Joined(done))
        joined = _joined(back)
        if joined.commit is None:
            return recovery.reverted(number, one, joined)
        moved = _move(back, joined.commit)
        if moved.result not in _DONE and moved.result is not LandResult.LOST_RACE:
            failed = recovery.reverted(number, one, Joined(None))
            return msgspec.structs.replace(failed, message=moved.message)
    failed = recovery.reverted(number, one, Joined(None))
    return msgspec.structs.replace(failed, message=f"{back.world.run.target} was moved again and again meanwhile")


def _joined(back: Back) -> Joined:
    world = back.world
    tip = world.user.branch_tip(world.run.target)
    if tip is None:
        raise LandsNothing(f"the branch {world.run.target} is not there any more")
    world.vault.fetch(world.user, tip)
    joined = recovery.revert_commit(world.vault, world.spec, world.approval.revision, tip, [back.landing], back.by)
    if joined.commit is not None:
        targets.write(world, ROLLBACK, back.number, tip, joined.commit, outcome=INTENDED)
        targets.note(world, back.number, old=tip, new=joined.commit)
    return joined


def _move(back: Back, commit: Oid) -> LandOutcome:
    world = back.world
    row = targets.row(world, ROLLBACK, back.number)
    old = Oid(row.old) if row is not None else commit
    moved = move_target(world.user, world.vault, world.run.target, commit, old)
    if moved.result in _DONE:
        targets.note(world, back.number, outcome=LANDED)
    return moved


@step("rollback.confirm")
def confirm(run: str, number: int, token: int, outcomes: list[str]) -> str:
    """Prove what the steps came to, keep the report, and end the rollback."""
    back = Back.of(run, number, token)
    if back is None:
        return STALE
    done = tuple(wire.decode(one, StepOutcome) for one in outcomes)
    try:
        report = _report(back, done)
    except SnaplineError as fault:
        return _give_up(run, number, token, fault)
    kept = back.world.context.evidence.put(wire.encode(report), "rollback")
    targets.write(back.world, ROLLBACK, number, report.before, report.after, outcome=LANDED)
    targets.note(back.world, number, report=kept, words=render(report))
    faults.reach("rollback.confirm", Point.EFFECT)
    return _end(back, report, kept)


def _report(back: Back, done: tuple[StepOutcome, ...]) -> RollbackReport:
    world = back.world
    after = world.user.branch_tip(world.run.target) or back.landing
    world.vault.fetch(world.user, after)
    finished = first_failure(done) is None and len(done) == len(back.steps)
    revert = back.reverted()
    row = targets.row(world, ROLLBACK, back.number)
    before = Oid(row.old) if row is not None else after
    origin = world.vault.parents(back.landing)[0]
    conflicts: tuple[str, ...] = ()
    if revert is None and any(one.kind is StepKind.REVERT and one.state is StepState.FAILED for one in done):
        conflicts = _conflicts(back)
    return RollbackReport(
        spec=world.spec.id,
        revision=world.approval.revision,
        target=world.run.target,
        landings=(back.landing,),
        before=before,
        after=after,
        revert=revert,
        restored=world.vault.tree_of(after) == world.vault.tree_of(origin),
        steps=done,
        unfinished=len(back.steps) - len(done),
        conflicts=conflicts,
        proofs=_proofs(back, after) if finished else (),
        escalate=back.plan.escalate,
    )


def _conflicts(back: Back) -> tuple[str, ...]:
    try:
        return _joined(back).conflicts
    except LandsNothing:
        return ()


def _proofs(back: Back, commit: Oid) -> tuple[Proof, ...]:
    """The checks of ``Verify rollback`` and the baseline's regressions, on the commit that the target is at now."""
    world = back.world
    found = [
        recovery.prove(back.workshop, number, clause, check, commit)
        for number, (clause, check) in enumerate(recovery.proofs(world.spec, back.plan), 1)
    ]
    regressions = recovery.regressions(world.spec)
    if regressions:
        subject = Subject(
            spec=world.spec,
            revision=world.approval.revision,
            base=world.base,
            commit=commit,
            criteria=frozenset(regressions),
            approved=True,
            session=f"{world.run.id}:{ROLLBACK}:{back.number}",
        )
        found += regression_proofs(world.ground.verifier.verify(subject), regressions)
    return tuple(found)


def _end(back: Back, report: RollbackReport, kept: str) -> str:
    world = back.world
    failed = first_failure(report.steps)
    key = f"{world.run.id}:{ROLLBACK}:{back.number}:ended"
    body = {"report": kept, "revert": report.revert or "", "restored": report.restored}
    if failed is not None or report.unfinished:
        words = f"step {failed.number} ({failed.text}): {failed.message}" if failed else "it is not finished"
        changes = {"reason": Waiting.ROLLBACK, "detail": words, "token": world.run.token + 1}
        body |= {"words": words}
        moves = [Move(world.run.id, None, RunState.ROLLING_BACK, RunState.WAITING, world.run.token, key, changes, body)]
    else:
        target = RunState.ROLLED_BACK
        moves = [Move(world.run.id, None, RunState.ROLLING_BACK, target, world.run.token, key, {"failures": 0}, body)]
        moves += [
            Move(world.run.id, one.id, TaskState.DONE, TaskState.ROLLED_BACK, one.token, f"{key}:{one.id}")
            for one in world.tasks()
        ]
    return STALE if world.context.move(*moves) is Moved.STALE else SETTLED
