"""The chapter of the work: agents, the checks of what they bring, and the landing."""

from __future__ import annotations

from collections.abc import Iterator

from snapline.app.demo.beginning import SPEC
from snapline.app.demo.material import Sabotage
from snapline.app.demo.report import Step
from snapline.app.demo.scene import Scene
from snapline.app.readmodel import AttemptStatus, RunStatus
from snapline.app.scratch.attempts import attempt_facts
from snapline.base.errors import ExitStatus
from snapline.base.ids import short
from snapline.store.states import RunState, TaskState, Waiting

BOASTED, MENDED = f"{SPEC}/T2#1", f"{SPEC}/T2#2"
"""The attempt that claims to be done while its check is red, and the one that was sent back with our output."""
_BEFORE = "BEFORE YOU\n"
"""The heading in a retry prompt under which it says how the last attempt ended."""
_MOST_DECISIONS = 6
_PROVED = frozenset({"proved", "waits"})


def do_work(scene: Scene) -> Iterator[Step]:
    """Dispatch the spec, and tell apart what became of the agents, the checks and the landing."""
    scene.teller.chapter(
        4,
        "The work",
        "`swift` does its tasks at once. `boaster` says that all tests pass while its check is red: it is sent back "
        "with the output of our check, and tries again. What is proved lands as one merge commit.",
    )
    before = scene.tip()
    if scene.material.sabotage is Sabotage.LAND:
        _edit_in_the_way(scene)
    statuses = _dispatch(scene)
    run = scene.run_of(SPEC)
    if run is None:
        yield Step("agents", ok=False, says="nothing was dispatched", facts={"exits": statuses})
        return
    _tell_boaster(scene, run)
    yield _agents(run, statuses)
    yield _checks(run)
    yield _landing(scene, run, before)


def _edit_in_the_way(scene: Scene) -> None:
    """What a person may have left in the work tree: an edit of a file that the landing changes."""
    path = scene.repository / "src" / "parcel" / "rates.py"
    path.write_text(f"{path.read_text('utf-8')}# not committed\n", "utf-8")


def _dispatch(scene: Scene) -> list[int]:
    """Run the spec and, where a person has to accept (always at T0), do that; the exit status of each command."""
    statuses = [scene.snapline("run", SPEC).status]
    for _ in range(_MOST_DECISIONS):
        waiting = _waits_for_word(scene.run_of(SPEC))
        if statuses[-1] != ExitStatus.WAITS or waiting is None:
            break
        scene.teller.say(f"Nothing is accepted without a person here, so you look at {waiting}, and accept it.")
        statuses.append(scene.snapline("accept", waiting).status)
    return statuses


def _waits_for_word(run: RunStatus | None) -> str | None:
    tasks = run.tasks if run else ()
    waiting = (one for one in tasks if one.state is TaskState.WAITING and one.reason is Waiting.REVIEW)
    return next((str(one.task) for one in waiting), None)


def _tell_boaster(scene: Scene, run: RunStatus) -> None:
    """What the boaster said, and what it was told before it tried again: both as they are in the evidence."""
    boasted, mended = (_attempts(run).get(name) for name in (BOASTED, MENDED))
    if boasted is None or mended is None or not (boasted.log and mended.prompt):
        return
    said, told = (
        scene.floor.evidence.read(digest).decode("utf-8", "replace") for digest in (boasted.log, mended.prompt)
    )
    before_you = told.partition(_BEFORE)[2].partition("\n\n")[0].strip()
    scene.teller.say(f"{BOASTED} had said: {said.strip()}")
    if before_you:
        scene.teller.say(f"{MENDED} was told: {before_you}")


def _attempts(run: RunStatus) -> dict[str, AttemptStatus]:
    return {one.attempt: one for task in run.tasks for one in task.attempts}


def _agents(run: RunStatus, statuses: list[int]) -> Step:
    attempts = _attempts(run)
    idle = [name for name, one in attempts.items() if one.candidate is None]
    ok = bool(attempts) and not idle
    agents = len({one.agent for one in attempts.values()})
    says = f"{len(attempts)} attempts by {agents} agents, each in a workspace of its own"
    if idle:
        says = f"no change came from {', '.join(idle)}"
    return Step("agents", ok, says, {"exits": statuses, "run": run.run, "attempts": attempt_facts(run)})


def _checks(run: RunStatus) -> Step:
    """The boast was refused, the second try proved, and every task came to a proof in the end."""
    attempts = _attempts(run)
    red = [task.task for task in run.tasks if not task.attempts or task.attempts[-1].outcome not in _PROVED]
    boasted, mended = attempts.get(BOASTED), attempts.get(MENDED)
    sent_back = boasted is not None and mended is not None and boasted.outcome == "failed"
    ok = not red and sent_back
    says = f"the claim of {BOASTED} was refused, and {MENDED} proved"
    if red:
        says = f"not proved: {', '.join(red)}"
    return Step(
        "checks", ok, says, {"outcomes": {name: one.outcome for name, one in attempts.items()}, "not_proved": red}
    )


def _landing(scene: Scene, run: RunStatus, before: str) -> Step:
    after = scene.tip()
    parents = scene.git("rev-list", "--parents", "-n", "1", after).split()[1:]
    landed = [one.new for one in run.landings if one.outcome == "landed"]
    ok = run.state is RunState.DONE and landed == [after] and parents[:1] == [before]
    says = f"main went from {short(before)} to {short(after)} by one merge commit"
    if not ok:
        reason = f" ({run.reason})" if run.reason else ""
        says = f"the run is {run.state}{reason}: {run.detail}"
    return Step("landing", ok, says, {"before": before, "after": after, "parents": parents, "state": run.state})
