"""A ``git`` for the search path that writes down each call, then does it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

_KEPT = ("PWD", "GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY")
_SCRIPT = """\
#!/bin/sh
printf '%s\\0' "$#" {variables} "$@" 2>/dev/null >> '{folder}'/$$
exec '{real}' "$@"
"""


@dataclass(frozen=True)
class Call:
    """One call of git: its arguments, and every place that it was given."""

    arguments: tuple[str, ...]
    places: tuple[Path, ...]

    def touches(self, folder: Path) -> bool:
        """Whether git worked in ``folder`` or with a git dir, work tree or index that lies in it."""
        return any(place.is_relative_to(folder) for place in self.places)


@dataclass(frozen=True)
class Recorder:
    """The folder of the stand-in, and where it writes; each process has a file of its own."""

    program: Path
    log: Path

    @classmethod
    def make(cls, folder: Path) -> Recorder:
        """A recorder in ``folder`` for the git that is found now."""
        real = shutil.which("git")
        made = cls(folder / "bin", folder / "calls")
        made.program.mkdir(parents=True)
        made.log.mkdir()
        script = made.program / "git"
        variables = " ".join(f'"${{{name}-}}"' for name in _KEPT)
        script.write_text(_SCRIPT.format(variables=variables, folder=made.log, real=real))
        script.chmod(0o755)
        return made

    @property
    def path(self) -> str:
        """A search path that finds the recorder first."""
        return f"{self.program}{os.pathsep}{os.environ['PATH']}"

    def calls(self) -> Iterator[Call]:
        """Every call so far."""
        for file in self.log.iterdir():
            words = file.read_bytes().decode("utf-8", "surrogateescape").split("\0")[:-1]
            while words:
                end = 1 + len(_KEPT) + int(words[0])
                yield _call(words[1 : 1 + len(_KEPT)], words[1 + len(_KEPT) : end])
                del words[:end]


def _call(kept: list[str], arguments: list[str]) -> Call:
    folder = Path(kept[0])
    named = [word.partition("=")[2] for word in arguments if word.startswith(("--git-dir=", "--work-tree="))]
    named += [after for word, after in pairwise(arguments) if word in ("-C", "--git-dir", "--work-tree")]
    places = [folder, *(folder / place for place in (*kept[1:], *named) if place)]
    return Call(tuple(arguments), tuple(Path(os.path.normpath(place)) for place in places))
