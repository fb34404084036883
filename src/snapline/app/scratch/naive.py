"""A naive runner, as one would write it first: the agent works in a git worktree, and its tests' exit status counts."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from snapline.agents import scripted
from snapline.app.scratch.place import Scratch
from snapline.sandbox import trusted
from snapline.sandbox.trusted import Ended, Shown

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
class Work:
    """What an agent left in ``worktree``, and how it ended with which last words."""

    worktree: Path
    ended: Ended


@dataclass(frozen=True)
class NaiveRunner:
    """Runs agents in worktrees of a clone, so that what they plant there harms nothing but the clone."""

    scratch: Scratch
    variables: Mapping[str, str] = field(default_factory=dict)
    """Variables of its agents beside those that every agent of the scratch repository finds."""

    @property
    def clone(self) -> Path:
        """The naive runner's own clone."""
        return self.scratch.folder / "naive" / "parcel"

    def prepare(self) -> None:
        """Make the clone."""
        self.scratch.git("clone", "--quiet", "--no-hardlinks", str(self.scratch.repository), str(self.clone))

    def run(self, cheat: str) -> Believed:
        """Let one agent work, run the tests where it worked, and look at the repository as a person would."""
        scratch, worktree = self.scratch, self.let_work(cheat).worktree
        tests = trusted.run((sys.executable, *TESTS), worktree, self._tools(), Shown.NOTHING).status
        scratch.git("status", folder=worktree)
        commit = scratch.git("rev-parse", "HEAD", folder=worktree)
        believed = Believed(worktree, commit, tests, scratch.canary.exists())
        scratch.canary.unlink(missing_ok=True)
        return believed

    def let_work(self, name: str, *before: str) -> Work:
        """Let one agent work, and do no more. ``before`` are the words of a program around it."""
        worktree = self.clone.parent / name
        self.scratch.git("worktree", "add", "--quiet", "-b", name, str(worktree), folder=self.clone)
        argv = shlex.split(scripted.command(self.scratch.agents / f"{name}.json"))
        seat = {
            "SNAPLINE_ATTEMPT": f"{name}/T1#1",
            "SNAPLINE_PROMPT_FILE": str(worktree / "specs" / f"{name}.md"),
            **self.scratch.variables,
            **self.variables,
        }
        environment = self.scratch.environment | _IDENTITY | seat
        return Work(worktree, trusted.run((*before, *argv), worktree, environment, Shown.NOTHING))

    def _tools(self) -> dict[str, str]:
        """The environment that finds pytest: this interpreter's, or the one that set-up made."""
        made = (
            () if self.scratch.machine.has_pytest else self.scratch.home.glob("layers/*/tree/.venv/lib/*/site-packages")
        )
        plain = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}  # as the checks run it
        return self.scratch.environment | plain | {"PYTHONPATH": ":".join(str(one) for one in made)}
