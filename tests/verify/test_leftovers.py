"""What a check leaves in our control folder is data: no link is followed, no pipe waited for, no mark forged."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from tests.verify.test_execution import run_of
from tests.verify.world import World, check, criterion, spec_of

from snapline.verify import leftovers, programs, reports
from snapline.verify.procedure import Verifier
from snapline.verify.verdict import State, Verdict

LINKING = """
import os, pathlib, sys
def test_links():
    report = pathlib.Path(sys.argv[1]).with_name("report.jsonl")
    report.unlink()
    report.symlink_to({secret!r})
    os._exit(0)
"""


def kept(world: World) -> bytes:
    """Everything that is in the evidence store."""
    return b"".join(path.read_bytes() for path in world.bench.evidence.root.rglob("*") if path.is_file())


def test_a_link_in_place_of_the_report_brings_nothing_of_ours_out(world: World, tmp_path: Path) -> None:
    secret = tmp_path / "key"
    secret.write_text("the orchestrator's own key")
    base = world.commit({"test_it.py": "def test_links(): assert False\n"})
    commit = world.commit({"test_it.py": LINKING.format(secret=str(secret))}, base)
    spec = spec_of("- A1: `test_it.py::test_links` passes.")
    report = world.verify(spec, base, commit, checks_from=commit)
    assert criterion(report, "A1").verdict is Verdict.FAIL
    assert b"collected" in kept(world), "the base's report is evidence"
    assert b"own key" not in kept(world)


def test_naive_reading_follows_the_link_and_waits_for_the_pipe(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("secret")
    place = tmp_path / "control"
    place.mkdir()
    (place / "report").symlink_to(tmp_path / "key")
    (place / "folder").symlink_to(tmp_path)
    os.mkfifo(place / "pipe")
    assert (place / "report").read_text() == (place / "folder" / "key").read_text() == "secret", "the attack works"
    with pytest.raises(subprocess.TimeoutExpired):
        subprocess.run(["cat", str(place / "pipe")], timeout=0.2, check=False)
    for name in ("report", "folder/key", "folder", "pipe", "nothing", "../key"):
        assert leftovers.content(place, name, 100) is None or name == "../key"
    assert leftovers.target(place, "report") == os.fsencode(tmp_path / "key")
    assert leftovers.target(place, "folder/key") is None
    (place / "plain").write_text("as it is")
    assert leftovers.content(place, "plain", 5) == b"as it"
    (place / "inner").mkdir()
    (place / "inner" / "deep").touch()
    assert [path.relative_to(place).as_posix() for path in leftovers.files(place)] == ["plain", "inner/deep"]
    assert list(leftovers.files(place / "folder")) == [], "nor is a link in place of the folder itself"
    assert (tmp_path / "key") in set((place / "folder").resolve().rglob("*")), "where a walk would go on"


@pytest.mark.parametrize(
    "attack",
    [
        'mkfifo "$SNAPLINE_REPORT_FOLDER/pipe"',
        'rm -r "$SNAPLINE_REPORT_FOLDER"',
        'rm -r "$SNAPLINE_REPORT_FOLDER" && ln -s / "$SNAPLINE_REPORT_FOLDER"',
        'truncate -s 1T "$SNAPLINE_REPORT_FOLDER/../end"',
    ],
)
def test_whatever_is_left_in_the_control_folder_the_check_is_judged(bare_world: World, attack: str) -> None:
    commit = bare_world.commit({"a": ""})
    (outcome,) = Verifier(bare_world.bench).execute(run_of(bare_world, commit, attack)).outcomes
    assert outcome.state is State.PASSED, "the mark after the last line was written over what was there"


def test_the_mark_of_the_last_line_is_not_the_one_that_reporters_know(bare_world: World, tmp_path: Path) -> None:
    """The product's code, sourced by the check, ends it early and writes what it finds in its environment."""
    spec = spec_of('- A1: It adds.\n\n  ```sh check\n  . ./calc.sh\n  test "$(add 2 3)" = 5\n  ```')
    base = bare_world.commit({"calc.sh": "add() { echo 0; }\n"})
    forger = 'printf %s "$SNAPLINE_NONCE" >"$SNAPLINE_REPORT_FOLDER/../end"; exit 0\n'
    commit = bare_world.commit({"calc.sh": forger}, base)
    end = tmp_path / "end"
    naive = programs.shell(". ./calc.sh; false", str(end), "known")
    told = {**os.environ, "SNAPLINE_NONCE": "known", "SNAPLINE_REPORT_FOLDER": str(tmp_path / "reports")}
    (tmp_path / "reports").mkdir()
    ended = subprocess.run(["bash", "-e", "-c", naive], cwd=bare_world.root, env=told, check=False)
    assert (ended.returncode, end.read_text()) == (0, "known"), "a mark that the environment tells is forged"
    report = bare_world.verify(spec, base, commit)
    assert criterion(report, "A1").verdict is Verdict.FAIL
    assert check(report, "A1").message == "it ended with status 0 before its last line"


@pytest.mark.parametrize(
    "line", [b'{"nonce":"n","event":"finished","x":' + b"[" * 200_000, b'{"nonce":"n\xff","event":"finished"}']
)
def test_a_line_that_no_reporter_wrote_is_passed_over(line: bytes) -> None:
    assert reports.read_lines(line, "n") == reports.read_lines(b"", "n")


@pytest.mark.parametrize("encoding", ["foo", "utf-7", "rot13", "big5"])
def test_an_encoding_that_xml_does_not_know_is_a_bad_report(encoding: str) -> None:
    with pytest.raises(reports.BadReport):
        reports.read_junit(f'<?xml version="1.0" encoding="{encoding}"?><testsuite/>'.encode())
