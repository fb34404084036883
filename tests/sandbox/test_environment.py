"""A proposal from what a repository has, and where its programs live."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from snapline.sandbox import executable
from snapline.sandbox.environment import private_toolchains, search_folders
from snapline.sandbox.guess import guess_environment

VENV = "python3 -m venv .venv"
PIP = ".venv/bin/python -m pip install --disable-pip-version-check"
PROJECT = """
[project]
name = "x"
dependencies = ["attrs>=23", "tomli; python_version < '3.11'"]
[project.optional-dependencies]
test = ["pytest>=8"]
docs = ["sphinx"]
[dependency-groups]
dev = ["ruff", {include-group = "test"}]
"""


@pytest.mark.parametrize(
    ("files", "setup", "outputs", "saw"),
    [
        ({"uv.lock": "", "pyproject.toml": ""}, ("uv sync --frozen --no-install-project",), (".venv",), "uv.lock"),
        (
            {"poetry.lock": "", "pyproject.toml": ""},
            ("POETRY_VIRTUALENVS_IN_PROJECT=true poetry install --no-root --no-interaction",),
            (".venv",),
            "poetry.lock",
        ),
        (
            {"requirements.txt": "attrs", "requirements/dev.txt": "pytest", "test_x.py": ""},
            (VENV, f"{PIP} -r requirements.txt -r requirements/dev.txt"),
            (".venv",),
            "requirements.txt, requirements/dev.txt",
        ),
        ({"requirements.txt": "", "tests/test_x.py": ""}, (VENV, f"{PIP} -r requirements.txt pytest"), (".venv",), ""),
        (
            {"pyproject.toml": PROJECT, "src/x.py": ""},
            (VENV, f"{PIP} 'attrs>=23' 'tomli; python_version < '\"'\"'3.11'\"'\"'' 'pytest>=8' ruff"),
            (".venv",),
            "pyproject.toml",
        ),
        ({"pyproject.toml": "[project]\nname='x'", "conftest.py": ""}, (VENV, f"{PIP} pytest"), (".venv",), ""),
        (
            {"setup.py": "", "pyproject.toml": "[build-system]", "test_x.py": ""},
            (VENV, f"{PIP} -e . pytest"),
            (".venv",),
            "setup.py",
        ),
        (
            {"package-lock.json": "", "package.json": ""},
            ("npm ci --no-audit --no-fund",),
            ("node_modules",),
            "package-lock.json: `npm ci`",
        ),
        ({"pnpm-lock.yaml": ""}, ("pnpm install --frozen-lockfile",), ("node_modules",), "pnpm-lock.yaml"),
        ({"Cargo.lock": ""}, ("cargo fetch --locked",), (".cargo-home",), "Cargo.lock"),
        ({"go.mod": ""}, ('mkdir -p "$GOMODCACHE"', "go mod download"), (".go-modules",), "go.mod"),
    ],
)
def test_a_guess_from_lock_files(
    files: dict[str, str], setup: tuple[str, ...], outputs: tuple[str, ...], saw: str
) -> None:
    guess = guess_environment(files, lambda path: files[path].encode() if path in files else None)
    assert guess is not None
    assert guess.environment.setup == setup
    assert guess.environment.outputs == outputs
    assert set(guess.environment.inputs) <= set(files)
    assert guess.environment.check
    assert saw in guess.saw
    assert guess.programs


@pytest.mark.parametrize(
    "files",
    [{}, {"README.md": ""}, {"pyproject.toml": "[tool.ruff]"}, {"pyproject.toml": "not toml ["}, {"sub/uv.lock": ""}],
)
def test_nothing_is_guessed_from_nothing(files: dict[str, str]) -> None:
    assert guess_environment(files, lambda path: files[path].encode()) is None


def test_the_source_folder_is_put_on_the_path() -> None:
    inside = guess_environment(["uv.lock", "src/x/__init__.py"], lambda _: None)
    beside = guess_environment(["uv.lock", "x/__init__.py"], lambda _: None)
    assert inside is not None
    assert beside is not None
    assert (inside.environment.editable, beside.environment.editable) == (("src",), (".",))


def test_a_proposed_setup_is_valid_shell() -> None:
    files = {"pyproject.toml": PROJECT}
    guess = guess_environment(files, lambda path: files[path].encode())
    assert guess is not None
    asked = subprocess.run(
        ["bash", "-c", f"pip() {{ printf '%s\\n' \"$@\"; }}; {guess.environment.setup[1].replace(PIP, 'pip')}"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert asked.stdout.splitlines() == ["attrs>=23", "tomli; python_version < '3.11'", "pytest>=8", "ruff"]


def program(path: Path, text: str = "#!/bin/sh\n") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(0o755)
    return path


def test_toolchains_in_a_home_are_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    shim = program(tmp_path / ".pyenv" / "shims" / "python3")
    real = program(tmp_path / ".nvm" / "v20" / "lib" / "cli.js", "#!/usr/bin/env node\n")
    program(tmp_path / ".nvm" / "v20" / "bin" / "node")
    (tmp_path / ".nvm" / "v20" / "bin" / "npm").symlink_to("../lib/cli.js")
    alone = program(tmp_path / ".local" / "bin" / "uv")
    path = f"{shim.parent}:{tmp_path}/.nvm/v20/bin:{alone.parent}:/usr/bin:/bin"
    found = private_toolchains(["python3", "npm", "uv", "sh", "no-such-program"], path)
    assert found == ("~/.pyenv", "~/.nvm/v20", "~/.local/bin/uv")
    assert search_folders(found) == (str(shim.parent), f"{tmp_path}/.nvm/v20/bin", str(alone.parent))
    assert search_folders(("/usr/share",)) == ("/usr/share",)
    assert executable.chain(Path(f"{tmp_path}/.nvm/v20/bin/npm"), path)[1] == real


def test_a_toolchain_in_a_home_that_is_not_named_home_is_found_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever sets HOME to somewhere else, as scripts and CI do, still uses the programs of the home of the user."""
    own = tmp_path / "own"
    tool = program(own / "bin" / "tool")
    monkeypatch.setenv("HOME", str(tmp_path / "elsewhere"))
    found = private_toolchains(["tool"], str(tool.parent), own)
    assert search_folders(found) == (str(tool.parent),)


def test_links_and_interpreters_are_followed_to_the_end(tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    one.symlink_to(two)
    two.symlink_to(one)
    assert executable.chain(one, "") == (one, two)
    gone = tmp_path / "gone"
    gone.symlink_to(tmp_path / "nothing")
    assert executable.chain(gone, "") == (gone, tmp_path / "nothing")
    script = program(tmp_path / "script", f"#!/usr/bin/env -S {sys.executable} -I\n")
    assert Path(sys.executable) in executable.chain(script, "/usr/bin")
    assert executable.chain(program(tmp_path / "odd", "#!\n"), "/usr/bin") == (tmp_path / "odd",)


@pytest.mark.parametrize(
    ("argv", "found"),
    [
        (("sh",), ["sh"]),
        (("sh", "-c", "true;cat x|tr a b"), ["sh", "true", "cat", "tr"]),
        (("sh", "-c", "it's | cat"), ["sh", "cat"]),
        (("cat", "sh"), ["cat"]),
        ((), []),
    ],
)
def test_the_programs_of_a_command_line(argv: tuple[str, ...], found: list[str]) -> None:
    assert [path.name for path in executable.programs(argv, "/usr/bin:/bin")] == found
