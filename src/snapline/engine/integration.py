"""Integration: an accepted candidate joins the run's accepted work, after the checks held on the two together."""

from __future__ import annotations

from snapline.base.ids import Oid
from snapline.engine import collection, faults
from snapline.engine.context import current
from snapline.engine.dispatch import ref_name
from snapline.engine.examining import FAULT, Arguments, Examined, checks_of, of_task
from snapline.engine.faults import Point
from snapline.engine.outcomes import Ending, Outcome
from snapline.engine.settle import settle
from snapline.engine.steps import GO, SETTLED, STALE, step, workflow
from snapline.engine.verification import failures, judged, keep, report_on, stands, unattested
from snapline.engine.world import Try
from snapline.store.moves import Move, Moved
from snapline.store.states import TaskState
from snapline.verify.report import Report


@workflow("integrate")
def integrate(run: str, task: str, number: int, token: int) -> str:
    """Put a candidate onto the run's integration: merge, check, move."""
    said = merge(run, task, number, token)
    if said != GO:
        return said
    said = CHECKS.run(run, task, number, token)
    return STALE if said == STALE else move(run, task, number, token, said)


@step("integrate.merge")
def merge(run: str, task: str, number: int, token: int) -> str:
    """Make the merge in the vault; a conflict goes back to the agent, which is not at fault."""
    this = Try.of(current(), run, task, number, token)
    if not this.owns(TaskState.INTEGRATING):
        return STALE
    vault = this.world.vault
    if vault.ref(_ref(this)) is not None:
        return GO
    tip, candidate = this.world.integration(), Oid(this.attempt.candidate or "")
    if vault.parents(candidate) == (tip,):
        made = candidate
    else:
        merged = vault.merge_tree(tip, candidate)
        if merged.tree is None:
            return _conflict(this, merged.conflicts)
        when = max(vault.when(tip), vault.when(candidate))
        made = vault.commit(merged.tree, [tip, candidate], f"Integrate {this.id}", when)
    vault.update_ref(_ref(this), made, None)
    faults.reach("integrate.merge", Point.EFFECT)
    return GO


def _ref(this: Try) -> str:
    return f"refs/merges/{ref_name(this.world.run.id)}/{ref_name(this.id)}/{this.token}"


def _conflict(this: Try, paths: tuple[str, ...]) -> str:
    words = f"it conflicts with what was integrated meanwhile, in {', '.join(paths)}"
    candidate = Oid(this.attempt.candidate or "")
    hunks = this.world.vault.patch(Oid(this.attempt.base), candidate, paths)
    left = collection.handoff(this, words, conflict=hunks)
    faults.reach("integrate.merge", Point.EFFECT)
    context, outcome = this.world.context, Outcome(Ending.CONFLICT, words)
    settle(context, this.task, outcome, token=this.token, source=this.task.state, values={"handoff": left})
    return SETTLED


def _find(arguments: Arguments) -> Examined | None:
    this = Try.of(current(), *arguments)
    if not this.owns(TaskState.INTEGRATING):
        return None
    commit = this.world.vault.ref(_ref(this))
    if commit is None:
        return None
    session = f"{this.key('integrate')}:{this.token}"
    return Examined(this.world.ground, of_task(this.world, this.task, this.stored.proves, commit, session))


CHECKS = checks_of("integrate", _find)


@step("integrate.move")
def move(run: str, task: str, number: int, token: int, said: str) -> str:
    """Judge the merge, move the integration by compare-and-swap, and then the task."""
    this = Try.of(current(), run, task, number, token)
    if not this.owns(TaskState.INTEGRATING):
        return STALE
    if said.startswith(FAULT):
        outcome = Outcome(Ending.ENVIRONMENT, said.removeprefix(FAULT))
        return _back(this, outcome, None)
    found = _find((run, task, number, token))
    if found is None:
        return STALE
    ground = found.verifier.judged(found.subject)
    report = ground.report
    if not stands(report, *report_on(this.world.context, this.attempt)):
        return _back(this, unattested(this, ground, "integrate") or judged(report, this), report)
    _publish(this, found.subject.commit)
    faults.reach("integrate.move", Point.EFFECT)
    key = this.key(f"integrated:{token}")
    body = {"commit": found.subject.commit, "report": keep(this.world.context, report)}
    step_ = Move(run, task, TaskState.INTEGRATING, TaskState.INTEGRATED, token, key, {}, body)
    return STALE if this.world.context.move(step_) is Moved.STALE else GO


def _back(this: Try, outcome: Outcome, report: Report | None) -> str:
    """Send a task back whose candidate does not hold together with the others'."""
    values: dict[str, str] = {}
    if report is not None:
        words = "; ".join(failures(report)) or outcome.words
        values = {"handoff": collection.handoff(this, f"together with what was integrated: {words}", report=report)}
    if report is not None and outcome.ending is Ending.WAITS:
        values["report"] = keep(this.world.context, report)  # what the person is asked about
    faults.reach("integrate.move", Point.EFFECT)
    settle(this.world.context, this.task, outcome, token=this.token, source=this.task.state, values=values)
    return SETTLED


def _publish(this: Try, commit: Oid) -> None:
    vault, name = this.world.vault, this.world.run.integration
    old = vault.ref(name)
    if old == commit or (old is not None and vault.is_ancestor(commit, old)):
        return
    if not vault.update_ref(name, commit, old):
        raise AssertionError(f"{name} was moved by somebody else, although one integration runs at a time")
