"""Changing the person's work tree as they would themselves."""

from __future__ import annotations

from pathlib import Path

from snapline.repo.user import UserRepository


def is_tracked(repository: UserRepository, path: Path) -> bool:
    """Whether a file is in the index."""
    found = repository.personal.run("ls-files", "--error-unmatch", "--", f":(literal){path.absolute()}", check=False)
    return found.status == 0


def rename(repository: UserRepository, old: Path, new: Path) -> None:
    """Give a file another name; in the index too, where it is in there. Raises :class:`GitFault`."""
    if is_tracked(repository, old):
        repository.personal.run("mv", "--", str(old.absolute()), str(new.absolute()))
    else:
        old.rename(new)
