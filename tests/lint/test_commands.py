"""What looks like a command, what a command runs, and what a shell would make of it."""

from __future__ import annotations

import pytest

from snapline.lint.commands import is_test_file, looks_like_command
from snapline.lint.shell import masked, read_fault, simple_commands


@pytest.mark.parametrize(
    "text",
    [
        "pytest",
        "pytest -q tests",
        "python -m build",
        "./run.sh",
        "make check",
        "make undo",
        "go test ./...",
        "npm run build",
        "git diff --exit-code",
        "test -e x",
        "cargo test",
        "bash run.sh",
        "sh -c 'a'",
        "just test",
        "find . -name x",
    ],
)
def test_commands(text: str) -> None:
    assert looks_like_command(text)


@pytest.mark.parametrize(
    "text",
    [
        "git",
        "python",
        "python 3.11",
        "go 1.22",
        "node v20.1",
        "make",
        "make sure",
        "find the file",
        "test result",
        "sort by name",
        "sh check",
        "python scripts",
        "bash",
        "src/upload/client.py",
        "Client.send",
        "./",
        "pytest_plugins",
        "",
    ],
)
def test_no_commands(text: str) -> None:
    assert not looks_like_command(text)


@pytest.mark.parametrize("text", ["tests/test_x.py", "test_x.py", "src/x_test.py", "web/a.test.ts", "a.spec.js"])
def test_test_files(text: str) -> None:
    assert is_test_file(text)


@pytest.mark.parametrize(
    "text", ["tests/test_x.py::test_a", "src/latest.py", "tests/conftest.py", "tests", "test_x", "run test_x.py"]
)
def test_no_test_files(text: str) -> None:
    assert not is_test_file(text)


@pytest.mark.parametrize(
    ("text", "commands"),
    [
        ("a b; c | d && e", (("a", "b"), ("c",), ("d",), ("e",))),
        ("a 'b; c' # d; e", (("a", "b; c"),)),
        ("a x#y", (("a", "x#y"),)),
        ("a \\\n b\nc", (("a", "b"), ("c",))),
        ("(a; b)", (("a",), ("b",))),
        ("# nothing", ()),
        ("a 'b", None),
    ],
)
def test_simple_commands(text: str, commands: tuple[tuple[str, ...], ...] | None) -> None:
    assert simple_commands(text) == commands


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("a 'b|c' d", "a _____ d"),
        ('a "b\\"|c" d', "a _______ d"),
        ("a \\| b # c|d", "a __ b      "),
        ("a#b | c", "a#b | c"),
    ],
)
def test_masked_keeps_every_offset(text: str, hidden: str) -> None:
    assert masked(text) == hidden
    assert len(hidden) == len(text)


@pytest.mark.parametrize(
    ("stderr", "line", "message"),
    [
        (
            "bash: line 2: syntax error near unexpected token `('\nbash: line 2: `a ('\n",
            2,
            "syntax error near unexpected token `('",
        ),
        (
            "x.sh: line 1: unexpected EOF while looking for matching `\"'\n",
            1,
            "unexpected EOF while looking for matching `\"'",
        ),
        ("it broke", 1, "it broke"),
        ("", 1, "the shell refuses it"),
    ],
)
def test_read_fault(stderr: str, line: int, message: str) -> None:
    fault = read_fault(stderr)
    assert (fault.line, fault.message) == (line, message)
