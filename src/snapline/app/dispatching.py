"""Dispatching approved specs: everything that a run needs, settled before anything is spent."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from snapline.agents import catalogue, command
from snapline.agents.base import AgentProfile, PromptMode
from snapline.app.budgeting import budgets
from snapline.app.config import parse_config
from snapline.app.environments import declared
from snapline.app.naming import Meant, find_spec
from snapline.app.project import Project
from snapline.app.quantities import seconds
from snapline.app.setting import NoSuchLane, Say, verify_settings
from snapline.app.settings import AgentTable, Config
from snapline.base import wire
from snapline.base.clock import Clock
from snapline.base.errors import Refused, UsageFault
from snapline.base.ids import RunId, short
from snapline.engine.dispatch import RunRequest, register, request_run, standing_run
from snapline.engine.reach import reach
from snapline.engine.settings import Backoff, Lane, RunSettings
from snapline.plan.derive import plan
from snapline.plan.overlap import SHARED
from snapline.plan.task import PlannedTask
from snapline.review.approval import Approval, NotApproved
from snapline.sandbox.select import choose, demand_network
from snapline.spec.model import Spec
from snapline.spec.parser import parse
from snapline.store.database import Database
from snapline.store.states import RunState

FROM_COMMAND_LINE = "command"
"""The name of the agent that ``--agent-cmd`` describes."""


class NoAgent(UsageFault):
    """Nobody said which agent does the work."""

    code = "no-agent"


class AfterOthers(Refused):
    """Specs that must have landed first have not."""

    code = "after-others"
    hint = "Land them first; a landing is known by its trailer `Spec:` on the target branch."


@dataclass(frozen=True)
class Orders:
    """What a person asks for on the command line."""

    specs: tuple[str, ...]
    agent: str | None = None
    agent_cmd: str | None = None
    slots: int | None = None


def dispatch(project: Project, database: Database, orders: Orders, clock: Clock, say: Say) -> tuple[RunId, ...]:
    """Request a run of each spec; all of them are settled before the first is written down.

    Raises :class:`NotApproved`, :class:`NoAgent`, ``AgentMissing``, ``NoSandbox``, :class:`AfterOthers` and more: then
    nothing was requested. A spec named twice is meant once.
    """
    found = {meant.spec.id: meant for meant in (find_spec(project, name) for name in orders.specs)}.values()
    plans = [
        _going_on(project, database, meant, orders, clock, say) or _request(project, meant, orders, say)
        for meant in found
    ]
    if any(isinstance(one, RunRequest) for one in plans):
        _tell_uncommitted(project, say)
    return tuple(request_run(database, one, clock) if isinstance(one, RunRequest) else one for one in plans)


def _going_on(
    project: Project, database: Database, meant: Meant, orders: Orders, clock: Clock, say: Say
) -> RunId | None:
    """The run of this revision that was begun before; it keeps the agent and the limits that it was begun with."""
    run = standing_run(database, project.id, meant.spec.id, _approved(meant).revision)
    if run is None:
        return None
    register(database, project.id, project.root, clock)
    if run.state is RunState.DONE:
        say(f"note: {run.id} has landed; nothing is left to do")
        return RunId(run.id)
    say(f"note: {run.id} goes on where it was")
    if _asks_otherwise(wire.decode(run.settings, RunSettings), orders):
        say("note: it keeps the agent and the slots that it was begun with; those given now are not used")
    return RunId(run.id)


def _asks_otherwise(settings: RunSettings, orders: Orders) -> bool:
    """Whether the command line now asks for another agent or other slots than those of a run."""
    if orders.agent_cmd and settings.agents.get(FROM_COMMAND_LINE) != command.shell_profile(orders.agent_cmd):
        return True
    return orders.agent not in (None, settings.agent) or orders.slots not in (None, settings.lane.slots)


def _request(project: Project, meant: Meant, orders: Orders, say: Say) -> RunRequest:
    approval = _approved(meant)
    project.vault.fetch(project.repository, approval.base)
    spec = parse(approval.source)
    config = parse_config(approval.settings.encode())
    _demand_landed(project, spec, approval)
    tasks = plan(spec, project.vault.tree_view(approval.base), config.plan.shared or SHARED).tasks
    settings = run_settings(project, spec, approval, config, orders, tasks, say)
    sandbox = choose(settings.lane.sandbox, (project.home.root,))
    for name in {settings.agent, *(task.agent for task in tasks if task.agent)}:
        command.programs(settings.agents[name], os.environ.get("PATH", os.defpath))
        demand_network(sandbox, reach(settings.lane, spec, settings.agents[name]))
    return RunRequest(
        repository=project.id,
        root=project.root,
        spec=spec.id,
        revision=approval.revision,
        target=approval.target,
        base=approval.base,
        priority=spec.front.priority,
        approval=wire.encode(approval),
        tasks=tasks,
        settings=settings,
    )


def _approved(meant: Meant) -> Approval:
    """The approval of what was read; raises :class:`NotApproved`, which names ``approve``."""
    if meant.approval is not None:
        return meant.approval
    spec = meant.spec.id
    if meant.approvals:
        last = f"{spec}@{short(meant.approvals[-1].revision)}"
        raise NotApproved(
            f"`{spec}` was changed since it was approved as {last}",
            hint=f"Approve the change (snapline approve {spec}), or run what was approved: snapline run {last}",
        )
    raise NotApproved(f"`{spec}` is not approved", hint=f"Pin it first: snapline approve {spec}")


def run_settings(
    project: Project,
    spec: Spec,
    approval: Approval,
    config: Config,
    orders: Orders,
    tasks: Iterable[PlannedTask],
    say: Say,
) -> RunSettings:
    """Everything that the configuration in the approval, the spec and the command line say about a run."""
    table = config.lane(spec.front.lane)
    if table is None:
        raise NoSuchLane(
            f"there is no lane `{spec.front.lane}`", hint="Describe it in snapline.toml, and approve again."
        )
    agent, agents = _agents(config, orders, tasks, say)
    return RunSettings(
        agent=agent,
        agents=agents,
        lane=Lane(
            name=spec.front.lane,
            slots=orders.slots or table.slots,
            sandbox=table.sandbox,
            login=tuple(str(Path(one).expanduser()) for one in table.login),
            toolchains=table.toolchains,
            network=table.network == "on",
            allowed=() if isinstance(table.network, str) else table.network,
        ),
        budgets=budgets(spec, config, table),
        backoff=Backoff(first=seconds(config.retry.wait)),
        accept=config.review.accept,
        environment=declared(config.env, project.vault.tree_view(approval.base), project.environment, say),
        verify=verify_settings(config),
        verify_parallel=config.verify.parallel,
    )


def _agents(
    config: Config, orders: Orders, tasks: Iterable[PlannedTask], say: Say
) -> tuple[str, dict[str, AgentProfile]]:
    """The agent for tasks that name none, and the profiles of all agents that the run needs."""
    if orders.agent and orders.agent_cmd:
        raise UsageFault("--agent and --agent-cmd exclude each other")
    known: dict[str, AgentProfile] = {}
    named = {task.agent for task in tasks if task.agent}
    everyone = all(task.agent for task in tasks)
    if orders.agent_cmd:
        agent = FROM_COMMAND_LINE
        known[agent] = command.shell_profile(orders.agent_cmd)
    else:
        agent = orders.agent or config.agent.default or (min(named) if everyone and named else _only_one_here(say))
        named.add(agent)
    for name in named:
        known[name] = own_profile(name, config.agents[name]) if name in config.agents else catalogue.profile(name)
    return agent, known


def _only_one_here(say: Say) -> str:
    """The one agent that is installed here; raises :class:`NoAgent` when there is none, or a choice."""
    here = [name for name in catalogue.names() if shutil.which(catalogue.profile(name).argv[0])]
    if len(here) == 1:
        say(f"note: the agent is {here[0]}, the only one that is installed here")
        return here[0]
    seen = (
        f"Installed here: {', '.join(here)}." if here else f"Known: {', '.join(catalogue.names())}; none is installed."
    )
    raise NoAgent("no agent is named", hint=f"Say --agent NAME or --agent-cmd 'COMMAND'. {seen}")


def own_profile(name: str, table: AgentTable) -> AgentProfile:
    """The profile of an ``[agents.NAME]``."""
    shell = command.shell_profile(table.command) if isinstance(table.command, str) else None
    return AgentProfile(
        name=name,
        argv=shell.argv if shell else tuple(table.command),
        prompt=PromptMode(table.prompt),
        in_shell=shell is not None,
        env=table.env,
        inherits=table.inherits,
        login=_bare(table.login),
        files=table.files,
        reads=(*(shell.reads if shell else ()), *table.reads),
        endpoints=table.endpoints,
    )


def _bare(folders: Iterable[str]) -> tuple[str, ...]:
    """Login folders relative to the home, as profiles have them."""
    return tuple(folder.removeprefix("~/") for folder in folders)


def _demand_landed(project: Project, spec: Spec, approval: Approval) -> None:
    """Raise :class:`AfterOthers` unless each spec that it waits for has landed on the target, and stands there."""
    missing = [one for one in spec.waits_for if not project.repository.has_landed(one, approval.target)]
    if missing:
        raise AfterOthers(f"{spec.id} comes after {', '.join(missing)}, not landed on {approval.target}")


def _tell_uncommitted(project: Project, say: Say) -> None:
    """Uncommitted edits are never part of a base: count and name them."""
    edits = project.repository.dirty()
    if edits:
        more = f" and {len(edits) - 5} more" if len(edits) > 5 else ""  # noqa: PLR2004 - as many as fit a line
        count = f"{len(edits)} uncommitted path{'s are' if len(edits) > 1 else ' is'}"
        say(f"note: {count} not part of the work: {', '.join(edits[:5])}{more}")
