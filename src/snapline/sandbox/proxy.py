"""An HTTP proxy that lets through what a network list names, and nothing else.

It serves CONNECT and plain HTTP by whole address, one request for each connection. Names that are not listed are not
even resolved. A name is resolved here, each of its addresses is looked at, and the connection goes to that very
address: no second look-up can lead elsewhere. Standard library only: it starts without site packages.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Awaitable, Callable, Sequence
from typing import NamedTuple

from snapline.sandbox import addresses, destinations, httphead, relay
from snapline.sandbox.addresses import Address
from snapline.sandbox.destinations import Destination
from snapline.sandbox.httphead import BadHead, Head
from snapline.sandbox.relay import BadBody, Passed, Streams
from snapline.sandbox.requestlog import RequestLog

Resolve = Callable[[str, int], Awaitable[Sequence[str]]]
"""Finds the addresses of a name for a port, as texts; raises OSError where there is none."""
_MOST_ADDRESSES = 8
_SOME = 3
_FULL = "the record of requests is full"
_WORDS = {
    400: "Bad Request",
    403: "Forbidden",
    408: "Request Timeout",
    431: "Request Header Fields Too Large",
    502: "Bad Gateway",
    503: "Service Unavailable",
    504: "Gateway Timeout",
}


class Limits(NamedTuple):
    """What clients may use: bytes and seconds for a head, seconds to connect and without a byte, connections."""

    head_bytes: int = 1 << 15
    head_seconds: float = 10.0
    connect_seconds: float = 15.0
    idle_seconds: float = 900.0
    connections: int = 128


USUAL = Limits()
"""Models think for minutes without a byte, hence the long idle time; a run has a wall time of its own."""


class Refused(Exception):
    """A request that is not served: the status that is answered, and why, with the address it is about."""

    def __init__(self, status: int, why: str, address: str = "") -> None:
        super().__init__(why)
        self.status, self.why, self.address = status, why, address


async def resolve_by_system(host: str, port: int) -> Sequence[str]:
    """The addresses that the machine's own resolver knows for a name."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(place[0]) for *_, place in found]


class Proxy:
    """Serves one list. ``resolve`` finds the addresses of the names in it."""

    def __init__(
        self,
        allowed: Sequence[Destination],
        log: RequestLog,
        resolve: Resolve = resolve_by_system,
        limits: Limits = USUAL,
    ) -> None:
        self._allowed = tuple(allowed)
        self._log = log
        self._resolve = resolve
        self._limits = limits
        self._clients: set[asyncio.Task[None]] = set()

    async def serve(self, listener: socket.socket) -> None:
        """Serve who connects to ``listener`` until cancelled; then end every connection, each with its record."""
        server = await asyncio.start_server(self._meet, sock=listener, limit=self._limits.head_bytes)
        try:
            await asyncio.Event().wait()
        finally:
            server.close()
            for client in self._clients:
                client.cancel()
            await asyncio.gather(*self._clients, return_exceptions=True)

    async def _meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        client = asyncio.current_task()
        assert client is not None  # noqa: S101 - streams start a task for each client
        if len(self._clients) >= self._limits.connections:
            _answer(writer, 503, "there are too many connections at once")
            writer.close()
            return
        self._clients.add(client)
        try:
            # A client that breaks off is no news to anybody.
            with contextlib.suppress(OSError):
                await self._serve(reader, writer)
            await relay.leave(writer)
        except asyncio.CancelledError:
            writer.transport.abort()  # the run has ended, and nobody is left to read
        finally:
            self._clients.discard(client)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head: Head | None = None
        try:
            head = await self._listen(reader)
            server, there = await self._connect(head, await self._look_up(head))
        except Refused as refused:
            method, host, port = (head.method, head.host, head.port) if head else ("", "", 0)
            self._log.begin(method, host, port, refused.address, refused.why)
            _answer(writer, refused.status, refused.why)
            return
        number = self._log.begin(head.method, head.host, head.port, str(there), "")
        if number is None:
            server[1].transport.abort()
            _answer(writer, 503, _FULL)
            return
        await self._pass(head, (reader, writer), server, number)

    async def _listen(self, reader: asyncio.StreamReader) -> Head:
        """The request's head; raises :class:`Refused`, and ConnectionError where the client said nothing."""
        try:
            async with asyncio.timeout(self._limits.head_seconds):
                return httphead.parse(await reader.readuntil(httphead.END))
        except TimeoutError as late:
            raise Refused(408, "no whole request came in time") from late
        except asyncio.LimitOverrunError as large:
            raise Refused(431, "the head of the request is too long") from large
        except asyncio.IncompleteReadError as broken:
            if broken.partial:
                raise Refused(400, "the request broke off") from broken
            raise ConnectionError from broken
        except BadHead as bad:
            raise Refused(400, str(bad)) from bad

    async def _look_up(self, head: Head) -> list[Address]:
        """The addresses that the request may go to; raises :class:`Refused`."""
        if not destinations.admits(self._allowed, head.host, head.port):
            raise Refused(403, f"{Destination(head.host, head.port)} is not in the network list")
        if self._log.is_full():
            raise Refused(503, _FULL)
        literal = addresses.address(head.host)
        if literal is not None:
            return [literal]
        try:
            async with asyncio.timeout(self._limits.connect_seconds):
                texts = await self._resolve(head.host, head.port)
        except TimeoutError as late:
            raise Refused(504, f"{head.host} is not resolved in time") from late
        except (OSError, UnicodeError) as unknown:
            raise Refused(502, f"{head.host} has no address") from unknown
        known = [one for one in dict.fromkeys(map(addresses.address, texts)) if one is not None]
        return self._open_ones(head, known[:_MOST_ADDRESSES])

    def _open_ones(self, head: Head, known: Sequence[Address]) -> list[Address]:
        """Those of a name's addresses that it may lead to: of the internet, or named by the list themselves."""
        judged = [(one, _fault(one)) for one in known]
        named = self._allowed
        found = [one for one, bad in judged if bad is None or destinations.names_address(named, one, head.port)]
        if not found:
            said = ", ".join(f"{one}, which is {bad}" for one, bad in judged[:_SOME])
            raise Refused(403, f"{head.host} leads to {said or 'no address'}", str(known[0]) if known else "")
        return found

    async def _connect(self, head: Head, found: Sequence[Address]) -> tuple[Streams, Address]:
        """A connection to the first of these addresses that takes one; raises :class:`Refused`."""
        for one in found:
            with contextlib.suppress(OSError):  # TimeoutError is one
                async with asyncio.timeout(self._limits.connect_seconds):
                    streams = await asyncio.open_connection(str(one), head.port, flags=socket.AI_NUMERICHOST)
                return streams, one
        raise Refused(502, f"{Destination(head.host, head.port)} takes no connection", str(found[0]))

    async def _pass(self, head: Head, client: Streams, server: Streams, number: int) -> None:
        """Pass bytes on until both sides have ended, nothing moves any more, or one breaks off."""
        idle = self._limits.idle_seconds
        why = "the run ended"
        timer = asyncio.timeout(idle)
        passed = Passed(timer, idle)
        try:
            async with timer:
                if head.is_tunnel:
                    await relay.tunnel(client, server, passed)
                else:
                    await relay.forward(head, client, server, passed)
                await relay.leave(server[1])
            why = ""
        except TimeoutError:
            why = "nothing moved any more"
        except OSError as broken:
            why = f"it broke off: {broken.strerror or type(broken).__name__}"
        except BadBody as bad:
            why = str(bad)
        finally:
            server[1].transport.abort()
            self._log.end(number, passed.sent, passed.received, why)


def _fault(found: Address) -> str | None:
    return addresses.refusal(found) or ("an address of this machine" if addresses.of_this_machine(found) else None)


def _answer(writer: asyncio.StreamWriter, status: int, why: str) -> None:
    body = f"snapline: {why}\n".encode()
    head = (
        f"HTTP/1.1 {status} {_WORDS[status]}",
        "Content-Type: text/plain; charset=utf-8",
        f"Content-Length: {len(body)}",
        "Connection: close",
    )
    writer.write("\r\n".join(head).encode() + httphead.END + body)
