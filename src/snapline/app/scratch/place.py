"""A scratch folder: a repository with a state home of its own, and the commands that are run there."""

from __future__ import annotations

import os
import shlex
import sys
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import ClassVar

from snapline.app.project import Project
from snapline.app.readmodel import RunStatus, repository_runs
from snapline.app.running import Floor
from snapline.app.scratch.machine import Machine
from snapline.base.errors import EnvironmentFault, UsageFault
from snapline.base.ids import RunId
from snapline.repo.user import UserRepository
from snapline.sandbox import trusted
from snapline.sandbox.trusted import Ended, Shown

_PERSON = {"user.name": "You", "user.email": "you@localhost"}
_FOREIGN = ("GIT_", "PYTEST_", "SNAPLINE_")


class UnusableFolder(UsageFault):
    """A scratch repository cannot be made in that folder."""

    code = "unusable-folder"
    hint = "Name a folder that is empty or not there yet, outside of every repository."


class CommandFailed(EnvironmentFault):
    """A program that is needed did not do what it was asked for."""

    code = "command-failed"


@dataclass(frozen=True)
class Scratch:
    """One scratch folder, on the machine that it is on."""

    failure: ClassVar[type[CommandFailed]] = CommandFailed

    folder: Path
    machine: Machine

    @property
    def repository(self) -> Path:
        """The repository of the package."""
        return self.folder / "parcel"

    @property
    def home(self) -> Path:
        """Snapline's state home, for this folder alone."""
        return self.folder / "state"

    @property
    def agents(self) -> Path:
        """The scripts that the agents play."""
        return self.folder / "agents"

    @property
    def canary(self) -> Path:
        """A file that appears when something planted was run as the person."""
        return self.folder / "planted-program-ran"

    @property
    def variables(self) -> dict[str, str]:
        """What every agent finds in its environment."""
        return {"CANARY": str(self.canary)}

    @cached_property
    def environment(self) -> dict[str, str]:
        """The person's environment, with this state home, and without what leads git or pytest elsewhere."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(_FOREIGN)}
        return kept | {"SNAPLINE_HOME": str(self.home)}

    def write_scripts(self, scripts: Iterable[tuple[str, str]]) -> None:
        """Write what the agents play, by the agent's name."""
        for name, text in scripts:
            write(self.agents / f"{name}.json", text)

    def commit(self, files: Iterable[tuple[str, str]]) -> None:
        """Make the repository with its first commit, in the person's name where git knows one."""
        for path, text in files:
            write(self.repository / path, text)
        self.git("init", "--quiet", "--initial-branch=main")
        if not self._asked("config", "user.email").stdout:
            for key, value in _PERSON.items():
                self.git("config", key, value)
        self.git("add", "--all")
        self.git("commit", "--quiet", "--no-verify", "--no-gpg-sign", "-m", "A package that prices parcels")

    def ours(self, words: Sequence[str], shown: Shown) -> Ended:
        """Run one of Snapline's commands in the repository."""
        return trusted.run((sys.executable, "-P", "-m", "snapline", *words), self.repository, self.environment, shown)

    def git(self, *words: str, folder: Path | None = None) -> str:
        """What git prints in the repository, or in ``folder``; raises :class:`CommandFailed`."""
        done = self._asked(*words, folder=folder)
        if done.status:
            raise self.failure(f"`{shlex.join(('git', *words))}` exits {done.status}: {done.stderr.strip()}")
        return done.stdout.strip()

    def _asked(self, *words: str, folder: Path | None = None) -> Ended:
        return trusted.run(("git", *words), folder or self.repository, self.environment, Shown.NOTHING)

    def tip(self) -> str:
        """The commit that ``main`` is at."""
        return self.git("rev-parse", "refs/heads/main")

    @cached_property
    def floor(self) -> Floor:
        """What Snapline wrote down about this repository."""
        return Floor(Project(UserRepository.discover(self.repository), self.environment))

    def run_of(self, spec: str) -> RunStatus | None:
        """The latest run of a spec; None where it was never dispatched."""
        rows = repository_runs(self.floor.database, self.floor.project.id, spec)
        return self.floor.statuses([RunId(rows[-1].id)])[0] if rows else None


def choose_folder(named: Path | None, purpose: str = "demo") -> Path:
    """The folder to use, made where it is not there; a new temporary one unless ``named``.

    Raises :class:`UnusableFolder`.
    """
    folder = Path(named).absolute() if named else Path(tempfile.mkdtemp(prefix=f"snapline-{purpose}-"))
    around = next((one for one in (folder, *folder.parents) if (one / ".git").exists()), None)
    if around is not None:
        raise UnusableFolder(f"{folder} lies in the repository {around}")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise UnusableFolder(f"{folder} is not empty")
    except OSError as error:
        raise UnusableFolder(f"{folder} cannot be used: {error.strerror}") from error
    return folder.resolve()


def write(path: Path, text: str) -> None:
    """Write a file, and the folders that it needs."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
