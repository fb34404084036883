"""Writing a person's file so that at every instant it holds either the old bytes or the new."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

from snapline.base.errors import EnvironmentFault


class Unwritable(EnvironmentFault):
    """A file cannot be written."""

    code = "unwritable"
    hint = "The file is as it was. Look at the permissions of its folder, and at the room on the disk."


_ABOVE = "Look at its name, at the permissions of its folder, and at the room on the disk."


def replace(path: Path, content: bytes) -> None:
    """Put ``content`` in the place of a file, keeping its mode; a link stays a link to the changed file.

    Raises :class:`Unwritable`, and then the file is as it was.
    """
    target = path.resolve()
    try:
        handle, draft = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    except OSError as fault:
        raise Unwritable(f"{path} cannot be written: {fault.strerror}") from fault
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        shutil.copymode(target, draft)
        Path(draft).replace(target)
    except OSError as fault:
        Path(draft).unlink(missing_ok=True)
        raise Unwritable(f"{path} cannot be written: {fault.strerror}") from fault


def make_folder(path: Path) -> None:
    """Make a folder where there is nothing; raises :class:`Unwritable`."""
    try:
        path.mkdir()
    except OSError as fault:
        raise Unwritable(f"{path} cannot be made: {fault.strerror}", hint=_ABOVE) from fault


def create(path: Path, content: bytes) -> bool:
    """Write a new file and the folders above it; False, and nothing changed, when there is one already.

    Raises :class:`Unwritable`.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        stream = path.open("xb")
    except OSError as fault:
        if os.path.lexists(path):
            return False
        raise Unwritable(f"{path} cannot be written: {fault.strerror}", hint=_ABOVE) from fault
    try:
        with stream:
            stream.write(content)
    except OSError as fault:
        path.unlink(missing_ok=True)
        raise Unwritable(f"{path} cannot be written: {fault.strerror}", hint=_ABOVE) from fault
    return True
