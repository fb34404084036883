"""A signature is a word on one candidate: it does not go over to what an agent makes afterwards."""

from __future__ import annotations

from pathlib import Path

from tests.engine.scene import make_scene

from snapline.base.clock import SystemClock
from snapline.engine.decisions import Decision, DecisionKind, decide
from snapline.store.states import RunState, TaskState, Waiting

SPEC = """\
# Task
Two lines are missing.

# Goal
- G1: Both are there.

# Constraints
- C1: Keep it short.

# Interfaces
- I1: new `one.txt`

# Acceptance
- A1: The text reads well. (manual)
- A2: `$ test -s one.txt`

# Tasks
- T1: Write it. Proves A1. Changes `one.txt`.
- T2: Write it too. Proves A2. Changes `one.txt`.

# Failure plan
- F1: Rollback: revert
"""
AGENT = 'echo "$SNAPLINE_ATTEMPT" > one.txt'


def test_after_a_conflict_the_new_candidate_is_signed_anew(tmp_path: Path) -> None:
    scene = make_scene(tmp_path)
    run = scene.request(AGENT, SPEC)
    scene.execute(run)
    first, second = scene.tasks(run)
    assert (first.state, first.reason, first.number) == (TaskState.WAITING, Waiting.SIGN_OFF, 1)
    assert second.state is TaskState.INTEGRATED
    accepted = Decision(run, first.id, DecisionKind.ACCEPT, first.token, "Ada", sign=("A1",))
    decide(scene.database, accepted, SystemClock())
    said = scene.execute(run)
    assert next(one for one in scene.attempts(run) if one.task == first.id).outcome == "conflict", said
    again = scene.tasks(run)[0]
    assert again.number == 2
    assert (again.state, again.reason, again.unsigned) == (TaskState.WAITING, Waiting.SIGN_OFF, "A1"), said
    assert "every criterion is proved" not in said
    assert scene.run(run).state is RunState.OPEN
