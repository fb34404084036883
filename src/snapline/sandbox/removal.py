"""Removing folders that an agent or its code wrote: however deep, and with doors closed to us."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from snapline.base.errors import EnvironmentFault


class NotRemoved(EnvironmentFault):
    """A folder of ours cannot be removed."""

    code = "not-removed"
    hint = "Remove it by hand; nothing uses it any more."


def remove(folder: Path) -> None:
    """Remove a folder and all that is in it; raises :class:`NotRemoved`. One that is not there is no fault.

    Python's own way ends at folders that it may not enter, at paths longer than the kernel takes in one piece, and at
    more folders in one another than it has stack for. The tools of the system know all of these.
    """
    try:
        shutil.rmtree(folder)
    except FileNotFoundError:
        if not folder.exists():
            return
        _by_force(folder)
    except (OSError, RecursionError):
        _by_force(folder)


def _by_force(folder: Path) -> None:
    where = str(folder)
    for words in (["chmod", "-R", "u+rwX", "--", where], ["rm", "-rf", "--", where]):
        subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, check=False)
    if folder.exists():
        raise NotRemoved(f"{folder} cannot be removed")
