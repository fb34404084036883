"""What agents may leave behind, and where the task goes then: real runs, one attempt or several."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.engine.scene import HONEST, Scene, make_scene

from snapline.base.clock import SystemClock
from snapline.base.errors import WaitsForPerson
from snapline.engine.decisions import Decision, DecisionKind, NothingToDecide, TooLate, decide
from snapline.engine.settings import Budgets
from snapline.store.states import RunState, TaskState, Waiting
from snapline.store.views import TaskRow

CLOCK = SystemClock()

PROSE = """\
# Task
A file is missing.

# Goal
It is there.

# Constraints
Nothing else changes.

# Interfaces
The file is `one.txt`.

# Acceptance
The file reads well.

# Failure plan
"""


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    return make_scene(tmp_path)


def only(scene: Scene, run: str) -> TaskRow:
    (task,) = scene.tasks(run)
    return task


def decision(task: TaskRow, kind: DecisionKind, *sign: str, because: str = "") -> Decision:
    return Decision(task.run, task.id, kind, task.token, "Ada", because, sign)


@pytest.mark.parametrize(
    ("agent", "outcome", "words"),
    [
        ("true", "unchanged", "changed nothing"),
        ("echo one > one.txt; echo all tests pass", "failed", "A2"),
        (f"{HONEST}; echo other > README.md", "failed", "C1"),
        (f"{HONEST}; echo more >> specs/pair.md", "refused", "specs/pair.md is protected"),
        (f"{HONEST}; ln -s /etc/passwd out", "refused", "leads out of the repository"),
    ],
)
def test_what_is_not_done_is_sent_back_and_then_a_person_is_asked(
    scene: Scene, agent: str, outcome: str, words: str
) -> None:
    run = scene.request(agent)
    before = scene.git("rev-parse", "main")
    said = scene.execute(run)
    task = only(scene, run)
    assert (task.state, task.reason) == (TaskState.WAITING, Waiting.STUCK), said
    assert words in task.detail
    assert [one.outcome for one in scene.attempts(run)] == [outcome, outcome]
    assert scene.git("rev-parse", "main") == before


@pytest.mark.parametrize(
    "agent",
    [
        f"{HONEST}; exit 1",
        f"{HONEST}; git add -A; git commit -qm done",
        f"git checkout -qb mine; {HONEST}; git add -A; git commit -qm done",
        f"{HONEST}; setsid sleep 300 >/dev/null 2>&1 &",
    ],
)
def test_what_is_done_lands_however_the_agent_ends(scene: Scene, agent: str) -> None:
    run = scene.request(agent)
    said = scene.execute(run)
    assert scene.run(run).state is RunState.DONE, said
    assert scene.git("show", "main:two.txt") == "two"


def test_the_next_attempt_is_told_what_failed_and_goes_on_from_the_work(scene: Scene) -> None:
    told = 'grep -q "A2 fail" "$SNAPLINE_PROMPT_FILE"'
    agent = f"if [ -f one.txt ]; then {told} && echo two > two.txt; else echo one > one.txt; fi"
    run = scene.request(agent)
    said = scene.execute(run)
    assert scene.run(run).state is RunState.DONE, said
    assert [one.outcome for one in scene.attempts(run)] == ["failed", "proved"]
    first, second = scene.attempts(run)
    assert first.start == first.base
    assert second.start == first.candidate


def test_a_hang_is_ended_by_its_limit_and_the_time_is_used_up(scene: Scene) -> None:
    run = scene.request("echo one > one.txt; sleep 600", budgets=Budgets(wall=61, idle=2, attempts=1))
    scene.execute(run)
    task = only(scene, run)
    assert task.state is TaskState.FAILED
    assert scene.run(run).state is RunState.FAILED
    assert task.seconds < 30


def test_prose_waits_for_a_person_whose_word_lands_it(scene: Scene) -> None:
    run = scene.request("echo one > one.txt", PROSE)
    scene.execute(run)
    task = only(scene, run)
    assert (task.state, task.reason, task.unsigned) == (TaskState.WAITING, Waiting.SIGN_OFF, "A1")
    with pytest.raises(WaitsForPerson, match="A1"):
        decide(scene.database, decision(task, DecisionKind.ACCEPT), CLOCK)
    key = decide(scene.database, decision(task, DecisionKind.ACCEPT, "A1"), CLOCK)
    assert decide(scene.database, decision(task, DecisionKind.ACCEPT, "A1"), CLOCK) == key
    said = scene.execute(run)
    assert scene.run(run).state is RunState.DONE, said
    assert scene.git("show", "main:one.txt") == "one"
    with pytest.raises(TooLate):
        decide(scene.database, decision(task, DecisionKind.REJECT, because="no"), CLOCK)


def test_a_rejection_goes_to_the_agent_in_its_own_words(scene: Scene) -> None:
    agent = 'if grep -q "make it shout" "$SNAPLINE_PROMPT_FILE"; then echo ONE > one.txt; else echo one > one.txt; fi'
    run = scene.request(agent, PROSE)
    scene.execute(run)
    task = only(scene, run)
    with pytest.raises(NothingToDecide):
        decide(scene.database, decision(task, DecisionKind.RETRY), CLOCK)
    decide(scene.database, decision(task, DecisionKind.REJECT, because="make it shout"), CLOCK)
    scene.execute(run)
    task = only(scene, run)
    assert (task.state, task.number) == (TaskState.WAITING, 2)
    decide(scene.database, decision(task, DecisionKind.ACCEPT, "A1"), CLOCK)
    scene.execute(run)
    assert scene.git("show", "main:one.txt") == "ONE"


def test_an_agent_that_is_not_there_costs_no_attempt(scene: Scene) -> None:
    run = scene.request("no-such-agent-anywhere --go")
    scene.execute(run)
    task = only(scene, run)
    assert (task.state, task.reason, task.charged) == (TaskState.WAITING, Waiting.ENVIRONMENT, 0)
    assert "no-such-agent-anywhere" in task.detail
