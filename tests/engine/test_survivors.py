"""No attempt ends while something of it lives: the slot and the workspace would go to the next one beside it."""

from __future__ import annotations

from pathlib import Path

from tests.engine.scene import make_scene

from snapline.engine.places import Places
from snapline.sandbox import process
from snapline.sandbox.process import RunState
from snapline.store.states import TaskState, Waiting


def test_an_attempt_that_cannot_go_on_ends_its_agent_first(tmp_path: Path) -> None:
    """The executor dies as the agent was started, and its program goes away before the next executor comes."""
    scene = make_scene(tmp_path)
    program = tmp_path / "agent"
    program.write_text("#!/bin/sh\nsleep 300\n")
    program.chmod(0o755)
    run = scene.request(str(program))
    victim = scene.start(run, SNAPLINE_FAULT="attempt.launch:effect")
    scene.finish(victim)
    (task,) = scene.tasks(run)
    folder = Places(scene.home).run_folder(scene.run(run).repository, f"{task.id}#1", "agent")
    assert task.state is TaskState.LAUNCHING
    assert process.inspect(folder) is RunState.RUNNING, "the agent lives on without its executor"
    program.unlink()
    said = scene.execute(run)
    (task,) = scene.tasks(run)
    assert (task.state, task.reason) == (TaskState.WAITING, Waiting.ENVIRONMENT), said
    assert process.inspect(folder) is RunState.ENDED
