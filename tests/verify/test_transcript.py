from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from snapline.spec.model import TranscriptStep
from snapline.verify import programs, transcript


@pytest.mark.parametrize(
    ("pattern", "line", "fits"),
    [
        ("plain", "plain", True),
        ("plain", "plain ", False),
        ("a...z", "a middle z", True),
        ("a...z", "az", True),
        ("a...z", "a z!", False),
        ("...z", "anything z", True),
        ("a...", "a", True),
        ("a...b...c", "a-b-b-c", True),
        ("a...b...a", "aba", True),
        ("aa...aa", "aaa", False),
        ("a...bc...d", "abcbd", True),
        (r"wait\...", "wait...", True),
        (r"wait\...", "wait for it", False),
        (r"\[1]", "[1]", True),
        (r"\[1]", r"\[1]", False),
        (r"\[x]", r"\[x]", True),
    ],
)
def test_one_line(pattern: str, line: str, fits: bool) -> None:  # noqa: FBT001 - a column of the table
    assert transcript.line_matches(pattern, line) is fits


@pytest.mark.parametrize(
    ("expected", "output"),
    [
        ([], ""),
        (["5"], "5"),
        (["5"], "5\n"),
        (["5   "], "5 \t\n\n"),
        (["..."], ""),
        (["..."], "one\ntwo\n"),
        (["one", "...", "four"], "one\ntwo\nthree\nfour\n"),
        (["one", "...", "two"], "one\ntwo\n"),
        (["...", "b", "...", "d", "..."], "a\nb\nc\nd\ne\n"),
        (["...", "x", "y", "..."], "x\nx\ny\n"),
        (["a", "", "b"], "a\n\nb\n"),
        (["a", "...", "...", "b"], "a\nb\n"),
    ],
)
def test_output_that_matches(expected: Sequence[str], output: str) -> None:
    assert transcript.differs(expected, output) is None


@pytest.mark.parametrize(
    ("expected", "output", "words"),
    [
        (["5"], "6", "line 1: expected '5', got '6'"),
        (["5", "6"], "5", "line 2: expected '6', got nothing more"),
        (["5"], "5\nnoise", "line 2: expected nothing more, got 'noise'"),
        ([], "noise", "line 1: expected nothing more, got 'noise'"),
        (["a", "...", "z"], "a\nb\n", "line 2: expected 'z', got 'b'"),
        (["...", "wanted", "..."], "a\nb\n", "nowhere in the output: 'wanted'"),
        (["one", "...", "one"], "one", "the output is too short"),
        (["...", "x", "y", "..."], "x\nz\ny\n", "nowhere in the output: 'x'"),
    ],
)
def test_output_that_differs(expected: Sequence[str], output: str, words: str) -> None:
    assert transcript.differs(expected, output) == words


def test_a_hostile_line_takes_linear_time() -> None:
    began = time.monotonic()
    assert not transcript.line_matches("a..." * 2000 + "b", "a" * 200_000)
    assert transcript.differs(["...", "a...b", "..."] * 200, "a\n" * 20_000) is not None
    assert time.monotonic() - began < 2


def run(steps: Sequence[TranscriptStep], marks: Sequence[str]) -> str:
    bash = shutil.which("bash")
    assert bash
    done = subprocess.run(
        [bash, *transcript.SHELL_OPTIONS, "-c", programs.LOADER],
        input=transcript.program(steps, marks),
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout


def test_steps_share_one_shell_and_are_compared_one_by_one() -> None:
    steps = (
        TranscriptStep("cd /; x=5", ()),
        TranscriptStep("pwd; echo $x >&2", ("/", "5")),
        TranscriptStep("false", (), 1),
        TranscriptStep("printf 'no newline'", ("no newline",)),
        TranscriptStep("(exit 3)", (), 3),
        TranscriptStep("cat", ()),
        TranscriptStep("echo last; exit 7", ("last",), 7),
    )
    marks = [f"mark{number}" for number in range(len(steps))]
    outputs = transcript.split(run(steps, marks), marks)
    assert [output.status for output in outputs] == [0, 0, 1, 0, 3, 0, 7]
    assert transcript.compare(steps, outputs) is None


def test_a_wrong_status_is_named_with_the_last_words() -> None:
    steps = (TranscriptStep("echo broken; false", ("broken",)),)
    words = transcript.compare(steps, transcript.split(run(steps, ["m"]), ["m"]))
    assert words == transcript.Difference(0, "`echo broken; false` exited 1, expected 0; it printed: broken")


def test_a_step_that_did_not_end_is_no_pass() -> None:
    steps = (TranscriptStep("echo 1", ("1",)), TranscriptStep("kill -9 $$", ()), TranscriptStep("echo 2", ("2",)))
    marks = ["m1", "m2", "m3"]
    outputs = transcript.split(run(steps, marks), marks)
    assert transcript.compare(steps, outputs) == transcript.Difference(1, "`kill -9 $$` did not end")


def test_a_child_finds_the_marks_neither_in_arguments_nor_environment_nor_open_files(tmp_path: Path) -> None:
    """A program that forges boundaries has to know them: a naive shell shows its whole program to every child."""
    spy = tmp_path / "spy"
    spy.write_text("cat /proc/$PPID/cmdline /proc/$PPID/environ /proc/$PPID/fd/0 2>/dev/null | tr '\\0' '\\n'\n")
    bash = shutil.which("bash")
    assert bash
    naive = [bash, "-c", f"sh {spy}; printf 'secret-mark %s' $?"]
    assert "secret-mark %s" in subprocess.run(naive, capture_output=True, text=True, check=False).stdout
    said = run((TranscriptStep(f"sh {spy}", ()),), ["secret-mark"])
    assert str(bash) in said
    assert said.count("secret-mark") == 1
    assert said.endswith("secret-mark 0\n")


def test_a_run_is_kept_as_a_person_would_have_seen_it() -> None:
    steps = (TranscriptStep("printf 'a\\nb\\n'", ()), TranscriptStep("true", ()), TranscriptStep("kill -9 $$", ()))
    marks = ["m1", "m2", "m3"]
    told = transcript.as_typed(steps, transcript.split(run(steps, marks), marks))
    assert told == "$ printf 'a\\nb\\n'\na\nb\n[0]\n$ true\n[0]\n$ kill -9 $$\n[did not end]\n"
