"""Builds the wheel and tries it in an environment that holds the runtime lock and nothing else."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CARRIED = (
    "py.typed",
    "repo/sealed.gitconfig",
    "repo/collect.sh",
    "agents/profiles/codex.toml",
    "app/demo/parcel.toml",
    "app/proving/attacks.toml",
)
SPEC = """\
# Task
The importer reads a file twice and nobody knows why.
# Goal
Each file is read once.
# Constraints
The order of the output must not change.
# Interfaces
The importer.
# Acceptance
An import of a large file takes half the time that it took.
# Failure plan
Revert the commit.
"""


def main() -> int:
    """Build, install, use; 1 with the reason when something is not as it must be."""
    with tempfile.TemporaryDirectory(prefix="snapline-package-") as name:
        folder = Path(name)
        wheel = _build(folder / "dist")
        lacking = [path for path in CARRIED if f"snapline/{path}" not in zipfile.ZipFile(wheel).namelist()]
        if lacking:
            print(f"the wheel lacks {', '.join(lacking)}")
            return 1
        _run(str(ROOT / "tools" / "environment"), str(folder / "venv"), str(ROOT / "requirements.lock"), cwd=folder)
        _run(str(ROOT / "tools" / "install"), str(folder / "venv"), str(wheel), cwd=folder)
        _use(folder)
    print("the wheel builds, installs and works")
    return 0


def _build(target: Path) -> Path:
    """The wheel, built from the source archive so that this is tried as well."""
    _run(sys.executable, "-m", "build", "--no-isolation", "--outdir", str(target), cwd=ROOT)
    return next(target.glob("*.whl"))


def _use(folder: Path) -> None:
    """What a newcomer does first, with the installed command."""
    snapline = str(folder / "venv" / "bin" / "snapline")
    repository = folder / "repository"
    (repository / "specs").mkdir(parents=True)
    (repository / "specs" / "read-once.md").write_text(SPEC)
    for command in (
        ("git", "init", "--quiet", "."),
        (snapline, "--version"),
        (snapline, "lint", "specs"),
        (snapline, "show", "read-once"),
        (snapline, "fmt", "read-once"),
        (snapline, "new", "another"),
    ):
        _run(*command, cwd=repository, SNAPLINE_HOME=str(folder / "state"))


def _run(*command: str, cwd: Path, **variables: str) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "COVERAGE"))}
    done = subprocess.run(
        command, cwd=cwd, env=environment | variables, capture_output=True, text=True, check=False, timeout=600
    )
    if done.returncode != 0:
        print(done.stdout + done.stderr, end="")
        raise SystemExit(f"`{' '.join(command)}` exits {done.returncode}")


if __name__ == "__main__":
    sys.exit(main())
