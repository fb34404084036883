"""Naive runners: each believes something that an agent can arrange, as one would write a runner at first."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import sys
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.e2e.stage import Stage

LOG_CAP = 64 * 1024 * 1024
"""More bytes than any log may take; the flood is far above it."""


@dataclass
class Naive:
    """A runner as one would write it first: the agent works in a git worktree of the repository itself."""

    stage: Stage
    tree: Path

    def dispatch(self, command: str, timeout: float = 20) -> subprocess.CompletedProcess[str] | None:
        """Run the agent; None when it never came back."""
        self.stage.git("worktree", "add", "-q", "-b", "naive", str(self.tree))
        environment = {**self.stage.env(), "GIT_AUTHOR_NAME": "A", "GIT_AUTHOR_EMAIL": "a@example.org"}
        environment |= {"GIT_COMMITTER_NAME": "A", "GIT_COMMITTER_EMAIL": "a@example.org"}
        with (self.tree.parent / "naive.log").open("w") as log:
            agent = subprocess.Popen(
                ["bash", "-c", command], cwd=self.tree, stdout=log, stderr=log, text=True, env=environment,
                stdin=subprocess.DEVNULL, start_new_session=True,
            )  # fmt: skip
            try:
                agent.wait(timeout)
            except subprocess.TimeoutExpired:
                os.killpg(agent.pid, signal.SIGKILL)
                agent.wait()
                return None
        return subprocess.CompletedProcess(command, agent.returncode, self.log())

    def log(self) -> str:
        with (self.tree.parent / "naive.log").open("rb") as log:
            return log.read(4096).decode(errors="replace")

    def check(self, command: str) -> bool:
        """Run the project's own tests where the agent worked, and believe the exit status."""
        done = subprocess.run(
            ["bash", "-c", command], cwd=self.tree, env=self.stage.env(), capture_output=True, check=False
        )
        return done.returncode == 0


Fooled = Callable[[Naive, str], bool]
PYTHON = shlex.quote(sys.executable)
CHECK = {
    "pytest": f"{PYTHON} -m pytest -q -p no:cacheprovider tests",
    "shell": "for test in tests/test_*.sh; do sh -e $test || exit 1; done",
}


def by_exit_status(naive: Naive, command: str) -> bool:
    """Exit status 0 is taken for done, though the checks are red."""
    done = naive.dispatch(command)
    return done is not None and done.returncode == 0 and not real_checks(naive)


def by_words(naive: Naive, command: str) -> bool:
    """The agent's words are taken for done."""
    done = naive.dispatch(command)
    return done is not None and "all tests pass" in done.stdout and not real_checks(naive)


def by_its_tests(naive: Naive, command: str) -> bool:
    """The tests are run where the agent worked, and their exit status believed."""
    naive.dispatch(command)
    return naive.check(CHECK[naive.stage.language]) and not real_checks(naive)


def by_ticks(naive: Naive, command: str) -> bool:
    """The boxes in the spec are taken for the verdict."""
    naive.dispatch(command)
    return "[x] A1" in (naive.tree / "specs/add.md").read_text() and not real_checks(naive)


def takes_good_work(naive: Naive, command: str) -> bool:
    """No attack: also a naive runner gets this right."""
    return naive.dispatch(command) is not None and real_checks(naive)


def refuses_good_work(naive: Naive, command: str) -> bool:
    """A failing exit status is taken for failed work, though the checks are green."""
    done = naive.dispatch(command)
    return done is not None and done.returncode != 0 and real_checks(naive)


def loses_uncommitted_work(naive: Naive, command: str) -> bool:
    """Only commits are collected: the work is lost."""
    naive.dispatch(command)
    return naive.stage.git("rev-parse", "naive") == naive.stage.git("rev-parse", "main") and real_checks(naive)


def never_ends(naive: Naive, command: str) -> bool:
    return naive.dispatch(command, timeout=2) is None


def leaves_a_process(naive: Naive, command: str) -> bool:
    """The agent has exited; what it started lives on."""
    naive.dispatch(command)
    left = marked_processes(naive.stage)
    for pid in left:
        os.kill(pid, signal.SIGKILL)
    return bool(left)


def stores_everything(naive: Naive, command: str) -> bool:
    naive.dispatch(command, timeout=60)
    log = naive.tree.parent / "naive.log"
    size = log.stat().st_size
    log.unlink()
    return size > LOG_CAP


def runs_what_was_planted(naive: Naive, command: str) -> bool:
    """Git is run where the agent worked; what it planted runs as us."""
    canary = naive.stage.home.parent / "canary"
    naive.dispatch(command)
    canary.unlink(missing_ok=True)
    subprocess.run(["git", "status"], cwd=naive.tree, env=naive.stage.env(), capture_output=True, check=False)
    planted = canary.exists()
    canary.unlink(missing_ok=True)
    return planted


def real_checks(naive: Naive) -> bool:
    """The criteria themselves, on the files as they are: what a naive runner should have found out.

    Judged by what is printed at the very end, which no early exit reaches.
    """
    probe = {
        "pytest": f"{PYTHON} -B -c 'from calc import *; print(add(2, 3) == 5 and [mul(3, 4), sub(5, 2)] == [12, 3])'",
        "shell": '. ./calc.sh; test "$(add 2 3)$(mul 3 4)$(sub 5 2)" = 5123 && echo True',
    }
    command = ["bash", "-c", probe[naive.stage.language]]
    done = subprocess.run(command, cwd=naive.tree, env=naive.stage.env(), capture_output=True, text=True, check=False)
    return done.stdout.endswith("True\n")


def marked_processes(stage: Stage) -> list[int]:
    """The living processes that carry this test's mark in their command line."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                words = (entry / "cmdline").read_bytes().split(b"\0")
                state = (entry / "stat").read_text().rpartition(")")[2].split()[0]
            except OSError:
                continue
            if mark(stage).encode() in words and state not in "ZX":
                found.append(int(entry.name))
    return found


def mark(stage: Stage) -> str:
    """A number of seconds that no other test sleeps."""
    return f"98765.{zlib.crc32(str(stage.root).encode()):010d}"
