"""The proxy: only what is listed gets through, to the address that was looked at; nothing that clients do stops it."""

from __future__ import annotations

import asyncio
import random
import socket
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from tests.sandbox.proxied import OUTSIDE, OWN, QUICK, Names, Served, connect, get, served, web


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


def test_rubbish_stops_nothing(tmp_path: Path) -> None:
    async def throw(proxy: Served, dice: random.Random, port: int) -> None:
        pieces = [connect(OUTSIDE, port), get(OUTSIDE, port, "Transfer-Encoding: chunked\r\n", "POST"), b"3\r\nabc\r\n"]
        pieces += [
            get(OUTSIDE, port, "Content-Length: 100\r\nX: 100-bytes\r\n", "POST"),
            b"0\r\n\r\n",
            dice.randbytes(40),
        ]
        reader, writer = await asyncio.open_connection(OWN, proxy.port)
        words = bytearray(b"".join(dice.choices(pieces, k=3)))
        for _ in range(dice.randrange(3)):
            words[dice.randrange(len(words))] = dice.randrange(256)
        writer.write(words[: dice.randrange(len(words))] if dice.random() < 0.5 else words)
        if dice.random() < 0.5:
            writer.write_eof()
            await asyncio.wait_for(reader.read(), 5)
        writer.transport.abort()

    async def play() -> None:
        dice = random.Random(20260817)  # noqa: S311 - no secret
        limits = QUICK._replace(connections=99)
        async with web() as site, served(tmp_path, [f"{OUTSIDE}:{site.port}"], Names({}), limits) as proxy:
            for _ in range(8):
                throws = [throw(proxy, dice, site.port) for _ in range(40)]
                for one in await asyncio.gather(*throws, return_exceptions=True):
                    assert one is None or isinstance(one, OSError), one
            assert b"page" in await proxy.ask(connect(OUTSIDE, site.port))

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
