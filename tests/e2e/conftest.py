"""Fixtures of the end-to-end tests."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from tests.e2e.desk import approved, desk
from tests.e2e.leavings import AGENT, Left
from tests.e2e.stage import PY_FILES, PY_SPEC, SH_FILES, SH_SPEC, MakeStage, Stage, toolchain


@pytest.fixture
def make_stage(tmp_path: Path) -> MakeStage:
    """Make a repository checked by ``pytest`` or ``shell`` scripts, with an approved-to-be spec ``add``."""

    def make(language: str) -> Stage:
        stage = Stage(tmp_path / "repo", tmp_path / "state", tmp_path / "person", language)
        stage.root.mkdir()
        stage.user_home.mkdir()
        stage.git("init", "-q", "-b", "main")
        stage.write(PY_FILES if language == "pytest" else SH_FILES)
        stage.write(
            {
                "README.md": "A calculator.\n",
                "snapline.toml": f"[env]\n{toolchain()}\n[lanes.default]\nlimits = {{ wall = '20s' }}\n"
                "\n[retry]\nattempts = 1\n",
                "specs/add.md": PY_SPEC if language == "pytest" else SH_SPEC,
            }
        )
        stage.commit("Start")
        return stage

    return make


@pytest.fixture(scope="session")
def landed(tmp_path_factory: pytest.TempPathFactory) -> Stage:
    """A run of two attempts that has landed."""
    stage = approved(desk(tmp_path_factory.mktemp("landed")))
    done = stage.say("run", "calc", "--agent-cmd", AGENT)
    assert done.status == 0, done.all
    return stage


@pytest.fixture
def left(landed: Stage, tmp_path: Path) -> Left:
    """A copy of what the run left, to be tampered with."""
    shutil.copytree(landed.root, tmp_path / "repo", symlinks=True)
    shutil.copytree(landed.home, tmp_path / "state", symlinks=True)
    return Left(tmp_path / "repo", tmp_path / "state")
