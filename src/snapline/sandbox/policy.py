"""What a process of somebody else's may see and use, and how its run ended: the words of the sandbox floor."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import NamedTuple, Protocol

import msgspec

from snapline.base.ids import Digest
from snapline.base.wire import Wire

WORKSPACE = "/workspace"
"""Where a workspace or check tree appears at tier T2; jobs name it so at every tier."""
PLAIN_PATH = "/usr/local/bin:/usr/bin:/bin"
"""The search path of a job that brings none."""
MEBIBYTE = 1 << 20


class Tier(StrEnum):
    """The level of isolation: ``T0`` none, ``T2`` namespaces made by bubblewrap."""

    T0 = "T0"
    T2 = "T2"


class Shape(StrEnum):
    """Who is inside: an agent (network, login, private home) or a check (nothing of that)."""

    AGENT = "agent"
    CHECK = "check"


class Cause(StrEnum):
    """Why a run ended. Only ``EXIT`` and ``SIGNAL`` are the process's own doing."""

    EXIT = "exit"
    SIGNAL = "signal"
    WALL = "wall"
    IDLE = "idle"
    OUTPUT = "output"
    STOPPED = "stopped"
    LOST = "lost"
    NOT_STARTED = "not-started"


class Mount(Wire, frozen=True):
    """A host path that appears inside, read-only unless ``writable``. ``source`` and ``target`` are absolute."""

    source: str
    target: str
    writable: bool = False


class Limits(Wire, frozen=True):
    """What a run may use: seconds of ``wall`` time and of ``idle`` time, bytes of stored log and of output.

    *Idle* means: no output, and less than a twentieth of a processor used. More than ``output_kill`` bytes of output
    end the run; without it any amount is read and thrown away beyond ``log_bytes``. ``grace`` is the time between the
    polite and the forced end, in seconds.
    """

    wall: float
    idle: float | None = None
    log_bytes: int = MEBIBYTE
    output_kill: int | None = None
    grace: float = 2.0


class Reach(NamedTuple):
    """What a job reaches: with ``network`` what the host reaches, else the destinations in ``allowed``, or nothing."""

    network: bool
    allowed: tuple[str, ...] = ()

    def __str__(self) -> str:
        """In words that follow "network"."""
        return "on" if self.network else f"only {', '.join(self.allowed)}" if self.allowed else "none"


class Job(Wire, frozen=True):
    """One process to run: what, where, and what it may see.

    ``cwd`` and the targets of ``mounts`` are paths inside (``/workspace/...`` at every tier). ``tree`` is the host
    folder that appears, writable, as ``/workspace``; ``home`` the one that appears as the private home (none: an
    empty one that vanishes). ``toolchains`` are host folders shown read-only at their own path; ``login`` folders are
    shown writable, also in the private home where they lie in the person's. ``hide`` are further host paths that
    must not be seen. With ``network`` it shares the host's network; without, it has a loopback of its own, and through
    a proxy of ours it reaches the destinations in ``allowed``. With ``capture`` the raw standard output goes to the run
    folder's ``stdout`` and only standard error to the log.
    """

    argv: tuple[str, ...]
    shape: Shape
    limits: Limits
    env: dict[str, str] = msgspec.field(default_factory=dict)
    cwd: str = WORKSPACE
    tree: str | None = None
    home: str | None = None
    mounts: tuple[Mount, ...] = ()
    toolchains: tuple[str, ...] = ()
    login: tuple[str, ...] = ()
    hide: tuple[str, ...] = ()
    network: bool = False
    allowed: tuple[str, ...] = ()
    stdin: str | None = None
    capture: bool = False


class Exit(Wire, frozen=True):
    """How a run ended, as its shim (or whoever reaped it) recorded it.

    ``status`` is what a shell would show: 0-255, 128 + n for a signal; None if the process had no end of its own.
    Bubblewrap reports a signal only as 128 + n, so at T2 ``signal`` is None and the cause ``exit``. ``survivors``
    counts the processes that the main process left behind and that were killed; at T2 a main process that ends within
    milliseconds of its start may take them along uncounted. ``proved_empty`` says that the kernel showed the
    containment empty afterwards. ``log_digest`` is that of the stored log.
    """

    status: int | None
    signal: int | None
    cause: Cause
    seconds: float
    output_bytes: int
    logged_bytes: int
    log_digest: Digest
    containment: str
    survivors: int
    proved_empty: bool

    @property
    def ok(self) -> bool:
        """Whether the process itself ended with status 0."""
        return self.cause is Cause.EXIT and self.status == 0


class Command(Wire, frozen=True):
    """What the shim starts: a job made concrete by a sandbox.

    With ``options`` the program is bubblewrap, and they are handed to it on a file descriptor, so that no process
    inside sees host paths in its arguments. Without, the run gets a control group below ``group_root`` if there is
    one. ``placed`` are symbolic links (link, target) put into the tree for the time of the run. ``allowed`` are the
    destinations that a proxy beside bubblewrap lets through.
    """

    program: str
    argv: tuple[str, ...]
    env: dict[str, str]
    cwd: str
    options: tuple[str, ...] | None = None
    group_root: str | None = None
    placed: tuple[tuple[str, str], ...] = ()
    allowed: tuple[str, ...] = ()


class Probe(Wire, frozen=True):
    """What trying a mechanism out showed: whether it works, in words, and what to do if not."""

    name: str
    ok: bool
    detail: str
    hint: str = ""


class Sandbox(Protocol):
    """One way to isolate a job."""

    @property
    def tier(self) -> Tier:
        """How much it isolates."""

    def prepare(self, job: Job, folder: Path) -> Command:
        """Make ``job`` concrete, with ``folder`` as its run folder; raises EnvironmentFault for what is not there."""

    def workspace(self, tree: Path) -> str:
        """The path at which ``tree`` appears to the job."""

    def inside(self, mount: Mount) -> str:
        """The path at which ``mount`` appears to the job."""
