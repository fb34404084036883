"""Which files are manifests, by their names, and how each is read."""

from __future__ import annotations

from pathlib import PurePosixPath

from snapline.verify.manifests import (
    composer,
    golang,
    gradle,
    maven,
    node,
    python,
    requirements,
    ruby,
    rust,
    setuptools,
)
from snapline.verify.manifests.dependency import Reader

_NAMES: dict[str, Reader] = {
    "pyproject.toml": python.read_pyproject,
    "setup.cfg": setuptools.read_cfg,
    "setup.py": setuptools.read_script,
    "poetry.lock": python.read_lock,
    "uv.lock": python.read_lock,
    "pdm.lock": python.read_lock,
    "pylock.toml": python.read_lock,
    "pipfile": python.read_pipfile,
    "pipfile.lock": python.read_pipfile_lock,
    "package.json": node.read_package,
    "package-lock.json": node.read_lock,
    "npm-shrinkwrap.json": node.read_lock,
    "pnpm-lock.yaml": node.read_pnpm_lock,
    "pnpm-workspace.yaml": node.read_workspace,
    "yarn.lock": node.read_yarn_lock,
    "go.mod": golang.read,
    "go.work": golang.read,
    "cargo.toml": rust.read,
    "cargo.lock": rust.read_lock,
    "pom.xml": maven.read,
    "gradle.lockfile": gradle.read_lock,
    "gemfile": ruby.read,
    "gems.rb": ruby.read,
    "gemfile.lock": ruby.read_lock,
    "gems.locked": ruby.read_lock,
    "composer.json": composer.read,
    "composer.lock": composer.read_lock,
}
"""By the whole name, in lower case."""
_ENDS: dict[str, Reader] = {
    ".gradle": gradle.read,
    ".gradle.kts": gradle.read,
    ".versions.toml": gradle.read_catalog,
    ".gemspec": ruby.read_spec,
}
_TEXTS = frozenset({".txt", ".in", ".lock", ".pip"})
_FOLDERS = frozenset({"requirements", "reqs", "constraints"})


def reader_of(path: str) -> Reader | None:
    """How a file is read; None where it is no manifest. Case does not count: some file systems have none."""
    name = PurePosixPath(path).name.casefold()
    if name in _NAMES:
        return _NAMES[name]
    for end, reader in _ENDS.items():
        if name.endswith(end):
            return reader
    if name.startswith("pylock.") and name.endswith(".toml"):
        return python.read_lock
    return requirements.read if _asks_for_requirements(path) else None


def _asks_for_requirements(path: str) -> bool:
    pure = PurePosixPath(path.casefold())
    if not is_text(path):
        return False
    return pure.parent.name in _FOLDERS or any(one in pure.name for one in ("requirements", "constraints"))


def is_text(path: str) -> bool:
    """Whether a requirements file may include it, as far as its name tells."""
    return PurePosixPath(path.casefold()).suffix in _TEXTS
