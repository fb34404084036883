"""What a constraint asks is asked once: the person who accepts the work has answered it."""

from __future__ import annotations

from pathlib import Path

from tests.engine.scene import make_scene

from snapline.base.clock import SystemClock
from snapline.engine.decisions import Decision, DecisionKind, decide
from snapline.store.states import RunState, TaskState, Waiting

SPEC = """\
# Task
A file is missing.

# Goal
- G1: It is there.

# Constraints
- C1: Keep it short.

# Interfaces
- I1: new `one.txt`

# Acceptance
- A1: `$ sh look.sh`

# Failure plan
- F1: Rollback: revert
"""


def test_a_rewritten_script_waits_for_a_person_and_lands_by_their_word(tmp_path: Path) -> None:
    """Without the question the second line alone, which proves nothing, would land."""
    scene = make_scene(tmp_path)
    (scene.root / "look.sh").write_text("test -f one.txt\n")
    run = scene.request("echo true > look.sh", SPEC)
    scene.execute(run)
    (task,) = scene.tasks(run)
    assert (task.state, task.reason) == (TaskState.WAITING, Waiting.REVIEW)
    decide(scene.database, Decision(run, task.id, DecisionKind.ACCEPT, task.token, "Ada"), SystemClock())
    said = scene.execute(run)
    assert scene.run(run).state is RunState.DONE, said
    assert scene.git("show", "main:look.sh") == "true"
