"""Owners: CODEOWNERS as GitHub reads it, beside what Interfaces say."""

from __future__ import annotations

import pytest
from tests.spec.written import spec_of

from snapline.spec.interfaces import PathTree
from snapline.spec.owners import Owners, owners_in
from snapline.spec.show import describe


def owners(text: str) -> Owners:
    found = owners_in(PathTree({"CODEOWNERS": text.encode()}))
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("pattern", "path", "owned"),
    [
        ("*", "a/b.py", True),
        ("/*", "a.py", True),
        ("/*", "a/b.py", False),
        ("*.py", "a/b.py", True),
        ("*.py", "a/b.js", False),
        ("docs/", "docs/a.md", True),
        ("docs/", "web/docs/a.md", True),
        ("/docs/", "web/docs/a.md", False),
        ("docs/*", "docs/a.md", True),
        ("docs/*", "docs/a/b.md", False),
        ("web/docs", "web/docs/a/b.md", True),
        ("**/logs", "a/b/logs/x", True),
        ("a\\ b.md", "c/a b.md", True),
        ("[ab].md", "a.md", False),
        ("!a.md", "a.md", False),
    ],
)
def test_patterns(pattern: str, path: str, *, owned: bool) -> None:
    assert owners(f"{pattern} @alice").of(path) == (("@alice",) if owned else ())


def test_the_last_line_that_matches_counts() -> None:
    found = owners("# who\n* @all  # everybody\n\nsrc/ @alice @org/web\nsrc/free\n[Section]\n")
    assert found.of("a.md") == ("@all",)
    assert found.of("src/a.py") == ("@alice", "@org/web")
    assert found.of("src/free/x.py") == ()


def test_the_first_place_counts() -> None:
    tree = PathTree({"CODEOWNERS": b"* @root", ".github/CODEOWNERS": b"* @hub\xff"})
    found = owners_in(tree)
    assert found is not None
    assert (found.place, found.of("a")) == (".github/CODEOWNERS", ("@hub\ufffd",))
    assert owners_in(PathTree(["a"])) is None


def test_what_show_says() -> None:
    tree = PathTree({"CODEOWNERS": b"src/ @alice\n", "src/a.py": b"", "b.py": b""})
    text = "# Interfaces\n- Changes `src/a.py::A`, `b.py`, `src/**`, `src`.\n- Uses `name`.\n{}"

    def said(owner: str) -> list[str]:
        clauses = describe(spec_of(text.format(owner)), tree).sections[0].clauses
        return [read for clause in clauses for read in clause.reads if "owned by" in read]

    owned = "`src/a.py` is owned by @alice (CODEOWNERS)"
    assert said("") == [owned, "`src` is owned by @alice (CODEOWNERS)"]
    assert said("- Owner: @alice, who knows\n") == said("")
    assert said("- Owner: @bob\n")[0] == f"{owned}; `Owner:` names none of them"
