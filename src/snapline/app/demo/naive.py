"""A naive runner, as one would write it first: the agent works in a git worktree, and its tests' exit status counts."""

from __future__ import annotations

import shlex
import sys
from dataclasses import dataclass
from pathlib import Path

from snapline.agents import scripted
from snapline.app.demo.scene import Scene
from snapline.sandbox import trusted
from snapline.sandbox.trusted import Shown

_IDENTITY = {
    "GIT_AUTHOR_NAME": "Agent",
    "GIT_AUTHOR_EMAIL": "agent@localhost",
    "GIT_COMMITTER_NAME": "Agent",
    "GIT_COMMITTER_EMAIL": "agent@localhost",
}
TESTS = ("-m", "pytest", "-q", "-p", "no:cacheprovider")


@dataclass(frozen=True)
class Believed:
    """What came of a naive run: where it was, its tip, its tests' exit status, and whether a planted program ran."""

    worktree: Path
    commit: str
    tests: int
    planted_ran: bool

    @property
    def fooled(self) -> bool:
        """Whether green tests, or a program of the agent's that ran as the person, are what the agent got."""
        return self.tests == 0 or self.planted_ran


@dataclass(frozen=True)
class NaiveRunner:
    """Runs agents in worktrees of a clone, so that what they plant there harms nothing but the clone."""

    scene: Scene

    @property
    def clone(self) -> Path:
        """The naive runner's own clone."""
        return self.scene.folder / "naive" / "parcel"

    def prepare(self) -> None:
        """Make the clone."""
        self.scene.git("clone", "--quiet", "--no-hardlinks", str(self.scene.repository), str(self.clone))

    def run(self, cheat: str) -> Believed:
        """Let one agent work, run the tests where it worked, and look at the repository as a person would."""
        scene, worktree = self.scene, self.clone.parent / cheat
        scene.git("worktree", "add", "--quiet", "-b", cheat, str(worktree), folder=self.clone)
        self._work(cheat, worktree)
        tests = trusted.run((sys.executable, *TESTS), worktree, self._tools(), Shown.NOTHING).status
        scene.git("status", folder=worktree)
        believed = Believed(worktree, scene.git("rev-parse", "HEAD", folder=worktree), tests, scene.canary.exists())
        scene.canary.unlink(missing_ok=True)
        return believed

    def _work(self, cheat: str, worktree: Path) -> None:
        argv = shlex.split(scripted.command(self.scene.agents / f"{cheat}.json"))
        seat = {
            "SNAPLINE_ATTEMPT": f"{cheat}/T1#1",
            "SNAPLINE_PROMPT_FILE": str(worktree / "specs" / f"{cheat}.md"),
            "CANARY": str(self.scene.canary),
        }
        trusted.run(argv, worktree, self.scene.environment | _IDENTITY | seat, Shown.NOTHING)

    def _tools(self) -> dict[str, str]:
        """The environment that finds pytest: this interpreter's, or the one that set-up made."""
        made = () if self.scene.machine.has_pytest else self.scene.home.glob("layers/*/tree/.venv/lib/*/site-packages")
        plain = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}  # as the checks run it
        return self.scene.environment | plain | {"PYTHONPATH": ":".join(str(one) for one in made)}
