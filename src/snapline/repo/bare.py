"""Bare repositories of our own, made whole or not at all."""

from __future__ import annotations

import fcntl
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from snapline.repo.git import Git

_NEUTRAL_ATTRIBUTES = "* -text !eol -ident -filter !working-tree-encoding !diff !merge\n"
"""Outranks every ``.gitattributes`` of a tree, so that files are written byte for byte."""


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Hold what belongs to ``folder`` (a repository of ours) against other threads and processes."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with folder.with_name(f".{folder.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def make_bare(folder: Path, object_format: str) -> None:
    """Make a bare repository at ``folder`` unless one is there; several threads and processes may try at once.

    It is made beside its place and renamed, so that a crash leaves nothing half made that is not made anew.
    """
    if folder.is_dir():
        return
    with alone(folder):
        if not folder.is_dir():
            _make(folder, object_format)


def _make(folder: Path, object_format: str) -> None:
    draft = folder.with_name(f"{folder.name}.tmp")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir()
    Git(draft).run(
        "init", "--quiet", "--bare", "--template=", "--initial-branch=none", f"--object-format={object_format}"
    )
    (draft / "info").mkdir(exist_ok=True)
    (draft / "info" / "attributes").write_text(_NEUTRAL_ATTRIBUTES)
    draft.rename(folder)


def object_format(git: Git) -> str:
    """``sha1`` or ``sha256``."""
    return git.run("rev-parse", "--show-object-format").text
