"""A proxy of ours on the loopback, with names that lead where a test says, and servers that keep what they get.

``127.0.0.2`` stands for a server of the internet: the lists name its address, which lets names lead there. What listens
on ``127.0.0.1`` is the host's own, which no name may lead to.
"""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from snapline.sandbox import destinations, requestlog
from snapline.sandbox.proxy import USUAL, Limits, Proxy
from snapline.sandbox.requestlog import RequestLog

OUTSIDE, OWN = "127.0.0.2", "127.0.0.1"
QUICK = USUAL._replace(head_seconds=0.3, connect_seconds=0.3, idle_seconds=0.5, connections=8)


@dataclass
class Names:
    """A resolver whose answers are set: for each name a list, of which each question takes the next, or the last."""

    answers: dict[str, list[Sequence[str]]]
    asked: list[str] = field(default_factory=list)

    async def resolve(self, host: str, _port: int) -> Sequence[str]:
        self.asked.append(host)
        if host not in self.answers:
            raise OSError("no such name")
        known = self.answers[host]
        return known.pop(0) if len(known) > 1 else known[0]


@dataclass
class Web:
    """Two servers on the same port: one outside, one of the host's own. They keep what they get."""

    port: int
    got: list[bytes] = field(default_factory=list)

    async def meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await self._answer(reader, writer)
        except (OSError, asyncio.IncompleteReadError):
            return
        finally:
            writer.close()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        host = writer.get_extra_info("sockname")[0]
        words = await reader.readuntil(b"\r\n\r\n")
        if b"100-bytes" in words:
            words += await reader.readexactly(100)
        if b"chunked" in words:
            words += await reader.readuntil(b"0\r\n\r\n")
        self.got.append(words)
        if b"silent" in words:
            await reader.read()
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n" + f"page of {host}".encode())


@asynccontextmanager
async def web() -> AsyncIterator[Web]:
    outside = socket.create_server((OUTSIDE, 0))
    own = socket.create_server((OWN, outside.getsockname()[1]))
    found = Web(outside.getsockname()[1])
    servers = [await asyncio.start_server(found.meet, sock=one) for one in (outside, own)]
    try:
        yield found
    finally:
        for server in servers:
            server.close()


@dataclass
class Served:
    """A proxy that serves, and its record."""

    port: int
    record: Path

    async def ask(self, *parts: bytes | float, host: str = OWN) -> bytes:
        """Send parts, with pauses where there is a number; everything that comes back."""
        reader, writer = await asyncio.open_connection(host, self.port)
        try:
            for part in parts:
                if isinstance(part, bytes):
                    writer.write(part)
                    await writer.drain()
                else:
                    await asyncio.sleep(part)
            return await asyncio.wait_for(reader.read(), 5)
        finally:
            writer.close()

    def kept(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.record.read_text().splitlines()]


@asynccontextmanager
async def served(
    folder: Path, allowed: Sequence[str], names: Names, limits: Limits = QUICK, longest: int = requestlog.LONGEST
) -> AsyncIterator[Served]:
    listener = socket.create_server((OWN, 0))
    log = RequestLog(str(folder / "record"), longest)
    proxy = Proxy(destinations.parse_all(allowed), log, names.resolve, limits)
    serving = asyncio.create_task(proxy.serve(listener))
    await asyncio.sleep(0)
    bugs: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, what: bugs.append(what))
    try:
        yield Served(listener.getsockname()[1], folder / "record")
    finally:
        serving.cancel()
        await asyncio.wait({serving})
        log.close()
        assert not bugs, bugs


def connect(host: str, port: int, request: bytes = b"GET / HTTP/1.0\r\n\r\n") -> bytes:
    return f"CONNECT {host}:{port} HTTP/1.1\r\n\r\n".encode() + request


def get(host: str, port: int, more: str = "", method: str = "GET") -> bytes:
    return f"{method} http://{host}:{port}/x HTTP/1.1\r\nHost: other\r\n{more}\r\n".encode()
