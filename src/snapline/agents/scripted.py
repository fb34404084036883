"""The scripted agent: it does what a file says, each time the same. A real program, for the demo, tests and tutorials.

``python scripted.py SCRIPT`` in a workspace, with the prompt on standard input or in ``SNAPLINE_PROMPT_FILE``, finds
the first play in SCRIPT (JSON, or TOML by its name's end) whose ``task`` (a pattern, ``*`` where it is not given) and
``attempt`` (a number, any where it is not given) fit ``SNAPLINE_ATTEMPT``, and carries out its steps in order:

    write = PATH, text = TEXT       write a file          replace = PATH, old = TEXT, new = TEXT   edit one
    delete = PATH                   remove a file         run = COMMAND    by bash; its output is the agent's own
    say = TEXT                      print                 commit = MESSAGE everything, on the current branch
    expect = TEXT                   end with status 9 unless the prompt holds TEXT
    sleep = SECONDS                 wait                  flood = BYTES    print that many bytes
    daemon = COMMAND                leave it behind, in a session of its own
    exit = STATUS                   end there             deaf = true      ignore TERM from here on

It imports nothing but the standard library, so that it starts in any Python from 3.11 on.
"""

from __future__ import annotations

import json
import os
import shlex
import signal
import sys
import time
import tomllib
from collections.abc import Callable, Mapping
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

UNEXPECTED = 9
"""Exit status when the prompt does not hold what an ``expect`` step names."""
NO_PLAY = 8
"""Exit status when no play fits."""
BAD_SCRIPT = 7
"""Exit status when the script cannot be read."""

_LINE = b"." * 1023 + b"\n"


class BadStepError(Exception):
    """A step is none of those that the scripted agent knows, or lacks a value."""


def command(script: Path, python: str = sys.executable) -> str:
    """The words for ``--agent-cmd`` that start the scripted agent on ``script``."""
    return shlex.join((python, "-I", "-S", str(Path(__file__).resolve()), str(script.resolve())))


def main(arguments: list[str]) -> int:
    """Play the script that the first argument names; gives the exit status."""
    try:
        plays = read(Path(arguments[0]))
        play = choose(plays, os.environ.get("SNAPLINE_ATTEMPT", ""))
    except (OSError, ValueError, IndexError, KeyError, TypeError) as error:
        print(f"scripted agent: cannot read its script: {error!r}", file=sys.stderr)  # noqa: T201 - a program of its own
        return BAD_SCRIPT
    if play is None:
        print("scripted agent: no play fits this attempt", file=sys.stderr)  # noqa: T201 - as above
        return NO_PLAY
    try:
        return perform(play["steps"], prompt())
    except BadStepError as error:
        print(f"scripted agent: {error}", file=sys.stderr)  # noqa: T201 - as above
        return BAD_SCRIPT


def read(script: Path) -> list[dict[str, Any]]:
    """The plays of a script; raises what reading, decoding or a wrong shape raises."""
    text = script.read_text("utf-8")
    loaded = json.loads(text) if script.suffix == ".json" else tomllib.loads(text)
    plays: list[dict[str, Any]] = loaded["play"]
    if not all(isinstance(play["steps"], list) for play in plays):
        raise TypeError("the steps of a play are a list")
    return plays


def choose(plays: list[dict[str, Any]], attempt: str) -> dict[str, Any] | None:
    """The first play for an attempt (``retry-uploads/T1#2``)."""
    task, _, number = attempt.rpartition("#")
    for play in plays:
        if fnmatchcase(task, play.get("task", "*")) and str(play.get("attempt", number)) == number:
            return play
    return None


def prompt() -> str:
    """The prompt as an agent gets it: from its file, else from standard input."""
    named = os.environ.get("SNAPLINE_PROMPT_FILE")
    return Path(named).read_text("utf-8") if named else sys.stdin.read()


def perform(steps: list[dict[str, Any]], told: str) -> int:
    """Carry out the steps; gives the exit status: that of an ``exit`` or ``expect`` step, else 0."""
    for step in steps:
        if "exit" in step:
            return int(step["exit"])
        if "expect" in step:
            if step["expect"] not in told:
                return UNEXPECTED
            continue
        name = next((one for one in step if one in _STEPS), None)
        if name is None:
            raise BadStepError(f"unknown step {step}")
        _STEPS[name](step)
    return 0


def _write(step: Mapping[str, Any]) -> None:
    path = Path(step["write"])
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(step["text"], "utf-8")


def _replace(step: Mapping[str, Any]) -> None:
    path = Path(step["replace"])
    text = path.read_text("utf-8")
    if step["old"] not in text:
        raise BadStepError(f"{path} does not hold {step['old']!r}")
    path.write_text(text.replace(step["old"], step["new"], 1), "utf-8")


def _delete(step: Mapping[str, Any]) -> None:
    Path(step["delete"]).unlink()


def _run(step: Mapping[str, Any]) -> None:
    _spawn_and_wait(["bash", "-c", step["run"]])


def _commit(step: Mapping[str, Any]) -> None:
    _spawn_and_wait(["git", "add", "-A"])
    _spawn_and_wait(["git", "commit", "-q", "-m", step["commit"]])


def _say(step: Mapping[str, Any]) -> None:
    print(step["say"], flush=True)  # noqa: T201 - what an agent says, it prints


def _sleep(step: Mapping[str, Any]) -> None:
    time.sleep(step["sleep"])


def _flood(step: Mapping[str, Any]) -> None:
    left = int(step["flood"])
    while left > 0:
        left -= os.write(1, _LINE[:left])


def _daemon(step: Mapping[str, Any]) -> None:
    os.posix_spawnp("bash", ["bash", "-c", step["daemon"]], os.environ, setsid=True)


def _deaf(_: Mapping[str, Any]) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)


_STEPS: dict[str, Callable[[Mapping[str, Any]], None]] = {
    "write": _write,
    "replace": _replace,
    "delete": _delete,
    "run": _run,
    "commit": _commit,
    "say": _say,
    "sleep": _sleep,
    "flood": _flood,
    "daemon": _daemon,
    "deaf": _deaf,
}


def _spawn_and_wait(argv: list[str]) -> None:
    """Run a program to its end; what it exits with is not the scripted agent's concern."""
    os.waitpid(os.posix_spawnp(argv[0], argv, os.environ), 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
