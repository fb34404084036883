"""The record of what went through the proxy: one line of JSON for each request, one more for its end.

A request is written down before anything is sent anywhere, so that a proxy that is killed leaves its trace.
Standard library only: the proxy starts without site packages.
"""

from __future__ import annotations

import contextlib
import json
import os
import time
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

FILE = "requests.jsonl"
"""The record's name in a run folder."""
LONGEST = 4 << 20
"""Bytes of refusals that are written down, and as many of requests that are let through; ends come on top."""
_LONGEST_LINE = 1 << 10
_FORM = "%Y-%m-%dT%H:%M:%SZ"


class Count(NamedTuple):
    """What a record comes to: requests that were let through, that were refused, refusals that were only counted."""

    passed: int
    refused: int
    omitted: int


class RequestLog:
    """A record that is being written. What is let through is always in it: when it :meth:`is_full`, nothing may be."""

    def __init__(self, path: str, longest: int = LONGEST) -> None:
        self._descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        self._room = {"let through": longest, "refused": longest}
        self._count = 0
        self._omitted = 0
        self._is_broken = False

    def is_full(self) -> bool:
        """Whether one more request that is let through could not be written down."""
        return self._is_broken or self._room["let through"] < _LONGEST_LINE

    def begin(self, method: str, host: str, port: int, address: str, refused: str) -> int | None:
        """A request and what became of it: ``refused`` says why, empty for one that is let through.

        Returns its number; None for one that could not be written down, and is only counted.
        """
        said = {"at": _now(), "method": method, "host": host, "port": port, "address": address, "refused": refused}
        line = _line({"request": self._count + 1} | said)
        kind = "refused" if refused else "let through"
        if len(line) > self._room[kind] or not self._store(line):
            self._omitted += 1
            return None
        self._room[kind] -= len(line)
        self._count += 1
        return self._count

    def end(self, number: int, sent: int, received: int, why: str = "") -> None:
        """How many bytes went to the server and came from it, and why it ended if it did not by itself."""
        self._store(_line({"end": number, "at": _now(), "sent": sent, "received": received, "why": why}))

    def close(self) -> None:
        """Say how much was left out, and make it all durable."""
        if self._omitted:
            self._store(_line({"omitted": self._omitted}))
        with contextlib.suppress(OSError):
            os.fsync(self._descriptor)
        os.close(self._descriptor)

    def _store(self, line: bytes) -> bool:
        """Write a line in full; after one that could not be, nothing more, so that only the last can be cut off."""
        if not self._is_broken:
            try:
                self._is_broken = os.write(self._descriptor, line) != len(line)
            except OSError:
                self._is_broken = True
        return not self._is_broken


def count(path: Path) -> Count:
    """What the record at ``path`` comes to; nothing where there is none. A last line that was cut off is no line."""
    passed = refused = omitted = 0
    for line in path.read_bytes().splitlines(keepends=True) if path.exists() else ():
        if not line.endswith(b"\n"):
            break
        said = json.loads(line)
        omitted += said.get("omitted", 0)
        if "request" in said:
            refused += bool(said["refused"])
            passed += not said["refused"]
    return Count(passed, refused, omitted)


def _now() -> str:
    return time.strftime(_FORM, time.gmtime())


def _line(said: Mapping[str, object]) -> bytes:
    return json.dumps(said, separators=(",", ":")).encode() + b"\n"
