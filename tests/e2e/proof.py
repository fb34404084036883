"""A proof that was run, and what git, SQLite and the files that it left say. Imports nothing of Snapline."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from tests.e2e.demonstration import COUNTED, plain_env, told_once

LANES = """
[lanes.open]
sandbox = "none"

[lanes.logged]
login = ["~/.tool"]

[lanes.strict]
tier = "T2"
"""
REAL = "THE REAL PERSON'S TOKEN"


@dataclass(frozen=True)
class Proof:
    """One run of ``snapline prove --json``: how it ended, what it printed, its processor time, and what it left."""

    status: int
    document: dict[str, Any]
    messages: str
    cpu_seconds: float
    temporary: Path
    person: Path
    left: tuple[str, ...]
    """The files in the person's home and repository that were not there before, or are not as they were."""

    @property
    def rows(self) -> dict[str, dict[str, Any]]:
        return {row["name"]: row for row in self.document["rows"]}

    @property
    def standings(self) -> dict[str, str]:
        return {name: row["standing"] for name, row in self.rows.items()}

    @property
    def folder(self) -> Path:
        return Path(self.document["folder"])

    @property
    def repository(self) -> Path:
        return self.folder / "parcel"

    @property
    def home(self) -> Path:
        return self.folder / "state"

    @property
    def vault(self) -> Path:
        return next(self.home.glob("repos/*/vault.git"))

    @cached_property
    def variables(self) -> dict[str, str]:
        """What the agents were told, as the scratch repository's own settings have it."""
        settings = tomllib.loads((self.repository / "snapline.toml").read_text())
        found: dict[str, str] = settings["agents"]["reach"]["env"]
        return found

    def git(self, *words: str, folder: Path | None = None) -> str:
        return subprocess.run(
            ["git", *words], cwd=folder or self.repository, env=plain_env(self.person), capture_output=True, text=True,
            check=True,
        ).stdout.strip()  # fmt: skip

    def rows_of(self, query: str, *values: object) -> list[sqlite3.Row]:
        with sqlite3.connect(f"file:{self.home / 'state.db'}?mode=ro", uri=True) as database:
            database.row_factory = sqlite3.Row
            return database.execute(query, values).fetchall()

    def verdicts(self, attack: str) -> dict[str, str]:
        (row,) = self.rows_of("select * from attempts where task = ?", f"{attack}/T1")
        (path,) = self.home.glob(f"evidence/*/{row['report']}.*")
        return {one["id"]: one["verdict"] for one in json.loads(path.read_bytes())["verdicts"]}


def prove(place: Path, *words: str, path: str = os.environ["PATH"], **variables: str) -> Proof:
    """Run a proof as somebody with a home, in a repository with lanes, both of which have to stay as they are.

    It is measured for coverage unless variables or another path make it one more of its kind.
    """
    person, here, temporary, spent = (place / name for name in ("person", "here", "tmp", "cpu.json"))
    for folder in (person / ".tool", here, temporary):
        folder.mkdir(parents=True)
    (person / ".tool" / "token").write_text(REAL)
    (here / "snapline.toml").write_text(LANES)
    subprocess.run(["git", "init", "-q", str(here)], check=True, env=plain_env(person))
    before = _content(person) | _content(here)
    measured = path == os.environ["PATH"] and not variables
    coverage = {name: value for name, value in os.environ.items() if measured and name.startswith("COVERAGE_")}
    command = (sys.executable, "-m", "snapline", "prove", *words, "--json")
    done = subprocess.run(
        [sys.executable, "-c", COUNTED, str(spent), *command],
        cwd=here,
        env=plain_env(person) | coverage | {"PATH": path, "TMPDIR": str(temporary)} | variables,
        capture_output=True,
        text=True,
        timeout=500,
        check=False,
    )
    after = _content(person) | _content(here)
    left = tuple(sorted(name for name in before | after if before.get(name) != after.get(name)))
    return Proof(
        done.returncode, json.loads(done.stdout), done.stderr, json.loads(spent.read_text()), temporary, person, left
    )


def proved_once(place: Path, make: Callable[[Path], Proof]) -> Proof:
    """The proof that ``make`` runs in ``place``, once for all processes of the tests."""
    fields = told_once(place, make)
    places = {name: Path(fields[name]) for name in ("temporary", "person")}
    return Proof(**(fields | places | {"left": tuple(fields["left"])}))


def _content(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
