"""What is seen of an agent that is at work: the last line that it wrote."""

from __future__ import annotations

from pathlib import Path

import pytest

from snapline.app.watching import last_line


@pytest.mark.parametrize(
    ("written", "line"),
    [
        (b"", ""),
        (b"one\ntwo\n", "two"),
        (b"one\n\n  \n", "one"),
        (b"10 %\r50 %\r", "50 %"),
        (b"\x1b[31mred\x1b[0m words\x1b]0;owned\x07\n", "red words"),
        (b"x" * 10_000 + b"\nlast", "last"),
        (b"caf\xc3", "caf\ufffd"),
    ],
)
def test_the_last_line_with_words_is_safe_to_show(written: bytes, line: str, tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_bytes(written)
    assert last_line(log) == line


def test_a_log_that_is_not_there_says_nothing(tmp_path: Path) -> None:
    assert last_line(tmp_path / "log") == ""
