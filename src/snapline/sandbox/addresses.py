"""Which addresses a name may lead to: those of the whole internet, and no other.

Standard library only: the proxy starts without site packages.
"""

from __future__ import annotations

import socket
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

Address = IPv4Address | IPv6Address

METADATA = frozenset(map(ip_address, ("169.254.169.254", "fd00:ec2::254", "100.100.100.200", "192.0.0.192")))
"""Where clouds tell a machine its credentials: AWS, Azure and Google (also by IPv6), Alibaba, Oracle."""
_TRANSLATED = (IPv6Network("64:ff9b::/96"), IPv6Network("64:ff9b:1::/48"))
"""NAT64 (RFC 6052 and 8215): the last four bytes are an IPv4 address."""
_ANY_PORT = 9
_COMPATIBLE = IPv6Network("::/96")


def address(text: str) -> Address | None:
    """The address that a text spells in full; None for a name, and for short or octal spellings."""
    try:
        return ip_address(text)
    except ValueError:
        return None


def refusal(found: Address) -> str | None:
    """What is wrong with an address that a name led to, in words that follow "which is"; None if nothing is."""
    if found in METADATA:
        return "a cloud's metadata address"
    carried = _carried(found)
    if isinstance(found, IPv6Address) and found.ipv4_mapped is not None:
        return "an IPv4-mapped address"
    if carried is not None:
        inner = refusal(carried)
        return None if inner is None else f"a way to {carried}, {inner}"
    kinds = {
        "unspecified": found.is_unspecified,
        "a loopback address": found.is_loopback,
        "a link-local address": found.is_link_local,
        "a multicast address": found.is_multicast,
        "a site-local address": isinstance(found, IPv6Address) and found.is_site_local,
        "a private address": found.is_private,
        "a reserved address": found.is_reserved or not found.is_global,
    }
    return next((kind for kind, holds in kinds.items() if holds), None)


def of_this_machine(found: Address) -> bool:
    """Whether packets to an address would stay here: the kernel then answers from that address. Nothing is sent."""
    family = socket.AF_INET if isinstance(found, IPv4Address) else socket.AF_INET6
    with socket.socket(family, socket.SOCK_DGRAM) as trial:
        try:
            trial.connect((str(found), _ANY_PORT))
        except OSError:
            return False  # there is no way to it
        return address(str(trial.getsockname()[0])) == found


def _carried(found: Address) -> IPv4Address | None:
    """The IPv4 address that packets to an IPv6 one may end at: NAT64, 6to4, Teredo, or the old compatible form."""
    if isinstance(found, IPv4Address):
        return None
    if found.sixtofour is not None:
        return found.sixtofour
    if found.teredo is not None:
        return found.teredo[1]
    translated = any(found in network for network in _TRANSLATED)
    compatible = found in _COMPATIBLE and int(found) > 1
    return IPv4Address(int(found) & 0xFFFFFFFF) if translated or compatible else None
