"""Two small repositories, one checked by pytest and one by shell scripts, and the real command line on them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from tests.cli.published import check_document

PY_FILES = {
    "calc.py": "def add(a, b):\n    return 0\n\n\ndef sub(a, b):\n    return a - b\n",
    "tests/test_calc.py": (
        "import calc\n\n\ndef test_add():\n    assert calc.add(2, 3) == 5\n\n\n"
        "def test_sub():\n    assert calc.sub(5, 2) == 3\n"
    ),
}
PY_SPEC = """\
# Add

# Task
Adding two numbers always gives zero, which breaks every caller of the calculator.

# Goal
- G1: `add` returns the sum of its two arguments.
- G2: `mul` returns their product.

# Constraints
- C1: Do not change: `README.md`

# Interfaces
- I1: Changes `calc.py`. Provides new `tests/test_mul.py` (new).

# Acceptance
- A1: The sum is right (G1): `tests/test_calc.py::test_add`
- A2: The product is right (G2): `$ python -c 'import calc; assert calc.mul(3, 4) == 12'`
- A3: What worked goes on working: `tests/test_calc.py::test_sub` (regression)

# Failure plan
- F1: Rollback: revert
"""
SH_FILES = {
    "calc.sh": 'add() { echo 0; }\nsub() { echo "$(($1 - $2))"; }\n',
    "tests/test_add.sh": '. ./calc.sh\n[ "$(add 2 3)" = 5 ] || { echo "add 2 3 gave $(add 2 3), not 5"; exit 1; }\n',
    "tests/test_sub.sh": '. ./calc.sh\n[ "$(sub 5 2)" = 3 ] || { echo "sub 5 2 gave $(sub 5 2), not 3"; exit 1; }\n',
}
SH_SPEC = """\
# Add

# Task
Adding two numbers always gives zero, which breaks every caller of the calculator.

# Goal
- G1: `add` prints the sum of its two arguments.
- G2: `mul` prints their product.

# Constraints
- C1: Do not change: `README.md`

# Interfaces
- I1: Changes `calc.sh`.

# Acceptance
- A1: The sum is right (G1): `$ sh tests/test_add.sh`
- A2: The product is right (G2):

  ```sh check
  . ./calc.sh
  test "$(mul 3 4)" = 12
  ```
- A3: What worked goes on working: `$ sh tests/test_sub.sh` (regression)

# Failure plan
- F1: Rollback: revert
"""


@dataclass(frozen=True)
class Outcome:
    """What a command left: its status, and the one JSON document it printed."""

    status: int
    document: dict[str, Any]
    stderr: str


@dataclass(frozen=True)
class Said:
    """What a command said to a person, and its status."""

    status: int
    out: str
    err: str

    @property
    def all(self) -> str:
        return self.out + self.err


@dataclass
class Stage:
    """A repository, a state home of its own, and the command line on both.

    What runs in it is ``measured`` for coverage, which costs a quarter of its time.
    """

    root: Path
    home: Path
    user_home: Path
    language: str
    environment: dict[str, str] = field(default_factory=dict)
    measured: bool = True

    def snapline(self, *arguments: str, timeout: float = 120) -> Outcome:
        """Run the real command with ``--json``."""
        done = subprocess.run(
            [sys.executable, "-m", "snapline", *arguments, "--json"],
            cwd=self.root,
            env=self.env(),
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
            stdin=subprocess.DEVNULL,
        )
        try:
            document = json.loads(done.stdout)
        except ValueError:
            pytest.fail(f"{arguments}: stdout is not one JSON document: {done.stdout!r}\n{done.stderr}")
        check_document(arguments, document)
        return Outcome(done.returncode, document, done.stderr)

    def say(self, *arguments: str, timeout: float = 120, **environment: str) -> Said:
        """Run the real command as a person does whose output goes into a pipe."""
        done = subprocess.run(
            [sys.executable, "-m", "snapline", *arguments],
            cwd=self.root,
            env=self.env() | environment,
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
            stdin=subprocess.DEVNULL,
        )
        return Said(done.returncode, done.stdout, done.stderr)

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """Start the real command, in a process group of its own."""
        return subprocess.Popen(
            [sys.executable, "-m", "snapline", *arguments],
            cwd=self.root,
            env=self.env(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def env(self) -> dict[str, str]:
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(self.user_home),
            "SNAPLINE_HOME": str(self.home),
            "LANG": "C.UTF-8",
            **{name: value for name, value in os.environ.items() if self.measured and name.startswith("COVERAGE_")},
            **self.environment,
        }

    def git(self, *arguments: str) -> str:
        return subprocess.run(
            ["git", "-c", "user.name=Ada", "-c", "user.email=ada@example.org", *arguments],
            cwd=self.root,
            env=self.env(),
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()

    def write(self, files: dict[str, str]) -> None:
        for name, text in files.items():
            path = self.root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)

    def commit(self, message: str) -> str:
        self.git("add", "-A")
        self.git("commit", "-qm", message)
        return self.git("rev-parse", "HEAD")


def toolchain() -> str:
    """The ``[env]`` lines that let checks find this interpreter and its pytest, wherever they live.

    Without the plugins that our own tests need, pytest starts four times as fast.
    """
    roots = sorted({sys.prefix, sys.base_prefix})
    return (
        f"toolchains = {json.dumps(roots)}\npath = {json.dumps([f'{sys.prefix}/bin'])}\n"
        'variables = { PYTEST_DISABLE_PLUGIN_AUTOLOAD = "1" }\n'
    )


MakeStage = Callable[[str], Stage]
