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


def records_refspec(remote: str) -> str:
    """What lets a plain ``git fetch`` bring a remote's records along: into a ref of their own, never over ours.

    Fetched straight onto our ref they would replace records that were not sent yet; the union is made by a sync.
    """
    return f"+refs/snapline/records:refs/snapline/remotes/{remote}/records"


def without_records(user: UserRepository) -> tuple[str, ...]:
    """The remotes that a plain ``git fetch`` brings no records from."""
    names = user.git.run("remote").text.split()
    return tuple(one for one in names if records_refspec(one) not in _fetched(user, one))


def _fetched(user: UserRepository, remote: str) -> list[str]:
    return user.personal.run("config", "--get-all", f"remote.{remote}.fetch", check=False).text.splitlines()
