"""Reading a git bundle as data: header, limits, and its pack checked before any of it enters a repository.

``git fetch`` from a bundle does not honour ``fsckObjects`` before git 2.46, so the pack goes through ``index-pack
--strict`` in a quarantine folder, and only what passed is moved into the repository.
"""

from __future__ import annotations

import os
import resource
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO

from snapline.base.ids import Oid
from snapline.base.regex import regex
from snapline.repo import objects
from snapline.repo.git import Git, Result, alternates

MIB = 1024 * 1024
_HEADER_LIMIT = MIB
_MEMORY = 6 * 1024 * MIB
"""Address space of the process that unpacks, against packs that blow up."""
_OBJECT_LINE = regex(rb"([0-9a-f]{40}|[0-9a-f]{64})(?: (.*))?")
_VERSIONS = (b"# v2 git bundle\n", b"# v3 git bundle\n")
_FORMATS = (b"@object-format=sha1\n", b"@object-format=sha256\n")


class BadBundle(Exception):
    """The bundle is not one that we take in; the intake makes a refusal of it."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How large a bundle may be: bytes as sent, bytes of one file, bytes in all once unpacked, objects, seconds."""

    bundle_bytes: int = 256 * MIB
    file_bytes: int = 64 * MIB
    total_bytes: int = 1024 * MIB
    objects: int = 200_000
    seconds: float = 120.0


@dataclass(frozen=True, slots=True)
class Header:
    """What a bundle says of itself: the commits it builds on, its one tip, and where its pack begins."""

    prerequisites: tuple[Oid, ...]
    tip: Oid
    pack_at: int = field(default=0)


def read_header(stream: BinaryIO) -> Header:
    """The header of a bundle; raises :class:`BadBundle` for anything but one ref with plain prerequisites."""
    if stream.readline(_HEADER_LIMIT) not in _VERSIONS:
        raise BadBundle("what was collected is not a git bundle")
    prerequisites: list[Oid] = []
    tips: list[Oid] = []
    while (line := stream.readline(_HEADER_LIMIT)) != b"\n":
        if stream.tell() > _HEADER_LIMIT or not line.endswith(b"\n"):
            raise BadBundle("the bundle's header has no end")
        if line.startswith(b"@"):
            if line not in _FORMATS:
                raise BadBundle("the bundle asks for a capability that we do not take: a partial history, for instance")
            continue
        match = _OBJECT_LINE.fullmatch(line.removeprefix(b"-").rstrip(b"\n"))
        if match is None:
            raise BadBundle("the bundle's header cannot be read")
        (prerequisites if line.startswith(b"-") else tips).append(Oid(match[1].decode("ascii")))
    if len(tips) != 1:
        raise BadBundle(f"the bundle has {len(tips)} tips; it must have exactly one")
    return Header(tuple(prerequisites), tips[0], stream.tell())


def unpack(git: Git, bundle: Path, limits: Limits) -> Oid:
    """Take a bundle's objects into the repository of ``git`` and return its tip, a commit with all its history there.

    Raises :class:`BadBundle`, with a sentence for the person, when it is malformed, too large or incomplete; nothing
    of it is then in the repository.
    """
    size = bundle.stat().st_size
    if size > limits.bundle_bytes:
        raise BadBundle(f"the bundle has {size} bytes; at most {limits.bundle_bytes} are taken in")
    with bundle.open("rb") as stream, TemporaryDirectory(prefix="incoming-", dir=git.git_dir) as quarantine:
        header = read_header(stream)
        for oid in header.prerequisites:
            if git.run("cat-file", "-e", f"{oid}^{{commit}}", check=False).status:
                raise BadBundle(f"the work builds on commit {oid}, which is not part of the base's history")
        os.lseek(stream.fileno(), header.pack_at, os.SEEK_SET)
        borrowed = alternates(git.git_dir / "objects")
        inside = git.given(GIT_OBJECT_DIRECTORY=quarantine, GIT_ALTERNATE_OBJECT_DIRECTORIES=borrowed)
        (Path(quarantine) / "pack").mkdir()
        _index_pack(inside, stream, limits)
        _check_sizes(inside, Path(quarantine), limits)
        _check_history(inside, header.tip, limits)
        _move_packs(Path(quarantine) / "pack", git.git_dir / "objects" / "pack")
    return header.tip


def _index_pack(git: Git, stream: BinaryIO, limits: Limits) -> None:
    argv = git.argv(
        "index-pack", "--stdin", "--fix-thin", "--strict", f"--max-input-size={limits.bundle_bytes}",
        settings=("core.bigFileThreshold=16m", "pack.threads=1"),
    )  # fmt: skip
    process = subprocess.Popen(
        argv,
        stdin=stream,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env=git.environment(),
        cwd=git.git_dir,
        start_new_session=True,
    )
    with process:
        resource.prlimit(process.pid, resource.RLIMIT_AS, (_MEMORY, _MEMORY))
        try:
            _, said = process.communicate(timeout=limits.seconds)
        except subprocess.TimeoutExpired as error:
            process.kill()
            raise BadBundle(f"unpacking took more than {limits.seconds:g} s") from error
    if process.returncode:
        complaint = Result(b"", said, process.returncode).complaint.replace("\n", "; ")
        raise BadBundle(f"git finds the objects broken: {complaint or 'it was stopped'}")


def _check_sizes(git: Git, quarantine: Path, limits: Limits) -> None:
    found: list[Oid] = []
    for index in quarantine.glob("pack/*.idx"):
        listed = git.run("show-index", input=index.read_bytes()).stdout.split(b"\n")
        found += [Oid(line.split()[1].decode("ascii")) for line in listed if line]
    if len(found) > limits.objects:
        raise BadBundle(f"the bundle has {len(found)} objects; at most {limits.objects} are taken in")
    measured = objects.sizes(git, found)
    largest = max((size or 0 for size in measured.values()), default=0)
    if largest > limits.file_bytes:
        raise BadBundle(f"it has a file of {largest} bytes; at most {limits.file_bytes} are taken in")
    total = sum(size or 0 for size in measured.values())
    if total > limits.total_bytes:
        raise BadBundle(f"unpacked it has {total} bytes; at most {limits.total_bytes} are taken in")


def _check_history(git: Git, tip: Oid, limits: Limits) -> None:
    if git.run("cat-file", "-e", f"{tip}^{{commit}}", check=False).status:
        raise BadBundle("its tip is not a commit")
    walked = git.run("rev-list", "--objects", "--quiet", tip, "--not", "--all", check=False, timeout=limits.seconds)
    if walked.status:
        raise BadBundle(f"part of its history is missing: {walked.complaint}")


def _move_packs(source: Path, target: Path) -> None:
    target.mkdir(exist_ok=True)
    for suffix in (".pack", ".rev", ".idx"):
        for one in source.glob(f"*{suffix}"):
            one.replace(target / one.name)
