"""What is shown of other people's words holds nothing that a terminal obeys."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from snapline.base.plain import clipped, plain


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("plain\ttext\n", "plain\ttext\n"),
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x1b]0;owned\x07after", "after"),
        ("\x1b]8;;https://x.example\x1b\\link\x1b]8;;\x1b\\", "link"),
        ("\x1b]52;c;ZXZpbA==\x07", ""),
        ("\x1bP1$r0m\x1b\\x", "x"),
        ("\x9b31mred", "red"),
        ("\x1b(Bx\x1bcy", "xy"),
        ("a\x1b[", "a"),
        ("a\x1b", "a"),
        ("FAILED\rPASSED", "FAILED\nPASSED"),
        ("one\r\ntwo", "one\ntwo"),
        ("a\x08b\x00c\x7f", "abc"),
        ("safe\u202eevil\u2066x", "safeevilx"),
        (b"caf\xc3\xa9 \xff", "café \ufffd"),
    ],
)
def test_plain(raw: str | bytes, shown: str) -> None:
    assert plain(raw) == shown


@given(st.text())
def test_nothing_that_a_terminal_obeys_is_left(raw: str) -> None:
    shown = plain(raw)
    assert not any(ord(letter) < 32 and letter not in "\n\t" for letter in shown)
    assert "\x1b" not in shown
    assert plain(shown) == shown


@given(st.text(min_size=1), st.integers(80, 400))
def test_clipped_keeps_within_its_limit_and_shows_both_ends(text: str, limit: int) -> None:
    long = "HEAD" + text * 100 + "TAIL"
    cut = clipped(long, limit)
    assert len(cut.encode()) <= max(limit, 0)
    if len(long.encode()) > limit:
        assert cut.startswith("HEAD")
        assert cut.endswith("TAIL")
        assert "cut out of the middle" in cut


def test_what_fits_is_not_clipped() -> None:
    assert clipped("ä" * 50, 100) == "ä" * 50
