"""A real repository, vault, store and sandbox in a temporary folder; the check's Python is the one that runs us."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from snapline.base.ids import ClauseId, Oid
from snapline.base.text import Source
from snapline.repo.user import UserRepository
from snapline.repo.vault import Vault
from snapline.sandbox import bubblewrap
from snapline.sandbox.bubblewrap import Bubblewrap
from snapline.sandbox.environment import Environment
from snapline.sandbox.layers import Layers
from snapline.sandbox.policy import Sandbox
from snapline.spec import parser
from snapline.spec.model import Spec
from snapline.spec.revision import revision
from snapline.store.database import open_database
from snapline.store.evidence import EvidenceStore
from snapline.store.results import ResultStore
from snapline.verify.procedure import Verifier
from snapline.verify.report import CheckRow, ConstraintRow, CriterionRow, Report
from snapline.verify.subject import Bench, Subject

TOOLCHAINS = tuple(dict.fromkeys((sys.prefix, sys.base_prefix)))
PLAIN = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
"""Without the plugins that our own tests need, pytest starts four times as fast."""
GIT = {
    "GIT_AUTHOR_NAME": "Ada",
    "GIT_AUTHOR_EMAIL": "ada@example.org",
    "GIT_COMMITTER_NAME": "Ada",
    "GIT_COMMITTER_EMAIL": "ada@example.org",
    "GIT_CONFIG_NOSYSTEM": "1",
}
Files = Mapping[str, str | None]


@dataclass
class World:
    """One repository and everything to verify it with."""

    root: Path
    user: UserRepository
    bench: Bench

    def commit(self, files: Files, parent: Oid | None = None) -> Oid:
        """A commit that writes these files (None removes) on top of ``parent``, or of what is checked out."""
        if parent is not None:
            self.git("checkout", "-q", "--detach", "-f", parent)
            self.git("clean", "-qfdx")
        for path, text in files.items():
            place = self.root / path
            if text is None:
                place.unlink()
                continue
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(text, encoding="utf-8")
            if text.startswith("#!"):
                place.chmod(0o755)
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", "change")
        made = Oid(self.git("rev-parse", "HEAD"))
        self.bench.vault.fetch(self.user, made)
        return made

    def git(self, *args: str) -> str:
        """Git in the repository."""
        env = {**os.environ, **GIT, "HOME": str(self.root)}
        done = subprocess.run(["git", *args], cwd=self.root, env=env, capture_output=True, text=True, check=True)
        return done.stdout.strip()

    def subject(self, spec: Spec, base: Oid, commit: Oid, **more: Any) -> Subject:  # noqa: ANN401 - Subject's fields
        """A subject of verification, of a try of its own."""
        made = Subject(spec, revision(spec), base, commit, session=os.urandom(4).hex())
        return replace(made, **more)

    def verify(self, spec: Spec, base: Oid, commit: Oid, **more: Any) -> Report:  # noqa: ANN401 - Subject's fields
        """Verify one commit."""
        return Verifier(self.bench).verify(self.subject(spec, base, commit, **more))

    def with_environment(self, environment: Environment) -> World:
        """The same, with another environment."""
        return World(self.root, self.user, replace(self.bench, environment=environment))


def make_world(folder: Path, sandbox: Sandbox | None = None) -> World:
    """An empty repository with everything around it; T2 unless a sandbox is given."""
    root = folder / "repository"
    root.mkdir(parents=True)
    subprocess.run(["git", "init", "-q", "-b", "main", str(root)], check=True)
    env = {**os.environ, **GIT}
    subprocess.run(["git", "-C", str(root), "commit", "-q", "--allow-empty", "-m", "start"], env=env, check=True)
    user = UserRepository.discover(root)
    home = folder / "state"
    home.mkdir()
    chosen = sandbox or Bubblewrap((home,))
    return World(
        root,
        user,
        Bench(
            vault=Vault.open(home / "vault.git", user),
            sandbox=chosen,
            layers=Layers(home / "layers", chosen),
            results=ResultStore(open_database(home / "state.db")),
            evidence=EvidenceStore(home / "evidence"),
            folder=home / "checks",
            environment=Environment(toolchains=TOOLCHAINS, variables=PLAIN),
        ),
    )


def sandboxed(folder: Path) -> World:
    """A world at tier T2; skips loudly where that does not run, and fails in CI."""
    probe = bubblewrap.probe()
    if not probe.ok:
        if os.environ.get("CI"):
            pytest.fail(f"bubblewrap must work in CI: {probe.detail}")
        pytest.skip(f"tier T2 does not run here: {probe.detail} {probe.hint}")
    return make_world(folder)


def spec_of(acceptance: str, constraints: str = "- C1: Keep it small.", interfaces: str = "- I1: None.") -> Spec:
    """A spec with these clauses."""
    text = f"""# Task

The calculator computes wrong sums and people notice it.

# Goal

- G1: Sums are right.

# Constraints

{constraints}

# Interfaces

{interfaces}

# Acceptance

{acceptance}

# Failure plan

- F1: Rollback: revert
"""
    return parser.parse(Source.from_bytes("specs/sums.md", text.encode()))


def criterion(report: Report, clause: str = "A1") -> CriterionRow:
    """The row of a criterion."""
    return next(row for row in report.verdicts if row.id == ClauseId(clause))


def check(report: Report, clause: str = "A1", number: int = 0) -> CheckRow:
    """The row of one check."""
    return criterion(report, clause).checks[number]


def constraint(report: Report, clause: str) -> ConstraintRow:
    """The row of a constraint."""
    return next(row for row in report.constraints if row.id == clause)
