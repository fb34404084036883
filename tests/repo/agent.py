"""An agent's side of the boundary: a workspace made by us, and its collection as the sandbox would run it."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path

from tests.repo.person import Person

from snapline.base.ids import Oid, TaskId
from snapline.repo import workspace
from snapline.repo.intake import Intake, Policy, collect_argv, take
from snapline.repo.seed import seed
from snapline.repo.vault import Vault

TASK = TaskId("retry-uploads/T1")


@dataclass(frozen=True)
class Agent(Person):
    """Works in a workspace."""

    vault: Vault
    base: Oid

    @property
    def env(self) -> dict[str, str]:
        return {key: value for key, value in super().env.items() if not key.startswith("GIT_AUTHOR")}

    def collect(self, *, check: bool = True) -> Path:
        """Run the collecting script in the workspace and return the bundle."""
        bundle = self.root.with_name("collected.bundle")
        with bundle.open("wb") as out:
            done = subprocess.run(
                collect_argv(self.base), cwd=self.root, env=self.env, stdout=out, stderr=subprocess.PIPE, check=False
            )
        if check and done.returncode:
            raise AssertionError(done.stderr.decode())
        return bundle

    def take(self, number: int = 1, policy: Policy | None = None) -> Intake:
        """Collect and take in, as the orchestrator does."""
        return take(self.vault, self.collect(), TASK, number, self.base, policy)


def start_agent(vault: Vault, base: Oid, folder: Path, home: Path) -> Agent:
    """A fresh workspace at ``base``."""
    place = workspace.make(seed(vault, "main", base, folder / "seeds"), base, folder / "ws" / "1")
    home.mkdir(exist_ok=True)
    return Agent(place, home, vault, base)
