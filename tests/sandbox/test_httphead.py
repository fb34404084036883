"""Heads of requests: read in one way, or not at all."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from snapline.sandbox.httphead import END, BadHead, parse


def head(*lines: str) -> bytes:
    return "\r\n".join(lines).encode("latin-1") + END


@pytest.mark.parametrize(
    ("line", "place"),
    [
        ("CONNECT api.test:443 HTTP/1.1", ("api.test", 443, "")),
        ("CONNECT [::1]:8080 HTTP/1.0", ("::1", 8080, "")),
        ("GET http://api.test/a?b=http://c HTTP/1.1", ("api.test", 80, "/a?b=http://c")),
        ("GET HTTP://API.test.:8080?x HTTP/1.1", ("api.test", 8080, "/?x")),
        ("GET http://[2001:db8::1] HTTP/1.1", ("2001:db8::1", 80, "/")),
    ],
)
def test_where_a_request_goes(line: str, place: tuple[str, int, str]) -> None:
    found = parse(head(line))
    assert (found.host, found.port, found.path) == place
    assert found.is_tunnel == line.startswith("CONNECT")


@pytest.mark.parametrize(
    "lines",
    [
        [""],
        ["GET / HTTP/1.1"],
        ["GET /path HTTP/1.1", "Host: api.test"],
        ["GET https://api.test/ HTTP/1.1"],
        ["GET ftp://api.test/ HTTP/1.1"],
        ["GET http://api.test/ HTTP/2"],
        ["GET http://api.test/"],
        ["GET  http://api.test/ HTTP/1.1"],
        ["GET http://api.test/ x HTTP/1.1"],
        ["GET http://me:secret@api.test/ HTTP/1.1"],
        ["GET http://api.test#@evil.test/ HTTP/1.1"],
        ["GET http://api.test\\@evil.test/ HTTP/1.1"],
        ["GET http:///etc/passwd HTTP/1.1"],
        ["GET http://api.test:80:90/ HTTP/1.1"],
        ["GET http://api.test:/ HTTP/1.1"],
        ["GET http://api.test:+80/ HTTP/1.1"],
        ["GET http://api.test\x00.evil.test/ HTTP/1.1"],
        ["GET http://api.test\t/ HTTP/1.1"],
        ["CONNECT api.test HTTP/1.1"],
        ["CONNECT http://api.test:443 HTTP/1.1"],
        ["CONNECT api.test:443/x HTTP/1.1"],
        ["G\x7fT http://api.test/ HTTP/1.1"],
        ["GET http://api.test/ HTTP/1.1", "no colon"],
        ["GET http://api.test/ HTTP/1.1", " folded: x"],
        ["GET http://api.test/ HTTP/1.1", "Name : x"],
        ["GET http://api.test/ HTTP/1.1", "A: b\nC: d"],
        ["GET http://api.test/ HTTP/1.1", "A: b\rC: d"],
        ["POST http://api.test/ HTTP/1.1", "Content-Length: 1", "Content-Length: 2"],
        ["POST http://api.test/ HTTP/1.1", "Content-Length: +1"],
        ["POST http://api.test/ HTTP/1.1", "Content-Length: 1, 1"],
        ["POST http://api.test/ HTTP/1.1", "Content-Length: 1", "Transfer-Encoding: chunked"],
        ["POST http://api.test/ HTTP/1.1", "Transfer-Encoding: gzip, chunked"],
        ["POST http://api.test/ HTTP/1.1", "Transfer-Encoding: chunked", "Transfer-Encoding: chunked"],
        ["POST http://api.test/ HTTP/1.1", "Transfer-Encoding: identity"],
    ],
)
def test_what_could_be_read_in_two_ways_is_not_read(lines: list[str]) -> None:
    with pytest.raises(BadHead):
        parse(head(*lines))


def test_what_the_server_gets() -> None:
    found = parse(
        head(
            "PUT http://api.test:8080/a%20b?c HTTP/1.0",
            "Host: other.test",
            "Proxy-Authorization: Basic c2VjcmV0",
            "Proxy-Connection: keep-alive",
            "Connection: upgrade",
            "Upgrade: h2c",
            "Content-Length: 3",
            "X-Own: a b\tc",
        )
    )
    assert found.length == 3
    assert found.forwarded() == head(
        "PUT /a%20b?c HTTP/1.1", "Host: api.test:8080", "Content-Length: 3", "X-Own: a b\tc", "Connection: close"
    )


def test_how_long_a_body_is() -> None:
    line = "POST http://api.test/ HTTP/1.1"
    assert parse(head(line)).length == 0
    assert parse(head(line, "content-length: 7", "Content-Length: 7")).length == 7
    assert parse(head(line, "Transfer-Encoding: Chunked")).length is None


@given(st.binary(max_size=200))
def test_any_bytes_are_a_request_or_none(raw: bytes) -> None:
    for prefix in (b"", b"CONNECT ", b"GET http://"):
        try:
            found = parse(prefix + raw + END)
        except BadHead:
            continue
        if not found.is_tunnel:
            again = (
                parse(found.forwarded().replace(b" /", f" http://{found.host}:{found.port}/".encode(), 1))
                if (":" not in found.host)
                else found
            )
            assert (again.host, again.path, again.length) == (found.host, found.path, found.length)
