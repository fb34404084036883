from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.sandbox.victims import HOSTILE, PYTHON, TOOLCHAIN, Victims, demand

from snapline.sandbox import bubblewrap, groups
from snapline.sandbox.bare import Bare
from snapline.sandbox.bubblewrap import Bubblewrap
from snapline.sandbox.policy import Job, Limits, Probe, Sandbox, Shape

T2, GROUP, SUBREAPER = "T2", "T0-cgroup2", "T0-subreaper"


@pytest.fixture(scope="session")
def isolation() -> Probe:
    return bubblewrap.probe()


@pytest.fixture
def wrapped(isolation: Probe) -> Bubblewrap:
    demand("bubblewrap", works=isolation.ok)
    return Bubblewrap()


@pytest.fixture(params=[T2, GROUP, SUBREAPER])
def sandbox(request: pytest.FixtureRequest, isolation: Probe) -> Sandbox:
    """Each way to hold processes."""
    if request.param == T2:
        demand("bubblewrap", works=isolation.ok)
        return Bubblewrap()
    if request.param == GROUP:
        if groups.usable_root() is None:
            pytest.skip("no control group of version 2 can be made here: NOT TESTED")
        return Bare()
    return Bare(grouped=False)


@pytest.fixture(params=[T2, "T0"])
def either(request: pytest.FixtureRequest, isolation: Probe) -> Sandbox:
    """Each tier."""
    if request.param == T2:
        demand("bubblewrap", works=isolation.ok)
        return Bubblewrap()
    return Bare()


@pytest.fixture
def victims() -> Iterator[Victims]:
    found = Victims()
    yield found
    found.end()


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    folder = tmp_path / "tree"
    folder.mkdir()
    shutil.copy(HOSTILE, folder)
    return folder


@pytest.fixture
def hostile(tree: Path, victims: Victims) -> Callable[..., Job]:
    """A job that runs the hostile program."""

    def job(manner: str, **limits: float) -> Job:
        argv = (PYTHON, "-I", "-S", "hostile.py", victims.mark, manner)
        given = Limits(**{"wall": 30.0, "grace": 0.1, **limits})  # type: ignore[arg-type]
        return Job(argv, Shape.CHECK, given, tree=str(tree), toolchains=(TOOLCHAIN,))

    return job


@pytest.fixture
def shell(tree: Path) -> Callable[..., Job]:
    """A job that runs a shell text."""

    def job(text: str, shape: Shape = Shape.CHECK, limits: Limits | None = None, **more: object) -> Job:
        return Job(("bash", "-c", text), shape, limits or Limits(20.0), tree=str(tree), **more)  # type: ignore[arg-type]

    return job
