"""Programs of our own, run as the person."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from snapline.sandbox import trusted
from snapline.sandbox.trusted import Shown


def test_what_it_printed_and_how_it_ended_is_captured(tmp_path: Path) -> None:
    ended = trusted.run(
        ["bash", "-c", 'echo "$WORD in $PWD"; echo amiss >&2; read line || exit 7'],
        tmp_path,
        {"PATH": os.environ["PATH"], "WORD": "here"},
        Shown.NOTHING,
    )
    assert ended == trusted.Ended(7, f"here in {tmp_path}\n", "amiss\n")


def test_a_signal_shows_as_in_a_shell(tmp_path: Path) -> None:
    ended = trusted.run(["bash", "-c", "kill -9 $$"], tmp_path, {"PATH": os.environ["PATH"]}, Shown.NOTHING)
    assert ended.status == 128 + signal.SIGKILL


@pytest.mark.parametrize(
    ("shown", "ended", "seen"),
    [
        (Shown.ALL, trusted.Ended(0), ("out\n", "err\n")),
        (Shown.MESSAGES, trusted.Ended(0, "out\n"), ("", "err\n")),
        (Shown.NOTHING, trusted.Ended(0, "out\n", "err\n"), ("", "")),
    ],
)
def test_output_goes_where_it_is_told(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], shown: Shown, ended: trusted.Ended, seen: tuple[str, str]
) -> None:
    command = ["bash", "-c", "echo out; echo err >&2"]
    assert trusted.run(command, tmp_path, {"PATH": os.environ["PATH"]}, shown) == ended
    assert capfd.readouterr() == seen


def test_a_program_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        trusted.run(["no-such-program"], tmp_path, {"PATH": os.environ["PATH"]}, Shown.NOTHING)


CALLER = """
import os, signal, sys
from pathlib import Path
from snapline.sandbox import trusted

class Ended(BaseException): pass
def end(*_): raise Ended
signal.signal(signal.SIGTERM, end)
program = "trap 'sleep 0.3; echo cleaned > mark; exit' INT TERM; echo $$ > ready; while :; do sleep 0.05; done"
try:
    trusted.run(["bash", "-c", program], Path(sys.argv[1]), os.environ, trusted.Shown.NOTHING)
except (KeyboardInterrupt, Ended) as how:
    print(type(how).__name__, (Path(sys.argv[1]) / "mark").read_text().strip())
"""


@pytest.mark.parametrize(("sent", "name"), [(signal.SIGINT, "KeyboardInterrupt"), (signal.SIGTERM, "Ended")])
def test_a_program_may_clean_up_before_we_go(tmp_path: Path, sent: signal.Signals, name: str) -> None:
    caller = subprocess.Popen(
        [sys.executable, "-c", CALLER, str(tmp_path)], stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    ready = tmp_path / "ready"
    until = time.monotonic() + 20
    while not (ready.exists() and ready.read_text().strip()):
        assert time.monotonic() < until
        time.sleep(0.02)
    program = int(ready.read_text())
    os.kill(program, 0)
    if sent is signal.SIGINT:
        os.killpg(caller.pid, sent)
    else:
        os.kill(caller.pid, sent)
    said, _ = caller.communicate(timeout=20)
    assert said == f"{name} cleaned\n"
    with pytest.raises(ProcessLookupError):
        os.kill(program, 0)
