"""Where an attempt takes place: its clone, its private home, its prompt, and the job that its agent is."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import msgspec

from snapline.agents import command
from snapline.agents.base import Launch, Seat
from snapline.base.errors import EnvironmentFault
from snapline.base.ids import Digest, Oid, TaskId
from snapline.engine.reach import reach
from snapline.engine.settle import REJECT
from snapline.engine.world import Try
from snapline.memory.handoff import Handoff, recall, retry_input
from snapline.prompt.render import PromptInput, render
from snapline.prompt.retry import retry
from snapline.repo import intake, workspace
from snapline.repo.seed import seed
from snapline.sandbox.environment import variables
from snapline.sandbox.layers import Layer, LayerFault, Layers
from snapline.sandbox.policy import Job, Limits, Mount, Shape, Tier
from snapline.sandbox.select import demand_network
from snapline.sandbox.view import HOMES
from snapline.store import views

PROMPT_PLACE = "/snapline/prompt.md"
"""Where the prompt appears to an isolated agent."""

CONFIGURATION = "snapline.toml"


class EnvironmentBroken(EnvironmentFault):
    """The environment of this repository cannot be built."""

    code = "environment-broken"


def carried(this: Try, base: Oid) -> Oid | None:
    """The last candidate of this task on the same base, so that a further attempt goes on from its work."""
    with this.world.context.database.read() as connection:
        earlier = views.attempts(connection, this.attempt.run, this.attempt.task)
    before = [one for one in earlier if one.number < this.attempt.number and one.base == base]
    for one in reversed(before):
        found = intake.published(this.world.vault, TaskId(this.task.id), one.number)
        if found is not None:
            return found
    return None


def prepare(this: Try) -> Digest:
    """Make clone, home and prompt, each by rename; returns the prompt's digest as evidence."""
    source = seed_of(this)
    workspace.make(source, Oid(this.attempt.start), this.tree)
    _exclude(this)
    this.home.mkdir(mode=0o700, exist_ok=True)
    layer_mounts(this)
    for name, text in this.profile.files.items():
        _publish(this.home / name, text.encode())
    # Rendered once: what is told as the prompt is what the agent was given, whatever is decided meanwhile.
    if not this.prompt.exists():
        _publish(this.prompt, prompt(this).encode())
    return this.world.context.evidence.put(this.prompt, "prompt")


def _exclude(this: Try) -> None:
    """Keep what appears in the workspace from the environment out of the agent's own `git add`."""
    lines = "".join(f"/{output}\n" for output in this.world.settings.environment.outputs)
    if lines:
        _publish(this.tree / ".git" / "info" / "exclude", lines.encode())


def layer_mounts(this: Try) -> tuple[Mount, ...]:
    """The environment of the attempt's base, as the agent's own copy; raises EnvironmentBroken."""
    world = this.world
    environment = world.settings.environment
    if not environment.setup and not environment.check:
        return ()
    layers = Layers(world.context.places.layers, world.sandbox)
    entries = world.vault.tree_view(Oid(this.attempt.base)).entries
    key = layers.key(environment, {path: entries[path].oid for path in environment.inputs if path in entries})
    found: Layer | LayerFault | None = layers.find(key)
    if found is None:
        tree = this.folder / "base"
        shutil.rmtree(tree, ignore_errors=True)
        world.vault.materialise(Oid(this.attempt.base), tree)
        found = layers.build(environment, key, tree, this.run_folder("layer"))
    if isinstance(found, LayerFault):
        raise EnvironmentBroken(
            f"the environment cannot be built: {found.command} {found.message}",
            hint=f"{found.excerpt.strip()[-500:]}".strip(),
        )
    return layers.mounts(found, this.folder / "layer")


def seed_of(this: Try) -> Path:
    """The read-only source that the workspace borrows its objects from."""
    folder = this.world.context.places.vault(this.world.run.repository).parent / "seeds"
    return seed(this.world.vault, this.world.run.target, Oid(this.attempt.start), folder)


def _publish(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.tmp")
    draft.write_bytes(content)
    draft.rename(path)


def prompt(this: Try) -> str:
    """The text that the agent gets: the spec's, and what earlier attempts left."""
    world = this.world
    given = PromptInput(
        spec=world.spec,
        revision=world.approval.revision,
        plan=world.plan,
        task=this.planned,
        base=Oid(this.attempt.base),
        attempt=this.task.charged + 1,
        attempts=max(world.settings.budgets.attempts, this.task.charged + 1),
        wall=seconds_left(this),
        workspace=world.sandbox.workspace(this.tree),
        protected=protected(this),
    )
    handoffs = _handoffs(this)
    if not handoffs:
        return render(given)
    is_carried = this.attempt.start != this.attempt.base
    return retry(retry_input(given, handoffs, carried=is_carried, seconds_left=seconds_left(this)))


def _handoffs(this: Try) -> list[Handoff]:
    """What the earlier attempts left, the last one last, with what a person said who sent one back."""
    evidence = this.world.context.evidence
    with this.world.context.database.read() as connection:
        earlier = views.attempts(connection, this.attempt.run, this.attempt.task)
        decided = views.decisions(connection, run_id=this.attempt.run)
    said = {
        int(body["number"]): str(body["because"])
        for body in (json.loads(one.body) for one in decided if one.task == this.task.id and one.kind == REJECT)
    }
    found = [
        (one.number, recall(evidence, one.handoff))
        for one in earlier
        if one.number < this.attempt.number and one.handoff is not None
    ]
    return [msgspec.structs.replace(one, rejection=said.get(number, "")) for number, one in found]


def protected(this: Try) -> tuple[str, ...]:
    """Paths that no attempt may change."""
    return (this.world.approval.path, CONFIGURATION)


def seconds_left(this: Try) -> float:
    """What the task's time budget still holds; never less than a second, so that an admitted attempt can begin."""
    return max(1.0, this.world.settings.budgets.wall - this.task.seconds)


def preflight(this: Try) -> None:
    """Look whether agent and walls are there, before anything is spent; raises AgentMissing and NoNetworkWall."""
    command.programs(this.profile, os.environ.get("PATH", os.defpath))
    demand_network(this.world.sandbox, reach(this.world.settings.lane, this.world.spec, this.profile))


def job(this: Try) -> Job:
    """The agent as a job for the sandbox."""
    world, lane = this.world, this.world.settings.lane
    reached = reach(lane, world.spec, this.profile)
    shown = Mount(str(this.prompt), PROMPT_PLACE)
    start = _launch(this, world.sandbox.inside(shown))
    source = str(seed_of(this))
    declared = variables(world.settings.environment, world.sandbox.workspace(this.tree))
    path = [*declared.pop("PATH").split(os.pathsep), *os.environ.get("PATH", os.defpath).split(os.pathsep)]
    return Job(
        argv=start.argv,
        shape=Shape.AGENT,
        limits=Limits(
            wall=seconds_left(this), idle=world.settings.budgets.idle, log_bytes=world.settings.budgets.log_bytes
        ),
        env={**declared, "PATH": os.pathsep.join(dict.fromkeys(path)), **start.env},
        tree=str(this.tree),
        home=str(this.home),
        mounts=(shown, Mount(source, source), *layer_mounts(this)),
        toolchains=(*lane.toolchains, *world.settings.environment.toolchains, *start.reads),
        login=(*lane.login, *start.login),
        hide=world.hidden,
        network=reached.network,
        allowed=reached.allowed,
        stdin=start.stdin,
    )


def _launch(this: Try, prompt_file: str) -> Launch:
    sandbox = this.world.sandbox
    isolated = sandbox.tier is not Tier.T0
    seat = Seat(
        attempt=this.id,
        workspace=sandbox.workspace(this.tree),
        home=HOMES[Shape.AGENT] if isolated else str(this.home),
        prompt_file=prompt_file,
        prompt_source=str(this.prompt),
        prompt=this.prompt.read_text("utf-8"),
    )
    found = command.programs(this.profile, os.environ.get("PATH", os.defpath))
    return command.launch(this.profile, seat, found, os.environ, str(Path.home()))
