"""The log of a run: its beginning and its end are kept, whatever lies between is counted and left out.

Standard library only: the shim starts without site packages.
"""

from __future__ import annotations

import contextlib
import hashlib
import os

_TAIL_SHARE = 4


class CappedLog:
    """A log file of at most about ``cap`` bytes: three quarters for the beginning, one for the end.

    The beginning is written as it comes, the end when the log is closed. A full disk ends the storing, not the run.
    """

    def __init__(self, path: str, cap: int) -> None:
        self._descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
        self._tail_cap = cap // _TAIL_SHARE
        self._room = cap - self._tail_cap
        self._tail = bytearray()
        self._beyond = 0
        self._digest = hashlib.sha256()
        self.stored = 0

    def add(self, chunk: bytes) -> None:
        """Take more output."""
        head = chunk[: self._room]
        self._room -= len(head)
        self._store(head)
        rest = chunk[len(head) :]
        if rest:
            self._beyond += len(rest)
            self._tail += rest[-self._tail_cap :] if self._tail_cap else b""
            del self._tail[: -self._tail_cap or None]

    def close(self) -> str:
        """Write the end, make it durable, and return the digest of what is stored."""
        left_out = self._beyond - len(self._tail)
        if left_out:
            self._store(f"\n[... {left_out} bytes left out ...]\n".encode())
        self._store(bytes(self._tail))
        with contextlib.suppress(OSError):
            os.fsync(self._descriptor)
        os.close(self._descriptor)
        return self._digest.hexdigest()

    def _store(self, content: bytes) -> None:
        while content:
            try:
                written = os.write(self._descriptor, content)
            except OSError:
                return
            self._digest.update(content[:written])
            self.stored += written
            content = content[written:]
