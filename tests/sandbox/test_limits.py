"""The shim alone holds a run to its limits."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.sandbox.victims import Victims

from snapline.base import digest
from snapline.sandbox import process
from snapline.sandbox.cappedlog import CappedLog
from snapline.sandbox.policy import Cause, Job, Limits, Sandbox

Hostile = Callable[..., Job]
Shell = Callable[..., Job]


def test_time_is_up_also_for_those_who_ignore_the_request(
    sandbox: Sandbox, hostile: Hostile, victims: Victims, tmp_path: Path
) -> None:
    process.launch(sandbox, hostile("daemons", wall=1.0), tmp_path / "run")
    victims.wait_alive(4)
    ended = process.wait(tmp_path / "run", 10)
    assert ended is not None
    assert (ended.cause, ended.proved_empty) == (Cause.WALL, True)
    assert 1.0 <= ended.seconds < 3.0
    assert not victims.alive()


def test_silence_without_work_is_idle(either: Sandbox, hostile: Hostile, victims: Victims, tmp_path: Path) -> None:
    process.launch(either, hostile("silent", idle=0.5), tmp_path / "run")
    victims.wait_alive(1)
    ended = process.wait(tmp_path / "run", 10)
    assert ended is not None
    assert ended.cause is Cause.IDLE
    assert ended.seconds < 5.0
    assert not victims.alive()


def test_work_without_words_is_not_idle(either: Sandbox, hostile: Hostile, tmp_path: Path) -> None:
    assert process.run(either, hostile("busy", idle=0.3, wall=1.2), tmp_path / "run").cause is Cause.WALL


def test_words_without_work_are_not_idle(either: Sandbox, shell: Shell, tmp_path: Path) -> None:
    job = shell("for n in 1 2 3 4 5; do echo $n; sleep 0.2; done", limits=Limits(10.0, idle=0.5))
    assert process.run(either, job, tmp_path / "run").cause is Cause.EXIT


def test_half_a_gigabyte_passes_quickly_and_is_not_stored(either: Sandbox, shell: Shell, tmp_path: Path) -> None:
    began = time.monotonic()
    job = shell("echo first; head -c 500000000 /dev/zero; echo last", limits=Limits(60.0, log_bytes=100_000))
    ended = process.run(either, job, tmp_path / "run")
    log = (tmp_path / "run" / "log").read_bytes()
    assert (ended.cause, ended.status, ended.output_bytes) == (Cause.EXIT, 0, 500_000_011)
    assert len(log) == ended.logged_bytes < 100_100
    assert ended.log_digest == digest.of_bytes(log)
    assert log.startswith(b"first\n")
    assert log.endswith(b"last\n")
    assert b"bytes left out" in log
    assert time.monotonic() - began < 20


def test_output_beyond_the_limit_ends_the_run(
    either: Sandbox, hostile: Hostile, victims: Victims, tmp_path: Path
) -> None:
    ended = process.run(either, hostile("flood", output_kill=1_000_000), tmp_path / "run")
    assert ended.cause is Cause.OUTPUT
    assert ended.output_bytes > 1_000_000
    assert not victims.alive()


def test_output_beyond_the_limit_counts_also_when_the_run_was_faster(
    either: Sandbox, shell: Shell, tmp_path: Path
) -> None:
    job = shell("head -c 50000 /dev/zero", limits=Limits(10.0, output_kill=10_000))
    assert process.run(either, job, tmp_path / "run").cause is Cause.OUTPUT


def test_captured_output_is_raw_and_apart_from_the_log(either: Sandbox, shell: Shell, tmp_path: Path) -> None:
    text = r"printf '\000\377 out\n'; echo err >&2"
    ended = process.run(either, shell(text, capture=True), tmp_path / "run")
    assert (tmp_path / "run" / "stdout").read_bytes() == b"\x00\xff out\n"
    assert (tmp_path / "run" / "log").read_bytes() == b"err\n"
    assert ended.output_bytes == 11


def test_captured_output_is_capped(either: Sandbox, shell: Shell, tmp_path: Path) -> None:
    job = shell("head -c 50000000 /dev/zero", limits=Limits(10.0, output_kill=10_000), capture=True)
    assert process.run(either, job, tmp_path / "run").cause is Cause.OUTPUT
    assert (tmp_path / "run" / "stdout").stat().st_size == 10_000


def test_what_is_written_last_is_there(either: Sandbox, shell: Shell, tmp_path: Path) -> None:
    for trial in range(10):
        process.run(either, shell("head -c 300000 /dev/zero; echo end"), tmp_path / f"run{trial}")
        assert (tmp_path / f"run{trial}" / "log").read_bytes().endswith(b"\0end\n")


@pytest.mark.parametrize(("cap", "size"), [(0, 0), (0, 10), (1, 3), (3, 2), (8, 8), (8, 9), (8, 1000), (100, 101)])
def test_a_capped_log_keeps_both_ends(tmp_path: Path, cap: int, size: int) -> None:
    written = bytes(n % 251 for n in range(size))
    for step in (1, 7, 1000):
        log = CappedLog(str(tmp_path / "log"), cap)
        for start in range(0, size, step):
            log.add(written[start : start + step])
        stored = log.close()
        assert stored == digest.of_file(tmp_path / "log")
        kept = (tmp_path / "log").read_bytes()
        head, tail = cap - cap // 4, cap // 4
        if size <= cap:
            assert kept == written
        else:
            assert kept.startswith(written[:head])
            assert kept.endswith(written[size - tail :])
            assert f"{size - cap} bytes left out".encode() in kept


def test_the_status_of_a_signal_is_that_of_a_shell(either: Sandbox, shell: Shell, tmp_path: Path) -> None:
    ended = process.run(either, shell("kill -SEGV $$"), tmp_path / "run")
    assert ended.status == 128 + 11
    assert (ended.cause, ended.signal) in ((Cause.SIGNAL, 11), (Cause.EXIT, None))


def test_a_program_that_is_not_there(either: Sandbox, shell: Shell, tmp_path: Path) -> None:
    job = shell("true")
    missing = Job(("no-such-program",), job.shape, job.limits, tree=job.tree)
    ended = process.run(either, missing, tmp_path / "run")
    assert (ended.cause, ended.status, ended.ok) == (Cause.NOT_STARTED, None, False)
    assert "no-such-program" in (tmp_path / "run" / "log").read_text()


def test_standard_input_is_a_file_or_nothing(either: Sandbox, shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "prompt").write_text("do it")
    process.run(either, shell("cat", stdin=str(tmp_path / "prompt")), tmp_path / "run1")
    process.run(either, shell("cat; echo empty"), tmp_path / "run2")
    assert (tmp_path / "run1" / "log").read_text() == "do it"
    assert (tmp_path / "run2" / "log").read_text() == "empty\n"
