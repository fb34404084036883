"""A repository with an approved spec, and real executors working on it in a state home of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from snapline.agents.command import shell_profile
from snapline.base import wire
from snapline.base.clock import SystemClock
from snapline.base.ids import Oid, RunId
from snapline.base.text import Source
from snapline.engine.dispatch import RunRequest, request_run
from snapline.engine.places import Places
from snapline.engine.settings import Backoff, Budgets, Lane, RunSettings
from snapline.plan.derive import plan
from snapline.repo.user import UserRepository
from snapline.review.approval import Approval
from snapline.spec.parser import parse
from snapline.spec.revision import revision
from snapline.store import ledger, views
from snapline.store.database import Database, open_database
from snapline.store.views import AttemptRow, RunRow, TaskRow

WORKER = Path(__file__).with_name("real_worker.py")
QUICK = Backoff(first=0.05, most=0.1)

SPEC = """\
# Task
Two files are missing.

# Goal
- G1: Both files are there.

# Constraints
- C1: Do not change: `README.md`

# Interfaces
- I1: new `one.txt`, `two.txt`

# Acceptance
- A1: `$ test "$(cat one.txt)" = one`
- A2: `$ test "$(cat two.txt)" = two`
- A3: `$ test -f README.md` (regression)

# Failure plan
- F1: Rollback: revert
"""
HONEST = "echo one > one.txt; echo two > two.txt"


@dataclass
class Scene:
    """One repository, one state home."""

    root: Path
    home: Path
    database: Database

    def git(self, *arguments: str) -> str:
        identity = ("-c", "user.name=Ada", "-c", "user.email=ada@example.org")
        done = subprocess.run(["git", *identity, *arguments], cwd=self.root, capture_output=True, text=True, check=True)
        return done.stdout.strip()

    def request(self, agent: str, text: str = SPEC, **settings: object) -> RunId:
        """Approve a spec as it stands and dispatch it."""
        path = self.root / "specs" / "pair.md"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
        self.git("add", "-A")
        self.git("commit", "-qm", "Ask for it")
        spec = parse(Source.from_bytes("specs/pair.md", path.read_bytes()))
        user = UserRepository.discover(self.root)
        base = Oid(self.git("rev-parse", "HEAD"))
        approval = Approval(
            spec=spec.id, revision=revision(spec), by="Ada", at="2026-11-22T17:30:00Z", base=base, target="main",
            path="specs/pair.md", text=text,
        )  # fmt: skip
        values = {
            "agent": "command",
            "agents": {"command": shell_profile(agent)},
            "backoff": QUICK,
            "lane": Lane(sandbox="auto"),
            "budgets": Budgets(wall=60, idle=30),
        }
        wanted = RunRequest(
            repository=user.register(),
            root=self.root,
            spec=spec.id,
            revision=approval.revision,
            target="main",
            base=base,
            priority=2,
            approval=wire.encode(approval),
            tasks=plan(spec).tasks,
            settings=RunSettings(**{**values, **settings}),  # type: ignore[arg-type] # fields by name
        )
        return request_run(self.database, wanted, SystemClock())

    def start(self, *runs: str, **env: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, str(WORKER), str(self.home), *runs],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
            env={**os.environ, **env},
        )

    def finish(self, process: subprocess.Popen[str], seconds: float = 60) -> str:
        try:
            said, _ = process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            said, _ = process.communicate()
            pytest.fail(f"the worker did not end:\n{said}")
        return said

    def execute(self, *runs: str, **env: str) -> str:
        """Execute until the runs are at rest; what was told."""
        process = self.start(*runs, **env)
        said = self.finish(process)
        assert process.returncode == 0, said
        return said

    def run(self, run: str) -> RunRow:
        with self.database.read() as connection:
            return views.run(connection, run)

    def tasks(self, run: str) -> tuple[TaskRow, ...]:
        with self.database.read() as connection:
            return views.tasks(connection, run_id=run)

    def attempts(self, run: str) -> tuple[AttemptRow, ...]:
        with self.database.read() as connection:
            return views.attempts(connection, run)

    def events(self, run: str) -> list[str]:
        with self.database.read() as connection:
            assert ledger.verify_chain(connection, run) is None
            return [event.kind for event in ledger.events(connection, stream=run)]


def make_scene(folder: Path) -> Scene:
    """A repository with one commit on ``main``, and an empty state home."""
    root = folder / "repository"
    root.mkdir()
    scene = Scene(root, folder / "home", open_database(Places(folder / "home").database))
    scene.git("init", "-q", "-b", "main")
    (root / "README.md").write_text("Read me.\n")
    scene.git("add", "-A")
    scene.git("commit", "-qm", "Begin")
    return scene
