from __future__ import annotations

import time
import tomllib

import pytest

from snapline.verify import runnerconfig

ROOTS = frozenset({"", "src"})


@pytest.mark.parametrize(
    ("path", "hook"),
    [
        ("conftest.py", True),
        ("a/b/conftest.py", True),
        ("sitecustomize.py", True),
        ("src/sitecustomize.py", True),
        ("src/usercustomize.py", True),
        ("lib/sitecustomize.py", False),
        ("src/pkg/pytest.py", False),
        ("evil.egg-info/entry_points.txt", True),
        ("src/evil.dist-info/entry_points.txt", True),
        ("src/evil.dist-info/METADATA", False),
        ("docs/conftest.py.md", False),
    ],
)
def test_what_is_loaded_by_itself(path: str, hook: bool) -> None:  # noqa: FBT001 - a column of the table
    assert runnerconfig.is_hook(path, ROOTS) is hook


@pytest.mark.parametrize(
    ("path", "shadow"),
    [
        ("pytest.py", "pytest.py"),
        ("_pytest/runner.py", "_pytest"),
        ("src/_pytest/__init__.py", "src/_pytest"),
        ("src/pytest/__init__.py", "src/pytest"),
        ("src/pkg/pytest.py", None),
        ("lib/_pytest/runner.py", None),
    ],
)
def test_what_takes_the_runners_place(path: str, shadow: str | None) -> None:
    assert runnerconfig.shadow(path, ROOTS) == shadow


THEIRS = b"""[project]
name = "calc"  # changed
version = "2"

[tool.pytest.ini_options]
addopts = "-k nothing"
markers = [
  "[odd]: a line that looks like a header",
]

[tool.ruff]
line-length = 100
"""
OURS = b"""[project]
name = "calc"

[tool.pytest.ini_options]
addopts = "-q"
"""


def test_only_the_runners_tables_are_replaced() -> None:
    made = tomllib.loads(runnerconfig.splice("pyproject.toml", THEIRS, OURS).decode())
    assert made["tool"]["pytest"] == {"ini_options": {"addopts": "-q"}}
    assert made["project"]["version"] == "2"
    assert made["tool"]["ruff"] == {"line-length": 100}


def test_tables_that_the_source_lacks_are_removed() -> None:
    made = runnerconfig.splice("pyproject.toml", THEIRS, b'[project]\nname = "calc"\n')
    assert runnerconfig.table("pyproject.toml", made) is None
    assert tomllib.loads(made.decode())["project"]["version"] == "2"


def test_where_the_parts_cannot_be_told_apart_the_whole_source_is_taken() -> None:
    inline = b'tool = { pytest = { ini_options = { addopts = "-k nothing" } } }\n'
    assert runnerconfig.splice("pyproject.toml", inline, OURS) == OURS
    assert runnerconfig.splice("pyproject.toml", b"not = [toml", OURS) == OURS


def test_ini_sections() -> None:
    theirs = b"[metadata]\nname = calc\n[tool:pytest]\naddopts = -k nothing\n[flake8]\nmax-line-length = 99\n"
    made = runnerconfig.splice("setup.cfg", theirs, b"[tool:pytest]\naddopts = -q\n").decode()
    assert "-k nothing" not in made
    assert "addopts = -q" in made
    assert "max-line-length = 99" in made
    assert runnerconfig.table("tox.ini", b"[tox]\nenvlist = py\n") is None


OURS = b"[tool.pytest.ini_options]\naddopts = '-q'\n"
INI = b"[tool:pytest]\naddopts = -q\n"


@pytest.mark.parametrize(
    ("name", "theirs", "ours"),
    [
        ("pyproject.toml", b"[" + b" " * 300_000 + b"x\n", OURS),
        ("pyproject.toml", b"a = " + b"[" * 5000 + b"]" * 5000, OURS),
        ("pyproject.toml", b"tool = 3\n", OURS),
        ("setup.cfg", b"[a]\na" + b" " * 300_000 + b"b\n", INI),
        ("setup.cfg", b"[metadata]\n" + b"x = 1\n" * 300_000, INI),
        ("setup.cfg", b"[metadata]\nname = x\x0c[tool:pytest]\naddopts = -p evil\n", INI),
    ],
    ids=["blanks", "nested", "no table", "long line", "large", "odd line break"],
)
def test_what_cannot_be_told_apart_safely_is_the_sources_at_once(name: str, theirs: bytes, ours: bytes) -> None:
    """Each held the orchestrator up for hours, ended it, or was read otherwise by the runner."""
    began = time.process_time()
    assert runnerconfig.table(name, theirs) != runnerconfig.table(name, ours)
    assert runnerconfig.splice(name, theirs, ours) == ours
    assert time.process_time() - began < 5
