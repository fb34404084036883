"""What of the host a sandboxed process sees: bubblewrap's options for the two shapes.

A fresh root in memory; the host's top-level folders read-only in it; then what is hidden; then, on top, what a job
brings: its program, toolchains, login folders, its private home, its tree at ``/workspace``, and mounts. In the end
everything that was made in memory, temporary folders and an empty home aside, is sealed read-only.
"""

from __future__ import annotations

import os
import pwd
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from snapline.sandbox import executable
from snapline.sandbox.policy import PLAIN_PATH, WORKSPACE, Job, Shape

HOMES = {Shape.AGENT: "/home/agent", Shape.CHECK: "/home/check"}
"""The private home inside. Not under /tmp, where some agents refuse to live."""
_MADE = frozenset({"proc", "dev", "workspace"})
_HIDDEN = ("/home", "/root", "/tmp", "/var/tmp", "/run")  # noqa: S108 - hidden, not used
_TEMPORARY = frozenset({"/tmp", "/var/tmp"})  # noqa: S108 - fresh ones inside
_SECRET_FILES = ("/etc/shadow", "/etc/shadow-", "/etc/gshadow", "/etc/gshadow-", "/etc/krb5.keytab")
_SECRETS_IN_PREFIX = (".netrc", ".npmrc", ".pypirc", "credentials", "credentials.toml")
_RESOLVER = Path("/etc/resolv.conf")


def person_home() -> Path:
    """The home of the user that we run as, as the user database says (HOME can be set to anything)."""
    return Path(pwd.getpwuid(os.getuid()).pw_dir)


def login_in_home(job: Job) -> tuple[tuple[Path, Path], ...]:
    """Login folders that lie in the person's home, each with its path relative to it."""
    homes = (Path(os.environ.get("HOME", person_home())), person_home())
    pairs = []
    for folder in (Path(folder).expanduser() for folder in job.login):
        home = next((home for home in homes if home in folder.parents), None)
        pairs += [] if home is None else [(folder, folder.relative_to(home))]
    return tuple(pairs)


@dataclass(frozen=True)
class View:
    """What one job sees. ``state`` are our own folders, hidden from every job; ``search_path`` finds programs."""

    job: Job
    state: tuple[Path, ...]
    search_path: str

    def options(self) -> tuple[str, ...]:
        """Everything that bubblewrap is told, but the command line."""
        return (
            *self._walls(),
            *self._host(),
            *self._hiding(),
            *self._mounts(temporary=True),
            *(self._resolver() if self.job.network else ()),
            *self._needed(),
            *self._own(),
            *self._sealing(),
            *self._environment(),
            *("--chdir", self.job.cwd),
        )

    @cached_property
    def hidden(self) -> tuple[Path, ...]:
        """Every folder and file of the host that the job must not see, parents before children."""
        named: list[str | Path] = [
            *_HIDDEN,
            person_home(),
            os.environ.get("HOME", "/root"),
            *self.state,
            *self.job.hide,
        ]
        places = {Path(place).resolve() for place in named}
        return tuple(sorted(place for place in places if is_there(place) and place != Path("/")))

    @cached_property
    def _covered(self) -> tuple[Path, ...]:
        """The topmost of the hidden places."""
        return tuple(place for place in self.hidden if not any(above in place.parents for above in self.hidden))

    def _walls(self) -> Iterator[str]:
        yield from ("--unshare-all", "--die-with-parent", "--new-session", "--cap-drop", "ALL")
        if self.job.network:
            yield "--share-net"

    def _host(self) -> Iterator[str]:
        yield from ("--tmpfs", "/")
        for entry in sorted(Path("/").iterdir()):
            if entry.name in _MADE:
                continue
            if entry.is_symlink():
                yield from ("--symlink", str(entry.readlink()), str(entry))
            elif entry.is_dir():
                # Another program may have made it a moment ago, and take it away a moment later.
                yield from ("--ro-bind-try", str(entry), str(entry))
        # Settings of the kernel belong to root by its number alone: started by root, a job without any capability
        # could write them, and so have the kernel run a program outside (core_pattern).
        yield from ("--proc", "/proc", "--ro-bind", "/proc/sys", "/proc/sys", "--dev", "/dev")

    def _hiding(self) -> Iterator[str]:
        for place in self._covered:
            yield from _hide(place)
        for file in map(Path, _SECRET_FILES):
            if is_there(file):
                yield from _hide(file)

    def _resolver(self) -> Iterator[str]:
        """Name resolution often points into /run, which is hidden."""
        real = _RESOLVER.resolve()
        if real != _RESOLVER and real.is_file():
            yield from ("--ro-bind", str(real), str(real))

    def _needed(self) -> Iterator[str]:
        """Toolchains; for an agent also the program behind its command line, and its login folders."""
        shown: list[Path] = []
        for toolchain in self.job.toolchains:
            yield from self._shown(Path(toolchain).expanduser(), shown)
        if self.job.shape is Shape.AGENT:
            for program in executable.programs(self.job.argv, self.search_path):
                yield from self._program(program, shown)
            for folder in self.job.login:
                place = Path(folder).expanduser()
                yield from ("--bind", str(place), str(place), *self._hidden_below(place))

    def _program(self, program: Path, shown: list[Path]) -> Iterator[str]:
        for step in executable.chain(program, self.search_path):
            folder = executable.prefix(step)
            if folder is not None and not self._is_broad(folder):
                yield from self._shown(folder, shown)
            elif not step.is_symlink():
                yield from self._shown(step, shown)
            elif _lies_in(step, self.hidden) and not _lies_in(step, shown):
                shown.append(step)
                yield from ("--symlink", str(step.readlink()), str(step))

    def _shown(self, path: Path, shown: list[Path]) -> Iterator[str]:
        """A path read-only at its own place, if it would be hidden, without the secrets known to lie in such places."""
        if not _lies_in(path, self.hidden) or _lies_in(path, shown):
            return
        shown.append(path)
        yield from ("--ro-bind", str(path), str(path), *self._hidden_below(path))
        for name in _SECRETS_IN_PREFIX:
            if is_there(path / name):
                yield from _hide(path / name)

    def _hidden_below(self, path: Path) -> Iterator[str]:
        for place in self.hidden:
            if path in place.parents:
                yield from _hide(place)

    def _is_broad(self, folder: Path) -> bool:
        """A folder that holds more than one program's own files: a home, ``~/.local``, or one with hidden places."""
        return folder.name == ".local" or any(place == folder or folder in place.parents for place in self.hidden)

    def _own(self) -> Iterator[str]:
        job = self.job
        home = HOMES[job.shape]
        yield from ("--bind", job.home, home) if job.home else ("--tmpfs", home)
        if job.shape is Shape.AGENT:
            for folder, relative in login_in_home(job):
                yield from ("--bind", str(folder), f"{home}/{relative}")
        yield from ("--bind", job.tree, WORKSPACE) if job.tree else ("--dir", WORKSPACE)
        yield from self._mounts(temporary=False)

    def _mounts(self, *, temporary: bool) -> Iterator[str]:
        """The job's mounts, outer ones first; a temporary folder comes before what is shown of the host's own."""
        for mount in sorted(self.job.mounts, key=lambda mount: len(Path(mount.target).parts)):
            if (mount.target in _TEMPORARY) is temporary:
                yield from ("--bind" if mount.writable else "--ro-bind", mount.source, mount.target)

    def _sealing(self) -> Iterator[str]:
        for place in self._covered:
            if place.is_dir() and str(place) not in _TEMPORARY:
                yield from ("--remount-ro", str(place))
        yield from ("--remount-ro", "/")

    def _environment(self) -> Iterator[str]:
        job = self.job
        defaults = {"PATH": PLAIN_PATH, "LANG": "C.UTF-8", "HOME": HOMES[job.shape], "PWD": job.cwd}
        for name, value in (defaults | job.env).items():
            yield from ("--setenv", name, value)


def is_there(path: Path) -> bool:
    """Whether this user reaches the path: what it does not reach, its jobs do not see either."""
    return os.access(path, os.F_OK)


def _hide(place: Path) -> tuple[str, ...]:
    return ("--tmpfs", str(place)) if place.is_dir() else ("--ro-bind", os.devnull, str(place))


def _lies_in(path: Path, places: tuple[Path, ...] | list[Path]) -> bool:
    return any(path.is_relative_to(place) for place in places)
