"""Looking at the processes of this machine, from the outside, for those that an attack started."""

from __future__ import annotations

import secrets
import signal
import threading
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from snapline.sandbox import identity

_PAUSE = 0.2


def new_mark() -> str:
    """A number of seconds so odd, and so long, that a ``sleep`` of it is known by it among all processes."""
    return f"{secrets.randbelow(10**6) + 10**6}.{secrets.randbelow(10**9)}"


def alive(*marks: str) -> list[tuple[str, int]]:
    """The live processes that have one of ``marks`` as a word of their command line, each with its mark."""
    wanted = {mark.encode(): mark for mark in marks}
    found = []
    for pid in identity.all_pids():
        with suppress(OSError):
            words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
            mark = next((wanted[word] for word in words[1:] if word in wanted), None)
            if mark and identity.parent_of(pid) is not None:
                found.append((mark, pid))
    return found


def gone_within(mark: str, seconds: float) -> bool:
    """Whether no process with ``mark`` is left, now or within ``seconds``."""
    end = time.monotonic() + seconds
    while alive(mark):
        if time.monotonic() > end:
            return False
        time.sleep(_PAUSE)
    return True


def outlives_polite_end(mark: str, seconds: float) -> bool:
    """Whether what has ``mark`` lives, and still does ``seconds`` after it was told to end by TERM."""
    found = alive(mark)
    _send(found, signal.SIGTERM)
    return bool(found) and not gone_within(mark, seconds)


def end_all(*marks: str) -> None:
    """Kill what is left of attacks: exactly those processes."""
    _send(alive(*marks), signal.SIGKILL)


def _send(found: Iterable[tuple[str, int]], number: signal.Signals) -> None:
    for _, pid in found:
        known = identity.identify(pid)
        if known is not None:
            identity.send(known, number)


class Lookout:
    """Looks again and again which marks are alive; ``users`` are the user ids that their processes had."""

    def __init__(self, *marks: str) -> None:
        self.users: dict[str, set[int]] = {mark: set() for mark in marks}
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> Self:
        """Begin to look."""
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Look no more."""
        self._ending.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._ending.wait(_PAUSE):
            for mark, pid in alive(*self.users):
                with suppress(OSError):
                    self.users[mark].add(Path(f"/proc/{pid}").stat().st_uid)
