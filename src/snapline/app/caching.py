"""The cache home: what was found once and can be found again. Losing it costs time, never an answer."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

Shape = TypeVar("Shape")
Stamp = tuple[int, int, int, int]
"""When a file's content and its entry last changed (nanoseconds), its size and its number: git's way to see changes."""

SETTLED_NS = 2_000_000_000
"""A file that changed less than this long before it was looked at may change again unseen: times are that coarse."""


def cache_home(environment: Mapping[str, str]) -> Path | None:
    """Where the cache is: ``$SNAPLINE_CACHE``, else the XDG cache folder; None where no home is known.

    A relative ``$XDG_CACHE_HOME`` does not count, as the XDG base directory specification has it.
    """
    if named := environment.get("SNAPLINE_CACHE"):
        return Path(named).absolute()
    base = environment.get("XDG_CACHE_HOME", "")
    if base.startswith("/"):
        return Path(base) / "snapline"
    home = environment.get("HOME")
    return Path(home).absolute() / ".cache" / "snapline" if home else None


def load(file: Path, shape: type[Shape]) -> Shape | None:
    """What a cache file holds; None where there is none, or where it is damaged or of another version."""
    import msgspec  # noqa: PLC0415 - what only looks for times does not need it

    try:
        return msgspec.msgpack.decode(file.read_bytes(), type=shape)
    except (OSError, msgspec.DecodeError, msgspec.ValidationError, UnicodeDecodeError):
        return None


def store(file: Path, value: object) -> None:
    """Put a value in place of a cache file, whole or not at all; silently not, where nothing can be written."""
    import msgspec  # noqa: PLC0415 - as above

    draft = file.with_name(f"{file.name}.{os.getpid()}.tmp")
    with suppress(OSError, UnicodeError):  # a name that is no text cannot be stored
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            draft.write_bytes(msgspec.msgpack.encode(value))
            draft.replace(file)
        finally:
            draft.unlink(missing_ok=True)


def stamp_of(path: str) -> Stamp | None:
    """The stamp of a file, links followed; None where there is none."""
    try:
        status = os.stat(path)  # noqa: PTH116 - ten thousand times; a Path costs more than the call
    except OSError:
        return None
    return status.st_mtime_ns, status.st_ctime_ns, status.st_size, status.st_ino
