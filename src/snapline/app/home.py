"""The state home: where everything lives that is not in a repository. It has to be on a local file system."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Mapping
from pathlib import Path

from snapline.base.errors import EnvironmentFault
from snapline.engine.places import Places

_REMOTE = frozenset(
    {"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "ceph", "glusterfs", "lustre", "afs", "beegfs", "fuse.sshfs"}
)


class UnusableHome(EnvironmentFault):
    """The state home cannot be used."""

    code = "unusable-home"
    hint = "Set SNAPLINE_HOME to a folder of yours on a local disk, outside every repository."


class Home(Places):
    """The state home: how it is found, and made. What lies where in it is told by :class:`Places`."""

    @classmethod
    def locate(cls, environment: Mapping[str, str], user: int) -> Home:
        """Where the state home is: ``$SNAPLINE_HOME``, for root ``/var/lib/snapline``, else the XDG state folder."""
        if named := environment.get("SNAPLINE_HOME"):
            return cls(Path(named).absolute())
        if user == 0:
            return cls(Path("/var/lib/snapline"))
        state = environment.get("XDG_STATE_HOME") or Path(environment.get("HOME") or Path.home()) / ".local" / "state"
        return cls(Path(state).absolute() / "snapline")

    @property
    def root(self) -> Path:
        """The folder itself."""
        return self.home

    def repository(self, repo_id: str) -> Path:
        """The folder of one repository: its vault and seeds."""
        return self.vault(repo_id).parent

    def prepare(self) -> None:
        """Make the home, for its owner alone, and prove that it works; raises :class:`UnusableHome`."""
        try:
            self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
            _probe(self.root)
        except OSError as error:
            raise UnusableHome(f"the state home {self.root} cannot be used: {error.strerror or error}") from error
        kind = file_system(self.root, Path("/proc/self/mountinfo").read_text("utf-8", "surrogateescape"))
        if kind in _REMOTE:
            raise UnusableHome(f"the state home {self.root} is on a remote file system ({kind})")
        around = next((one for one in self.root.parents if (one / ".git").exists()), None)
        if around is not None:
            raise UnusableHome(
                f"the state home {self.root} lies inside the repository {around}: tools would climb out of a "
                "workspace into it"
            )


def _probe(root: Path) -> None:
    """Write, lock and rename a file, as everything below does."""
    draft = root / f".probe.{os.getpid()}"
    with draft.open("wb") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        stream.write(b"probe")
        stream.flush()
        os.fsync(stream.fileno())
    final = draft.with_suffix(".renamed")
    draft.rename(final)
    final.unlink()


def file_system(path: Path, mount_table: str) -> str:
    """The type of the file system that holds ``path``, from a table like ``/proc/self/mountinfo``."""
    best = (0, "unknown")
    for line in mount_table.splitlines():
        left, _, right = line.partition(" - ")
        point = left.split(" ")[4].encode("utf-8", "surrogateescape").decode("unicode_escape", "replace")
        if path.is_relative_to(point) and len(point) >= best[0]:
            best = (len(point), right.split(" ")[0])
    return best[1]
