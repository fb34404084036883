"""A run's world, rebuilt from what is written down: any process that holds the lock can go on with any run."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from snapline.agents.base import AgentProfile
from snapline.base import wire
from snapline.base.errors import NotFound
from snapline.base.ids import AttemptId, Oid, TaskId, attempt_id
from snapline.engine.context import Context
from snapline.engine.settings import RunSettings, TaskPlan
from snapline.plan.derive import plan
from snapline.plan.task import Plan, PlannedTask
from snapline.repo.user import UserRepository
from snapline.repo.vault import Vault
from snapline.review.approval import Approval
from snapline.sandbox.layers import Layers
from snapline.sandbox.policy import Sandbox
from snapline.sandbox.select import choose
from snapline.spec.model import Spec
from snapline.spec.parser import parse
from snapline.store import views
from snapline.store.states import TaskState
from snapline.store.views import AttemptRow, RunRow, TaskRow
from snapline.verify.outcome import CheckRun
from snapline.verify.procedure import Verifier
from snapline.verify.subject import Bench


@dataclass
class Ground:
    """What stays the same about a run for as long as one executor works on it, each part found when first needed.

    ``runs`` are checks that were found to be missing, by key, so that the step that carries one out need not look for
    it again.
    """

    context: Context
    stored: RunRow
    root: Path
    runs: dict[str, CheckRun] = field(default_factory=dict)

    @cached_property
    def settings(self) -> RunSettings:
        """The settings that the run was requested with."""
        return wire.decode(self.stored.settings, RunSettings)

    @cached_property
    def approval(self) -> Approval:
        """The record that pins the revision."""
        return wire.decode(self.stored.approval, Approval)

    @cached_property
    def spec(self) -> Spec:
        """The spec, from the bytes in the approval."""
        return parse(self.approval.source)

    @cached_property
    def plan(self) -> Plan:
        """The spec's tasks."""
        return plan(self.spec)

    @cached_property
    def user(self) -> UserRepository:
        """The person's repository."""
        return UserRepository.discover(self.root)

    @cached_property
    def vault(self) -> Vault:
        """Our repository beside it, with the run's base in it."""
        vault = Vault.open(self.context.places.vault(self.stored.repository), self.user)
        vault.fetch(self.user, Oid(self.stored.base))
        return vault

    @cached_property
    def sandbox(self) -> Sandbox:
        """How agents and checks are isolated; raises NoSandbox where the lane's cannot be had."""
        return choose(self.settings.lane.sandbox, (self.context.places.home,))

    @cached_property
    def hidden(self) -> tuple[str, ...]:
        """What neither agents nor checks see, wherever it lies: the person's own repository, with its configuration."""
        return tuple(dict.fromkeys((str(self.user.root), str(self.user.common_dir))))

    @cached_property
    def verifier(self) -> Verifier:
        """The bench on which the run's work is checked."""
        context = self.context
        return Verifier(
            Bench(
                vault=self.vault,
                sandbox=self.sandbox,
                layers=Layers(context.places.layers, self.sandbox),
                results=context.results,
                evidence=context.evidence,
                folder=context.places.trees / self.stored.repository,
                environment=self.settings.environment,
                settings=self.settings.verify,
                hide=self.hidden,
            )
        )


_grounds: dict[tuple[Path, str], Ground] = {}


@dataclass(frozen=True)
class World:
    """A run as it is at this moment, on its ground."""

    run: RunRow
    ground: Ground

    @classmethod
    def of(cls, context: Context, run_id: str) -> World:
        """The world of a run; raises :class:`NotFound`."""
        with context.database.read() as connection:
            run = views.run(connection, run_id)
            root = Path(views.repository(connection, run.repository).root)
        key = (context.places.home, run_id)
        if key not in _grounds:
            _grounds[key] = Ground(context, run, root)
        return cls(run, _grounds[key])

    @property
    def context(self) -> Context:
        """The executor's surroundings."""
        return self.ground.context

    @property
    def settings(self) -> RunSettings:
        """The settings that the run was requested with."""
        return self.ground.settings

    @property
    def approval(self) -> Approval:
        """The record that pins the revision."""
        return self.ground.approval

    @property
    def spec(self) -> Spec:
        """The spec, from the bytes in the approval."""
        return self.ground.spec

    @property
    def plan(self) -> Plan:
        """The spec's tasks."""
        return self.ground.plan

    @property
    def user(self) -> UserRepository:
        """The person's repository."""
        return self.ground.user

    @property
    def vault(self) -> Vault:
        """Our repository beside it, with the run's base in it."""
        return self.ground.vault

    @property
    def sandbox(self) -> Sandbox:
        """How agents and checks are isolated; raises NoSandbox where the lane's cannot be had."""
        return self.ground.sandbox

    @property
    def hidden(self) -> tuple[str, ...]:
        """What neither agents nor checks see, wherever it lies."""
        return self.ground.hidden

    @property
    def base(self) -> Oid:
        """The commit that the approval names."""
        return Oid(self.run.base)

    def integration(self) -> Oid:
        """What the run's accepted tasks have come to so far; the base before the first."""
        return self.vault.ref(self.run.integration) or self.base

    def tasks(self) -> tuple[TaskRow, ...]:
        """The run's tasks as they are now."""
        with self.context.database.read() as connection:
            return views.tasks(connection, run_id=self.run.id)


@dataclass(frozen=True)
class Try:
    """One attempt in its world."""

    world: World
    task: TaskRow
    attempt: AttemptRow
    token: int

    @classmethod
    def of(cls, context: Context, run: str, task: str, number: int, token: int) -> Try:
        """The attempt; raises :class:`NotFound`."""
        world = World.of(context, run)
        with context.database.read() as connection:
            return cls(world, views.task(connection, run, task), views.attempt(connection, run, task, number), token)

    @property
    def id(self) -> AttemptId:
        """The attempt's id."""
        return attempt_id(TaskId(self.task.id), self.attempt.number)

    @property
    def planned(self) -> PlannedTask:
        """The task as planned; raises :class:`NotFound` for one that the approved spec does not have."""
        found = self.world.plan.task(self.task.id)
        if found is None:
            raise NotFound(f"the approved spec has no task {self.task.id}")
        return found

    @property
    def profile(self) -> AgentProfile:
        """The profile of the attempt's agent; raises :class:`NotFound`."""
        found = self.world.settings.agents.get(self.attempt.agent)
        if found is None:
            raise NotFound(
                f"the agent `{self.attempt.agent}` is not known",
                hint="Name it in snapline.toml as [agents.NAME], or choose one by `run --agent`.",
            )
        return found

    @property
    def stored(self) -> TaskPlan:
        """The task's plan as it was stored when the run was requested."""
        return wire.decode(self.task.plan, TaskPlan)

    @property
    def folder(self) -> Path:
        """Where the attempt's clone, home and prompt are."""
        return self.world.context.places.workspace(self.world.run.repository, self.id)

    @property
    def tree(self) -> Path:
        """The attempt's clone."""
        return self.folder / "work"

    @property
    def home(self) -> Path:
        """The agent's private home."""
        return self.folder / "home"

    @property
    def prompt(self) -> Path:
        """The file with the prompt."""
        return self.folder / "prompt.md"

    def run_folder(self, part: str) -> Path:
        """Where a supervised run of this attempt keeps its record."""
        return self.world.context.places.run_folder(self.world.run.repository, self.id, part)

    def key(self, what: str) -> str:
        """The key of an event of this attempt."""
        return f"{self.world.run.id}:{self.id}:{what}"

    def owns(self, *states: TaskState) -> bool:
        """Whether the task is still this attempt's, in one of these states."""
        return self.task.token == self.token and self.task.state in states
