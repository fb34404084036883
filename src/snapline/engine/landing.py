"""Landing: a run's accepted work and the tip of the target become one merge commit, checked again before it lands."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from snapline.base.errors import SnaplineError
from snapline.base.ids import ClauseId, Oid
from snapline.engine import attesting, faults, targets
from snapline.engine.context import current
from snapline.engine.dispatch import ref_name
from snapline.engine.examining import FAULT, Arguments, Examined, checks_of, signed
from snapline.engine.faults import Point
from snapline.engine.steps import GO, SETTLED, STALE, step, workflow
from snapline.engine.targets import INTENDED, LAND, LANDED
from snapline.engine.verification import failures, keep, report_on, stands, undecided
from snapline.engine.world import World
from snapline.repo import land as landings
from snapline.repo.land import LandResult, LandsNothing
from snapline.store import views
from snapline.store.moves import Move, Moved
from snapline.store.states import RunState, TaskState, Waiting
from snapline.verify.report import Report
from snapline.verify.subject import Subject


@workflow("land")
def land(run: str, number: int, token: int) -> str:
    """Land a run: merge, check, intend, move, confirm."""
    said = merge(run, number, token)
    if said == GO:
        said = CHECKS.run(run, "", number, token)
        if said == STALE:
            return STALE
        said = intend(run, number, token, said)
    if said == GO:
        said = move(run, number, token)
    return confirm(run, number, token) if said == GO else said


def _world(run: str, token: int) -> World | None:
    """The run's world while the landing is its own."""
    world = World.of(current(), run)
    return world if world.run.state is RunState.LANDING and world.run.token == token else None


@step("land.merge")
def merge(run: str, number: int, token: int) -> str:
    """Make the merge commit in the vault; one that was moved into place by an earlier landing is found there."""
    world = _world(run, token)
    if world is None:
        return STALE
    if targets.row(world, LAND, number) is not None:
        return GO
    tip = world.user.branch_tip(world.run.target)
    if tip is None:
        return stop(world, number, Waiting.LANDING_REFUSED, f"the branch {world.run.target} is not there any more")
    earlier = targets.arrived(world, LAND)
    if earlier is not None:
        targets.write(world, LAND, number, earlier.old, earlier.new, outcome=INTENDED)
        return GO
    return _join(world, number, tip)


def _join(world: World, number: int, tip: Oid) -> str:
    world.vault.fetch(world.user, tip)
    try:
        joined = landings.merge(world.vault, tip, world.integration(), _message(world))
    except LandsNothing as fault:
        return stop(world, number, Waiting.LANDING_REFUSED, fault.told)
    if joined.commit is None:
        words = f"it conflicts with {world.run.target} in {', '.join(joined.conflicts)}"
        return stop(world, number, Waiting.LANDING_REFUSED, words)
    name = f"refs/landings/{ref_name(world.run.id)}/{number}"
    world.vault.update_ref(name, joined.commit, world.vault.ref(name))
    faults.reach("land.merge", Point.EFFECT)
    targets.write(world, LAND, number, tip, joined.commit, outcome=None)
    return GO


def _message(world: World) -> str:
    spec = world.spec
    trailers = f"Spec: {spec.id}\nRevision: {world.approval.revision}\nRun: {world.run.id}"
    return f"Land {spec.id}: {spec.title}\n\n{trailers}"


def _find(arguments: Arguments) -> Examined | None:
    run, _, number, token = arguments
    world = _world(run, token)
    row = targets.row(world, LAND, number) if world is not None else None
    if world is None or row is None:
        return None
    subject = Subject(
        spec=world.spec,
        revision=world.approval.revision,
        base=Oid(row.old),
        commit=Oid(row.new),
        by_agent=True,
        approved=True,
        spec_path=world.approval.path,
        signed=signed(*world.tasks()) | frozenset(ClauseId(one) for one in world.run.signed.split(",") if one),
        session=f"{run}:{LAND}:{number}:{token}",
    )
    return Examined(world.ground, subject)


CHECKS = checks_of(LAND, _find)


@step("land.intent")
def intend(run: str, number: int, token: int, said: str) -> str:
    """Judge the merge; write down the intent to move the target, or why not."""
    world = _world(run, token)
    row = targets.row(world, LAND, number) if world is not None else None
    if world is None or row is None:
        return STALE
    if row.outcome is not None:
        return GO
    return _judge(world, number, token, said)


def _judge(world: World, number: int, token: int, said: str) -> str:
    if said.startswith(FAULT):
        return stop(world, number, Waiting.ENVIRONMENT, said.removeprefix(FAULT))
    found = _find((world.run.id, "", number, token))
    if found is None:
        return STALE
    ground = found.verifier.judged(found.subject)
    report = ground.report
    kept = keep(world.context, report)
    try:
        attesting.attest_landing(world, ground, number)
    except SnaplineError as fault:
        return stop(world, number, Waiting.ENVIRONMENT, f"it cannot be attested: {fault.told}", report=kept)
    refused = _refusal(report, _judged_before(world))
    if refused is not None:
        return stop(world, number, *refused, report=kept, unsigned=report.waiting)
    faults.reach("land.intent", Point.EFFECT)
    targets.note(world, number, outcome=INTENDED, report=kept)
    return GO


def _judged_before(world: World) -> tuple[Report, ...]:
    """The reports by which the run's work was accepted, task by task."""
    with world.context.database.read() as connection:
        last = [
            views.attempt(connection, one.run, one.id, one.number)
            for one in views.tasks(connection, run_id=world.run.id)
        ]
    return tuple(report for one in last for report in report_on(world.context, one))


def _refusal(report: Report, judged_before: tuple[Report, ...]) -> tuple[Waiting, str] | None:
    """Why a merge does not land, and who is waited for; None when it may."""
    if reasons := failures(report):
        return Waiting.LANDING_REFUSED, f"on top of the target: {'; '.join(reasons)}"
    if gaps := undecided(report):
        return Waiting.ENVIRONMENT, "; ".join(gaps)
    if report.waiting:
        return Waiting.SIGN_OFF, f"{', '.join(report.waiting)} can only be judged by a person"
    return (
        None if stands(report, *judged_before) else (Waiting.LANDING_REFUSED, "a constraint asks for a person's word")
    )


@step("land.move")
def move(run: str, number: int, token: int) -> str:
    """Move the target by compare-and-swap; whoever was quicker is merged in by the next landing."""
    world = _world(run, token)
    row = targets.row(world, LAND, number) if world is not None else None
    if world is None or row is None:
        return STALE
    try:
        done = landings.move_target(world.user, world.vault, world.run.target, Oid(row.new), Oid(row.old))
    except SnaplineError as fault:
        return stop(world, number, Waiting.LANDING_REFUSED, fault.message)
    faults.reach("land.move", Point.EFFECT)
    match done.result:
        case LandResult.LANDED | LandResult.ALREADY:
            targets.note(world, number, outcome=LANDED, words=done.message)
            return GO
        case LandResult.LOST_RACE:
            return _again(world, number, done.message)
        case LandResult.WORKING_TREE:
            return stop(world, number, Waiting.WORKING_TREE, done.message)
        case LandResult.REFUSED:
            return stop(world, number, Waiting.LANDING_REFUSED, done.message)


@step("land.confirm")
def confirm(run: str, number: int, token: int) -> str:
    """Read the target back: only what is there has landed."""
    world = _world(run, token)
    row = targets.row(world, LAND, number) if world is not None else None
    if world is None or row is None:
        return STALE
    arrived = targets.arrived(world, LAND)
    faults.reach("land.confirm", Point.EFFECT)
    if arrived is None:
        return _again(world, number, f"{world.run.target} does not hold the landing any more")
    # The landing stands whether or not the records can be written: the executor publishes again when it leaves.
    with suppress(SnaplineError):
        attesting.publish(world.context, world.run, world.user)
    body = {"old": row.old, "new": row.new, "target": world.run.target}
    return _end(world, number, RunState.DONE, TaskState.DONE, {"failures": 0}, body)


def _again(world: World, number: int, why: str) -> str:
    """Give the run back to the tick, which begins the next landing."""
    targets.note(world, number, outcome="lost-race", words=why)
    return _end(world, number, RunState.OPEN, TaskState.INTEGRATED, {"token": world.run.token + 1}, {"words": why})


def stop(
    world: World,
    number: int,
    reason: Waiting,
    words: str,
    *,
    report: str | None = None,
    unsigned: tuple[str, ...] = (),
) -> str:
    """Leave the run to a person, who decides whether and when it is tried again."""
    values = {"report": report} if report else {}
    targets.note(world, number, outcome=reason, words=words, **values)
    changes = {"reason": reason, "detail": words, "token": world.run.token + 1, "unsigned": ",".join(unsigned)}
    body = {"reason": reason, "words": words, "unsigned": list(unsigned)}
    return _end(world, number, RunState.WAITING, TaskState.INTEGRATED, changes, body)


def _end(
    world: World, number: int, run: RunState, tasks: TaskState, changes: Mapping[str, Any], body: Mapping[str, Any]
) -> str:
    """Move the run and all its tasks with it, in one transaction."""
    key = f"{world.run.id}:{LAND}:{number}:{run}"
    moves = [Move(world.run.id, None, RunState.LANDING, run, world.run.token, key, changes, body)]
    moves += [
        Move(world.run.id, one.id, TaskState.LANDING, tasks, one.token, f"{key}:{one.id}") for one in world.tasks()
    ]
    moved = world.context.move(*moves)
    if moved is Moved.STALE:
        return STALE
    return GO if run is RunState.DONE else SETTLED
