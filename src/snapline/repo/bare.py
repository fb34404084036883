"""Bare repositories of our own, made whole or not at all."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from snapline.repo.git import Git

_NEUTRAL_ATTRIBUTES = "* -text !eol -ident -filter !working-tree-encoding !diff !merge\n"
"""Outranks every ``.gitattributes`` of a tree, so that files are written byte for byte."""


def make_bare(folder: Path, object_format: str) -> None:
    """Make a bare repository at ``folder`` unless one is there; several processes may try at once.

    It is made beside its place and renamed, so that a crash leaves nothing half made.
    """
    if folder.is_dir():
        return
    folder.parent.mkdir(parents=True, exist_ok=True)
    draft = folder.with_name(f"{folder.name}.{os.getpid()}.tmp")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir()
    Git(draft).run(
        "init", "--quiet", "--bare", "--template=", "--initial-branch=none", f"--object-format={object_format}"
    )
    (draft / "info").mkdir(exist_ok=True)
    (draft / "info" / "attributes").write_text(_NEUTRAL_ATTRIBUTES)
    try:
        draft.rename(folder)
    except OSError:
        shutil.rmtree(draft)
        if not folder.is_dir():
            raise


def object_format(git: Git) -> str:
    """``sha1`` or ``sha256``."""
    return git.run("rev-parse", "--show-object-format").text
