"""Where a program really lives: the chain of links and interpreters behind its name, and the folders it needs."""

from __future__ import annotations

import shlex
import shutil
from collections.abc import Iterable
from pathlib import Path

_PROGRAM_FOLDERS = frozenset({"bin", "sbin", "shims"})
_SHELLS = frozenset({"sh", "bash", "dash", "zsh"})
_ENV = "env"
_LINE = 256
_DEEPEST = 40


def programs(argv: Iterable[str], search_path: str) -> tuple[Path, ...]:
    """The programs that a command line starts, found on ``search_path``; in ``sh -c TEXT`` every word that is one."""
    words = list(argv)
    names = words[:1]
    if words and Path(words[0]).name in _SHELLS:
        for word in words[1:]:
            names += _words(word)
    found = (shutil.which(name, path=search_path) for name in names)
    return tuple(dict.fromkeys(Path(place) for place in found if place is not None))


def chain(program: Path, search_path: str) -> tuple[Path, ...]:
    """``program``, every link on the way to the real file, and the same for the interpreter its first line names."""
    steps: list[Path] = []
    waiting = [program]
    while waiting and len(steps) < _DEEPEST:
        step = waiting.pop()
        if step in steps:
            continue
        steps.append(step)
        try:
            waiting += [_next(step)] if step.is_symlink() else _interpreters(step, search_path)
        except OSError:  # out of our reach, so out of the job's
            continue
    return tuple(steps)


def prefix(step: Path) -> Path | None:
    """The folder a program was installed into: the parent of its ``bin``; None if it does not lie in such a one."""
    return step.parent.parent if step.parent.name in _PROGRAM_FOLDERS else None


def _next(link: Path) -> Path:
    """The place a link names, with links in the folders above resolved, but not the last component."""
    target = link.parent.resolve() / link.readlink()
    return target.parent.resolve() / target.name


def _interpreters(file: Path, search_path: str) -> list[Path]:
    with file.open("rb") as stream:
        line = stream.readline(_LINE)
    words = line[2:].decode(errors="replace").split() if line.startswith(b"#!") else []
    if words and Path(words[0]).name == _ENV:
        words = [word for word in words[1:] if not word.startswith("-") and "=" not in word]
    found = shutil.which(words[0], path=search_path) if words else None
    return [] if found is None else [Path(found)]


def _words(text: str) -> list[str]:
    lexer = shlex.shlex(text, posix=True, punctuation_chars=True)
    lexer.whitespace_split = True
    lexer.commenters = ""
    try:
        return list(lexer)
    except ValueError:
        return text.split()
