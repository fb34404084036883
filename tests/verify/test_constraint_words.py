"""Every constraint word on real commits: what each kind of difference does to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from tests.verify.world import World, constraint, criterion, make_world, spec_of

from snapline.base.ids import Oid
from snapline.repo.objects import Entry
from snapline.sandbox.bare import Bare
from snapline.sandbox.environment import Environment
from snapline.verify.report import ConstraintVerdict

ELSEWHERE = Oid("1" * 40)
"""A commit of another repository, as a submodule names it."""
NFC, NFD = "docs/caf\u00e9.md", "docs/cafe\u0301.md"
EPOCH = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class As:
    """Content with another mode than a plain file's: an executable, a symlink's target, a submodule's commit."""

    mode: str
    content: str


def executable(content: str) -> As:
    return As("100755", content)


def link(target: str) -> As:
    return As("120000", target)


def submodule(commit: str = ELSEWHERE) -> As:
    return As("160000", commit)


Put = Mapping[str, str | bytes | As | None]
PYPROJECT = '[project]\nname = "app"\ndependencies = ["click>=8"]\n'
PACKAGE = '{"dependencies": {"left": "^1.0.0"}}\n'
LOCK = '{"packages": {"node_modules/left": {"version": "1.0.0"}}}\n'
BASE: Put = {
    "README.md": "hello\n",
    "src/app.py": "import os\nprint(os)\n",
    "src/old.py": "print('old')\n",
    "src/logo.png": b"\x89PNG\0\1",
    "src/current": link("app.py"),
    "lib/keep.py": "value = 1\n",
    "lib/tool.sh": executable("echo tool\n"),
    "lib/logo.png": b"\x89PNG\0\2",
    "lib/sub": submodule("2" * 40),
    "lib/schema_pb2.py": "DESCRIPTOR = 1\n",
    "docs/guide.md": "guide\n",
    NFC: "coffee\n",
    "pyproject.toml": PYPROJECT,
    "requirements.txt": "click==8\n-r deps/more.txt\n",
    "deps/more.txt": "attrs\n",
    "package.json": PACKAGE,
    "package-lock.json": LOCK,
    "broken/package.json": "{ not json",
    "linked/package.json": link("../package.json"),
}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return make_world(tmp_path_factory.mktemp("words"), Bare())


@pytest.fixture(scope="module")
def base(world: World) -> Oid:
    start = world.commit({})
    return commit_of(world, start, BASE)


def commit_of(world: World, parent: Oid, put: Put) -> Oid:
    """A commit on top of another that differs by exactly these entries, whatever a file system would make of them."""
    vault = world.bench.vault
    entries: dict[str, Entry | None] = {}
    for path, value in put.items():
        if value is None:
            entries[path] = None
            continue
        said = value if isinstance(value, As) else As("100644", "")
        content = value if isinstance(value, bytes) else (value if isinstance(value, str) else said.content).encode()
        oid = Oid(said.content) if said.mode == "160000" else vault.write_blob(content)
        entries[path] = Entry(path, said.mode, oid)
    return vault.commit(vault.compose(parent, entries), [parent], "change", EPOCH)


Row = tuple[str, Put, str, str]
ONLY = "Change only: `src/**`"
CHANGE_ONLY: dict[str, Row] = {
    "inside": (ONLY, {"src/app.py": "pass\n", "src/new.py": "pass\n"}, "pass", ""),
    "outside": (ONLY, {"src/app.py": "pass\n", "README.md": "hi\n"}, "fail", "changed outside: README.md"),
    "moved out": (ONLY, {"src/old.py": None, "old.py": "print('old')\n"}, "fail", "changed outside: old.py"),
    "moved in": (ONLY, {"docs/guide.md": None, "src/guide.md": "guide\n"}, "fail", "changed outside: docs/guide.md"),
    "moved within": (ONLY, {"src/old.py": None, "src/older.py": "print('old')\n"}, "pass", ""),
    "mode": (ONLY, {"lib/keep.py": executable("value = 1\n")}, "fail", "changed outside: lib/keep.py"),
    "mode inside": (ONLY, {"src/app.py": executable("import os\nprint(os)\n")}, "pass", ""),
    "submodule": (ONLY, {"lib/sub": submodule()}, "fail", "changed outside: lib/sub"),
    "submodule in": (ONLY, {"src/sub": submodule()}, "pass", ""),
    "binary": (ONLY, {"lib/logo.png": b"\0\3"}, "fail", "changed outside: lib/logo.png"),
    "deletion": (ONLY, {"lib/keep.py": None}, "fail", "changed outside: lib/keep.py"),
    "case of a folder": (ONLY, {"src/old.py": None, "Src/old.py": "x\n"}, "fail", "changed outside: Src/old.py"),
    "decomposed": (f"Change only: `{NFC}`", {NFC: None, NFD: "coffee\n"}, "pass", ""),
    "decomposed glob": (f"Change only: `{NFD}`", {NFC: "tea\n"}, "pass", ""),
    "another letter": (f"Change only: `{NFC}`", {"docs/cafe.md": "tea\n"}, "fail", "changed outside: docs/cafe.md"),
    "generated": (ONLY, {"lib/schema_pb2.py": "X = 2\n"}, "fail", "changed outside: lib/schema_pb2.py"),
    "lock file": (ONLY, {"package-lock.json": "{}\n"}, "fail", "changed outside: package-lock.json"),
    "became a link": (ONLY, {"lib/keep.py": link("tool.sh")}, "fail", "changed outside: lib/keep.py"),
    "folder became a file": (ONLY, {"docs/guide.md": None, NFC: None, "docs": "x\n"}, "fail", "docs, docs/caf"),
}
NEVER = "Do not change: `lib`"
DO_NOT_CHANGE: dict[str, Row] = {
    "elsewhere": (NEVER, {"src/app.py": "pass\n", "libs/x.py": "x\n", "lib.py": "x\n"}, "pass", ""),
    "edited": (NEVER, {"lib/keep.py": "value = 2\n"}, "fail", "must not change: lib/keep.py"),
    "added": (NEVER, {"lib/deep/new.py": "x\n"}, "fail", "must not change: lib/deep/new.py"),
    "moved out": (NEVER, {"lib/keep.py": None, "src/keep.py": "value = 1\n"}, "fail", "must not change: lib/keep.py"),
    "moved in": (NEVER, {"src/old.py": None, "lib/old.py": "print('old')\n"}, "fail", "must not change: lib/old.py"),
    "mode": (NEVER, {"lib/tool.sh": "echo tool\n"}, "fail", "must not change: lib/tool.sh"),
    "submodule": (NEVER, {"lib/sub": submodule()}, "fail", "must not change: lib/sub"),
    "submodule gone": ("Do not change: `lib/sub`", {"lib/sub": None}, "fail", "must not change: lib/sub"),
    "submodule filled": (
        "Do not change: `lib/sub/`",
        {"lib/sub": None, "lib/sub/x": "x\n"},
        "fail",
        "lib/sub, lib/sub/x",
    ),
    "binary": (NEVER, {"lib/logo.png": b"\0\3"}, "fail", "must not change: lib/logo.png"),
    "deletion": (NEVER, {"lib/keep.py": None}, "fail", "must not change: lib/keep.py"),
    "case of a name": (NEVER, {"lib/keep.py": None, "lib/Keep.py": "x\n"}, "fail", "lib/Keep.py, lib/keep.py"),
    "case counts": (NEVER, {"LIB/keep.py": "x\n"}, "pass", ""),
    "decomposed twin": (f"Do not change: `{NFC}`", {NFD: "tea\n"}, "fail", "must not change: docs/cafe"),
    "decomposed glob": (f"Do not change: `{NFD}`", {NFC: "tea\n"}, "fail", "must not change: docs/caf"),
    "generated": ("Do not change: `**/*_pb2.py`", {"lib/schema_pb2.py": "X\n"}, "fail", "lib/schema_pb2.py"),
    "lock file": ("Do not change: `*.json`", {"package-lock.json": "{}\n"}, "fail", "package-lock.json"),
    "became a link": (NEVER, {"lib/keep.py": link("/etc/passwd")}, "fail", "must not change: lib/keep.py"),
    "folder became a link": (
        NEVER,
        {**{p: None for p in BASE if p.startswith("lib/")}, "lib": link("src")},
        "fail",
        "must not change: lib, ",
    ),
}
ASK = "Ask first: `lib`, `*.json`"
ASK_FIRST: dict[str, Row] = {
    "elsewhere": (ASK, {"src/app.py": "pass\n"}, "pass", ""),
    "edited": (ASK, {"lib/keep.py": "value = 2\n"}, "ask", "a person decides on: lib/keep.py"),
    "added": (ASK, {"lib/new.py": "x\n"}, "ask", "a person decides on: lib/new.py"),
    "moved out": (ASK, {"lib/keep.py": None, "src/keep.py": "value = 1\n"}, "ask", "a person decides on: lib/keep.py"),
    "moved in": (ASK, {"src/old.py": None, "lib/old.py": "print('old')\n"}, "ask", "a person decides on: lib/old.py"),
    "mode": (ASK, {"lib/keep.py": executable("value = 1\n")}, "ask", "a person decides on: lib/keep.py"),
    "submodule": (ASK, {"lib/sub": submodule()}, "ask", "a person decides on: lib/sub"),
    "binary": (ASK, {"lib/logo.png": b"\0\3"}, "ask", "a person decides on: lib/logo.png"),
    "deletion": (ASK, {"lib/keep.py": None}, "ask", "a person decides on: lib/keep.py"),
    "case of a name": (ASK, {"lib/keep.py": None, "lib/KEEP.py": "x\n"}, "ask", "lib/KEEP.py, lib/keep.py"),
    "decomposed twin": (f"Ask first: `{NFC}`", {NFD: "tea\n"}, "ask", "a person decides on: docs/cafe"),
    "generated": (ASK, {"lib/schema_pb2.py": "X = 2\n"}, "ask", "a person decides on: lib/schema_pb2.py"),
    "lock file": (ASK, {"package-lock.json": "{}\n"}, "ask", "a person decides on: package-lock.json"),
    "became a link": (ASK, {"lib/keep.py": link("tool.sh")}, "ask", "a person decides on: lib/keep.py"),
}
BARRED = "Must not contain: `/print/`"
MUST_NOT_CONTAIN: dict[str, Row] = {
    "not there": (BARRED, {"src/app.py": "pass\n"}, "pass", ""),
    "taken out": (BARRED, {"src/app.py": "import os\n"}, "pass", ""),
    "kept": (BARRED, {"src/app.py": "import sys\nprint(os)\n"}, "pass", ""),
    "added": (BARRED, {"src/app.py": "import os\nprint(os)\nprint(1)\n"}, "fail", "/print/ was added in: src/app.py:3"),
    "moved": (BARRED, {"src/old.py": None, "src/older.py": "print('old')\n"}, "fail", "src/older.py:1"),
    "mode": (BARRED, {"src/old.py": executable("print('old')\n")}, "pass", ""),
    "submodule": ("Must not contain: `/commit|1111/`", {"lib/sub": submodule()}, "pass", ""),
    "submodule new": ("Must not contain: `/commit|1111/`", {"src/sub": submodule()}, "pass", ""),
    "file after it": (BARRED, {"lib/sub": submodule(), "lib/x": "print\n"}, "fail", "/print/ was added in: lib/x:1"),
    "in a submodule's place": (BARRED, {"lib/sub": "print\n"}, "fail", "/print/ was added in: lib/sub:1"),
    "binary": (BARRED, {"src/logo.png": b"\0\nprint\n\0"}, "fail", "src/logo.png:2"),
    "deletion": (BARRED, {"src/old.py": None}, "pass", ""),
    "case of a name": (BARRED, {"src/old.py": None, "src/OLD.py": "print('old')\n"}, "fail", "src/OLD.py:1"),
    "decomposed": (f"Must not contain: `/tea/` in `{NFC}`", {NFC: None, NFD: "tea\n"}, "fail", ":1"),
    "generated": (BARRED, {"lib/schema_pb2.py": "print\n"}, "fail", "lib/schema_pb2.py:1"),
    "lock file": (BARRED, {"package-lock.json": '{"print": 1}\n'}, "fail", "package-lock.json:1"),
    "target of a link": ("Must not contain: `/passwd/`", {"src/current": link("/etc/passwd")}, "fail", "src/current:1"),
    "elsewhere": ("Must not contain: `/print/` in `lib`", {"src/x.py": "print\n"}, "pass", ""),
    "windows line": ("Must not contain: `/^TODO$/`", {"src/x.py": "x\r\nTODO\r\n"}, "fail", "src/x.py:2"),
    "two bytes a letter": (BARRED, {"src/x.ps1": "x\r\nprint\r\n".encode("utf-16")}, "fail", "src/x.ps1:2"),
    "old mac lines": ("Must not contain: `/^TODO$/`", {"src/x.py": "x\rTODO\ry"}, "fail", "src/x.py:1"),
}
NONE = "No new dependencies"


def adds(*found: str) -> str:
    return f"dependencies were added: {', '.join(found)}"


NO_NEW_DEPENDENCIES: dict[str, Row] = {
    "no manifest": (NONE, {"src/app.py": "import evil\n"}, "pass", ""),
    "added": (NONE, {"pyproject.toml": PYPROJECT.replace('8"', '8",\n"evil"')}, "fail", adds("pyproject.toml:4 evil")),
    "bound": (NONE, {"pyproject.toml": PYPROJECT.replace(">=8", ">=9,<10")}, "pass", ""),
    "reformatted": (NONE, {"package.json": PACKAGE.replace(" ", "\n\n")}, "pass", ""),
    "removed": (NONE, {"package.json": "{}\n"}, "pass", ""),
    "locked": (
        NONE,
        {"package-lock.json": LOCK.replace("{}", "").replace('{"node', '{"node_modules/evil": {},\n"node')},
        "fail",
        adds("package-lock.json:1 evil"),
    ),
    "moved": (NONE, {"package.json": None, "web/package.json": PACKAGE}, "fail", adds("web/package.json:1 left")),
    "moved and emptied": (NONE, {"package.json": None, "web/package.json": "{}"}, "pass", ""),
    "new folder": (NONE, {"go/go.mod": "module m\nrequire e.org/evil v1\n"}, "fail", adds("go/go.mod:2 e.org/evil")),
    "mode": (NONE, {"package.json": executable(PACKAGE)}, "pass", ""),
    "mode of a broken one": (NONE, {"broken/package.json": executable("{ not json")}, "pass", ""),
    "broken": (NONE, {"package.json": "{"}, "fail", ", package.json: it is not JSON: "),
    "binary": (NONE, {"requirements.txt": b"\xff\xfee\0v\0"}, "fail", "requirements.txt: it is not UTF-8 at byte 0"),
    "mended": (NONE, {"broken/package.json": PACKAGE}, "fail", adds("broken/package.json:1 left")),
    "deletion": (NONE, {"package.json": None, "package-lock.json": None, "linked/package.json": None}, "pass", ""),
    "submodule": (NONE, {"lib/evil": submodule()}, "fail", adds("lib/evil a submodule")),
    "submodule moved on": (NONE, {"lib/sub": submodule()}, "pass", ""),
    "source of a submodule": (
        NONE,
        {".gitmodules": '[submodule "x"]\n\turl = https://e.org\n'},
        "fail",
        ".gitmodules:2 the submodule of https://e.org",
    ),
    "a submodule for a manifest": (
        NONE,
        {"package.json": submodule()},
        "fail",
        "package.json: it is no file of the tree",
    ),
    "case of a name": (
        NONE,
        {"requirements.txt": None, "Requirements.txt": "click==8\n"},
        "fail",
        adds("Requirements.txt:1 click"),
    ),
    "decomposed folder": (
        NONE,
        {"caf\u00e9/package.json": PACKAGE, "cafe\u0301/package.json": "{}"},
        "fail",
        "/package.json:1 left",
    ),
    "included": (NONE, {"deps/more.txt": "attrs\nevil\n"}, "fail", adds("deps/more.txt:2 evil")),
    "newly included": (
        NONE,
        {"requirements.txt": "click==8\n-r deps/more.txt\n-r notes.txt\n", "notes.txt": "evil\n"},
        "fail",
        adds("notes.txt:1 evil"),
    ),
    "a text of its own": (NONE, {"notes.txt": "Not a requirement, at all.\n"}, "pass", ""),
    "through a link": (
        NONE,
        {"package.json": link("data.json"), "data.json": '{"dependencies": {"evil": "1"}}'},
        "fail",
        "package.json:1 evil",
    ),
    "behind a link": (
        NONE,
        {"package.json": '{"dependencies": {"left": "1", "evil": "1"}}'},
        "fail",
        adds("linked/package.json:1 evil", "package.json:1 evil"),
    ),
    "a link to nowhere": (
        NONE,
        {"package.json": link("/etc/passwd")},
        "fail",
        "package.json: it is no file of the tree",
    ),
    "generated": (NONE, {"lib/schema_pb2.py": "import evil\n"}, "pass", ""),
    "many": (NONE, {"requirements.txt": "".join(f"evil{n}\n" for n in range(9))}, "fail", " and 4 more"),
}
TABLES = {
    "change-only": CHANGE_ONLY,
    "do-not-change": DO_NOT_CHANGE,
    "ask-first": ASK_FIRST,
    "must-not-contain": MUST_NOT_CONTAIN,
    "no-new-dependencies": NO_NEW_DEPENDENCIES,
}
ALL = {f"{word}: {name}": row for word, rows in TABLES.items() for name, row in rows.items()}


@pytest.mark.parametrize("name", ALL)
def test_a_word_on_a_difference(name: str, world: World, base: Oid) -> None:
    written, put, verdict, message = ALL[name]
    spec = spec_of("- A1: Fine (manual).", f"- C1: {written}")
    row = constraint(world.verify(spec, base, commit_of(world, base, put)), "C1")
    assert (row.verdict, message in row.message) == (ConstraintVerdict(verdict), True), row
    assert bool(row.message) is bool(message)


@pytest.mark.parametrize(("bound", "verdict"), [("==9", "pass"), ("==8\nevil", "fail")])
def test_a_dependency_is_told_where_the_environment_keeps_checks_from_running(
    bound: str, verdict: str, world: World, base: Oid
) -> None:
    around = Environment(setup=("mkdir out",), inputs=("requirements.txt",), outputs=("out",))
    spec = spec_of("- A1: Fine: `$ true`", f"- C1: {NONE}")
    commit = commit_of(world, base, {"requirements.txt": f"click{bound}\n-r deps/more.txt\n"})
    report = world.with_environment(around).verify(spec, base, commit, by_agent=True)
    assert "changes the environment's inputs (requirements.txt)" in criterion(report).checks[0].message
    assert constraint(report, "C1").verdict == verdict
    assert not report.accepted


def test_every_word_has_ten_differences_or_more() -> None:
    assert all(len(rows) >= 10 for rows in TABLES.values())
