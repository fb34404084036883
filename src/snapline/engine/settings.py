"""The settings of one run, frozen when it is requested: the engine reads no configuration file."""

from __future__ import annotations

from msgspec import field

from snapline.agents.base import AgentProfile
from snapline.base.ids import ClauseId, TaskId
from snapline.base.wire import Wire
from snapline.plan.task import PlannedTask
from snapline.sandbox.environment import Environment
from snapline.verify.settings import VerifySettings


class Lane(Wire, frozen=True):
    """A trust boundary: how many attempts run at once in it, how they are isolated and what they may use.

    ``sandbox`` is ``auto`` or ``none``; ``login`` are host folders shared writable with the agent, ``toolchains``
    read-only ones. ``network``: the agent has the host's; without, it reaches the destinations in ``allowed``.
    """

    name: str = "default"
    slots: int = 2
    sandbox: str = "auto"
    login: tuple[str, ...] = ()
    toolchains: tuple[str, ...] = ()
    network: bool = True
    allowed: tuple[str, ...] = ()


class Budgets(Wire, frozen=True):
    """What a task may use over all its attempts: number, and seconds; ``idle`` seconds without a sign of life."""

    attempts: int = 3
    wall: float = 3600.0
    idle: float = 600.0
    log_bytes: int = 4 << 20


class Backoff(Wire, frozen=True):
    """The wait before the next try: ``first`` seconds, doubled each time up to ``most``, give or take ``jitter``."""

    first: float = 10.0
    most: float = 300.0
    jitter: float = 0.2


class RollbackSettings(Wire, frozen=True):
    """What the commands of a failure plan get beside the environment of the checks."""

    network: bool = False
    variables: dict[str, str] = field(default_factory=dict)


class RunSettings(Wire, frozen=True):
    """Everything about a run that a configuration or a command line can say.

    ``agents`` are the profiles by name, ``agent`` the one for tasks that name none. ``accept`` is ``proved`` (a task
    whose criteria are all proved needs no person) or ``person``. ``verify_parallel`` caps verifications at once.
    """

    agent: str
    agents: dict[str, AgentProfile]
    lane: Lane = Lane()
    budgets: Budgets = Budgets()
    backoff: Backoff = Backoff()
    accept: str = "proved"
    environment: Environment = Environment()
    verify: VerifySettings = VerifySettings()
    verify_parallel: int = 2
    rollback: RollbackSettings = RollbackSettings()


class TaskPlan(Wire, frozen=True):
    """A planned task as it is stored."""

    clause: ClauseId | None
    proves: tuple[ClauseId, ...]
    changes: tuple[str, ...]
    after: tuple[TaskId, ...]
    agent: str | None

    @classmethod
    def of(cls, task: PlannedTask) -> TaskPlan:
        """What is stored of a planned task; its id, summary and lane are columns of their own."""
        return cls(task.clause, task.proves, task.changes, task.after, task.agent)
