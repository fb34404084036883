"""Layers: built environments, made once per set-up and inputs, mounted read-only where checks run.

A layer is built where it stays: the base tree is moved into the layer's folder, set-up runs in it, everything but the
outputs is removed, and the layer is published by renaming its record into place. So what set-up wrote down about its
own path stays true: at tier T2 that path is ``/workspace`` everywhere, below it the layer's own folder.
"""

from __future__ import annotations

import fcntl
import os
import platform
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import msgspec

from snapline.base import digest, wire
from snapline.base.ids import Digest, Oid
from snapline.base.plain import plain
from snapline.base.wire import Wire
from snapline.sandbox import process, shim
from snapline.sandbox.environment import Environment, variables
from snapline.sandbox.policy import WORKSPACE, Cause, Exit, Job, Limits, Mount, Sandbox, Shape

SETUP_LIMITS = Limits(wall=1800.0, idle=600.0)
_TREE, _RECORD, _ORIGIN = "tree", "layer.json", "built-by"
_EXCERPT_BYTES = 4096
_FORMAT = 1
_RELEASE = Path("/etc/os-release")
_STRICT = ("bash", "--noprofile", "--norc", "-eo", "pipefail", "-c")


class Layer(Wire, frozen=True):
    """A built environment: its key, the host folder that holds its ``outputs``, and their relative paths."""

    key: Digest
    folder: str
    outputs: tuple[str, ...]


class LayerFault(Wire, frozen=True):
    """Why no layer came of it: the command that failed, what happened, and the end of its log."""

    command: str
    message: str
    excerpt: str


@dataclass(frozen=True)
class Layers:
    """The layers below ``root``, built by jobs in ``sandbox``."""

    root: Path
    sandbox: Sandbox
    limits: Limits = SETUP_LIMITS

    def key(self, environment: Environment, input_blobs: Mapping[str, Oid]) -> Digest:
        """The layer's key: what set-up says, the blobs it reads, tier, user, machine and toolchains."""
        release = _RELEASE.read_bytes() if _RELEASE.exists() else b""
        toolchains = [str(Path(folder).expanduser().resolve()) for folder in environment.toolchains]
        return digest.of_value(
            {
                "format": _FORMAT,
                "setup": environment.setup,
                "outputs": environment.outputs,
                "path": environment.path,
                "check": environment.check,
                "variables": environment.variables,
                "inputs": dict(input_blobs),
                "tier": self.sandbox.tier,
                "user": os.getuid(),
                "machine": [platform.machine(), digest.of_bytes(release)],
                "toolchains": toolchains,
            },
        )

    def find(self, key: Digest) -> Layer | None:
        """The published layer of that key; None if there is none."""
        record = self.root / key / _RECORD
        return wire.decode(record.read_bytes(), Layer) if record.exists() else None

    def build(self, environment: Environment, key: Digest, tree: Path, run_dir: Path) -> Layer | LayerFault:
        """The layer of ``key``, built if there is none, from ``tree``: the base's files, which are used up.

        The runs of set-up are recorded below ``run_dir``, which is emptied first. Set-up has the network;
        the check that proves the result has none. Only one process builds a layer at a time, others wait for it.
        """
        with self._building(key):
            found = self.find(key)
            if found is not None:
                return found
            place = self._fresh(key, tree, run_dir)
            return self._fault(environment, place, run_dir) or self._publish(environment, key, place)

    def mounts(self, layer: Layer, private: Path | None = None) -> tuple[Mount, ...]:
        """The mounts that show a layer in a workspace, read-only; with ``private`` writable copies made below it."""
        mounts = []
        for output in layer.outputs:
            source = Path(layer.folder, output)
            if private is not None:
                source = _copy(source, private / output)
            mounts.append(Mount(str(source), f"{WORKSPACE}/{output}", writable=private is not None))
        return tuple(mounts)

    @contextmanager
    def _building(self, key: Digest) -> Iterator[None]:
        self.root.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self.root / f"{key}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)

    def _fresh(self, key: Digest, tree: Path, run_dir: Path) -> Path:
        """The tree, moved to where the layer will be; what an earlier builder left is ended and removed first."""
        folder = self.root / key
        origin = self.root / f"{key}.{_ORIGIN}"
        earlier = Path(origin.read_text(encoding="utf-8")) if origin.exists() else run_dir
        for run in sorted((*earlier.glob("*/"), *run_dir.glob("*/"))):
            process.reap(run)
        for left in (folder, run_dir):
            if left.exists():
                shutil.rmtree(left)
            left.mkdir(parents=True)
        origin.write_text(str(run_dir), encoding="utf-8")
        shutil.move(tree, folder / _TREE)
        return folder / _TREE

    def _fault(self, environment: Environment, place: Path, run_dir: Path) -> LayerFault | None:
        """Run set-up and the check; the first fault, None if all went well."""
        steps = [(command, True) for command in environment.setup]
        steps += [(environment.check, False)] if environment.check else []
        for number, (command, is_setup) in enumerate(steps, start=1):
            folder = run_dir / f"{'setup' if is_setup else 'check'}-{number}"
            fault = self._run(environment, command, place, folder, network=is_setup)
            if fault is not None:
                return fault
        for output in environment.outputs:
            made = place / output
            if made.is_symlink() or not made.is_dir():
                return LayerFault("", f"set-up succeeded, but made no folder `{output}`", "")
        return None

    def _run(
        self, environment: Environment, command: str, place: Path, folder: Path, *, network: bool
    ) -> LayerFault | None:
        home, temporary = folder / "home", folder / "tmp"
        for made in (home, temporary):
            made.mkdir(parents=True)
        job = Job(
            argv=(*_STRICT, command),
            shape=Shape.CHECK,
            limits=self.limits,
            env=variables(environment, self.sandbox.workspace(place)) | {"CI": "1", "NO_COLOR": "1"},
            tree=str(place),
            home=str(home),
            mounts=(Mount(str(temporary), "/tmp", writable=True),),  # noqa: S108 - on disk: downloads are large
            toolchains=environment.toolchains,
            network=network,
        )
        ended = process.run(self.sandbox, job, folder)
        for made in (home, temporary):
            shutil.rmtree(made)
        return None if ended.ok else LayerFault(command, _said(ended), _excerpt(folder))

    def _publish(self, environment: Environment, key: Digest, place: Path) -> Layer:
        _prune(place, environment.outputs)
        layer = Layer(key, str(place), environment.outputs)
        shim.write(str(place.parent / _RECORD), msgspec.to_builtins(layer))
        (self.root / f"{key}.{_ORIGIN}").unlink()
        return layer


def _prune(place: Path, keep: tuple[str, ...]) -> None:
    """Remove everything that is neither an output nor on the way to one."""
    kept = [Path(output) for output in keep]
    for entry in tuple(place.iterdir()):
        inner = [output.relative_to(entry.name) for output in kept if output.parts[:1] == (entry.name,)]
        if Path() in inner:
            continue
        if inner and entry.is_dir() and not entry.is_symlink():
            _prune(entry, tuple(str(output) for output in inner))
        elif entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        else:
            entry.unlink()


def _copy(source: Path, target: Path) -> Path:
    """A copy that shares no file with its source, except blocks where the file system can."""
    if not target.exists():
        part = target.with_name(f"{target.name}.part")
        if part.exists():
            shutil.rmtree(part)
        target.parent.mkdir(parents=True, exist_ok=True)
        subprocess.run(["cp", "-a", "--reflink=auto", "--", str(source), str(part)], check=True)
        part.rename(target)
    return target


def _said(ended: Exit) -> str:
    match ended.cause:
        case Cause.EXIT | Cause.SIGNAL:
            return f"it exits with status {ended.status}"
        case Cause.WALL:
            return "it took too long"
        case Cause.IDLE:
            return "it made no progress"
        case _:
            return f"it did not end by itself: {ended.cause}"


def _excerpt(folder: Path) -> str:
    log = folder / process.LOG_FILE
    return plain(log.read_bytes()[-_EXCERPT_BYTES:]) if log.exists() else ""
