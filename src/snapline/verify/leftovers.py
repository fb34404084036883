"""What code of the candidate left where it could write: read as data, never followed, never waited for, never whole.

A file there may be a link to a file of ours, a pipe that nobody writes to, larger than memory, or in a folder that may
not be entered. Whatever is not a plain file is as good as not there.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


def content(folder: Path, path: str, most: int) -> bytes | None:
    """The first ``most`` bytes of a plain file below ``folder``; None for anything else, and behind a link."""
    try:
        descriptor = _opened(folder, PurePosixPath(path))
    except OSError:
        return None
    with os.fdopen(descriptor, "rb") as stream:
        return stream.read(most) if stat.S_ISREG(os.fstat(descriptor).st_mode) else None


def target(folder: Path, path: str) -> bytes | None:
    """Where the link ``path`` below ``folder`` leads; None where there is no link, and behind another one."""
    where = PurePosixPath(path)
    try:
        parent = _opened(folder, where.parent, _FOLDER)
    except OSError:
        return None
    try:
        return os.fsencode(os.readlink(where.name, dir_fd=parent))
    except OSError:
        return None
    finally:
        os.close(parent)


def files(folder: Path) -> Iterator[Path]:
    """The plain files below ``folder``, however deep; what lies behind links or closed doors is left out.

    A link in place of ``folder`` itself is not followed either.
    """
    ahead = [PurePosixPath()]
    while ahead:
        where = ahead.pop()
        for name, is_folder in _entries(folder, where):
            if is_folder:
                ahead.append(where / name)
            else:
                yield folder / where / name


def _entries(folder: Path, where: PurePosixPath) -> list[tuple[str, bool]]:
    """The names of the folders and plain files right below ``where``, sorted, with whether each is a folder."""
    try:
        descriptor = _opened(folder, where, _FOLDER)
    except OSError:
        return []
    try:
        with os.scandir(descriptor) as found:
            kinds = [(one.name, one.is_dir(follow_symlinks=False), one) for one in found]
            return sorted((name, kind) for name, kind, one in kinds if kind or one.is_file(follow_symlinks=False))
    except OSError:
        return []
    finally:
        os.close(descriptor)


def _opened(folder: Path, path: PurePosixPath, flags: int = _FILE) -> int:
    """A descriptor of ``path``, reached step by step so that no link on the way is followed; raises OSError."""
    at = os.open(folder, _FOLDER)
    try:
        for part in path.parts[:-1]:
            inner = os.open(part, _FOLDER, dir_fd=at)
            os.close(at)
            at = inner
        return os.open(path.name or ".", flags, dir_fd=at)
    finally:
        os.close(at)
