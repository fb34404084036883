"""The same as an ordinary user: started by root as ``nobody``, where the system's Python can run our code."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

import snapline

SYSTEM = "/usr/bin/python3"
TRIAL = """
import os, sys
from pathlib import Path
from snapline.sandbox import probes, process, select
from snapline.sandbox.bare import Bare
from snapline.sandbox.policy import Job, Limits, Mount, Shape
folder = Path(sys.argv[1])
for probe in probes.probe_all():
    print(probe.name, probe.ok)
for number, sandbox in enumerate((select.choose("auto", (folder / "state",)), Bare())):
    (tree := folder / f"tree{number}").mkdir()
    text = f"id -u; touch x; setsid sleep 99 & cat {folder}/state/key; sleep 0.1; exit 5"
    for shape in Shape:
        job = Job(("bash", "-c", text), shape, Limits(9.0), tree=str(tree), network=shape is Shape.AGENT)
        ended = process.run(sandbox, job, folder / f"run{number}{shape}")
        said = (folder / f"run{number}{shape}" / "log").read_text().split()
        facts = (ended.cause, ended.status, ended.survivors, ended.proved_empty)
        print(sandbox.tier, shape, *facts, said[0], "KEY" in said)
"""


@pytest.fixture
def folder() -> Iterator[Path]:
    """A place that an ordinary user can reach: not below pytest's own."""
    made = Path(f"/var/tmp/snapline-test-{os.getpid()}")  # noqa: S108 - removed again
    made.mkdir()
    (made / "state").mkdir()
    (made / "state" / "key").write_text("KEY")
    for path in (made, made / "state"):
        shutil.chown(path, "nobody")
    yield made
    shutil.rmtree(made)


def test_an_ordinary_user_is_isolated_as_well(folder: Path) -> None:
    if os.getuid() != 0:
        pytest.skip("all tests run as an ordinary user here")
    probe = [SYSTEM, "-c", "import sys; print(sys.version_info[:2])"]
    found = subprocess.run(probe, capture_output=True, text=True, check=False) if Path(SYSTEM).exists() else None
    if found is None or found.stdout.strip() != str(sys.version_info[:2]) or shutil.which("setpriv") is None:
        pytest.skip("the system's Python is another one, or setpriv is missing: NOT TESTED")
    for package in (snapline, msgspec):
        shutil.copytree(Path(str(package.__file__)).parent, folder / package.__name__)
    argv = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", SYSTEM, "-c", TRIAL, str(folder)]
    env = {"PATH": os.environ["PATH"], "PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(argv, capture_output=True, text=True, check=False, env=env, cwd="/")
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-4:] == [
        "T2 agent exit 5 1 True 65534 False",
        "T2 check exit 5 1 True 65534 False",
        "T0 agent exit 5 1 True 65534 True",
        "T0 check exit 5 1 True 65534 True",
    ]
    assert "bubblewrap True\nnetwork lists True" in done.stdout
