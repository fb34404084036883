"""The agent's workspace: a disposable clone, made by us and never again touched by git of ours."""

from __future__ import annotations

import shutil
from pathlib import Path

from snapline.base.ids import Oid
from snapline.repo.bare import object_format
from snapline.repo.git import Git
from snapline.repo.vault import SNAPLINE, Identity

BRANCH = "work"
"""The branch that a workspace starts on."""


def make(seed: Path, base: Oid, folder: Path, identity: Identity = SNAPLINE) -> Path:
    """A clone at ``folder`` that borrows its objects from ``seed``, on branch ``work`` at ``base``; returns ``folder``.

    One that is there already is used as it is. It is made beside its place and renamed, so that it is there whole or
    not at all; what a crash left half made is removed. It has no remote, no tag, no hook, and commits as ``identity``.
    """
    if folder.exists():
        return folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    draft = folder.with_name(f"{folder.name}.tmp")
    if draft.exists():
        shutil.rmtree(draft)
    source = Git(seed)
    source.given(GIT_DEFAULT_HASH=object_format(source)).run(
        "clone", "--quiet", "--shared", "--no-tags", "--no-checkout", "--template=", "--", str(seed), str(draft)
    )
    git = Git(draft / ".git", draft)
    git.run("remote", "remove", "origin")
    for key, value in (("user.name", identity.name), ("user.email", identity.email), ("gc.auto", "0")):
        git.run("config", key, value)
    git.run("checkout", "--quiet", "--no-track", "-b", BRANCH, base)
    draft.rename(folder)
    return folder
