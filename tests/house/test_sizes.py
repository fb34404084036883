"""The size gate passes what is small and names what is not."""

from __future__ import annotations

from pathlib import Path

import pytest

import sizes

ROOT = Path(__file__).resolve().parents[2]


def test_all_of_ours_is_small(capsys: pytest.CaptureFixture[str]) -> None:
    assert sizes.main(ROOT) == 0, capsys.readouterr().out


def test_what_grew_too_long_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "src").mkdir()
    body = "".join(f"    x{number} = {number}\n" for number in range(49))
    (tmp_path / "src" / "long.py").write_text("def f():\n" + body + "\n" * 300)
    (tmp_path / "src" / "short.py").write_text("def f():\n" + body.removesuffix("    x48 = 48\n"))
    assert sizes.main(tmp_path) == 1
    assert capsys.readouterr().out.splitlines() == [
        f"{tmp_path}/src/long.py:1: the module has 350 lines; it must stay below 350",
        f"{tmp_path}/src/long.py:1: f has 50 lines; it must stay below 50",
    ]
