"""What the manifests and lock files of Python are read to add."""

from __future__ import annotations

import pytest
from tests.verify.manifest_pairs import Row, edit, news, swap

PYPROJECT = """\
[build-system]
requires = ["hatchling>=1"]
[project]
name = "thing"
dependencies = ["Requests>=2", "click"]
[project.optional-dependencies]
fast = ["orjson"]
[dependency-groups]
dev = ["pytest>=8", {include-group = "lint"}]
lint = ["ruff"]
"""
POETRY = """\
[tool.poetry.dependencies]
python = "^3.11"
requests = "^2"
[tool.poetry.group.dev.dependencies]
pytest = "*"
"""
UVLOCK = """\
version = 1
[[package]]
name = "thing"
source = { editable = "." }
[[package]]
name = "left"
version = "1"
source = { registry = "https://pypi.org/simple" }
sdist = { url = "https://files.pythonhosted.org/left-1.tar.gz" }
wheels = [{ url = "https://files.pythonhosted.org/left-1.whl" }]
"""
POETRYLOCK = """\
[[package]]
name = "left"
version = "1"
files = [{file = "left-1.whl", hash = "sha256:a"}]
[package.extras]
all = ["right"]
"""
PIPFILE = """\
[[source]]
url = "https://pypi.org/simple"
name = "pypi"
[packages]
requests = "*"
[dev-packages]
pytest = {version = "*", extras = ["x"]}
[requires]
python_version = "3.11"
"""
PIPLOCK = {
    "_meta": {"sources": [{"name": "pypi", "url": "https://pypi.org/simple"}]},
    "default": {"left": {"index": "pypi", "version": "==1"}},
    "develop": {},
}
CFG = """\
[metadata]
name = thing
[options]
install_requires =
    requests>=2  # why
    # evil
    click; python_version < "4"
tests_require = pytest; tox
[options.extras_require]
fast = orjson
"""
SCRIPT = """\
from setuptools import setup
needs = ["requests>=2"]
needs.append("click")
setup(name="thing", install_requires=needs, extras_require={"fast": ["orjson"]}, **{"tests_require": ["pytest"]})
"""
ROWS: list[Row] = [
    swap("setup.cfg", CFG, "requests>=2 ", "requests>=3 "),
    swap("setup.cfg", CFG, "# evil", "evil", "evil"),
    swap("setup.cfg", CFG, "orjson", "orjson; evil", "evil"),
    swap("setup.cfg", CFG, "# evil", "tox", "tox, now needed at run time"),
    swap("setup.cfg", CFG, "pytest; tox", "file: more.txt", "evil"),
    swap("setup.py", SCRIPT, ">=2", ">=3"),
    swap("setup.py", SCRIPT, "setup(", "pattern = '\\d'\nsetup("),
    swap("setup.py", SCRIPT, '"click"', '"evil"', "evil"),
    swap("setup.py", SCRIPT, '["pytest"]', '["evil"]', "evil"),
    swap("setup.py", SCRIPT, '["orjson"]', '["orjson", "evil"]', "evil"),
    swap("setup.py", SCRIPT, "=needs", "=needs + found()", "install_requires = needs + found()"),
    swap("setup.py", SCRIPT, "needs.append", "if old:\n    needs += ['evil']\nneeds.append", "evil"),
    swap("pyproject.toml", PYPROJECT, '"click"', '"click", "Left_Pad==1"', "left-pad"),
    swap("pyproject.toml", PYPROJECT, "Requests>=2", "requests >= 3, <4 ; python_version > '3'"),
    swap("pyproject.toml", PYPROJECT, "Requests>=2", "requests[socks]>=2", "requests[socks]"),
    swap(
        "pyproject.toml",
        PYPROJECT,
        "Requests>=2",
        "requests @ git+https://e.org/r.git@v1",
        "requests from git+https://e.org/r",
    ),
    swap("pyproject.toml", PYPROJECT, '"click"', '"click", "pytest"', "pytest, now needed at run time"),
    swap("pyproject.toml", PYPROJECT, '"orjson"', '"orjson", "click"'),
    swap("pyproject.toml", PYPROJECT, '"ruff"', '"ruff", "mypy"', "mypy"),
    swap("pyproject.toml", PYPROJECT, '"hatchling>=1"', '"setuptools"', "setuptools"),
    swap("pyproject.toml", PYPROJECT, ', "click"', ""),
    swap("pyproject.toml", PYPROJECT, '"Requests>=2", "click"', '\n  "click",\n  "requests>=2",\n'),
    swap(
        "pyproject.toml",
        PYPROJECT,
        "[dep",
        '[tool.uv.sources]\nclick = {git = "https://e.org/c"}\n[dep',
        "click from git+https://e.org/c",
    ),
    swap(
        "pyproject.toml", PYPROJECT, "[dep", '[[tool.uv.index]]\nurl = "https://e.org"\n[dep', "the index https://e.org"
    ),
    swap("pyproject.toml", PYPROJECT, "[dep", '[tool.hatch.envs.x]\ndependencies = ["tox"]\n[dep', "tox"),
    swap("pyproject.toml", POETRY, '"^2"', '"^2"\nleft = "^1"', "left"),
    swap("pyproject.toml", POETRY, '"^2"', '{version = "^2", extras = ["socks"]}', "requests[socks]"),
    swap("pyproject.toml", POETRY, '"^2"', '{path = "../r"}', "requests from ../r"),
    swap("pyproject.toml", POETRY, 'python = "^3.11"', 'python = "^3.12"'),
    ("requirements.txt", "requests==2\n", "requests==3 \\\n  --hash=sha256:abc\n", []),
    ("requirements.txt", "requests==2\n", "# left\nrequests==2 # right\n\n", []),
    ("requirements.txt", "requests==2\n", "requests==2\nleft ; python_version < '4'\n", ["left"]),
    (
        "requirements.txt",
        "requests==2\n",
        "requests==2\n--extra-index-url https://e.org\n",
        ["the index https://e.org"],
    ),
    ("requirements.txt", "requests==2\n", "requests==2\n-ihttps://e.org\n", ["the index https://e.org"]),
    (
        "requirements.txt",
        "requests==2\n",
        "requests==2\n-e git+https://e.org/x.git@main#egg=x\n",
        ["git+https://e.org/x"],
    ),
    ("requirements.txt", "-e git+https://e.org/x@main\n", "-e git+https://e.org/x@v2\n", []),
    ("requirements.txt", "requests==2\n", "requests==2\n./vendored\n", ["./vendored"]),
    ("requirements.txt", ".\n", "-e .\n", []),
    (
        "requirements.txt",
        "",
        "--pre -r more.txt --find-links='https://e.org'\n",
        ["evil", "requests", "the index https://e.org"],
    ),
    ("requirements.txt", "", "--no-index --requir more.txt\n", ["evil", "requests"]),
    ("requirements.txt", "", "--no-binary :all: --require-hashes --trusted-host e.org\n", []),
    ("requirements.txt", "-e .[dev]\n", "-e .[dev,fast]\n", [".[fast]"]),
    ("requirements.txt", "requests==2\n", "requests==2\n-r more.txt\n", ["evil"]),
    ("requirements.txt", "requests==2\n", "requests==2\n-rmore.txt\n", ["evil"]),
    ("deps/requirements-dev.in", "a\n", "a\n-c ../more.txt\n", ["evil", "requests"]),
    ("deps/constraints.txt", "a\n", "a\nb<2\n", ["b"]),
    ("requirements/base.txt", "a\n", "a\nb<2\n", ["b"]),
    swap("uv.lock", UVLOCK, 'version = "1"', 'version = "2"'),
    swap(
        "uv.lock",
        UVLOCK,
        '[[package]]\nname = "left"',
        '[[package]]\nname = "right"\nsource = {registry = "https://pypi.org/simple"}\n[[package]]\nname = "left"',
        "right from https://pypi.org/simple",
    ),
    swap("uv.lock", UVLOCK, "https://pypi.org", "https://e.org", "left from https://e.org/simple"),
    swap(
        "uv.lock",
        UVLOCK,
        "hosted.org/left-1.whl",
        "hosted.evil/left-1.whl",
        "left from files on https://files.pythonhosted.evil",
    ),
    swap("poetry.lock", POETRYLOCK, "[[package]]", '[[package]]\nname = "up"\n[[package]]', "up"),
    swap(
        "poetry.lock",
        POETRYLOCK,
        "[package.extras]",
        '[package.source]\ntype = "git"\nurl = "https://e.org/l.git"\n[package.extras]',
        "left from git+https://e.org/l",
    ),
    swap(
        "pdm.lock",
        POETRYLOCK,
        "[package.extras]",
        'git = "https://e.org/l"\n[package.extras]',
        "left from git+https://e.org/l",
    ),
    swap("pylock.toml", '[[packages]]\nname = "left"\n', "left", "right", "right"),
    swap("Pipfile", PIPFILE, 'requests = "*"', 'requests = ">2"\nleft = "*"', "left"),
    swap("Pipfile", PIPFILE, '["x"]', '["x", "y"]', "pytest[y]"),
    swap("Pipfile", PIPFILE, "https://pypi.org", "https://e.org", "the index https://e.org/simple"),
    edit("Pipfile.lock", PIPLOCK, "default", {"left": {"index": "pypi", "version": "==2"}}),
    edit("Pipfile.lock", PIPLOCK, "develop", {"right": {"version": "==2"}}, "right"),
    edit(
        "Pipfile.lock",
        PIPLOCK,
        "default/left",
        {"git": "https://e.org/l.git", "ref": "a"},
        "left from git+https://e.org/l",
    ),
]


@pytest.mark.parametrize(("path", "before", "after", "told"), ROWS, ids=[f"{n}-{r[0]}" for n, r in enumerate(ROWS)])
def test_what_is_new(path: str, before: str, after: str, told: list[str]) -> None:
    assert news(path, before, after) == told
