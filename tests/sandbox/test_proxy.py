"""The proxy: only what is listed gets through, to the address that was looked at; nothing that clients do stops it.

Everything is on the loopback. ``127.0.0.2`` stands for a server of the internet: the lists name its address, which
lets names lead there. What listens on ``127.0.0.1`` is the host's own, which no name may lead to.
"""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

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
        writer.close()


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
    try:
        yield Served(listener.getsockname()[1], folder / "record")
    finally:
        serving.cancel()
        await asyncio.wait({serving})
        log.close()


def connect(host: str, port: int, request: bytes = b"GET / HTTP/1.0\r\n\r\n") -> bytes:
    return f"CONNECT {host}:{port} HTTP/1.1\r\n\r\n".encode() + request


def get(host: str, port: int, more: str = "", method: str = "GET") -> bytes:
    return f"{method} http://{host}:{port}/x HTTP/1.1\r\nHost: other\r\n{more}\r\n".encode()


async def naive(names: Names, good: set[str], reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """A proxy as they are often written: the name is resolved to look at it, and again to connect."""
    words = (await reader.readuntil(b"\r\n\r\n")).split()
    host, _, port = words[1].decode().partition(":")
    if set(await names.resolve(host, 0)) <= good:
        address = (await names.resolve(host, 0))[0]
        back, forth = await asyncio.open_connection(address, int(port))
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        forth.write(await reader.readuntil(b"\r\n\r\n"))
        writer.write(await back.read())
        forth.close()
    writer.close()


def test_a_name_that_changes_its_answer_fools_a_proxy_that_asks_twice_and_not_ours(tmp_path: Path) -> None:
    async def play() -> None:
        async with web() as site:
            fooled = Names({"shop.test": [[OUTSIDE], [OWN]]})
            listener = socket.create_server((OWN, 0))
            server = await asyncio.start_server(lambda *both: naive(fooled, {OUTSIDE}, *both), sock=listener)
            stand_in = Served(listener.getsockname()[1], tmp_path / "none")
            assert await stand_in.ask(connect("shop.test", site.port)) == (
                b"HTTP/1.1 200 OK\r\n\r\nHTTP/1.1 200 OK\r\n\r\npage of 127.0.0.1"
            )
            server.close()

            names = Names({"shop.test": [[OUTSIDE], [OWN]]})
            allowed = [f"shop.test:{site.port}", f"{OUTSIDE}:{site.port}"]
            async with served(tmp_path, allowed, names) as proxy:
                assert b"page of 127.0.0.2" in await proxy.ask(connect("shop.test", site.port))
                assert len(names.asked) == 1
                said = await proxy.ask(connect("shop.test", site.port))
                assert said.startswith(b"HTTP/1.1 403")
                assert b"shop.test leads to 127.0.0.1, which is a loopback address" in said
            assert [one.get("address") for one in proxy.kept() if "request" in one] == [OUTSIDE, OWN]

    asyncio.run(play())


WAYS: list[Callable[[str, int], bytes]] = [connect, get]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    ("host", "said"),
    [
        ("shop.test", b"page of 127.0.0.2"),
        ("SHOP.test.", b"page of 127.0.0.2"),
        (OUTSIDE, b"page of 127.0.0.2"),
        ("mixed.test", b"page of 127.0.0.2"),
        ("deep.wild.test", b"page of 127.0.0.2"),
        ("wild.test", b" is not in the network list"),
        ("other.test", b" is not in the network list"),
        (OWN, b" is not in the network list"),
        ("localhost", b" is not in the network list"),
        ("2130706433", b"names no host"),
        ("own.test", b"own.test leads to 127.0.0.1, which is a loopback address"),
        ("mapped.test", b"which is an IPv4-mapped address"),
        ("meta.test", b"which is a cloud's metadata address"),
        ("junk.test", b"junk.test leads to no address"),
        ("gone.test", b"gone.test has no address"),
        ("slow.test", b"slow.test is not resolved in time"),
    ],
)
def test_what_gets_through(tmp_path: Path, way: Callable[[str, int], bytes], host: str, said: bytes) -> None:
    class Slow(Names):
        async def resolve(self, host: str, port: int) -> Sequence[str]:
            if host == "slow.test":
                await asyncio.sleep(9)
            return await super().resolve(host, port)

    async def play() -> None:
        outside: list[Sequence[str]] = [[OUTSIDE]]
        own: list[Sequence[str]] = [[OWN]]
        names = Slow(
            {
                "shop.test": outside, "deep.wild.test": outside, "wild.test": outside, "other.test": outside,
                "mixed.test": [[OWN, OUTSIDE]], "own.test": own, "mapped.test": [["::ffff:127.0.0.1"]],
                "meta.test": [["169.254.169.254", "fd00:ec2::254"]], "junk.test": [["nonsense"]],
            }
        )  # fmt: skip
        async with web() as site:
            listed = ("shop", "mixed", "own", "mapped", "meta", "junk", "gone", "slow")
            allowed = [f"{one}:{site.port}" for one in (*(f"{name}.test" for name in listed), "*.wild.test", OUTSIDE)]
            async with served(tmp_path, allowed, names) as proxy:
                assert said in await proxy.ask(way(host, site.port))
            assert {"other.test", "wild.test", "localhost"}.isdisjoint(names.asked)
            assert bool(site.got) == said.startswith(b"page")

    asyncio.run(play())


def test_a_port_is_listed_too(tmp_path: Path) -> None:
    async def play() -> None:
        async with web() as site, served(tmp_path, [f"{OUTSIDE}:1"], Names({})) as proxy:
            assert b"403" in await proxy.ask(connect(OUTSIDE, site.port))
            assert b"takes no connection" in await proxy.ask(connect(OUTSIDE, 1))

    asyncio.run(play())


def test_a_plain_request_is_one_request_for_the_host_that_was_looked_at(tmp_path: Path) -> None:
    async def play() -> None:
        async with web() as site, served(tmp_path, [f"{OUTSIDE}:{site.port}"], Names({})) as proxy:
            second = get(OUTSIDE, site.port, "X-Second: 1\r\n")
            body = b"b" * 100
            sized = get(OUTSIDE, site.port, "Content-Length: 100\r\nX: 100-bytes\r\n", "POST")
            assert b"page" in await proxy.ask(sized + body + second)
            chunked = get(OUTSIDE, site.port, "Transfer-Encoding: chunked\r\n", "POST")
            assert b"page" in await proxy.ask(chunked + b"3;x=y\r\nabc\r\n0\r\nTrailer: t\r\n\r\n" + second)
            head = f"POST /x HTTP/1.1\r\nHost: {OUTSIDE}:{site.port}\r\n".encode()
            assert site.got[0] == head + b"Content-Length: 100\r\nX: 100-bytes\r\nConnection: close\r\n\r\n" + body
            assert site.got[1].endswith(b"Connection: close\r\n\r\n3\r\nabc\r\n0\r\n\r\n")
            assert len(site.got) == 2
        sent = [one["sent"] for one in proxy.kept() if "end" in one]
        assert len(sent) == 2

    asyncio.run(play())


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ([b"\x16\x03\x01\x02\x00\x01\x00\x01" * 30 + b"\r\n\r\n"], b"400 Bad Request"),
        ([b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"], b"only CONNECT and whole http:// addresses are served"),
        ([b"A" * 100_000], b"431 Request Header Fields Too Large"),
        ([b"CONNECT shop", 1.0], b"408 Request Timeout"),
        ([1.0], b"408 Request Timeout"),
    ],
)
def test_a_client_that_makes_no_request(tmp_path: Path, parts: list[bytes | float], said: bytes) -> None:
    async def play() -> None:
        async with served(tmp_path, [], Names({})) as proxy:
            assert said in await proxy.ask(*parts)
            assert b"403" in await proxy.ask(connect("x.test", 1)), "it serves on"
        assert [bool(one["refused"]) for one in proxy.kept()] == [True, True]

    asyncio.run(play())


@pytest.mark.parametrize(
    "body",
    [b"zz\r\n", b"5\r\nabc\r\n0\r\n\r\n", b"-1\r\n", b"F" * 99 + b"\r\n", b"3\r\nab", b"0\r\n" + b"A: b\r\n" * 99],
)
def test_a_body_that_is_not_what_it_says(tmp_path: Path, body: bytes) -> None:
    async def play() -> None:
        async with web() as site, served(tmp_path, [f"{OUTSIDE}:{site.port}"], Names({})) as proxy:
            request = get(OUTSIDE, site.port, "Transfer-Encoding: chunked\r\nX: silent\r\n", "POST")
            reader, writer = await asyncio.open_connection(OWN, proxy.port)
            writer.write(request + body)
            writer.write_eof()
            assert await asyncio.wait_for(reader.read(), 5) == b""
            writer.close()
        (end,) = [one for one in proxy.kept() if "end" in one]
        assert "body" in end["why"]

    asyncio.run(play())


def test_too_many_connections_are_turned_away_and_silent_ones_end(tmp_path: Path) -> None:
    async def play() -> None:
        limits = QUICK._replace(connections=3, head_seconds=1.0)
        async with web() as site, served(tmp_path, [f"{OUTSIDE}:{site.port}"], Names({}), limits) as proxy:
            silent = [await asyncio.open_connection(OWN, proxy.port) for _ in range(3)]
            await asyncio.sleep(0.1)
            assert b"503" in await proxy.ask()
            for reader, _ in silent:
                assert b"408" in await asyncio.wait_for(reader.read(), 5)
            assert b"page" in await proxy.ask(connect(OUTSIDE, site.port))
            for _, writer in silent:
                writer.close()

    asyncio.run(play())


def test_a_server_or_client_that_says_nothing_more_is_left(tmp_path: Path) -> None:
    async def play() -> None:
        async with web() as site, served(tmp_path, [f"{OUTSIDE}:{site.port}"], Names({})) as proxy:
            said = await proxy.ask(connect(OUTSIDE, site.port, b"GET /silent HTTP/1.0\r\n\r\n"))
            assert said == b"HTTP/1.1 200 Connection established\r\n\r\n"
            assert await proxy.ask(get(OUTSIDE, site.port, "X: silent\r\n")) == b""
        assert [one["why"] for one in proxy.kept() if "end" in one] == ["nothing moved any more"] * 2

    asyncio.run(play())


def test_a_client_that_never_reads_and_one_that_breaks_off(tmp_path: Path) -> None:
    async def flood(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                writer.write(b"x" * 100_000)
                await writer.drain()
        except OSError:
            writer.close()

    async def play() -> None:
        server = await asyncio.start_server(flood, OUTSIDE, 0)
        port = server.sockets[0].getsockname()[1]
        async with served(tmp_path, [f"{OUTSIDE}:{port}"], Names({})) as proxy:
            _, deaf = await asyncio.open_connection(OWN, proxy.port)
            deaf.transport.pause_reading()  # type: ignore[attr-defined] # of a socket's transport
            deaf.write(connect(OUTSIDE, port, b""))
            _, gone = await asyncio.open_connection(OWN, proxy.port)
            gone.write(connect(OUTSIDE, port, b""))
            await asyncio.sleep(0.2)
            gone.transport.abort()
            ends: list[str] = []
            for _ in range(100):
                await asyncio.sleep(0.05)
                ends = [one["why"] for one in proxy.kept() if "end" in one]
                if len(ends) == 2:
                    break
            assert sorted(ends) == ["it broke off: ConnectionResetError", "nothing moved any more"] or (
                "nothing moved any more" in ends and any(one.startswith("it broke off") for one in ends)
            )
            deaf.transport.abort()
        server.close()

    asyncio.run(play())


def test_the_end_of_the_run_ends_every_connection_with_its_record(tmp_path: Path) -> None:
    async def play() -> None:
        limits = QUICK._replace(idle_seconds=60.0)
        async with web() as site, served(tmp_path, [f"{OUTSIDE}:{site.port}"], Names({}), limits) as proxy:
            reader, writer = await asyncio.open_connection(OWN, proxy.port)
            writer.write(connect(OUTSIDE, site.port, b"GET /silent HTTP/1.0\r\n\r\n"))
            await reader.readuntil(b"\r\n\r\n")
        writer.close()
        assert [one.get("why") for one in proxy.kept()] == [None, "the run ended"]

    asyncio.run(play())


def test_refusals_beyond_the_records_room_are_counted_and_what_passes_is_always_kept(tmp_path: Path) -> None:
    async def play() -> None:
        names = Names({})
        async with web() as site, served(tmp_path, [f"{OUTSIDE}:{site.port}"], names, longest=1500) as proxy:
            for _ in range(30):
                assert b"403" in await proxy.ask(connect("x.test", 1))
            through = [await proxy.ask(connect(OUTSIDE, site.port)) for _ in range(9)]
        counted = requestlog.count(proxy.record)
        passed = sum(b"page" in one for one in through)
        assert 0 < passed < 9
        assert counted.passed == passed
        assert counted.refused + counted.omitted == 30 + (9 - passed)
        assert counted.omitted > 10
        assert b"the record of requests is full" in through[-1]

    asyncio.run(play())


def test_a_record_that_cannot_be_written_lets_nothing_through(tmp_path: Path) -> None:
    async def play() -> None:
        async with web() as site:
            log = RequestLog("/dev/full")
            listener = socket.create_server((OWN, 0))
            proxy = Proxy(destinations.parse_all([f"{OUTSIDE}:{site.port}"]), log, Names({}).resolve, QUICK)
            serving = asyncio.create_task(proxy.serve(listener))
            client = Served(listener.getsockname()[1], tmp_path)
            assert b"403" in await client.ask(connect("x.test", 1))
            assert b"503" in await client.ask(connect(OUTSIDE, site.port))
            assert not site.got
            serving.cancel()
            await asyncio.wait({serving})
            log.close()

    asyncio.run(play())


def test_a_record_that_was_cut_off_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    path = tmp_path / "record"
    log = RequestLog(str(path))
    assert log.begin("GET", "a.test", 80, "", "not listed") == 1
    assert log.begin("GET", "b.test", 80, "1.2.3.4", "") == 2
    log.end(2, 1, 2)
    log.close()
    assert requestlog.count(path) == (1, 1, 0)
    whole = path.read_bytes()
    for cut in range(len(whole)):
        path.write_bytes(whole[:cut])
        assert requestlog.count(path) <= (1, 1, 0)
    assert requestlog.count(tmp_path / "none") == (0, 0, 0)
