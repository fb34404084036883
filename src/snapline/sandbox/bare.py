"""Tier T0: no isolation at all. Only where a person wrote ``sandbox = "none"``."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from snapline.base.errors import EnvironmentFault
from snapline.sandbox import groups
from snapline.sandbox.policy import PLAIN_PATH, WORKSPACE, Command, Job, Mount, Shape, Tier
from snapline.sandbox.view import login_in_home

HOME_FOLDER = "home"


class NoNetworkWall(EnvironmentFault):
    """An agent's network is to be closed, and nothing here can close it."""

    code = "no-network-wall"


@dataclass(frozen=True)
class Bare:
    """Jobs as plain processes, in place. What keeps to ``/workspace`` is led to the job's own tree.

    ``grouped``: they are held by control groups of their own where such can be made, else by their shim alone.
    """

    grouped: bool = True

    @property
    def tier(self) -> Tier:
        """T0."""
        return Tier.T0

    def prepare(self, job: Job, folder: Path) -> Command:
        """The plain command; a job without a home gets an empty one in ``folder``. An agent must be there.

        Raises :class:`NoNetworkWall` for a job that is to be held to listed hosts.
        """
        if job.allowed and not job.network:
            raise NoNetworkWall("at tier T0 there is no network namespace to hold a job to listed hosts by")
        home = Path(job.home) if job.home else folder / HOME_FOLDER
        home.mkdir(parents=True, exist_ok=True)
        cwd = self._led(job.cwd, job.tree)
        search_path = os.environ.get("PATH", PLAIN_PATH) if job.shape is Shape.AGENT else PLAIN_PATH
        defaults = {"PATH": search_path, "LANG": "C.UTF-8", "HOME": str(home), "PWD": cwd}
        env = defaults | job.env
        program = _found(job.argv[0], env["PATH"], cwd)
        if program is None and job.shape is Shape.AGENT:
            raise EnvironmentFault(f"`{job.argv[0]}` is not to be found", hint=f"Looked in {env['PATH']}.")
        root = groups.usable_root() if self.grouped else None
        return Command(program or job.argv[0], job.argv, env, cwd, None, root, self._placed(job, home))

    def workspace(self, tree: Path) -> str:
        """The tree's own path."""
        return str(tree)

    def inside(self, mount: Mount) -> str:
        """Its source: only mounts below the workspace are placed, as links."""
        return mount.source

    def _placed(self, job: Job, home: Path) -> tuple[tuple[str, str], ...]:
        links = [
            (self._led(mount.target, job.tree), mount.source)
            for mount in job.mounts
            if PurePosixPath(mount.target).is_relative_to(WORKSPACE)
        ]
        if job.shape is Shape.AGENT:
            links += [(str(home / relative), str(folder)) for folder, relative in login_in_home(job)]
        return tuple(links)

    @staticmethod
    def _led(path: str, tree: str | None) -> str:
        inside = PurePosixPath(path)
        if tree is None or not inside.is_relative_to(WORKSPACE):
            return "/" if inside == PurePosixPath(WORKSPACE) else path
        return str(PurePosixPath(tree) / inside.relative_to(WORKSPACE))


def _found(name: str, search_path: str, cwd: str) -> str | None:
    return shutil.which(str(Path(cwd, name)) if "/" in name else name, path=search_path)
