"""Where the demo takes place: a folder with a repository and a state home of its own, and the commands run there."""

from __future__ import annotations

import os
import shlex
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from snapline.app.demo.machine import Machine
from snapline.app.demo.material import Material, agent_tables
from snapline.app.demo.teller import Teller
from snapline.app.project import Project
from snapline.app.readmodel import RunStatus, repository_runs
from snapline.app.running import Floor
from snapline.base.errors import EnvironmentFault, UsageFault
from snapline.base.ids import RunId
from snapline.repo.user import UserRepository
from snapline.sandbox import trusted
from snapline.sandbox.trusted import Ended, Shown

_PERSON = {"user.name": "You", "user.email": "you@localhost"}


class UnusableFolder(UsageFault):
    """The demo cannot take place in that folder."""

    code = "unusable-folder"
    hint = "Name a folder that is empty or not there yet, outside of every repository."


class DemoCommandFailed(EnvironmentFault):
    """A program that the demo needs did not do what it was asked for."""

    code = "demo-command-failed"


@dataclass(frozen=True)
class Scene:
    """One demo's folder, whoever watches it, and what the machine and the material are."""

    folder: Path
    teller: Teller
    machine: Machine
    material: Material

    @property
    def repository(self) -> Path:
        """The repository of the package."""
        return self.folder / "parcel"

    @property
    def home(self) -> Path:
        """Snapline's state home, for this demo alone."""
        return self.folder / "state"

    @property
    def agents(self) -> Path:
        """The scripts that the agents play."""
        return self.folder / "agents"

    @property
    def canary(self) -> Path:
        """A file that appears when something planted was run as the person."""
        return self.folder / "planted-program-ran"

    @cached_property
    def environment(self) -> dict[str, str]:
        """The person's environment, with this demo's state home, and without what leads git or pytest elsewhere."""
        foreign = ("GIT_", "PYTEST_", "SNAPLINE_")
        kept = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
        return kept | {"SNAPLINE_HOME": str(self.home)}

    def lay_out(self) -> None:
        """Write the repository and the agents' scripts, and commit the repository."""
        for name, text in self.material.scripts():
            _write(self.agents / f"{name}.json", text)
        names = (name for name, _ in self.material.scripts())
        settings = {
            "ENV": self.machine.environment(),
            "SANDBOX": "" if self.machine.sandbox.ok else 'sandbox = "none"\n',
            "AGENTS": agent_tables(self.agents, names, {"CANARY": str(self.canary)}),
        }
        for path, text in self.material.repository(settings):
            _write(self.repository / path, text)
        self.git("init", "--quiet", "--initial-branch=main")
        if not self._asked("config", "user.email").stdout:
            for key, value in _PERSON.items():
                self.git("config", key, value)
        self.git("add", "--all")
        self.git("commit", "--quiet", "--no-verify", "--no-gpg-sign", "-m", "A package that prices parcels")

    def snapline(self, *words: str) -> Ended:
        """Run one of Snapline's commands in the repository, as a person types it."""
        self.teller.typed(shlex.join(("snapline", *words)))
        return self._ours(words, Shown.ALL if self.teller.shares else Shown.NOTHING)

    def snapline_briefly(self, *words: str, messages: bool = False) -> Ended:
        """The same, but of the result only the flush lines are shown, and progress only with ``messages``."""
        self.teller.typed(shlex.join(("snapline", *words)))
        ended = self._ours(words, Shown.MESSAGES if messages and self.teller.shares else Shown.NOTHING)
        brief = [line for line in ended.stdout.splitlines() if not line.startswith((" ", "Next:"))]
        self.teller.quote("\n".join(brief) or ended.stderr.strip())
        return ended

    def _ours(self, words: Sequence[str], shown: Shown) -> Ended:
        return trusted.run((sys.executable, "-P", "-m", "snapline", *words), self.repository, self.environment, shown)

    def git(self, *words: str, folder: Path | None = None) -> str:
        """What git prints in the repository, or in ``folder``; raises :class:`DemoCommandFailed`."""
        done = self._asked(*words, folder=folder)
        if done.status:
            raise DemoCommandFailed(f"`{shlex.join(('git', *words))}` exits {done.status}: {done.stderr.strip()}")
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


def choose_folder(named: Path | None) -> Path:
    """The folder of the demo, made where it is not there; raises :class:`UnusableFolder`."""
    folder = Path(named).absolute() if named else Path(tempfile.mkdtemp(prefix="snapline-demo-"))
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


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
