"""The scripted agent as the real program that it is: each kind of behaviour, and each way it can misbehave."""

from __future__ import annotations

import json
import os
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from snapline.agents import scripted
from snapline.agents.command import shell_profile

Play = Callable[..., "subprocess.CompletedProcess[str]"]


def start(folder: Path, script: Path, attempt: str = "demo#1") -> subprocess.Popen[str]:
    env = {"PATH": os.environ["PATH"], "SNAPLINE_ATTEMPT": attempt, "HOME": str(folder)}
    return subprocess.Popen(
        ["bash", "-c", scripted.command(script)],
        cwd=folder,
        env=env,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    folder = tmp_path / "ws"
    folder.mkdir()
    for words in ("init -q", "config user.name A", "config user.email a@example.org"):
        subprocess.run(["git", *words.split()], cwd=folder, check=True)
    (folder / "calc.py").write_text("def add(a, b):\n    return a - b\n")
    return folder


@pytest.fixture
def play(workspace: Path, tmp_path: Path) -> Play:
    def play(*steps: dict[str, Any], prompt: str = "Do it.") -> subprocess.CompletedProcess[str]:
        script = tmp_path / "script.json"
        script.write_text(json.dumps({"play": [{"steps": steps}]}))
        process = start(workspace, script)
        out, err = process.communicate(prompt, timeout=20)
        return subprocess.CompletedProcess([], process.returncode, out, err)

    return play


def test_it_writes_edits_deletes_and_runs(play: Play, workspace: Path) -> None:
    done = play(
        {"write": "src/new.py", "text": "x = 1\n"},
        {"replace": "calc.py", "old": "a - b", "new": "a + b"},
        {"run": "echo ran; exit 3"},
        {"write": "gone", "text": ""},
        {"delete": "gone"},
    )
    assert (done.returncode, done.stdout) == (0, "ran\n")
    assert (workspace / "src/new.py").read_text() == "x = 1\n"
    assert "a + b" in (workspace / "calc.py").read_text()
    assert not (workspace / "gone").exists()


def test_it_commits(play: Play, workspace: Path) -> None:
    assert play({"commit": "Fix: it's `done`"}).returncode == 0
    log = subprocess.run(["git", "log", "--format=%s"], cwd=workspace, capture_output=True, text=True, check=True)
    assert log.stdout == "Fix: it's `done`\n"


def test_it_lies_and_fails_as_told(play: Play) -> None:
    done = play({"say": "All tests pass."}, {"exit": 1}, {"say": "never"})
    assert (done.returncode, done.stdout) == (1, "All tests pass.\n")


def test_it_floods(play: Play) -> None:
    assert len(play({"flood": 300_001}).stdout) == 300_001


@pytest.mark.parametrize(("prompt", "status"), [("A2 failed: got -1", 0), ("Do it.", scripted.UNEXPECTED)])
def test_it_tells_whether_the_prompt_said_something(play: Play, prompt: str, status: int) -> None:
    assert play({"expect": "got -1"}, prompt=prompt).returncode == status


@pytest.mark.parametrize(
    "step", [{"dance": 1}, {"replace": "calc.py", "old": "not there", "new": ""}], ids=["unknown", "misfit"]
)
def test_a_bad_step_is_said(play: Play, step: dict[str, Any]) -> None:
    done = play(step)
    assert done.returncode == scripted.BAD_SCRIPT
    assert "scripted agent:" in done.stderr


@pytest.mark.parametrize("text", ["{", "[]", '{"play": 3}', '{"play": [4]}'])
def test_a_bad_script_is_said(text: str, workspace: Path, tmp_path: Path) -> None:
    (tmp_path / "script.json").write_text(text)
    process = start(workspace, tmp_path / "script.json")
    _, err = process.communicate("", timeout=20)
    assert process.returncode == scripted.BAD_SCRIPT
    assert "cannot read its script" in err


SCRIPT = """
[[play]]
task = "demo/T1"
attempt = 1
steps = [{ say = "first" }]

[[play]]
task = "demo/T1"
steps = [{ say = "later" }]

[[play]]
task = "demo/*"
attempt = 1
steps = [{ say = "others" }]
"""


@pytest.mark.parametrize(
    ("attempt", "said", "status"),
    [
        ("demo/T1#1", "first\n", 0),
        ("demo/T1#2", "later\n", 0),
        ("demo/T2#1", "others\n", 0),
        ("demo/T2#2", "", scripted.NO_PLAY),
        ("other#1", "", scripted.NO_PLAY),
    ],
)
def test_the_first_play_that_fits_is_played(
    attempt: str, said: str, status: int, workspace: Path, tmp_path: Path
) -> None:
    (tmp_path / "script.toml").write_text(SCRIPT)
    process = start(workspace, tmp_path / "script.toml", attempt)
    out, _ = process.communicate("", timeout=20)
    assert (out, process.returncode) == (said, status)


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_a_daemon_outlives_it_in_its_own_session(play: Play, workspace: Path) -> None:
    assert play({"daemon": "exec >/dev/null 2>&1; echo $$ >pid; exec sleep 60"}, {"sleep": 0.3}).returncode == 0
    pid = int((workspace / "pid").read_text())
    assert alive(pid)
    assert os.getsid(pid) == pid
    os.kill(pid, signal.SIGKILL)


@pytest.mark.parametrize(
    ("steps", "status"), [([{"sleep": 60}], -signal.SIGTERM), ([{"deaf": True}, {"sleep": 60}], None)]
)
def test_it_hangs_and_may_be_deaf_to_term(
    steps: list[dict[str, Any]], status: int | None, workspace: Path, tmp_path: Path
) -> None:
    script = tmp_path / "script.json"
    script.write_text(json.dumps({"play": [{"steps": [*steps[:-1], {"say": "ready"}, steps[-1]]}]}))
    process = start(workspace, script)
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.close()
    assert process.stdout.readline() == "ready\n"
    victim = process.pid
    assert alive(victim)
    process.send_signal(signal.SIGTERM)
    time.sleep(0.3)
    assert process.poll() == status
    process.kill()
    process.wait(timeout=5)
    process.stdout.close()
    assert process.stderr is not None
    process.stderr.close()


def test_the_prompt_file_is_read_where_it_is_named(workspace: Path, tmp_path: Path) -> None:
    (tmp_path / "prompt.md").write_text("from the file")
    (tmp_path / "s.json").write_text(json.dumps({"play": [{"steps": [{"expect": "from the file"}]}]}))
    argv = shlex.split(scripted.command(tmp_path / "s.json"))
    env = {"PATH": "/usr/bin:/bin", "SNAPLINE_PROMPT_FILE": str(tmp_path / "prompt.md")}
    assert subprocess.run(argv, cwd=workspace, env=env, check=False).returncode == 0


def test_its_command_names_all_that_it_needs(tmp_path: Path) -> None:
    script = tmp_path / "a script.json"
    script.write_text("{}")
    reads = shell_profile(scripted.command(script)).reads
    assert str(script) in reads
    assert str(Path(scripted.__file__).resolve()) in reads
    assert sys.executable in scripted.command(script)


def test_the_same_steps_inside_this_process(
    workspace: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    steps = [
        {"expect": "Do it."},
        {"write": "a/b.txt", "text": "b"},
        {"replace": "calc.py", "old": "a - b", "new": "a + b"},
        {"write": "gone", "text": ""},
        {"delete": "gone"},
        {"run": "echo ran"},
        {"commit": "All"},
        {"say": "done"},
        {"sleep": 0},
        {"flood": 3},
        {"exit": 4},
    ]
    script, prompt = tmp_path / "s.json", tmp_path / "prompt.md"
    script.write_text(json.dumps({"play": [{"task": "demo", "steps": steps}]}))
    prompt.write_text("Do it.")
    monkeypatch.chdir(workspace)
    monkeypatch.setenv("SNAPLINE_PROMPT_FILE", str(prompt))
    monkeypatch.setenv("SNAPLINE_ATTEMPT", "demo#1")
    assert scripted.main([str(script)]) == 4
    assert capfd.readouterr().out == "ran\ndone\n..."
    assert subprocess.run(["git", "status", "-s"], cwd=workspace, capture_output=True, check=True).stdout == b""
    monkeypatch.setenv("SNAPLINE_ATTEMPT", "other#1")
    assert scripted.main([str(script)]) == scripted.NO_PLAY
    prompt.write_text("Do something else.")
    monkeypatch.setenv("SNAPLINE_ATTEMPT", "demo#2")
    assert scripted.main([str(script)]) == scripted.UNEXPECTED
    assert scripted.main([]) == scripted.BAD_SCRIPT
    script.write_text(json.dumps({"play": [{"steps": [{"dance": 1}]}]}))
    assert scripted.main([str(script)]) == scripted.BAD_SCRIPT
