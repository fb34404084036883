"""Finding an agent's program on the caller's PATH, and what it needs to be seen at all inside a sandbox."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

_SYSTEM = ("/usr/", "/bin/", "/sbin/", "/lib", "/opt/", "/etc/", "/nix/store/", "/dev/", "/proc/", "/sys/")
_MOST_INTERPRETERS = 3
_LONGEST_FIRST_LINE = 512


@dataclass(frozen=True, slots=True)
class Executable:
    """A program that was found. ``folders`` belong on PATH for it; ``reads`` are host paths that it is made of."""

    path: str
    folders: tuple[str, ...]
    reads: tuple[str, ...]


def find(program: str, path: str, home: str) -> Executable | None:
    """The program that ``path`` (a PATH) gives for a name or a path, or None.

    ``home`` is the caller's home: neither it nor a folder above it, nor its ``.local``, is ever among ``reads``,
    because credentials lie there.
    """
    found = shutil.which(program, path=path)
    if found is None:
        return None
    links = _chain(os.path.abspath(found), path)  # noqa: PTH100 - resolve() would lose the link that PATH names
    reads = dict.fromkeys(one for link in links for one in _needs(link, home))
    folders = dict.fromkeys(str(Path(link).parent) for link in links)
    return Executable(links[0], tuple(folders), tuple(one for one in reads if not f"{one}/".startswith(_SYSTEM)))


def named_files(words: Iterable[str]) -> tuple[str, ...]:
    """The existing files that the words of a command name by an absolute path, outside the system's folders."""
    return tuple(
        dict.fromkeys(
            word for word in words if word.startswith("/") and not word.startswith(_SYSTEM) and Path(word).is_file()
        )
    )


def _chain(program: str, path: str) -> tuple[str, ...]:
    """A program, and the interpreters that its first line, and theirs, name."""
    chain = [program]
    for _ in range(_MOST_INTERPRETERS):
        following = _interpreter(Path(chain[-1]), path)
        if following is None or following in chain:
            break
        chain.append(following)
    return tuple(chain)


def _interpreter(program: Path, path: str) -> str | None:
    """The interpreter of a script, by its ``#!`` line; None for anything else."""
    try:
        with program.open("rb") as stream:
            first = stream.readline(_LONGEST_FIRST_LINE)
    except OSError:
        return None
    if not first.startswith(b"#!"):
        return None
    words = first[2:].decode("utf-8", "replace").split()
    if words and Path(words[0]).name == "env":
        words = [word for word in words[1:] if not word.startswith("-") and "=" not in word]
    return shutil.which(words[0], path=path) if words else None


def _needs(program: str, home: str) -> tuple[str, ...]:
    """Both ends of a link, each with the installation that it is part of: ``X`` for ``X/bin/program``."""
    return tuple(_installation(Path(one), Path(home)) for one in (program, str(Path(program).resolve())))


def _installation(program: Path, home: Path) -> str:
    whole = program.parent.parent
    too_much = whole == home or whole in home.parents or whole == home / ".local" or whole == Path("/")
    return str(program if program.parent.name != "bin" or too_much else whole)
