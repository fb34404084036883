"""A proposal for ``[env]``, from the lock files and manifests that a repository has. Pure: files are handed in."""

from __future__ import annotations

import shlex
import tomllib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from snapline.sandbox.environment import Environment

Read = Callable[[str], bytes | None]
"""The content of a file by its path; None if there is none."""

_VENV = ".venv"
_PIP = ".venv/bin/python -m pip install --disable-pip-version-check"
_MAKE_VENV = "python3 -m venv .venv"
_TEST_EXTRAS = ("test", "tests", "testing", "dev")
_REQUIREMENTS = (
    "requirements.txt",
    "requirements-dev.txt",
    "requirements-test.txt",
    "dev-requirements.txt",
    "test-requirements.txt",
    "requirements/dev.txt",
    "requirements/test.txt",
)
_UV = {"UV_PYTHON_DOWNLOADS": "never", "UV_LINK_MODE": "copy"}


@dataclass(frozen=True)
class Guess:
    """What was seen, in one sentence, and what it suggests; ``programs`` are those that set-up starts."""

    environment: Environment
    saw: str
    programs: tuple[str, ...]


def guess_environment(paths: Iterable[str], read: Read) -> Guess | None:
    """A proposed environment for a repository with these files; None where nothing suggests one.

    Only the repository's top folder is looked at; the first kind that fits wins, Python before Node, Rust and Go.
    """
    files = frozenset(paths)
    for propose in (_uv, _poetry, _requirements, _pyproject, _setup_py, _npm, _pnpm, _cargo, _go):
        guess = propose(files, read)
        if guess is not None:
            return guess
    return None


def _uv(files: frozenset[str], _read: Read) -> Guess | None:
    if "uv.lock" not in files:
        return None
    command = "uv sync --frozen --no-install-project"
    return Guess(
        _python(files, (command,), ("pyproject.toml", "uv.lock"), _UV), "uv.lock: `uv sync`", ("uv", "python3")
    )


def _poetry(files: frozenset[str], _read: Read) -> Guess | None:
    if "poetry.lock" not in files:
        return None
    command = "POETRY_VIRTUALENVS_IN_PROJECT=true poetry install --no-root --no-interaction"
    environment = _python(files, (command,), ("pyproject.toml", "poetry.lock"))
    return Guess(environment, "poetry.lock: `poetry install`", ("poetry", "python3"))


def _requirements(files: frozenset[str], read: Read) -> Guess | None:
    found = _there(files, *_REQUIREMENTS)
    if not found:
        return None
    listed = b"\n".join(read(name) or b"" for name in found).decode(errors="replace")
    asked = " ".join(f"-r {name}" for name in found) + _runner(files, listed)
    environment = _python(files, (_MAKE_VENV, f"{_PIP} {asked}"), found)
    return Guess(environment, f"{', '.join(found)}: a virtual environment with pip", ("python3",))


def _pyproject(files: frozenset[str], read: Read) -> Guess | None:
    project = _project(read) if "pyproject.toml" in files else None
    if project is None or ("setup.py" in files and "dependencies" not in project.get("project", {})):
        return None
    wanted = _dependencies(project)
    asked = " ".join(shlex.quote(requirement) for requirement in wanted) + _runner(files, " ".join(wanted))
    if not asked.strip():
        return None
    environment = _python(files, (_MAKE_VENV, f"{_PIP} {asked.strip()}"), ("pyproject.toml",))
    return Guess(environment, "pyproject.toml: a virtual environment with its dependencies", ("python3",))


def _setup_py(files: frozenset[str], _read: Read) -> Guess | None:
    if "setup.py" not in files:
        return None
    inputs = ("setup.py", "setup.cfg", "pyproject.toml")
    environment = _python(files, (_MAKE_VENV, f"{_PIP} -e .{_runner(files, '')}"), inputs)
    return Guess(environment, "setup.py: a virtual environment with `pip install -e .`", ("python3",))


def _npm(files: frozenset[str], _read: Read) -> Guess | None:
    return _node(files, "package-lock.json", "npm ci --no-audit --no-fund", "npm")


def _pnpm(files: frozenset[str], _read: Read) -> Guess | None:
    return _node(files, "pnpm-lock.yaml", "pnpm install --frozen-lockfile", "pnpm")


def _node(files: frozenset[str], lock: str, command: str, program: str) -> Guess | None:
    if lock not in files:
        return None
    environment = Environment(
        setup=(command,),
        inputs=_there(files, "package.json", lock),
        outputs=("node_modules",),
        path=("node_modules/.bin",),
        check="node --version",
    )
    return Guess(environment, f"{lock}: `{command.partition(' --')[0]}`", ("node", program))


def _cargo(files: frozenset[str], _read: Read) -> Guess | None:
    if "Cargo.lock" not in files:
        return None
    environment = Environment(
        setup=("cargo fetch --locked",),
        inputs=_there(files, "Cargo.toml", "Cargo.lock"),
        outputs=(".cargo-home",),
        check="cargo --version",
        variables={"CARGO_HOME": "{workspace}/.cargo-home"},
    )
    return Guess(environment, "Cargo.lock: `cargo fetch`", ("cargo", "rustc"))


def _go(files: frozenset[str], _read: Read) -> Guess | None:
    if "go.mod" not in files:
        return None
    environment = Environment(
        setup=('mkdir -p "$GOMODCACHE"', "go mod download"),
        inputs=_there(files, "go.mod", "go.sum"),
        outputs=(".go-modules",),
        check="go version",
        variables={"GOMODCACHE": "{workspace}/.go-modules"},
    )
    return Guess(environment, "go.mod: `go mod download`", ("go",))


def _python(
    files: frozenset[str],
    setup: tuple[str, ...],
    inputs: tuple[str, ...],
    variables: dict[str, str] | None = None,
) -> Environment:
    in_source = any(path.startswith("src/") and path.endswith(".py") for path in files)
    return Environment(
        setup=setup,
        inputs=_there(files, *inputs),
        outputs=(_VENV,),
        path=(".venv/bin",),
        check="python --version",
        editable=("src" if in_source else ".",),
        variables=variables or {},
    )


def _there(files: frozenset[str], *names: str) -> tuple[str, ...]:
    return tuple(name for name in names if name in files)


def _runner(files: frozenset[str], listed: str) -> str:
    """Pytest, where tests are seen that it would run and nothing asks for it."""
    names = (PurePosixPath(path).name for path in files)
    seen = any(name == "conftest.py" or (name.startswith("test_") and name.endswith(".py")) for name in names)
    return " pytest" if seen and "pytest" not in listed else ""


def _project(read: Read) -> dict[str, Any] | None:
    try:
        return tomllib.loads((read("pyproject.toml") or b"").decode())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        return None


def _dependencies(manifest: dict[str, Any]) -> tuple[str, ...]:
    """The project's own requirements and those of its test extras and groups, as far as they are plain strings."""
    project = manifest.get("project", {})
    extras = project.get("optional-dependencies", {})
    groups = manifest.get("dependency-groups", {})
    lists = [project.get("dependencies", [])]
    lists += [table.get(name, []) for table in (extras, groups) for name in _TEST_EXTRAS]
    wanted = (requirement for listed in lists for requirement in listed if isinstance(requirement, str))
    return tuple(dict.fromkeys(wanted))
