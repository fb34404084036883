"""The record of requests: complete for what is let through, and bounded."""

from __future__ import annotations

import asyncio
import socket
from pathlib import Path

from tests.sandbox.proxied import OUTSIDE, OWN, QUICK, Names, Served, connect, served, web

from snapline.sandbox import destinations, requestlog
from snapline.sandbox.proxy import Proxy
from snapline.sandbox.requestlog import RequestLog


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
