from __future__ import annotations

import time

import pytest

from snapline.spec.globs import fault, is_literal, matches, overlap


@pytest.mark.parametrize(
    ("glob", "path", "expected"),
    [
        ("src/a.py", "src/a.py", True),
        ("src", "src/x/a.py", True),
        ("src/", "src/a.py", True),
        ("src", "srcs/a.py", False),
        ("./src/a.py", "src/a.py", True),
        (".", "x/y", True),
        ("src/*", "src/a.py", True),
        ("src/*", "src/x/a.py", False),
        ("src/*/", "src/x/a.py", True),
        ("src/*/tests", "src/x/tests/a.py", True),
        ("*.py", "a.py", True),
        ("*.py", "x/a.py", False),
        ("**/*.py", "a.py", True),
        ("**/*.py", "x/y/a.py", True),
        ("src/**", "src/a", True),
        ("src/**", "other/src/a", False),
        ("src/**/b", "src/b", True),
        ("src/**/b", "src/x/y/b", True),
        ("src/**/b", "src/xb", False),
        ("a?c", "abc", True),
        ("a?c", "ac", False),
        ("[a-c]x", "bx", True),
        ("[a-c]x", "dx", False),
        ("[z-a]", "z", True),
        ("[.]x", "ax", False),
        ("{a,b}/x", "b/x", True),
        ("{a,b/c}.{py,md}", "b/c.md", True),
        ("{a,b}", "c", False),
        ("A.py", "a.py", False),
        ("caf\u00e9/*", "cafe\u0301/x", True),
        ("cafe\u0301/?.py", "caf\u00e9/\u00e9.py", True),
        ("caf?", "cafe\u0301", True),
        ("cafe", "caf\u00e9", False),
        ("a b/c", "a b/c", True),
        ("a+(b)", "a+(b)", True),
        ("a/**/**/b", "a/b", True),
        ("**", "x", True),
        ("a\\b", "a\\b", False),
    ],
)
def test_matches(glob: str, path: str, expected: bool) -> None:  # noqa: FBT001 - a column of the table
    assert matches(glob, path) is expected


@pytest.mark.parametrize(
    ("glob", "word"),
    [
        ("", "empty"),
        ("  ", "empty"),
        ("a\\b", "backslash"),
        ("C:/a", "drive"),
        ("/a", "leading"),
        ("!a", "`!`"),
        ("a/[!b]", "`!`"),
        ("a/[^b]", "`!`"),
        ("../a", "leaves"),
        ("a/../b", "leaves"),
        ("~/a", "outside"),
        ("a**b", "whole component"),
        ("a/b**", "whole component"),
        ("a[b", "without"),
        ("a{b", "without"),
        ("a}b", "without"),
        ("{a,{b,c}}", "inside"),
        ("x" * 501, "longer"),
        ("{a,b}" * 7, "alternatives"),
        ("a\nb", "line break"),
    ],
)
def test_faults(glob: str, word: str) -> None:
    why = fault(glob)
    assert why is not None
    assert word in why
    assert not matches(glob, glob)


@pytest.mark.parametrize("glob", ["a", "a/", "a b", "**", "a/**/b", "[a-z]", "[]a]", "{a,b}", "ä/日本.md", "a-b_c.d"])
def test_good_globs(glob: str) -> None:
    assert fault(glob) is None


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("src/**", "src/a.py", "src/a.py"),
        ("src/**", "tests/**", None),
        ("src", "src/new/**", "src/new/**"),
        ("*.py", "**/*.md", None),
        ("src/*.py", "src/a*", "src/a.py"),
        ("src/x/**", "src/x", "src/x/**"),
        ("bad[", "src", None),
    ],
)
def test_overlap(first: str, second: str, expected: str | None) -> None:
    paths = ["src/a.py", "tests/b.py"]
    assert overlap(first, second, paths) == expected
    assert (overlap(second, first, paths) is None) == (expected is None)


def test_literal() -> None:
    assert is_literal("a/b.py")
    assert not is_literal("a/*")


def test_matching_is_linear_on_hostile_globs() -> None:
    begin = time.process_time()
    for glob in ("**/" * 160 + "x", "*a" * 240 + "b", "?" * 490, "{a,b}" * 6 + "*" * 300):
        for path in ("a/" * 2000 + "y", "a" * 4000):
            matches(glob, path)
    assert time.process_time() - begin < 5
