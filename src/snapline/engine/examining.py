"""Running what a verification still needs, one durable step per check, for whoever asks: a task, a merge, a landing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from snapline.base.errors import SnaplineError
from snapline.base.ids import ClauseId, Oid
from snapline.engine import faults
from snapline.engine.admission import MERGED
from snapline.engine.faults import Point
from snapline.engine.steps import GO, STALE, step
from snapline.engine.world import Ground, World
from snapline.plan.derive import is_regression
from snapline.spec.model import Spec
from snapline.store.views import TaskRow
from snapline.verify.procedure import Verifier
from snapline.verify.subject import Subject

FAULT = "fault: "
"""How the answer of a step begins that could not do its part; the words of the fault follow."""

ROUNDS = 50
"""More rounds of checks than any verification needs; one that asks for more is a bug."""

Arguments = tuple[str, str, int, int]


@dataclass(frozen=True, slots=True)
class Examined:
    """A subject on its run's bench."""

    ground: Ground
    subject: Subject

    @property
    def verifier(self) -> Verifier:
        """The bench."""
        return self.ground.verifier


Find = Callable[[Arguments], Examined | None]
"""Rebuilds what is examined from a workflow's arguments; None when the thing has moved on."""


def of_task(world: World, task: TaskRow, proves: tuple[ClauseId, ...], commit: Oid, session: str) -> Subject:
    """A task's work: its own criteria, the regressions, and what the tasks that it builds upon proved."""
    merged = [one for one in world.tasks() if one.id != task.id and _is_in(world, one, commit)]
    planned = [world.plan.task(one.id) for one in merged]
    proved = {
        clause for one in planned if one is not None for clause in one.proves if _is_executable(world.spec, clause)
    }
    regressions = {clause.id for clause in world.spec.criteria if clause.executable and is_regression(clause)}
    return Subject(
        spec=world.spec,
        revision=world.approval.revision,
        base=world.base,
        commit=commit,
        criteria=frozenset({*proves, *proved, *regressions}),
        by_agent=True,
        approved=True,
        spec_path=world.approval.path,
        signed=signed(task, *merged),
        session=session,
    )


def _is_in(world: World, task: TaskRow, commit: Oid) -> bool:
    """Whether an integrated task's work is part of a commit: one that was integrated meanwhile is not."""
    if task.state not in MERGED or task.candidate is None:
        return False
    return world.vault.is_ancestor(Oid(task.candidate), commit)


def _is_executable(spec: Spec, clause_id: ClauseId) -> bool:
    clause = spec.clause(clause_id)
    return clause is not None and bool(clause.executable)


def signed(*tasks: TaskRow) -> frozenset[ClauseId]:
    """The criteria that people signed on these tasks."""
    return frozenset(ClauseId(one) for task in tasks for one in task.signed.split(",") if one)


@dataclass(frozen=True, slots=True)
class Checks:
    """The steps ``environment``, ``plan`` and ``check`` of one kind of workflow."""

    environment: Callable[[str, str, int, int], str]
    plan: Callable[[str, str, int, int], list[str]]
    check: Callable[[str, str, int, int, str], str]

    def run(self, *arguments: *Arguments) -> str:
        """Run everything that is missing: ``go`` when the report can be given, ``stale``, or a fault in words."""
        said = self.environment(*arguments)
        for _ in range(ROUNDS):
            if said != GO:
                return said
            said, *keys = self.plan(*arguments)
            if not keys:
                return said
            for key in keys:
                said = self.check(*arguments, key)
                if said != GO:
                    return said
        raise AssertionError(f"{arguments} asks for more and more checks")


def checks_of(kind: str, find: Find) -> Checks:
    """The steps of workflow ``kind``, whose subject ``find`` rebuilds."""

    @step(f"{kind}.environment")
    def environment(run: str, task: str, number: int, token: int) -> str:
        def prove(found: Examined) -> list[str]:
            subject = found.subject
            # What is wrong is stored as a result, and the report says it.
            found.verifier.prove_environment(subject.spec, subject.base, subject.session)
            faults.reach(f"{kind}.environment", Point.EFFECT)
            return []

        return _asked(find, (run, task, number, token), prove)[0]

    @step(f"{kind}.plan")
    def plan(run: str, task: str, number: int, token: int) -> list[str]:
        def look(found: Examined) -> list[str]:
            missing = {one.key: one for one in found.verifier.pending(found.subject)}
            found.ground.runs.update(missing)
            faults.reach(f"{kind}.plan", Point.EFFECT)
            return list(missing)

        return _asked(find, (run, task, number, token), look)

    @step(f"{kind}.check")
    def check(run: str, task: str, number: int, token: int, key: str) -> str:
        def execute(found: Examined) -> list[str]:
            if key not in found.ground.runs:
                found.ground.runs.update((one.key, one) for one in found.verifier.pending(found.subject))
            # A key that nobody misses any more was answered before a crash.
            missing = found.ground.runs.pop(key, None)
            if missing is not None:
                found.verifier.execute(missing)
                # Stopped checks have no result: asked again at once, they would outlive this process.
                found.ground.context.hold()
            faults.reach(f"{kind}.check", Point.EFFECT)
            return []

        return _asked(find, (run, task, number, token), execute)[0]

    return Checks(environment, plan, check)


def _asked(find: Find, arguments: Arguments, body: Callable[[Examined], list[str]]) -> list[str]:
    try:
        found = find(arguments)
        return [STALE] if found is None else [GO, *body(found)]
    except SnaplineError as fault:
        return [FAULT + fault.told]
