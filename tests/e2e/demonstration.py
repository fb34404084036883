"""A demo that was run, and what git, SQLite and the files that it left say. Imports nothing of Snapline."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest

COUNTED = """
import ctypes, json, os, resource, subprocess, sys
ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)  # orphans are handed to us, so that their time is counted as well
child = subprocess.Popen(sys.argv[2:])
while True:
    try:
        pid, status = os.wait()
    except ChildProcessError:
        break
    if pid == child.pid:
        child.returncode = os.waitstatus_to_exitcode(status)
spent = resource.getrusage(resource.RUSAGE_CHILDREN)
with open(sys.argv[1], "w") as file:
    json.dump(spent.ru_utime + spent.ru_stime, file)
sys.exit(child.returncode)
"""


@dataclass(frozen=True)
class Demonstration:
    """One run of ``snapline demo --json``: how it ended, its document, its messages, and its processor time."""

    status: int
    document: dict[str, Any]
    messages: str
    cpu_seconds: float
    folder: Path
    user_home: Path
    left: tuple[str, ...]
    """What the person found afterwards: the names in their home and in the demo's folder."""

    @cached_property
    def facts(self) -> dict[str, dict[str, Any]]:
        return {step["name"]: step["facts"] for step in self.document["steps"]}

    @property
    def repository(self) -> Path:
        return Path(self.document["repository"])

    @property
    def home(self) -> Path:
        return Path(self.document["home"])

    @property
    def vault(self) -> Path:
        return next(self.home.glob("repos/*/vault.git"))

    def git(self, *words: str, folder: Path | None = None) -> str:
        return subprocess.run(
            ["git", *words], cwd=folder or self.repository, env=plain_env(self.user_home), capture_output=True,
            text=True, check=True,
        ).stdout.strip()  # fmt: skip

    def has(self, commit: str, folder: Path) -> bool:
        asked = subprocess.run(["git", "cat-file", "-e", commit], cwd=folder, capture_output=True, check=False)
        return asked.returncode == 0

    def rows(self, query: str, *values: object) -> list[sqlite3.Row]:
        with sqlite3.connect(f"file:{self.home / 'state.db'}?mode=ro", uri=True) as database:
            database.row_factory = sqlite3.Row
            return database.execute(query, values).fetchall()

    def attempt(self, task: str, number: int) -> sqlite3.Row:
        (row,) = self.rows("select * from attempts where task = ? and number = ?", task, number)
        return row

    def evidence(self, digest: str) -> bytes:
        """A piece of evidence, which has to be what its name says."""
        (path,) = self.home.glob(f"evidence/*/{digest}.*")
        content = path.read_bytes()
        assert hashlib.sha256(content).hexdigest() == digest
        return content

    def verdicts(self, report: str) -> dict[str, str]:
        """The verdicts of a report, each of which has its evidence."""
        found = json.loads(self.evidence(report))["verdicts"]
        for row in found:
            for check in row["checks"]:
                assert check["evidence"] or row["verdict"] == "could-not-run", row
                assert all(self.evidence(digest) for digest in check["evidence"])
        return {row["id"]: row["verdict"] for row in found}

    def approvals(self, spec: str) -> list[dict[str, Any]]:
        """The approvals of a spec in the records of the repository, each named by its content."""
        names = self.git("ls-tree", "-r", "--name-only", "refs/snapline/records").splitlines()
        found = []
        for name in (one for one in names if one.startswith(f"approvals/{spec}/")):
            text = subprocess.run(
                ["git", "cat-file", "blob", f"refs/snapline/records:{name}"], cwd=self.repository, capture_output=True,
                check=True,
            ).stdout  # fmt: skip
            assert hashlib.sha256(text).hexdigest() == name.rpartition("/")[2]
            found.append(json.loads(text))
        return found

    def checkout(self, commit: str, folder: Path) -> Path:
        """The files of a commit, in ``folder``."""
        if not folder.exists():
            self.git("clone", "--quiet", "--no-checkout", str(self.repository), str(folder))
            self.git("checkout", "--quiet", commit, folder=folder)
        return folder

    def python(self, *words: str, folder: Path) -> subprocess.CompletedProcess[str]:
        plain = {"PYTHONDONTWRITEBYTECODE": "1", "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
        env = plain_env(self.user_home) | plain | {"PYTHONPATH": str(folder / "src")}
        return subprocess.run(
            [sys.executable, *words], cwd=folder, env=env, capture_output=True, text=True, check=False
        )

    def tests(self, folder: Path, *words: str) -> int:
        return self.python("-m", "pytest", "-q", "-p", "no:cacheprovider", *words, folder=folder).returncode


def told_once(place: Path, make: Callable[[Path], object]) -> dict[str, Any]:
    """The fields of what ``make`` makes in ``place``: by the first process of the tests that asks, read by all."""
    place.mkdir(exist_ok=True)
    told = place / "told.json"
    with (place / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not told.exists():
            told.write_text(json.dumps(asdict(make(place)), default=str))  # type: ignore[call-overload] # a dataclass
    fields: dict[str, Any] = json.loads(told.read_text())
    return fields


def common(temporary: pytest.TempPathFactory) -> Path:
    """A folder that all processes of this run of the tests share."""
    own = temporary.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


def performed_once(place: Path, make: Callable[[Path], Demonstration]) -> Demonstration:
    """The demo that ``make`` runs in ``place``, once for all processes of the tests."""
    fields = told_once(place, make)
    places = {name: Path(fields[name]) for name in ("folder", "user_home")}
    return Demonstration(**(fields | places | {"left": tuple(fields["left"])}))


def perform(place: Path, path: str = os.environ["PATH"], **variables: str) -> Demonstration:
    """Run the demo in a new folder of ``place``, with an empty home, from an empty folder.

    It is measured for coverage unless a variable or another path makes it one more of its kind.
    """
    user_home, elsewhere, spent = place / "person", place / "elsewhere", place / "cpu.json"
    for folder in (user_home, elsewhere):
        folder.mkdir(parents=True)
    measured = path == os.environ["PATH"] and not variables
    coverage = {name: value for name, value in os.environ.items() if measured and name.startswith("COVERAGE_")}
    command = (sys.executable, "-m", "snapline", "demo", str(place / "demo"), "--json")
    done = subprocess.run(
        [sys.executable, "-c", COUNTED, str(spent), *command],
        cwd=elsewhere,
        env=plain_env(user_home) | coverage | {"PATH": path} | variables,
        capture_output=True,
        text=True,
        timeout=500,
        check=False,
    )
    assert not list(elsewhere.iterdir())
    document = json.loads(done.stdout)
    left = tuple(sorted(one.name for folder in (user_home, place / "demo") for one in folder.iterdir()))
    cpu_seconds = json.loads(spent.read_text())
    return Demonstration(done.returncode, document, done.stderr, cpu_seconds, place / "demo", user_home, left)


def path_without(program: str, folder: Path) -> str:
    """A search path that finds all that ours does but one program; made in ``folder``."""
    folder.mkdir(parents=True)
    for place in reversed(os.environ["PATH"].split(os.pathsep)):
        for one in Path(place).glob("*"):
            link = folder / one.name
            link.unlink(missing_ok=True)
            link.symlink_to(one)
    (folder / program).unlink(missing_ok=True)
    return str(folder)


def plain_env(user_home: Path) -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "HOME": str(user_home), "LANG": "C.UTF-8"}
