"""What the manifests and lock files of npm, pnpm, Yarn, Go and Cargo are read to add."""

from __future__ import annotations

import json

import pytest
from tests.verify.manifest_pairs import Row, edit, news, swap

PACKAGE = {"dependencies": {"left": "^1.0.0"}, "devDependencies": {"jest": "~29"}}
LOCK = {
    "lockfileVersion": 3,
    "packages": {
        "": {"dependencies": {"left": "^1"}},
        "packages/own": {"version": "1.0.0"},
        "node_modules/left": {"version": "1.0.0", "resolved": "https://registry.npmjs.org/left/-/left-1.0.0.tgz"},
    },
}
PNPM = """\
lockfileVersion: '9.0'
importers:
  .:
    dependencies:
      left: {specifier: ^1, version: 1.0.0}
packages:
  left@1.0.0:
    resolution: {integrity: sha512-a}
"""
YARN = """\
# yarn lockfile v1

"@a/b@^1.0.0", left@^1:
  version "1.0.0"
  resolved "https://registry.yarnpkg.com/left/-/left-1.0.0.tgz#abc"
"""
BERRY = """\
__metadata:
  version: 8

"left@npm:^1.0.0":
  version: 1.0.0
  resolution: "left@npm:1.0.0"
  linkType: hard

"own@workspace:.":
  version: 0.0.0-use.local
  resolution: "own@workspace:."
"""
GO = """\
module example.org/thing

go 1.22

require (
\texample.org/left v1.0.0 // indirect
\texample.org/right v1.2.0
)
"""
CARGO = """\
[package]
name = "thing"
[dependencies]
serde = { version = "1", features = ["derive"] }
left_pad = "1"
[dev-dependencies]
proptest = "1"
[target.'cfg(unix)'.dependencies]
libc = "0.2"
"""
ROWS: list[Row] = [
    edit("package.json", PACKAGE, "dependencies", {"evil": "1"}, "evil"),
    edit("package.json", PACKAGE, "dependencies", {"left": ">=2 <3 || 4.x"}),
    edit("package.json", PACKAGE, "dependencies", {"left": "npm:evil@1"}, "left from npm:evil"),
    edit("package.json", PACKAGE, "dependencies", {"left": "who/left#main"}, "left from github:who/left"),
    edit(
        "package.json", PACKAGE, "dependencies", {"left": "git+https://e.org/l.git#v1"}, "left from git+https://e.org/l"
    ),
    edit("package.json", PACKAGE, "dependencies", {"left": "file:../l"}, "left from file:../l"),
    edit("package.json", PACKAGE, "dependencies", {"jest": "~29"}, "jest, now needed at run time"),
    edit("package.json", PACKAGE, "overrides", {"left": {"deep": "npm:evil@1"}, "other": "2"}, "deep from npm:evil"),
    edit("package.json", PACKAGE, "bundledDependencies", ["left", "evil"], "evil"),
    edit("package.json", PACKAGE, "scripts", {"test": "jest"}),
    ("package-lock.json", json.dumps(LOCK), json.dumps(LOCK).replace("1.0.0", "2.0.0"), []),
    (
        "package-lock.json",
        json.dumps(LOCK),
        json.dumps(LOCK).replace("npmjs.org", "npmjs.evil"),
        ["left from https://registry.npmjs.evil"],
    ),
    (
        "package-lock.json",
        json.dumps(LOCK),
        json.dumps(LOCK).replace("left/-/left", "evil/-/left"),
        ["left from https://registry.npmjs.org/evil/-/left-1.0.0.tgz"],
    ),
    edit("package-lock.json", LOCK, "packages", {"node_modules/a/node_modules/@s/b": {"version": "1"}}, "@s/b"),
    edit(
        "npm-shrinkwrap.json",
        {"dependencies": {"a": {"version": "1"}}},
        "dependencies",
        {"a": {"version": "2", "dependencies": {"b": {"version": "1"}}}},
        "b",
    ),
    swap("pnpm-lock.yaml", PNPM, "left@1.0.0:", "left@2.0.0(peer@1.0.0):"),
    swap("pnpm-lock.yaml", PNPM, "packages:", "packages:\n  '@s/b@1.0.0': {resolution: {integrity: x}}", "@s/b"),
    swap(
        "pnpm-lock.yaml",
        PNPM,
        "{integrity: sha512-a}",
        "{tarball: 'https://e.org/l.tgz'}",
        "left from https://e.org/l.tgz",
    ),
    (
        "pnpm-lock.yaml",
        "lockfileVersion: 5.4\npackages:\n  /@s/b/1.0.0_x@1:\n    dev: true\n",
        "lockfileVersion: '6.0'\npackages:\n  /@s/b@2.0.0:\n    dev: true\n",
        [],
    ),
    ("pnpm-workspace.yaml", "packages:\n- a\ncatalog:\n  left: ^1\n", "catalog: {left: ^2, evil: ^1}\n", ["evil"]),
    swap("yarn.lock", YARN, '"@a/b@^1.0.0"', '"@a/b@^2.0.0"'),
    swap("yarn.lock", YARN, "left@^1:", 'left@^1, "evil@1 || 2":', "evil"),
    swap(
        "yarn.lock",
        YARN,
        "yarnpkg.com",
        "yarnpkg.evil",
        "@a/b from https://registry.yarnpkg.evil",
        "left from https://registry.yarnpkg.evil",
    ),
    swap("yarn.lock", YARN, "left@^1:", "left@npm:evil@1:", "left from npm:evil"),
    swap("yarn.lock", YARN, "registry.yarnpkg.com", "registry.npmjs.org"),
    swap("yarn.lock", BERRY, "1.0.0", "2.0.0"),
    swap("yarn.lock", BERRY, '"own@workspace:."', '""'),
    swap("yarn.lock", BERRY, '"own@', '"evil@npm:^1":\n  resolution: "evil@npm:1"\n"own@', "evil"),
    swap("yarn.lock", BERRY, '"left@npm:1.0.0"', '"left@https://e.org/l.tgz"', "left from https://e.org/l.tgz"),
    swap("go.mod", GO, "right v1.2.0", "right v1.3.0 // indirect"),
    swap("go.mod", GO, "\texample.org/right v1.2.0\n", ""),
    swap("go.mod", GO, "v1.2.0\n", 'v1.2.0\n\t"example.org/evil" v1.0.0 // indirect\n', "example.org/evil"),
    swap("go.mod", GO, "go 1.22", "go 1.23\ntool example.org/t/cmd", "example.org/t/cmd"),
    swap(
        "go.mod",
        GO,
        "go 1.22",
        "replace example.org/left => example.org/evil v1",
        "example.org/left from example.org/evil",
    ),
    swap("go.mod", GO, "go 1.22", "replace example.org/left v1.0.0 => example.org/left v1.0.1"),
    swap("Cargo.toml", CARGO, 'left_pad = "1"', 'left-pad = "2"'),
    swap("Cargo.toml", CARGO, 'left_pad = "1"', 'left_pad = "1"\nevil = "1"', "evil"),
    swap("Cargo.toml", CARGO, '"derive"', '"derive", "rc"', "serde[rc]"),
    swap("Cargo.toml", CARGO, 'left_pad = "1"', 'left_pad = { package = "evil", version = "1" }', "evil"),
    swap("Cargo.toml", CARGO, 'libc = "0.2"', 'libc = { git = "https://e.org/l" }', "libc from git+https://e.org/l"),
    swap("Cargo.toml", CARGO, "[dev-", '[patch.crates-io]\nserde = { path = "s" }\n[dev-', "serde from path s"),
    swap("Cargo.toml", CARGO, "[dev-", 'proptest = "1"\n[dev-', "proptest, now needed at run time"),
    (
        "Cargo.lock",
        '[[package]]\nname = "thing"\nversion = "1"\n',
        '[[package]]\nname = "thing"\n[[package]]\nname = "evil"\nsource = "registry+https://e.org"\n',
        ["evil from registry+https://e.org"],
    ),
]


@pytest.mark.parametrize(("path", "before", "after", "told"), ROWS, ids=[f"{n}-{r[0]}" for n, r in enumerate(ROWS)])
def test_what_is_new(path: str, before: str, after: str, told: list[str]) -> None:
    assert news(path, before, after) == told
