"""A repository to stand in, and the command line as a process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from tests.cli.published import check_document

PROSE = """\
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


@dataclass(frozen=True)
class Said:
    """How a command ended and what it said."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:  # noqa: ANN401 - a JSON document
        """The one document on stdout."""
        return json.loads(self.out)


@dataclass(frozen=True)
class Person:
    """Somebody at a shell in a repository, with a state home of the test's own."""

    folder: Path
    home: Path

    @property
    def command(self) -> tuple[str, ...]:
        """How the program is started."""
        return (sys.executable, "-m", "snapline")

    @property
    def environment(self) -> dict[str, str]:
        """What the program sees."""
        return os.environ | {"SNAPLINE_HOME": str(self.home), "NO_COLOR": "1"}

    def git(self, *arguments: str, cwd: Path | None = None) -> str:
        """Run git with an identity and return what it prints."""
        identity = ("-c", "user.name=Ann", "-c", "user.email=ann@example.org")
        done = subprocess.run(
            ["git", *identity, *arguments], cwd=cwd or self.folder, capture_output=True, text=True, check=True
        )
        return done.stdout

    def snapline(self, *arguments: str, cwd: Path | None = None) -> Said:
        """Run a command line to its end."""
        done = subprocess.run(
            [*self.command, *arguments],
            cwd=cwd or self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if "--json" in arguments:
            check_document(arguments, json.loads(done.stdout))
        return Said(done.returncode, done.stdout, done.stderr)

    def write(self, path: str, text: str) -> Path:
        """Write a file of the repository."""
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
        return file


@pytest.fixture
def person(tmp_path: Path) -> Person:
    """Somebody in a fresh repository with one commit."""
    one = Person(tmp_path / "repository", tmp_path / "home")
    one.folder.mkdir()
    one.git("init", "--quiet", "-b", "main")
    one.write("src/importer.py", "def read():\n    return 1\n")
    one.git("add", "-A")
    one.git("commit", "--quiet", "-m", "First")
    return one


@pytest.fixture
def at_shell(tmp_path: Path) -> Callable[[str], Person]:
    """Makes somebody in a folder that is no repository."""

    def make(name: str) -> Person:
        folder = tmp_path / name
        folder.mkdir()
        return Person(folder, tmp_path / "home")

    return make
