"""Stopping and going on: signals, a kill, a second process beside the first."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.e2e.desk import ADD, approved, desk
from tests.e2e.stage import Stage

WAITS = f"echo working; touch ~/started/now; while [ ! -e ~/started/go ]; do sleep 0.05; done; {ADD}"
"""An agent that goes on when the test says so; its home's folder ``started`` is bound from outside."""


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    stage = desk(tmp_path)
    config = (stage.root / "snapline.toml").read_text().replace("slots = 2", "slots = 2\nlogin = ['~/started']")
    stage.write({"snapline.toml": config})
    stage.commit("Bind a folder")
    (stage.user_home / "started").mkdir()
    yield approved(stage)
    (stage.user_home / "started" / "go").touch()


def until(what: Callable[[], bool], seconds: float = 60) -> None:
    """Wait until something holds."""
    deadline = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < deadline, "it did not come to that"
        time.sleep(0.05)


def begin(stage: Stage) -> subprocess.Popen[str]:
    """Start a run and wait until its agent is at work."""
    process = stage.start("run", "calc", "--agent-cmd", WAITS)
    until((stage.user_home / "started" / "now").exists)
    return process


def go(stage: Stage) -> None:
    (stage.user_home / "started" / "go").touch()


def attempts(stage: Stage) -> list[tuple[str, str]]:
    (run,) = stage.snapline("status", "calc").document["runs"]
    return [(one["attempt"], one["outcome"]) for one in run["tasks"][0]["attempts"]]


def agents(stage: Stage) -> list[str]:
    """The command lines of everything that runs in this test's folders."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                line = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            except OSError:
                continue
            if str(stage.home) in line:
                found.append(line)
    return found


def amend(stage: Stage) -> str:
    """Approve another text of the spec; returns the short revision that was approved before."""
    before: str = stage.snapline("plan", "calc").document["revision"]
    path = stage.root / "specs/calc.md"
    path.write_text(path.read_text().replace("prints the sum", "prints the very sum"))
    approved(stage)
    return before[:8]


@pytest.mark.parametrize(
    ("sent", "status", "word"), [(signal.SIGINT, 130, "interrupted"), (signal.SIGTERM, 143, "terminated")]
)
def test_a_signal_ends_the_agents_and_the_same_command_goes_on(
    sent: signal.Signals, status: int, word: str, stage: Stage
) -> None:
    process = begin(stage)
    assert agents(stage), "the victim lives"
    process.send_signal(sent)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (status, "")
    assert "Stopping: agents are told to end." in err
    assert f"error: {word}; what was done is kept\n" in err
    assert "hint: The same command goes on where this stopped.\n" in err
    until(lambda: not agents(stage))
    standing = stage.say("status").out
    assert "stopped; nobody is at work on it" in standing
    assert "Next: snapline run calc, to go on" in standing

    go(stage)
    again = stage.say("run", "calc")
    assert again.status == 0, again.all
    assert attempts(stage) == [("calc#1", "interrupted"), ("calc#2", "proved")]


def test_after_a_kill_the_agent_that_lives_is_adopted(stage: Stage) -> None:
    process = begin(stage)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate(timeout=60)
    assert agents(stage), "the agent outlives the executor"
    assert "stopped; nobody is at work on it" in stage.say("status").out
    revision = amend(stage)
    refused = stage.snapline("run", "calc", "--agent-cmd", "true")
    assert (refused.status, refused.document["error"]["code"]) == (4, "other-revision-at-work")
    assert refused.document["error"]["hint"] == f"Let it come to rest first: snapline run calc@{revision}"
    go(stage)
    again = stage.snapline("run", f"calc@{revision}", "--agent-cmd", "false")
    assert again.status == 0, again.stderr
    assert "it keeps the agent and the slots that it was begun with" in again.stderr
    assert attempts(stage) == [("calc#1", "proved")]


def test_a_second_run_follows_the_first_and_both_see_it_land(stage: Stage) -> None:
    first = begin(stage)
    second = stage.start("run", "calc", "--json")
    until(lambda: "goes on" in (second.stderr.readline() if second.stderr else ""))
    assert "at work" in stage.say("status").out
    assert stage.snapline("log", "calc").document["output"] == "working\n"
    go(stage)
    out, err = first.communicate(timeout=60)
    assert (first.returncode, "landed as" in out) == (0, True), err
    out, err = second.communicate(timeout=60)
    assert (second.returncode, '"state": "done"' in out) == (0, True), err
    assert attempts(stage) == [("calc#1", "proved")]


def test_who_follows_takes_over_when_the_first_dies_and_leaves_it_alone_when_interrupted(stage: Stage) -> None:
    first = begin(stage)
    guest = stage.start("run", "calc")
    until(lambda: "goes on" in (guest.stderr.readline() if guest.stderr else ""))
    time.sleep(1)
    guest.send_signal(signal.SIGINT)
    _, err = guest.communicate(timeout=60)
    assert (guest.returncode, "the work itself goes on" in err) == (130, True), err
    assert agents(stage), "an interrupted follower ends nobody's work"

    heir = stage.start("run", "calc")
    until(lambda: "goes on" in (heir.stderr.readline() if heir.stderr else ""))
    os.killpg(first.pid, signal.SIGKILL)
    first.communicate(timeout=60)
    go(stage)
    out, err = heir.communicate(timeout=60)
    assert (heir.returncode, "landed as" in out) == (0, True), err
    assert attempts(stage) == [("calc#1", "proved")]


def test_an_interruption_answers_in_json_when_asked(stage: Stage) -> None:
    process = stage.start("run", "calc", "--agent-cmd", WAITS, "--json")
    until((stage.user_home / "started" / "now").exists)
    process.send_signal(signal.SIGINT)
    out, _ = process.communicate(timeout=60)
    assert process.returncode == 130
    assert '"code": "interrupted"' in out
