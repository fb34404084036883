"""A remembered run is given again only while everything that decided it is as it was."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from snapline.app.caching import SETTLED_NS, cache_home
from snapline.app.recall import MOST_BYTES, Run, run_of

LINT = ["lint", "--json"]
SAID = b"what it said\n"


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = tmp_path / "repository"
    (root / "specs").mkdir(parents=True)
    (root / "specs/a.md").write_text("# Task\n\nOne.\n")
    (root / "snapline.toml").write_text("")
    _git(root, "init", "-q")
    _commit(root)
    monkeypatch.chdir(root)
    return root


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Run | None]:
    # The folder that holds the tests is on the path as well, and the measuring of coverage writes into it.
    installed = [one for one in sys.path if one.startswith((sys.prefix, sys.base_prefix, "/usr/lib"))]
    monkeypatch.setattr(sys, "path", installed)

    def make(arguments: list[str] = LINT, settled: int = 0, **more: str) -> Run | None:
        return run_of(arguments, {"SNAPLINE_CACHE": str(tmp_path / "cache"), **more}, "plain", settled)

    return make


Make = Callable[..., Run]


def test_the_same_run_is_given_again(repository: Path, run: Make) -> None:
    assert run().recall() is None
    run().keep(1, SAID)
    assert run().recall() == (1, SAID)
    os.chdir(repository / "specs")
    assert run().recall() is None


def _edit(root: Path) -> None:
    before = (root / "specs/a.md").stat()
    (root / "specs/a.md").write_text("# Task\n\nTwo.\n")
    os.utime(root / "specs/a.md", ns=(before.st_atime_ns, before.st_mtime_ns))


CHANGES: dict[str, Callable[[Path], object]] = {
    "a spec, its size and time kept": _edit,
    "another spec": lambda root: (root / "specs/b.md").write_text(""),
    "the folder of the specs": lambda root: (root / "specs").rename(root / "moved"),
    "a spec less": lambda root: (root / "specs/a.md").unlink(),
    "a spec's name": lambda root: (root / "specs/a.md").rename(root / "specs/z.md"),
    "the settings": lambda root: (root / "snapline.toml").write_text("[lint]\nstrict = true\n"),
    "no settings": lambda root: (root / "snapline.toml").unlink(),
    "a commit": lambda root: _commit(root),  # noqa: PLW0108 - it is defined below
    "another branch": lambda root: _git(root, "switch", "-q", "--orphan", "other"),
    "a packed record": lambda root: _git(root, "update-ref", "refs/snapline/records", "HEAD"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_nothing_is_given_again_after_a_change_of(change: str, repository: Path, run: Make) -> None:
    run().keep(0, SAID)
    assert run().recall() == (0, SAID)
    CHANGES[change](repository)
    assert run().recall() is None


def test_what_changed_while_it_ran_is_not_remembered(repository: Path, run: Make) -> None:
    before = run()
    _edit(repository)
    before.keep(0, SAID)
    assert before.recall() is None
    assert run().recall() is None


@pytest.mark.usefixtures("repository")
def test_what_might_change_unseen_is_not_remembered(run: Make) -> None:
    run(settled=3_600_000_000_000).keep(0, SAID)
    run().keep(0, bytes(MOST_BYTES + 1))
    assert run().recall() is None


@pytest.mark.usefixtures("repository")
def test_another_command_line_or_environment_is_another_run(run: Make) -> None:
    run().keep(0, SAID)
    assert run(["lint", "--json", "--strict"]).recall() is None
    assert run(GIT_CONFIG_GLOBAL="/elsewhere").recall() is None


@pytest.mark.parametrize(
    "arguments",
    [["show"], ["lint", "specs"], ["lint", "--fix"], ["lint", "--run"], ["lint", "--no-cache"], ["lint", "-"]],
)
@pytest.mark.usefixtures("repository")
def test_only_a_plain_lint_of_the_whole_repository_is_remembered(arguments: list[str], run: Make) -> None:
    assert run(arguments) is None
    assert run(["lint", "--select", "SEC", "--format=sarif"]) is not None


def test_nothing_is_remembered_outside_of_a_repository(tmp_path: Path, run: Make) -> None:
    os.chdir(tmp_path)
    assert run() is None


@pytest.mark.parametrize("damage", [b"", b"x", SAID, b"snapline-run-1 0 00\n" + SAID, b"snapline-run-1 x 0\n"])
@pytest.mark.usefixtures("repository")
def test_a_damaged_result_is_none(run: Make, tmp_path: Path, damage: bytes) -> None:
    run().keep(0, SAID)
    (tmp_path / "cache/runs" / run().key).write_bytes(damage)
    assert run().recall() is None
    run().keep(0, SAID)
    assert run().recall() == (0, SAID)


def test_a_relative_cache_folder_does_not_count() -> None:
    assert cache_home({"XDG_CACHE_HOME": "here", "HOME": "/home/a"}) == Path("/home/a/.cache/snapline")
    assert cache_home({"XDG_CACHE_HOME": "/there", "HOME": "/home/a"}) == Path("/there/snapline")
    assert cache_home({"XDG_CACHE_HOME": "here"}) is None


@pytest.mark.usefixtures("repository")
def test_a_cache_that_cannot_be_written_is_none(run: Make, tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("no folder")
    run().keep(0, SAID)
    assert run().recall() is None


@pytest.mark.usefixtures("repository")
def test_lint_says_the_same_from_the_cache(tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    fresh = _lint(cache, "--no-cache")
    assert not cache.exists()
    time.sleep(SETTLED_NS / 1e9 + 0.1)
    assert _lint(cache) == fresh
    (kept,) = (cache / "runs").iterdir()
    assert _lint(cache) == fresh
    said = kept.read_bytes().partition(b"\n")[2]
    kept.write_bytes(
        b"snapline-run-1 3 %s\n" % hashlib.sha256(b"from the cache").hexdigest().encode() + b"from the cache"
    )
    assert said == fresh[1]
    assert _lint(cache) == (3, b"from the cache", b"")
    assert _lint(cache, "--no-cache") == fresh


def test_a_run_that_looked_into_the_work_tree_is_not_kept(repository: Path, tmp_path: Path) -> None:
    (repository / "specs/a.md").write_text("# Acceptance\n\n- A1: It runs: `$ python build/made.py`\n")
    time.sleep(SETTLED_NS / 1e9 + 0.1)
    before = _lint(tmp_path / "cache")
    assert not (tmp_path / "cache/runs").exists()
    (repository / "build").mkdir()
    (repository / "build/made.py").write_text("")
    assert _lint(tmp_path / "cache") != before


def _lint(cache: Path, *more: str) -> tuple[int, bytes, bytes]:
    command = [sys.executable, "-m", "snapline", *LINT, *more]
    done = subprocess.run(command, env=os.environ | {"SNAPLINE_CACHE": str(cache)}, capture_output=True, check=False)
    return done.returncode, done.stdout, done.stderr


def _commit(root: Path) -> None:
    _git(root, "add", "-A")
    _git(root, "-c", "user.name=a", "-c", "user.email=a@b", "commit", "-q", "--allow-empty", "-m", "x")


def _git(root: Path, *arguments: str) -> None:
    subprocess.run(["git", *arguments], cwd=root, check=True)
