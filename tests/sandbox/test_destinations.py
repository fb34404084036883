"""Network lists: what an entry names, and what two lists have in common; and where no name may lead."""

from __future__ import annotations

from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from snapline.sandbox import addresses, destinations
from snapline.sandbox.destinations import BadDestination, Destination, parse, parse_all


@pytest.mark.parametrize(
    ("entry", "named"),
    [
        ("api.example.org", ["api.example.org:443", "api.example.org:80"]),
        ("API.Example.org.:8443", ["api.example.org:8443"]),
        ("*.example.org:443", ["*.example.org:443"]),
        ("localhost:8080", ["localhost:8080"]),
        ("10.0.0.7:5432", ["10.0.0.7:5432"]),
        ("[::1]:80", ["[::1]:80"]),
        ("::1", ["[::1]:443", "[::1]:80"]),
        ("[2001:DB8:0::1]", ["[2001:db8::1]:443", "[2001:db8::1]:80"]),
        ("bücher.example:443", ["xn--bcher-kva.example:443"]),
        ("under_score.example:1", ["under_score.example:1"]),
    ],
)
def test_what_an_entry_names(entry: str, named: list[str]) -> None:
    found = parse(entry)
    assert list(map(str, found)) == named
    assert parse_all(map(str, found)) == found, "what is written reads back as itself"


@pytest.mark.parametrize(
    "entry",
    [
        "", "*", "*.", "*.*.org", "a.*.org", "https://example.org", "example.org/path", "me@example.org",
        "example.org:", "example.org:0", "example.org:65536", "example.org:443:80", "example.org:٤٤٣", "exa mple.org",
        "-a.example", "a..example", f"{'a' * 64}.example", f"{'a.' * 130}example", "[::1", "[::1]x", "*.10.0.0.1",
        "*.::1", "a\nb", "bü..cher",
    ],
)  # fmt: skip
def test_an_entry_that_names_no_host(entry: str) -> None:
    with pytest.raises(BadDestination):
        parse(entry)


@pytest.mark.parametrize(
    ("host", "port", "admitted"),
    [
        ("api.example.org", 443, True),
        ("api.example.org", 80, True),
        ("api.example.org", 8080, False),
        ("xapi.example.org", 443, False),
        ("api.example.org.evil.test", 443, False),
        ("deep.down.example.net", 8443, True),
        ("example.net", 8443, False),
        ("badexample.net", 8443, False),
        ("deep.down.example.net", 443, False),
        ("127.0.0.1", 443, False),
    ],
)
def test_what_a_list_admits(host: str, port: int, admitted: bool) -> None:  # noqa: FBT001 - a column of the table
    allowed = parse_all(["api.example.org", "*.example.net:8443"])
    assert destinations.admits(allowed, host, port) is admitted


@pytest.mark.parametrize(
    "text", ["127.1", "0x7f.0.0.1", "2130706433", "0177.0.0.1", "127.0.0.1.", "0x", "a.0x7f", "١٢٧.0.0.1"]
)
def test_an_address_has_one_spelling(text: str) -> None:
    """What C libraries take for an address besides is no host at all."""
    assert addresses.address(text) is None
    assert destinations.host_name(text) is None


@pytest.mark.parametrize(
    ("wanted", "granted", "both"),
    [
        (["api.test"], ["api.test"], ["api.test:443", "api.test:80"]),
        (["api.test"], ["api.test:443", "other.test"], ["api.test:443"]),
        (["api.test:443"], ["*.test:443"], ["api.test:443"]),
        (["*.test:443"], ["api.test"], ["api.test:443"]),
        (["*.a.test:1"], ["*.test:1"], ["*.a.test:1"]),
        (["*.test:1"], ["*.a.test:1"], ["*.a.test:1"]),
        (["*.test:1"], ["*.test:1"], ["*.test:1"]),
        (["test:1"], ["*.test:1"], []),
        (["api.test"], [], []),
        ([], ["api.test"], []),
    ],
)
def test_what_two_lists_have_in_common(wanted: list[str], granted: list[str], both: list[str]) -> None:
    assert list(map(str, destinations.narrowed(parse_all(wanted), parse_all(granted)))) == both


def test_which_addresses_a_list_names_itself() -> None:
    allowed = parse_all(["10.0.0.7:5432", "localhost:8080", "*.localhost:1"])
    named = [
        (text, port)
        for text in ("10.0.0.7", "10.0.0.8", "127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1")
        for port in (1, 5432, 8080)
        if destinations.names_address(allowed, ip_address(text), port)
    ]
    loopback = [("127.0.0.1", 8080), ("127.9.9.9", 8080), ("::1", 8080)]
    assert [one for one in named if "ffff" not in one[0]] == [("10.0.0.7", 5432), *loopback]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("93.184.216.34", None),
        ("2606:4700::1111", None),
        ("64:ff9b::5db8:d822", None),
        ("127.0.0.1", "a loopback address"),
        ("127.255.0.9", "a loopback address"),
        ("::1", "a loopback address"),
        ("0.0.0.0", "unspecified"),  # noqa: S104 - judged, not bound
        ("::", "unspecified"),
        ("169.254.169.254", "a cloud's metadata address"),
        ("fd00:ec2::254", "a cloud's metadata address"),
        ("100.100.100.200", "a cloud's metadata address"),
        ("169.254.1.1", "a link-local address"),
        ("fe80::1", "a link-local address"),
        ("fe80::1%eth0", "a link-local address"),
        ("fec0::1", "a site-local address"),
        ("10.1.2.3", "a private address"),
        ("172.16.0.1", "a private address"),
        ("192.168.1.1", "a private address"),
        ("fd12::1", "a private address"),
        ("100.64.0.1", "a reserved address"),
        ("224.0.0.1", "a multicast address"),
        ("239.1.1.1", "a multicast address"),
        ("ff02::1", "a multicast address"),
        ("255.255.255.255", "a private address"),
        ("::ffff:93.184.216.34", "an IPv4-mapped address"),
        ("::ffff:127.0.0.1", "an IPv4-mapped address"),
        ("64:ff9b::7f00:1", "a way to 127.0.0.1, a loopback address"),
        ("64:ff9b::a9fe:a9fe", "a way to 169.254.169.254, a cloud's metadata address"),
        ("2002:7f00:1::", "a way to 127.0.0.1, a loopback address"),
        ("2002:a00:1::1", "a way to 10.0.0.1, a private address"),
        ("::7f00:1", "a way to 127.0.0.1, a loopback address"),
    ],
)
def test_where_a_name_may_lead(text: str, why: str | None) -> None:
    assert addresses.refusal(ip_address(text)) == why


@given(st.ip_addresses(v=4))
def test_what_is_no_address_of_the_internet_is_refused_in_every_dress(inner: object) -> None:
    """An IPv4 address is judged alike behind NAT64 and 6to4."""
    number = int(ip_address(str(inner)))
    bad = addresses.refusal(ip_address(number)) is not None
    nat64 = ip_address((0x64FF9B << 96) | number)
    sixtofour = ip_address((0x2002 << 112) | (number << 80))
    assert (addresses.refusal(nat64) is not None) == bad
    assert (addresses.refusal(sixtofour) is not None) == bad


@given(st.text(max_size=40))
def test_any_text_is_an_entry_or_none(text: str) -> None:
    try:
        found = parse(text)
    except BadDestination:
        return
    assert found == parse_all(map(str, found))
    assert all(isinstance(one, Destination) for one in found)
