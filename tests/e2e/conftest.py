"""Fixtures of the end-to-end tests."""

from __future__ import annotations

from pathlib import Path

import pytest
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
