"""Passing bytes between a client and the server that it was let through to.

Standard library only: the proxy starts without site packages.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Coroutine
from dataclasses import dataclass

from snapline.base.regex import regex
from snapline.sandbox.httphead import Head

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]
ESTABLISHED = b"HTTP/1.1 200 Connection established\r\n\r\n"
LINGER_SECONDS = 5.0
"""How long whoever is told the last bytes may take to read them."""
_BLOCK = 1 << 16
_MOST_TRAILERS = 64
_SIZE = regex(rb"([0-9A-Fa-f]{1,12})[ \t]*(?:;[^\r\n]*)?\r\n")
_LINE_END = b"\r\n"


class BadBody(ValueError):
    """The body of a request is not what its head says."""


@dataclass(slots=True)
class Passed:
    """Bytes that went to the server and came from it; each starts the ``clock`` of ``idle`` seconds anew."""

    clock: asyncio.Timeout
    idle: float
    sent: int = 0
    received: int = 0

    def count(self, *, sent: int = 0, received: int = 0) -> None:
        """Some more bytes have passed."""
        self.sent += sent
        self.received += received
        self.clock.reschedule(asyncio.get_running_loop().time() + self.idle)


async def tunnel(client: Streams, server: Streams, passed: Passed) -> None:
    """Every byte, both ways, until both sides have ended."""
    client[1].write(ESTABLISHED)
    await _both(_upload(client[0], server[1], passed), _download(server[0], client[1], passed), until_answered=False)


async def forward(head: Head, client: Streams, server: Streams, passed: Passed) -> None:
    """One request with its body and no byte more, and the answer to its end; raises :class:`BadBody`."""
    first = head.forwarded()
    server[1].write(first)
    passed.count(sent=len(first))
    body = _send_body(head, client[0], server[1], passed)
    await _both(body, _download(server[0], client[1], passed), until_answered=True)


async def leave(writer: asyncio.StreamWriter) -> None:
    """Close a connection once its last bytes are read, or are not for too long."""
    writer.close()
    with contextlib.suppress(OSError):  # TimeoutError is one
        async with asyncio.timeout(LINGER_SECONDS):
            await writer.wait_closed()
    writer.transport.abort()


async def _both(up: Coroutine[None, None, None], down: Coroutine[None, None, None], *, until_answered: bool) -> None:
    """Run both to their end, or until the answer is there; what one raises ends the other."""
    answer = asyncio.ensure_future(down)
    running = both = {asyncio.ensure_future(up), answer}
    try:
        while running and not (until_answered and answer.done()):
            done, running = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
            for one in done:
                one.result()
    finally:
        for one in both:
            one.cancel()
        await asyncio.gather(*both, return_exceptions=True)


async def _upload(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, passed: Passed) -> None:
    while chunk := await reader.read(_BLOCK):
        writer.write(chunk)
        passed.count(sent=len(chunk))
        await writer.drain()
    writer.write_eof()


async def _download(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, passed: Passed) -> None:
    while chunk := await reader.read(_BLOCK):
        writer.write(chunk)
        passed.count(received=len(chunk))
        await writer.drain()
    writer.write_eof()


async def _send_body(head: Head, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, passed: Passed) -> None:
    if head.length is None:
        await _send_chunks(reader, writer, passed)
    else:
        await _send(head.length, reader, writer, passed)
    await writer.drain()


async def _send(size: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, passed: Passed) -> None:
    while size:
        chunk = await reader.read(min(size, _BLOCK))
        if not chunk:
            raise BadBody("the body of the request broke off")
        size -= len(chunk)
        writer.write(chunk)
        passed.count(sent=len(chunk))
        await writer.drain()


async def _send_chunks(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, passed: Passed) -> None:
    """Chunks in their one plain form: without extensions, and without what may follow the last."""
    while True:
        said = _SIZE.fullmatch(await _line(reader))
        if said is None:
            raise BadBody("a chunk of the request's body has no size")
        size = int(said[1], 16)
        writer.write(b"%x\r\n" % size)
        if not size:
            break
        await _send(size, reader, writer, passed)
        if await _line(reader) != _LINE_END:
            raise BadBody("a chunk of the request's body is not of its size")
        writer.write(_LINE_END)
    for _ in range(_MOST_TRAILERS):
        if await _line(reader) == _LINE_END:
            writer.write(_LINE_END)
            return
    raise BadBody("the request's body does not end")


async def _line(reader: asyncio.StreamReader) -> bytes:
    try:
        return await reader.readuntil(_LINE_END)
    except (asyncio.IncompleteReadError, asyncio.LimitOverrunError) as broken:
        raise BadBody("the body of the request broke off") from broken
