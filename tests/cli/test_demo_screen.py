"""The demo as a person reads it."""

from __future__ import annotations

from pathlib import Path

import pytest

from snapline.app.demo.report import DemoReport, Step
from snapline.cli.commands.demo import Screen
from snapline.cli.output import Output
from snapline.sandbox.policy import Tier

GOOD = Step("agents", ok=True, says="two of them", facts={})
BAD = Step("checks", ok=False, says="A1 fails", facts={})


def report(*steps: Step) -> DemoReport:
    failed = next((one.name for one in steps if not one.ok), None)
    return DemoReport("/d", "/d/parcel", "/d/my state", "T2", (), steps, failed, 12.3)


def told(screen: Screen) -> None:
    screen.begin(Path("/d"), Tier.T2)
    screen.warn("Nothing is isolated.")
    screen.chapter(3, "The work", "Two agents begin.")
    screen.typed("snapline run parcel")
    screen.quote("done")
    screen.say("So it went.")
    screen.table(("agent", "verdict"), [("swift", "accepted"), ("boaster", "word " * 40)])
    screen.done(GOOD)
    screen.done(BAD)


@pytest.fixture(autouse=True)
def narrow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "60")


def test_it_is_told_in_order_and_kept_in_the_terminals_width(capsys: pytest.CaptureFixture[str]) -> None:
    screen = Screen(Output())
    told(screen)
    out, err = capsys.readouterr()
    assert err == ""
    assert max(len(line) for line in out.splitlines()) <= 60
    parts = ["in /d (kept), at tier T2", "Nothing is isolated.", "3/7  The work", "Two agents begin.", "$ snapline run"]
    parts += [
        "done\n\nSo it went.",
        "agent    verdict",
        "swift    accepted",
        "ok  agents: two of them",
        "FAILED  checks: A1",
    ]
    places = [out.find(part) for part in parts]
    assert -1 not in places
    assert places == sorted(places)
    assert screen.shares


def test_with_json_the_steps_are_told_on_stderr(capsys: pytest.CaptureFixture[str]) -> None:
    screen = Screen(Output(as_json=True))
    told(screen)
    out, err = capsys.readouterr()
    assert out == ""
    assert err.splitlines() == [
        "Snapline's demo, in /d (kept), at tier T2",
        "Nothing is isolated.",
        "3/7  The work",
        "$ snapline run parcel",
        "ok  agents: two of them",
        "FAILED  checks: A1 fails",
    ]
    assert not screen.shares


def test_the_closing_screen_says_what_happened_and_what_is_next(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    Screen(Output()).close(report(GOOD))
    out = capsys.readouterr().out
    assert "agents  two of them" in out
    assert "cd /d/parcel; export SNAPLINE_HOME='/d/my state'" in out
    assert ":$PATH" in out
    assert out.rstrip().splitlines()[-3:] == [
        "  $ snapline init",
        "  $ snapline new my-change",
        "  $ snapline approve my-change",
    ]


def test_a_demo_that_failed_closes_without_a_summary(capsys: pytest.CaptureFixture[str]) -> None:
    Screen(Output()).close(report(GOOD, BAD))
    out = capsys.readouterr().out
    assert "rm -rf /d" in out
    assert "snapline init" not in out
