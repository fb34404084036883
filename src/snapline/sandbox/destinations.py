"""The hosts and ports that a lane's network list names, and what of a request it covers: pure.

Standard library only: the proxy starts without site packages.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from snapline.base.regex import regex
from snapline.sandbox.addresses import Address, address

PORTS = (443, 80)
"""The ports of an entry that names none."""
_LABEL = r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
_NAME = regex(rf"(?=.{{1,253}}\Z){_LABEL}(?:\.{_LABEL})*")
_NUMERIC = regex(r"(?:\A|\.)(?:[0-9]+|0x[0-9a-f]*)\Z")
_BELOW = "*."
_LARGEST_PORT = 65535
_LONGEST_PORT = 5
_LOCAL = "localhost"


class BadDestination(ValueError):
    """An entry of a network list that says nothing: the message tells what is wrong with it."""


class Destination(NamedTuple):
    """A host and a port. ``below``: not the host itself, but every name below it."""

    host: str
    port: int
    below: bool = False

    def __str__(self) -> str:
        """As an entry of a list is written."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{_BELOW if self.below else ''}{host}:{self.port}"


def parse(entry: str) -> tuple[Destination, ...]:
    """What an entry such as ``api.example.org``, ``*.example.org:8443`` or ``[::1]:80`` names, a port each.

    Raises :class:`BadDestination`.
    """
    if "/" in entry or "@" in entry:
        raise BadDestination(f"`{entry}` is more than a host: write it without scheme and path")
    below = entry.startswith(_BELOW)
    host, port = split(entry.removeprefix(_BELOW))
    named = _spelled(host)
    if named is None or (below and address(named) is not None):
        raise BadDestination(f"`{entry}` names no host")
    if port is None:
        return tuple(Destination(named, one, below) for one in PORTS)
    number = port_number(port)
    if number is None:
        raise BadDestination(f"`{entry}`: a port is a number from 1 to {_LARGEST_PORT}")
    return (Destination(named, number, below),)


def parse_all(entries: Iterable[str]) -> tuple[Destination, ...]:
    """What all entries name; raises :class:`BadDestination`."""
    return tuple(dict.fromkeys(one for entry in entries for one in parse(entry)))


def split(authority: str) -> tuple[str, str | None]:
    """Host and port, as written, of ``host``, ``host:port``, ``[v6]``, ``[v6]:port`` and a bare IPv6 address."""
    if authority.startswith("["):
        host, closed, rest = authority[1:].partition("]")
        port = rest[1:] if rest.startswith(":") else ""
        return host if closed else "", port if rest else None
    if authority.count(":") > 1:
        return authority, None
    host, colon, port = authority.partition(":")
    return host, port if colon else None


def port_number(text: str) -> int | None:
    """A port from its digits; None if they are no port."""
    if not (text.isascii() and text.isdigit() and len(text) <= _LONGEST_PORT):
        return None
    number = int(text)
    return number if 1 <= number <= _LARGEST_PORT else None


def host_name(text: str) -> str | None:
    """A host as it is compared: an address in its one spelling, or a name in small letters without a last dot.

    None for what is neither, and for what ends like an IPv4 address: resolvers read ``127.1`` and ``0x7f`` as one.
    """
    found = address(text)
    if found is not None:
        return str(found)
    name = text.lower().removesuffix(".")
    return name if _NAME.fullmatch(name) and not _NUMERIC.search(name) else None


def admits(allowed: Iterable[Destination], host: str, port: int) -> bool:
    """Whether a list names this host (as :func:`host_name` spells it) with this port."""
    return any(one.port == port and _is_meant(one, host) for one in allowed)


def names_address(allowed: Iterable[Destination], found: Address, port: int) -> bool:
    """Whether a list names this very address with this port; ``localhost`` names those of the loopback."""
    named = (one.host for one in allowed if one.port == port and not one.below)
    return any(host == str(found) or (host == _LOCAL and found.is_loopback) for host in named)


def narrowed(wanted: Iterable[Destination], allowed: Iterable[Destination]) -> tuple[Destination, ...]:
    """What both lists name."""
    pairs = [(one, other) for one in wanted for other in allowed if one.port == other.port]
    both = [one if _covers(other, one) else other for one, other in pairs if _covers(other, one) or _covers(one, other)]
    return tuple(dict.fromkeys(both))


def _covers(wide: Destination, narrow: Destination) -> bool:
    return (wide.host, wide.below) == (narrow.host, narrow.below) or (wide.below and _is_meant(wide, narrow.host))


def _is_meant(one: Destination, host: str) -> bool:
    return host.endswith(f".{one.host}") if one.below else host == one.host


def _spelled(host: str) -> str | None:
    """A host of an entry; letters beyond ASCII in the form that the domain name system knows."""
    if not host.isascii():
        try:
            host = host.encode("idna").decode()
        except UnicodeError:
            return None
    return host_name(host)
