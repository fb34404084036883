"""Whole runs: real git, real agents under real shims, real checks, a real landing."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.engine.scene import HONEST, Scene, make_scene

from snapline.store.states import RunState, TaskState


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    return make_scene(tmp_path)


def test_one_honest_task_lands_as_one_merge_commit(scene: Scene) -> None:
    run = scene.request(HONEST)
    before = scene.git("rev-parse", "main")
    said = scene.execute(run)
    assert scene.run(run).state is RunState.DONE, said
    assert [task.state for task in scene.tasks(run)] == [TaskState.DONE]
    assert scene.git("rev-parse", "main^1") == before
    assert scene.git("show", "main:one.txt") == "one"
    trailers = scene.git("log", "-1", "--format=%(trailers:only)", "main")
    assert trailers.splitlines() == ["Spec: pair", f"Revision: {scene.run(run).revision}", f"Run: {run}"]
    assert scene.git("status", "--porcelain") == ""
    assert "task.done" in scene.events(run)
    assert not list((scene.home / "ws").glob("*/*"))
