"""What ``snapline lint`` said last time, given again while everything that it depends on is as it was.

A run over all specs of a repository is remembered whole: the bytes that it printed and its exit status, under a digest
of all that decided them: the command line, the folder, this program's own files, the settings, git's refs, and every
spec. Files count by their stamps, as in git's index; nothing is kept of a run in which one of them was so fresh that it
could change again without a new stamp, or in which the rest of the work tree was asked for.

Imports nothing dear: being quick is all that it is for.
"""

from __future__ import annotations

import hashlib
import os
import sys
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from snapline import __version__
from snapline.app.caching import SETTLED_NS, cache_home, stamp_of
from snapline.app.specfiles import spec_names

FORMAT = b"snapline-run-1"
MOST = 200
"""Runs that are remembered; the oldest makes room."""
MOST_BYTES = 8_000_000
"""Bytes of one that is remembered."""

_FLAGS = frozenset({"--json", "--strict", "--statistics"})
_VALUED = frozenset({"--format", "--select", "--ignore"})
_GIT = ("HEAD", "config", "config.worktree", "packed-refs", "shallow", "reftable/tables.list")
_SHELL_PATH = "/usr/local/bin:/usr/bin:/bin"
_PACKAGE = Path(__file__).parent.parent


class Run:
    """One command line in one folder, whose result may be remembered."""

    def __init__(self, facts: Sequence[bytes], repository: str, folder: Path, settled: int) -> None:
        self._facts = facts
        self._repository = repository
        self._folder = folder
        self._settled_before = time.time_ns() - settled
        self._newest = 0
        self.key = self._digest()

    def recall(self) -> tuple[int, bytes] | None:
        """The exit status and the output of the same run; None where it is not remembered, or damaged."""
        with suppress(OSError, ValueError):
            head, _, said = self._file.read_bytes().partition(b"\n")
            mark, status, digest = head.split(b" ")
            if mark == FORMAT and digest == _hash(said):
                return int(status), said
        return None

    def keep(self, status: int, said: bytes) -> None:
        """Remember the result, if nothing has changed since the run began, and nothing could have unseen."""
        if len(said) > MOST_BYTES or self._newest > self._settled_before or self._digest() != self.key:
            return
        draft = self._file.with_name(f"{self.key}.{os.getpid()}.tmp")
        with suppress(OSError):
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            draft.write_bytes(b" ".join((FORMAT, b"%d" % status, _hash(said))) + b"\n" + said)
            draft.replace(self._file)
            self._make_room()

    @property
    def _file(self) -> Path:
        return self._folder / self.key

    def _make_room(self) -> None:
        files = sorted(self._folder.iterdir(), key=lambda file: file.stat().st_mtime_ns)
        for file in files[: max(0, len(files) - MOST)]:
            file.unlink(missing_ok=True)

    def _digest(self) -> str:
        digest = hashlib.sha256(b"\0".join(self._facts))
        for name, stamp in _stamps(self._repository):
            digest.update(f"\0{name}\0{stamp}".encode("utf-8", "surrogateescape"))
            if stamp is not None:
                self._newest = max(self._newest, stamp[0], stamp[1])
        return digest.hexdigest()


def run_of(
    arguments: Sequence[str], environment: Mapping[str, str], manner: str, settled: int = SETTLED_NS
) -> Run | None:
    """The run that a command line means; None for all but a plain ``lint`` of a whole repository.

    ``manner`` is how it prints: with colour or not, in which encoding. ``settled``: for how many nanoseconds everything
    has to be unchanged before the result is remembered.
    """
    home = cache_home(environment)
    repository = _repository(os.getcwd()) if home and _is_plain(arguments) else None  # noqa: PTH109 - as below
    if home is None or repository is None:
        return None
    git = sorted(f"{name}={value}" for name, value in environment.items() if name.startswith("GIT_"))
    facts = (__version__, sys.version, manner, os.getcwd(), *arguments, *git)  # noqa: PTH109 - links are kept
    return Run([os.fsencode(fact) for fact in facts], repository, home / "runs", settled)


def _is_plain(arguments: Sequence[str]) -> bool:
    rest = iter(arguments[1:])
    for one in rest:
        if one in _VALUED:
            next(rest, None)
        elif one not in _FLAGS and one.partition("=")[0] not in _VALUED:
            return False
    return arguments[:1] == ["lint"]


def _repository(folder: str) -> str | None:
    """The work tree around a folder whose git folder lies in it, as git would find it; None for anything else."""
    folder = os.path.realpath(folder)
    while not os.path.lexists(f"{folder}/.git"):
        if folder == "/":
            return None
        folder = os.path.dirname(folder)  # noqa: PTH120 - plain strings, since nothing dear is imported
    whole = all(os.path.exists(f"{folder}/.git/{name}") for name in ("HEAD", "objects", "refs"))  # noqa: PTH110 - as above
    return folder if whole else None


def _stamps(root: str) -> Iterator[tuple[str, tuple[int, ...] | None]]:
    """Everything that is looked at, by name, with its stamp; None for what is not there."""
    names: list[str] = [f"{root}/snapline.toml", *(f"{root}/.git/{name}" for name in _GIT)]
    names += _files(f"{root}/.git/refs")
    names += (f"{root}/specs/{name}" for name in spec_names(Path(root, "specs")))
    names += (f"{place}/bash" for place in _SHELL_PATH.split(":"))
    names += (*_files(str(_PACKAGE), (".py", ".gitconfig")), *sys.path)
    return ((name, stamp_of(name)) for name in names)


def _files(folder: str, endings: tuple[str, ...] = ("",)) -> Iterable[str]:
    for here, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if name != "__pycache__")
        yield from sorted(f"{here}/{name}" for name in files if name.endswith(endings))


def _hash(said: bytes) -> bytes:
    return hashlib.sha256(said).hexdigest().encode()
