"""Runs as people read them: the state in words, each attempt's reason, and what to do next."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import msgspec
import pytest

from snapline.app.readmodel import AttemptStatus, LandingStatus, RunStatus, TaskStatus, exit_status
from snapline.base.errors import ExitStatus
from snapline.base.ids import ClauseId, RunId
from snapline.cli.output import Output
from snapline.cli.standing import show
from snapline.store.states import RunState, TaskState, Waiting

ATTEMPT = AttemptStatus(
    "calc/T1#1", "codex", "failed", "A1 fails: exit 1", 75.0, "", None, "", None, (), None, None, None
)
TASK = TaskStatus("calc/T1", "Let it add.", TaskState.RUNNING, None, "", (), (ATTEMPT,))
RUN = RunStatus(RunId("calc@bd0db824.1"), "calc", "", RunState.OPEN, None, "", "main", "", "", (TASK,), ())
A2 = (ClauseId("A2"),)
MOVED = LandingStatus("land", "0" * 40, "1234567890" * 4, "landed", "", None, "")


def task(state: TaskState, reason: Waiting | None = None, **values: Any) -> RunStatus:  # noqa: ANN401 - fields
    """A run at rest with one task in that state."""
    one = msgspec.structs.replace(TASK, state=state, reason=reason, **values)
    return msgspec.structs.replace(RUN, tasks=(one,), at_rest=True)


def run(state: RunState, reason: Waiting | None = None, **values: Any) -> RunStatus:  # noqa: ANN401 - fields
    return msgspec.structs.replace(task(TaskState.INTEGRATED), state=state, reason=reason, **values)


@dataclass(frozen=True)
class Row:
    """A run, what its first line says, what is proposed, and the exit status of who waited for it."""

    run: RunStatus
    headline: str
    proposes: tuple[str, ...]
    status: ExitStatus
    says: tuple[str, ...] = field(default=())


REJECT = "snapline reject calc/T1 --because TEXT, to send it back with your words"
ROWS = {
    "sign-off": Row(
        task(TaskState.WAITING, Waiting.SIGN_OFF, unsigned=A2),
        "waits for a person",
        ("snapline review calc/T1", "snapline accept calc/T1 --sign A2", REJECT),
        ExitStatus.WAITS,
        ("calc/T1  waiting (sign-off)  Let it add.", "#1 codex, 1:15, failed: A1 fails: exit 1"),
    ),
    "review": Row(
        task(TaskState.WAITING, Waiting.REVIEW),
        "waits for a person",
        ("snapline review calc/T1", "snapline accept calc/T1", REJECT),
        ExitStatus.WAITS,
    ),
    "stuck": Row(
        task(TaskState.WAITING, Waiting.STUCK, detail="the same again"),
        "waits for a person",
        ("snapline log calc/T1", REJECT),
        ExitStatus.WAITS,
        ("      the same again",),
    ),
    "environment": Row(
        task(TaskState.WAITING, Waiting.ENVIRONMENT),
        "waits for a person",
        ("mend that, then: snapline run calc",),
        ExitStatus.ENVIRONMENT,
    ),
    "failed": Row(
        msgspec.structs.replace(task(TaskState.FAILED), state=RunState.FAILED),
        "failed",
        ("snapline log calc/T1", REJECT, "snapline run calc, to begin anew"),
        ExitStatus.FAILED,
    ),
    "working tree": Row(
        run(RunState.WAITING, Waiting.WORKING_TREE, detail="git would not move it:\n\tcalc.sh"),
        "waiting (working tree)",
        ("see to that work tree, then: snapline run calc",),
        ExitStatus.WAITS,
        ("    git would not move it:\n      calc.sh\n",),
    ),
    "run signs": Row(
        run(RunState.WAITING, Waiting.SIGN_OFF, unsigned=A2),
        "waiting (sign-off)",
        ("snapline accept calc --sign A2",),
        ExitStatus.WAITS,
    ),
    "rollback": Row(
        run(RunState.WAITING, Waiting.ROLLBACK),
        "waiting (rollback)",
        ("mend that, then: snapline rollback calc",),
        ExitStatus.WAITS,
    ),
    "done": Row(
        run(RunState.DONE, landings=(MOVED,), signed=A2),
        "done",
        ("snapline rollback calc, should it have been a mistake",),
        ExitStatus.DONE,
        ("  landed as 12345678\n", "  a person vouches for A2\n"),
    ),
}


@pytest.mark.parametrize("name", ROWS)
def test_a_person_reads_what_holds_and_what_to_do(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    row = ROWS[name]
    show(Output(), row.run, stopped=True)
    said = capsys.readouterr().out
    assert said.splitlines()[0] == f"calc@bd0db824.1 on main: {row.headline}"
    _, _, proposals = said.partition("  Next: ")
    assert tuple(line.strip() for line in proposals.splitlines()) == row.proposes
    assert all(words in said for words in row.says), said
    assert exit_status((row.run,)) == row.status


def test_who_works_and_who_stopped_is_told_apart(capsys: pytest.CaptureFixture[str]) -> None:
    show(Output(), RUN)
    assert capsys.readouterr().out.splitlines()[0].endswith("on main: at work")
    show(Output(), RUN, stopped=True)
    said = capsys.readouterr().out
    assert "stopped; nobody is at work on it" in said
    assert said.endswith("  Next: snapline run calc, to go on\n")


def test_landings_that_a_later_one_made_up_for_are_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    refused = msgspec.structs.replace(MOVED, outcome="working tree", words="edits in the way")
    show(Output(), run(RunState.WAITING, Waiting.WORKING_TREE, landings=(refused,), detail="edits in the way"))
    assert "landing 12345678: working tree\n" in capsys.readouterr().out
    show(Output(), run(RunState.DONE, landings=(refused, MOVED)))
    assert "edits" not in capsys.readouterr().out


def test_the_worst_of_several_runs_decides_the_status() -> None:
    waits, done = ROWS["sign-off"].run, ROWS["done"].run
    assert exit_status((done, waits)) == ExitStatus.WAITS
    assert exit_status((done, waits, ROWS["environment"].run)) == ExitStatus.ENVIRONMENT
    assert exit_status((waits, ROWS["failed"].run, ROWS["environment"].run)) == ExitStatus.FAILED
