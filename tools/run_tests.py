"""Runs the test suite on several processes under branch coverage, and notes which state of the sources it was run on.

The coverage gate reads that note: a suite that has just been run is not run a second time.
"""

from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NOTE = ROOT / "build" / "tests.json"
PROCESSES = (os.cpu_count() or 1) + 1
"""One more than there are processors: many tests wait for other processes."""
SOURCES = ("src", "tests", "tools", "docs", "specs", "README.md", "pyproject.toml", "requirements-dev.lock")


def state() -> str:
    """A digest of every file that a test may depend on."""
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", *SOURCES],
        cwd=ROOT,
        capture_output=True,
        check=True,
    ).stdout
    digest = hashlib.sha256()
    for name in sorted(listing.decode().rstrip("\0").split("\0")):
        path = ROOT / name
        digest.update(name.encode() + b"\0" + (path.read_bytes() if path.is_file() else b""))
    return digest.hexdigest()


def is_current() -> bool:
    """Whether the last run passed on exactly these sources."""
    return NOTE.is_file() and json.loads(NOTE.read_text()) == {"state": state(), "status": 0}


def run(*arguments: str) -> int:
    """Run the suite and return pytest's exit status.

    Whoever starts this in the background may have interruptions ignored, and every child would inherit that: the tests
    that interrupt a command could not.
    """
    signal.signal(signal.SIGINT, signal.default_int_handler)
    before = state()
    coverage = [sys.executable, "-m", "coverage"]
    subprocess.run([*coverage, "erase"], cwd=ROOT, check=True)
    environment = os.environ | {"PYTHONHASHSEED": "0", "NO_COLOR": "1"}
    suite = [*coverage, "run", "-m", "pytest", "-n", str(PROCESSES), "--dist", "worksteal", "-m", "not soak"]
    status = subprocess.run(
        [*suite, "--durations=10", "-q", *arguments], cwd=ROOT, env=environment, check=False
    ).returncode
    subprocess.run([*coverage, "combine", "--quiet"], cwd=ROOT, check=False)
    NOTE.parent.mkdir(exist_ok=True)
    NOTE.write_text(json.dumps({"state": before, "status": status}))
    return status


if __name__ == "__main__":
    sys.exit(run(*sys.argv[1:]))
