"""The folders that the benchmark works in: the same content in each tool's format, and the peers themselves."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import content

OPENSPEC = "@fission-ai/openspec"
PYTHON_PEERS = ("strictdoc", "doorstop")


def repository(folder: Path, count: int, seed: int) -> Path:
    """A git repository with ``count`` specs of ours, and the modules that they name."""
    (folder / "specs").mkdir(parents=True)
    for one in content.contents(count, seed):
        (folder / "specs" / f"{one.name}.md").write_text(content.as_snapline(one))
        (folder / one.module).parent.mkdir(parents=True, exist_ok=True)
        (folder / one.module).write_text("def run():\n    return 0\n")
    _git(folder, "init", "-q")
    _git(folder, "add", "-A")
    _git(folder, "-c", "user.name=bench", "-c", "user.email=bench@example.org", "commit", "-qm", "Specs")
    return folder


def openspec_project(folder: Path, count: int, seed: int) -> Path:
    """The same content for OpenSpec."""
    for one in content.contents(count, seed):
        place = folder / "openspec" / "specs" / one.name
        place.mkdir(parents=True)
        (place / "spec.md").write_text(content.as_openspec(one))
    return folder


def strictdoc_project(folder: Path, count: int, seed: int) -> Path:
    """The same content for StrictDoc."""
    folder.mkdir(parents=True)
    for one in content.contents(count, seed):
        (folder / f"{one.name}.sdoc").write_text(content.as_strictdoc(one))
    return folder


def doorstop_project(folder: Path, count: int, seed: int) -> Path:
    """The same content for Doorstop: one document with an item for each promise."""
    (folder / "reqs").mkdir(parents=True)
    _git(folder, "init", "-q")
    (folder / "reqs" / ".doorstop.yml").write_text("settings:\n  digits: 5\n  prefix: REQ\n  sep: ''\n")
    items = (item for one in content.contents(count, seed) for item in content.doorstop_items(one))
    for number, item in enumerate(items, 1):
        (folder / "reqs" / f"REQ{number:05}.yml").write_text(item)
    return folder


def install_openspec(folder: Path) -> Path:
    """OpenSpec from npm; its program."""
    _run("npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix", str(folder), OPENSPEC)
    return folder / "node_modules" / ".bin" / "openspec"


def install_python_peers(folder: Path) -> Path:
    """StrictDoc and Doorstop from PyPI; the folder of their programs."""
    _run(sys.executable, "-m", "venv", str(folder))
    _run(str(folder / "bin" / "pip"), "install", "--quiet", *PYTHON_PEERS)
    return folder / "bin"


def _git(folder: Path, *arguments: str) -> None:
    _run("git", "-C", str(folder), *arguments)


def _run(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)}: {done.stderr.decode('utf-8', 'replace')[-2000:]}")
