"""Programs of our own, run as the person who runs us: no sandbox, their environment, their terminal."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path

_GRACE = 30.0


class Shown(Enum):
    """What of a program's output goes where ours goes; the rest is captured."""

    ALL = auto()
    MESSAGES = auto()
    NOTHING = auto()


@dataclass(frozen=True, slots=True)
class Ended:
    """How a program ended: its status as a shell shows it (128 + n for signal n), and what was captured of it."""

    status: int
    stdout: str = ""
    stderr: str = ""


def run(argv: Sequence[str], folder: Path, environment: Mapping[str, str], shown: Shown) -> Ended:
    """Run a program that we trust in ``folder``, with an empty standard input, to its end.

    ``shown`` tells what of its output goes where ours goes; ``MESSAGES`` are its standard error. When we are
    interrupted, the program, which Ctrl-C reaches as well, is given time to stop cleanly; when anything else ends us,
    it is told to end first. Raises OSError where it cannot be started.
    """
    stdout = None if shown is Shown.ALL else subprocess.PIPE
    stderr = subprocess.PIPE if shown is Shown.NOTHING else None
    with subprocess.Popen(
        list(argv), cwd=folder, env=dict(environment), stdin=subprocess.DEVNULL, stdout=stdout, stderr=stderr
    ) as process:
        try:
            printed, said = process.communicate()
        except KeyboardInterrupt:
            _leave(process)
            raise
        except BaseException:
            process.terminate()
            _leave(process)
            raise
    status = process.returncode if process.returncode >= 0 else 128 - process.returncode
    return Ended(status, _text(printed), _text(said))


def _leave(process: subprocess.Popen[bytes]) -> None:
    try:
        process.communicate(timeout=_GRACE)
    except subprocess.TimeoutExpired:
        process.kill()


def _text(captured: bytes | None) -> str:
    return (captured or b"").decode("utf-8", "replace")
