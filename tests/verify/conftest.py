from __future__ import annotations

from pathlib import Path

import pytest
from tests.verify.world import World, make_world, sandboxed

from snapline.sandbox.bare import Bare


@pytest.fixture
def world(tmp_path: Path) -> World:
    """At tier T2."""
    return sandboxed(tmp_path)


@pytest.fixture
def bare_world(tmp_path: Path) -> World:
    """At tier T0."""
    return make_world(tmp_path, Bare())
