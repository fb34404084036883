"""Tier T2: Linux namespaces, made by bubblewrap."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import msgspec

from snapline.base.errors import EnvironmentFault
from snapline.sandbox.policy import PLAIN_PATH, WORKSPACE, Command, Job, Limits, Mount, Probe, Shape, Tier
from snapline.sandbox.view import View, is_there

PROGRAM = "bwrap"
NAME = "bubblewrap"
MARK = "bwrap:"
"""How bubblewrap's own first argument begins in runs of ours."""
_SECONDS = 10
_WORKED = b"inside 2"
_TRIAL = 'echo "inside $$"'
_APPARMOR = Path("/proc/sys/kernel/apparmor_restrict_unprivileged_userns")
_CLONE = Path("/proc/sys/kernel/unprivileged_userns_clone")
_MANAGERS = {
    "apt-get": "sudo apt-get install bubblewrap",
    "dnf": "sudo dnf install bubblewrap",
    "zypper": "sudo zypper install bubblewrap",
    "pacman": "sudo pacman -S bubblewrap",
    "apk": "sudo apk add bubblewrap",
}


@dataclass(frozen=True)
class Bubblewrap:
    """Jobs in namespaces of their own: mounts, processes, network (unless asked for), IPC, host name, users.

    ``state`` are folders of ours that no job may see: the state home with its database and keys, above all.
    """

    state: tuple[Path, ...] = ()

    @property
    def tier(self) -> Tier:
        """T2."""
        return Tier.T2

    def prepare(self, job: Job, folder: Path) -> Command:
        """The bubblewrap call for ``job``, started in ``folder``; raises EnvironmentFault for what is not there."""
        program = shutil.which(PROGRAM)
        if program is None:
            raise EnvironmentFault("bubblewrap is not installed", hint=f"Install it: `{install_command()}`.")
        search_path = job.env.get("PATH") or _default_path(job)
        argv = (_found(job.argv[0], search_path), *job.argv[1:]) if job.shape is Shape.AGENT else job.argv
        for path in (*job.toolchains, *job.login, *(mount.source for mount in job.mounts)):
            if not is_there(Path(path).expanduser()):
                raise EnvironmentFault(f"{path} is to be seen in the sandbox, but does not exist")
        allowed = () if job.network else job.allowed
        env = {"PATH": search_path} | job.env
        if allowed:
            from snapline.sandbox.passage import variables  # noqa: PLC0415 - the other runs need not wait for it

            env |= variables(allowed)
        given = msgspec.structs.replace(job, env=env)
        options = View(given, self.state, search_path).options()
        return Command(program, argv, {}, str(folder), options, allowed=allowed)

    def workspace(self, _tree: Path) -> str:
        """Always ``/workspace``."""
        return WORKSPACE

    def inside(self, mount: Mount) -> str:
        """Where the mount says."""
        return mount.target


def probe() -> Probe:
    """Run bubblewrap in both shapes, with every option that jobs get."""
    program = shutil.which(PROGRAM)
    if program is None:
        return Probe(NAME, ok=False, detail="bubblewrap is not installed", hint=f"Install it: `{install_command()}`.")
    version = subprocess.run([program, "--version"], capture_output=True, text=True, check=False).stdout.strip()
    for shape in Shape:
        job = Job(("/bin/sh", "-c", _TRIAL), shape, Limits(_SECONDS), cwd="/", network=shape is Shape.AGENT)
        said = _try(program, job)
        if said is not None:
            return Probe(NAME, ok=False, detail=f"{version} does not run: {said}", hint=remedy(said))
    return Probe(NAME, ok=True, detail=f"{version} runs both sandboxes, of agents and of checks")


def install_command() -> str:
    """The command that installs bubblewrap on this machine."""
    found = (command for manager, command in _MANAGERS.items() if shutil.which(manager))
    return next(found, _MANAGERS["apt-get"])


def _try(program: str, job: Job) -> str | None:
    """What is wrong; None if it works."""
    options = View(job, (), PLAIN_PATH).options()
    try:
        done = subprocess.run(
            [program, *options, "--", *job.argv], env={}, capture_output=True, timeout=_SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return str(error)
    if done.returncode == 0 and done.stdout.strip() == _WORKED:
        return None
    return done.stderr.decode(errors="replace").strip() or f"it exits with status {done.returncode}"


def remedy(said: str) -> str:
    """What helps where the kernel refuses namespaces, by its settings and by what the refused program ``said``."""
    if _reads(_APPARMOR, "1"):
        return (
            "AppArmor keeps programs from making user namespaces. Give bubblewrap a profile: install the package "
            "`apparmor-profiles` and run `sudo ln -s /usr/share/apparmor/extra-profiles/bwrap-userns-restrict "
            "/etc/apparmor.d/ && sudo systemctl reload apparmor`."
        )
    if _reads(_CLONE, "0"):
        return "Allow user namespaces: `sudo sysctl -w kernel.unprivileged_userns_clone=1`."
    if "proc" in said or "ermission" in said or "ermitted" in said:
        return "In a container, allow namespaces: with Docker `--security-opt seccomp=unconfined --cap-add SYS_ADMIN`."
    return ""


def _reads(file: Path, value: str) -> bool:
    return file.exists() and file.read_text(encoding="ascii").strip() == value


def _default_path(job: Job) -> str:
    """An agent is found where its caller would find it."""
    return os.environ.get("PATH", PLAIN_PATH) if job.shape is Shape.AGENT else PLAIN_PATH


def _found(name: str, search_path: str) -> str:
    if "/" in name:
        return name
    place = shutil.which(name, path=search_path)
    if place is None:
        raise EnvironmentFault(f"`{name}` is not on the search path", hint=f"Looked in {search_path}.")
    return place
