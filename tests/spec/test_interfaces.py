# ruff: noqa: RUF001 - full-width characters and editors' quotes are what is tested
from __future__ import annotations

import pytest
from tests.spec.written import codes, only, section_of

from snapline.spec.interfaces import Name, Path, PathTree, Symbol, classify
from snapline.spec.model import InterfaceEntry, SectionKind

TREE = PathTree(
    {"src/a.py": b"def f(): ...\n", "src/sub/b.py": b"", "docs/index.md": b"", "Makefile": b"", "x y.txt": b""}
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Changes `a`", "changes a"),
        ("Changes `a`, `b` and `c`", "changes a, changes b, changes c"),
        ("changes: `a`", "changes a"),
        ("Changes `a` and uses `b`; provides `c`, removes `d`", "changes a, uses b, provides c, removes d"),
        ("The client `a` and `b`", "touches a, touches b"),
        ("Changes `a`. See `b`", "changes a, touches b"),
        ("New `a`, `b`", "new a!, new b!"),
        ("Changes `a` (new), `b`", "changes a!, changes b"),
        ("Uses `a`（new）", "uses a!"),
        ("A new file `a`", "touches a"),
        ("- uses `a`\n  - `b`", "uses a, touches b"),
        ("renews `a`", "touches a"),
        ("nothing", ""),
    ],
)
def test_bindings(text: str, expected: str) -> None:
    spec = section_of(SectionKind.INTERFACES, text if text.startswith("-") else f"- {text}")
    entry = only(spec).entry
    assert isinstance(entry, InterfaceEntry)
    shown = (f"{one.binding.value} {one.text}{'!' if one.new else ''}" for one in entry.named)
    assert ", ".join(shown) == expected
    assert codes(spec) == []


@pytest.mark.parametrize(
    ("text", "opening", "value"),
    [
        ("Service: the upload API", "Service", "the upload API"),
        ("**API:** `POST /v1`, `x`.", "API", "POST /v1, x"),
        ("I3: Env: `TOKEN`", "Env", "TOKEN"),
        ("owner: @alice", "Owner", "@alice"),
        ("Spec: auth-tokens", "Spec", "auth-tokens"),
        ("Services: x", None, ""),
    ],
)
def test_openings(text: str, opening: str | None, value: str) -> None:
    entry = only(section_of(SectionKind.INTERFACES, f"- {text}")).entry
    assert isinstance(entry, InterfaceEntry)
    assert (entry.opening, entry.opening_value) == (opening, value)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("src/a.py", Path("src/a.py", exists=True)),
        ("src/a.py ", Name("src/a.py ")),
        ("src", Path("src", exists=True)),
        ("src/", Path("src/", exists=True)),
        ("src/sub", Path("src/sub", exists=True)),
        ("src/new.txt", Path("src/new.txt", exists=False)),
        ("other.py", Path("other.py", exists=False)),
        ("src/**", Path("src/**", exists=True)),
        ("lib/**", Path("lib/**", exists=False)),
        ("lib/", Path("lib/", exists=False)),
        ("Makefile", Path("Makefile", exists=True)),
        ("x y.txt", Path("x y.txt", exists=True)),
        ("x z.txt", Name("x z.txt")),
        ("redis", Name("redis")),
        ("application/json", Name("application/json")),
        ("v1.2", Name("v1.2")),
        ("https://a/b.py", Name("https://a/b.py")),
        ("/etc/passwd", Name("/etc/passwd")),
        ("POST /v1", Name("POST /v1")),
        ("src/a.py::f", Symbol("src/a.py", "f", exists=True)),
        ("src/c.py::C.m", Symbol("src/c.py", "C.m", exists=False)),
        ("std::vector", Name("std::vector")),
        ("", Name("")),
    ],
)
def test_what_a_span_names(text: str, expected: object) -> None:
    assert classify(text, TREE) == expected


def test_without_a_tree_only_the_form_tells() -> None:
    assert classify("src/a.py", None) == Path("src/a.py", exists=False)
    assert classify("a.py", None) == Name("a.py")


def test_the_tree_in_memory() -> None:
    assert TREE.folders() == {"src", "src/sub", "docs"}
    assert TREE.read("src/a.py") == b"def f(): ...\n"
    assert TREE.read("nope") is None
    assert PathTree(["a/b"]).paths == {"a/b"}
