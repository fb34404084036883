"""The head of a request to our proxy: strict, so that no two programs on the way can read it in two ways. Pure.

Standard library only: the proxy starts without site packages.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from snapline.base.regex import regex
from snapline.sandbox.destinations import host_name, port_number, split

END = b"\r\n\r\n"
TUNNEL = "CONNECT"
_SCHEME = "http://"
_PORT = 80
_TOKEN = regex(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_UNPRINTABLE = regex(r"[\x00-\x08\x0a-\x1f\x7f]")
_NUMBER = regex(r"[0-9]{1,18}")
_REQUEST_WORDS = 3
_ONE_HOP = frozenset(
    ("connection", "keep-alive", "proxy-connection", "proxy-authorization", "te", "trailer", "upgrade", "host")
)


class BadHead(ValueError):
    """A request that is not answered: the message says why."""


class Head(NamedTuple):
    """A request: where to, and for one that is no tunnel what is asked there. ``length`` is None for chunks."""

    method: str
    host: str
    port: int
    path: str
    headers: tuple[tuple[str, str], ...]
    length: int | None

    @property
    def is_tunnel(self) -> bool:
        """Whether bytes are passed on unseen."""
        return self.method == TUNNEL

    def forwarded(self) -> bytes:
        """The head as the server gets it: one request, for the host that was looked at, and then the end."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        named = host if self.port == _PORT else f"{host}:{self.port}"
        kept = (f"{name}: {value}" for name, value in self.headers if name.lower() not in _ONE_HOP)
        lines = (f"{self.method} {self.path} HTTP/1.1", f"Host: {named}", *kept, "Connection: close")
        return "\r\n".join(lines).encode("latin-1") + END


def parse(raw: bytes) -> Head:
    """The request in ``raw``, which ends with an empty line; raises :class:`BadHead`."""
    first, *lines = raw.removesuffix(END).decode("latin-1").split("\r\n")
    words = first.split(" ")
    if _UNPRINTABLE.search(first) or len(words) != _REQUEST_WORDS or words[2] not in ("HTTP/1.1", "HTTP/1.0"):
        raise BadHead("the request line cannot be read")
    method, target, _ = words
    if not _TOKEN.fullmatch(method):
        raise BadHead("the method is no word")
    headers = tuple(map(_header, lines))
    if method == TUNNEL:
        host, port = _place(target, None)
        return Head(method, host, port, "", headers, 0)
    if target[: len(_SCHEME)].lower() != _SCHEME:
        raise BadHead("only CONNECT and whole http:// addresses are served")
    authority, path = _divided(target[len(_SCHEME) :])
    host, port = _place(authority, _PORT)
    return Head(method, host, port, path, headers, _length(headers))


def _header(line: str) -> tuple[str, str]:
    name, colon, value = line.partition(":")
    if not colon or not _TOKEN.fullmatch(name) or _UNPRINTABLE.search(value):
        raise BadHead("a header cannot be read")
    return name, value.strip(" \t")


def _divided(rest: str) -> tuple[str, str]:
    """Authority and path with query; an address with a fragment is none that a program asks for."""
    if "#" in rest:
        raise BadHead("the address has a fragment")
    end = min((rest.index(mark) for mark in "/?" if mark in rest), default=len(rest))
    path = rest[end:]
    return rest[:end], path if path.startswith("/") else f"/{path}"


def _place(authority: str, default: int | None) -> tuple[str, int]:
    written, digits = split(authority)
    host = host_name(written)
    port = default if digits is None else port_number(digits)
    if host is None or port is None:
        raise BadHead("the address names no host and port")
    return host, port


def _length(headers: Iterable[tuple[str, str]]) -> int | None:
    lengths = {value for name, value in headers if name.lower() == "content-length"}
    codings = [value.lower() for name, value in headers if name.lower() == "transfer-encoding"]
    if codings:
        if lengths or codings != ["chunked"]:
            raise BadHead("the length of the body can be read in two ways")
        return None
    if len(lengths) > 1 or not all(_NUMBER.fullmatch(one) for one in lengths):
        raise BadHead("the length of the body can be read in two ways")
    return int(lengths.pop()) if lengths else 0
