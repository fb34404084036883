"""A landing whose orchestrator is killed in the middle."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from tests.repo.person import Person
from tests.repo.work import merged, work_on

from snapline.base.ids import Oid
from snapline.repo.land import LandResult, move_target
from snapline.repo.user import UserRepository
from snapline.repo.vault import Vault


def test_a_killed_orchestrator_leaves_no_lock_behind(
    user: UserRepository, vault: Vault, base: Oid, ann: Person, tmp_path: Path
) -> None:
    new = merged(vault, base, work_on(vault, base, "src/a.py", "v = 2\n"))
    slow = f"#!/bin/sh\n[ \"$1\" != prepared ] || {{ echo > '{tmp_path}/prepared'; sleep 1; }}\ncat >/dev/null\n"
    ann.write(".git/hooks/reference-transaction", slow).chmod(0o755)

    def killed_while(*argv: str) -> None:
        (tmp_path / "prepared").unlink(missing_ok=True)
        process = subprocess.Popen(argv, cwd=ann.root, env={**os.environ, **ann.env}, start_new_session=True)
        while not (tmp_path / "prepared").exists():
            time.sleep(0.01)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    killed_while("git", "branch", "naive", base)
    assert (ann.root / ".git/refs/heads/naive.lock").exists(), "git that dies with its caller leaves the lock"
    (ann.root / ".git/refs/heads/naive.lock").unlink()

    program = (
        "import sys; from pathlib import Path; from snapline.repo.user import UserRepository;"
        "from snapline.repo.vault import Vault; from snapline.repo.land import move_target;"
        "user = UserRepository.discover(Path(sys.argv[1]));"
        "move_target(user, Vault.open(Path(sys.argv[2]), user), 'main', *sys.argv[3:])"
    )
    killed_while(sys.executable, "-c", program, str(ann.root), str(vault.folder), new, base)
    deadline = time.monotonic() + 10
    while user.head() != new and time.monotonic() < deadline:
        time.sleep(0.05)
    (ann.root / ".git/hooks/reference-transaction").unlink()
    while list((ann.root / ".git").rglob("*.lock")) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert list((ann.root / ".git").rglob("*.lock")) == []
    assert move_target(user, vault, "main", new, base).result is LandResult.ALREADY
    assert ann.git("status", "--porcelain") == ""
