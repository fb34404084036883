"""The chapter of the cheats: each fools a naive runner, and gets nothing from Snapline."""

from __future__ import annotations

from collections.abc import Iterator

from snapline.app.demo.report import Step
from snapline.app.demo.scene import Scene
from snapline.app.readmodel import RunStatus
from snapline.app.scratch.attempts import attempt_facts
from snapline.app.scratch.naive import Believed, NaiveRunner
from snapline.base.errors import ExitStatus
from snapline.sandbox.policy import Tier
from snapline.store.states import RunState

_COUNT = ("No", "One", "Two", "Three", "Four")
NEEDS_WALLS = "planted-hook"
"""The cheat that is only stopped where the agent is somebody else than the person."""


def cheats(scene: Scene) -> tuple[str, ...]:
    """The cheats that can be shown here."""
    return tuple(one for one in scene.material.cheats if scene.machine.tier is not Tier.T0 or one != NEEDS_WALLS)


def show_cheats(scene: Scene) -> Iterator[Step]:
    """Each cheat works for a naive runner first, then for Snapline, by one run of all of them."""
    names = cheats(scene)
    scene.teller.chapter(
        3,
        f"{_COUNT[len(names)]} ways to look done",
        "Agents that do not repair anything. A naive runner lets each work in a git worktree, runs the tests there and "
        "believes what it sees. Snapline runs the approved checks itself, in a fresh tree.",
    )
    believed = _naively(scene, names)
    approved = [scene.snapline_briefly("approve", name) for name in names]
    before = scene.tip()
    done = scene.snapline_briefly("run", *names, messages=True)
    scene.git("status")
    runs = {name: scene.run_of(name) for name in names}
    rows = [(name, _naive_words(believed[name]), _words(runs[name])) for name in names]
    scene.teller.table(("agent", "naive runner", "Snapline"), rows)
    facts = {
        "approve_exits": [one.status for one in approved],
        "run_exit": done.status,
        "before": before,
        "after": scene.tip(),
        "planted_program_ran": scene.canary.exists(),
        "cheats": {name: _naive_facts(believed[name]) | _run_facts(runs[name]) for name in names},
    }
    fooled = [name for name in names if believed[name].fooled]
    refused = [name for name in names if _refused(runs[name])]
    untouched = facts["before"] == facts["after"] and not facts["planted_program_ran"]
    ok = fooled == refused == list(names) and untouched and done.status == ExitStatus.FAILED
    says = f"the naive runner was fooled by {len(fooled)} of {len(names)}, Snapline by {len(names) - len(refused)}"
    yield Step("cheats", ok, f"{says}; main did not move", facts)


def _naively(scene: Scene, names: tuple[str, ...]) -> dict[str, Believed]:
    naive = NaiveRunner(scene)
    naive.prepare()
    believed = {}
    for name in names:
        believed[name] = naive.run(name)
        scene.teller.say(f"- {name} {scene.material.cheats[name]}: the naive runner {_naive_words(believed[name])}")
    return believed


def _naive_words(one: Believed) -> str:
    return "runs it" if one.planted_ran else ("accepts" if one.fooled else "refuses")


def _refused(run: RunStatus | None) -> bool:
    return run is not None and run.state is RunState.FAILED and not run.landings


def _words(run: RunStatus | None) -> str:
    if run is None or not run.tasks[0].attempts:
        return "was not run"
    why = run.tasks[0].attempts[-1].words.partition("; ")[0]
    return f"refuses: {why}" if _refused(run) else f"{run.state}: {why}"


def _naive_facts(one: Believed) -> dict[str, object]:
    naive = {"worktree": str(one.worktree), "commit": one.commit, "tests_exit": one.tests}
    return {"naive": naive | {"planted_program_ran": one.planted_ran, "fooled": one.fooled}}


def _run_facts(run: RunStatus | None) -> dict[str, object]:
    if run is None:
        return {"run": None}
    return {"run": run.run, "state": run.state, "attempts": attempt_facts(run)}
