"""The committed locks pin everything by hash, name no place to fetch from, and hold what is declared."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[2]
LOCKS = ("requirements.lock", "requirements-dev.lock")


def pinned(name: str) -> dict[str, tuple[str, str]]:
    """Each package of a lock with its version and its block of text."""
    blocks = re.split(r"^(?=[a-z0-9])", (ROOT / name).read_text(), flags=re.MULTILINE)[1:]
    found = (re.match(r"([a-z0-9-]+)==([^ ;\\\n]+)", block) for block in blocks)
    return {match[1]: (match[2], block) for match, block in zip(found, blocks, strict=True) if match}


@pytest.mark.parametrize("name", LOCKS)
def test_every_package_is_pinned_by_hash(name: str) -> None:
    packages = pinned(name)
    assert packages
    assert all("--hash=sha256:" in block for _, block in packages.values())


@pytest.mark.parametrize("name", LOCKS)
def test_no_place_to_fetch_from_is_named(name: str) -> None:
    text = (ROOT / name).read_text()
    assert not re.search(r"://|find-links|index-url|trusted-host|@ file", text)


def test_what_is_declared_is_pinned_and_the_locks_agree() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    runtime, development = (pinned(name) for name in LOCKS)
    for declared in map(Requirement, project["project"]["dependencies"]):
        assert declared.specifier.contains(runtime[declared.name.lower()][0])
    for declared in map(Requirement, project["dependency-groups"]["dev"]):
        assert declared.specifier.contains(development[declared.name.lower()][0])
    assert {name: entry[0] for name, entry in runtime.items()}.items() <= {
        name: entry[0] for name, entry in development.items()
    }.items()
    backend = map(Requirement, project["build-system"]["requires"])
    assert {one.name for one in backend} <= set(development)
