from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from tests.sandbox.victims import PYTHON, TOOLCHAIN

import snapline
from snapline.sandbox import process
from snapline.sandbox.fence import is_inside_a_run
from snapline.sandbox.policy import Job, Limits, Sandbox, Shape

ASK = (
    "import sys; sys.path[:0] = sys.argv[1:]; from snapline.sandbox.fence import is_inside_a_run; "
    "print(is_inside_a_run())"
)


@pytest.mark.parametrize(
    "wrap", ["{ask}", "setsid --wait {ask}", "(setsid {ask} > out &); until [ -s out ]; do sleep 0.05; done; cat out"]
)
def test_a_job_knows_that_it_is_one(either: Sandbox, tree: Path, tmp_path: Path, wrap: str) -> None:
    """Also one that broke its ties: orphans fall to the shim."""
    sources = [str(Path(snapline.__file__).parents[1]), str(Path(str(msgspec.__file__)).parents[1])]
    ask = f"{PYTHON} -I -c '{ASK}' {' '.join(sources)}"
    argv = ("bash", "-c", wrap.replace("{ask}", ask))
    job = Job(argv, Shape.AGENT, Limits(20.0), tree=str(tree), toolchains=(TOOLCHAIN, *sources))
    process.run(either, job, tmp_path / "run")
    assert (tmp_path / "run" / "log").read_text() == "True\n"


def test_a_person_is_outside() -> None:
    assert not is_inside_a_run()
