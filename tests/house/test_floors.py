"""The floors hold, and the contracts that guard them would notice: each is broken once, in a copy."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BROKEN = [
    ("spec/model.py", "import snapline.cli.main"),
    ("spec/model.py", "import markdown_it"),
    ("spec/parser.py", "import yaml"),
    ("lint/run.py", "import os"),
    ("plan/derive.py", "import snapline.base.clock"),
    ("repo/git.py", "import snapline.sandbox.policy"),
    ("agents/command.py", "import subprocess"),
    ("app/project.py", "import sqlalchemy"),
    ("verify/verdict.py", "import dbos"),
    ("app/project.py", "import click"),
    ("app/project.py", "import pygls"),
    ("cli/verbs.py", "import lsprotocol"),
    ("lsp/view.py", "import snapline.cli.verbs"),
    ("cli/verbs.py", "import snapline.lsp.view"),
]


def check(root: Path) -> subprocess.CompletedProcess[str]:
    """What import-linter says about the package below ``root``."""
    script = "from importlinter.cli import lint_imports_command as run; run()"
    return subprocess.run(
        [sys.executable, "-c", script, "--no-logo", "--no-cache", "--config", str(ROOT / "pyproject.toml")],
        cwd=root,
        env=os.environ | {"PYTHONPATH": str(root / "src"), "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_floors_hold() -> None:
    done = check(ROOT)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(("module", "statement"), BROKEN, ids=[f"{one[0]}: {one[1]}" for one in BROKEN])
def test_a_broken_floor_is_noticed(module: str, statement: str, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "src", tmp_path / "src", ignore=shutil.ignore_patterns("__pycache__"))
    path = tmp_path / "src" / "snapline" / module
    path.write_text(path.read_text("utf-8") + f"\n{statement}\n", "utf-8")
    done = check(tmp_path)
    assert done.returncode == 1
    assert "BROKEN" in done.stdout
    imported = statement.removeprefix("import ")
    assert imported in done.stdout
