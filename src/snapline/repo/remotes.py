"""Remotes: which repository a person means by a name, an address or a folder."""

from __future__ import annotations

from pathlib import Path

from snapline.base.errors import UsageFault
from snapline.repo.user import UserRepository


class NoRemote(UsageFault):
    """There is no such remote."""

    code = "no-remote"


def address(user: UserRepository, remote: str) -> str:
    """``remote`` as git takes it from anywhere: a remote's name, an address, or a folder by its absolute path.

    Raises :class:`NoRemote` for what is none of them.
    """
    known = user.git.run("remote").text.split()
    if remote in known:
        return remote
    folder = Path(remote)
    if folder.is_dir():
        return str(folder.resolve())
    if ":" in remote:
        return remote
    there = f"There is {', '.join(known)}." if known else f"Make it known: `git remote add {remote} ADDRESS`."
    raise NoRemote(f"there is no remote `{remote}`", hint=f"{there} An address or a folder serves as well.")
