"""The proof as a person reads it."""

from __future__ import annotations

from typing import Any

import pytest

from snapline.app.proving.report import ProofReport, ProofRow, Standing
from snapline.cli.commands.prove import show
from snapline.cli.output import Output


def row(name: str, standing: Standing, why: str = "because of \x1b[2Jthis", how: str = "") -> ProofRow:
    return ProofRow(name, f"what {name} says, which is long enough to need more than one line", standing, why, how, {})


def told(capsys: pytest.CaptureFixture[str], *rows: ProofRow, **more: Any) -> str:  # noqa: ANN401 - a report's fields
    show(Output(), ProofReport("mine", "T2", rows=rows, failed=(), seconds=12.3, **({"folder": None} | more)))
    return capsys.readouterr().out


@pytest.mark.parametrize("width", [60, 80, 120])
def test_it_keeps_to_the_width_of_the_terminal(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, width: int
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    out = told(capsys, row("a", Standing.HELD), row("much-longer", Standing.WEAKER, how="do " * 60))
    assert max(len(line) for line in out.splitlines()) <= width
    assert [line.split()[:2] for line in out.splitlines() if line.startswith(("held", "weaker"))] == [
        ["held", "a"],
        ["weaker", "much-longer"],
    ]


def test_it_says_why_and_how_only_where_that_helps(capsys: pytest.CaptureFixture[str]) -> None:
    out = told(capsys, row("a", Standing.HELD), row("b", Standing.BROKEN), row("c", Standing.WEAKER, how="do it"))
    assert out.count("why: because of this") == 2
    assert out.count("to get it: do it") == 1
    assert "Lane mine at tier T2: 1 held, 1 weaker, 1 broken, in 12 s. Each attack works on" in out
    assert "\x1b" not in out


def test_it_does_not_boast_of_attacks_that_did_not_work(capsys: pytest.CaptureFixture[str]) -> None:
    assert "Each attack" not in told(capsys, row("a", Standing.UNPROVED))


def test_what_is_kept_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert "rm -rf '/x y'" in told(capsys, row("a", Standing.HELD), folder="/x y")
