"""Manifests that cannot be read, and those that are made to harm whoever reads them."""

from __future__ import annotations

import json
import random
import time
from contextlib import suppress

import pytest
from tests.verify.test_manifests_of_builds import ROWS as BUILDS
from tests.verify.test_manifests_of_node import ROWS as NODE
from tests.verify.test_manifests_of_python import ROWS as PYTHON

from snapline.verify.manifests.dependency import Manifest, Unreadable, added
from snapline.verify.manifests.documents import MAX_BYTES, text_of
from snapline.verify.manifests.known import reader_of

UNREADABLE = {
    "no TOML": ("pyproject.toml", "[project", "it is not TOML: "),
    "no list": ("pyproject.toml", "[project]\ndependencies = 'evil'", "`dependencies` is no list"),
    "no requirement": ("pyproject.toml", "[project]\ndependencies = ['evil evil']", "no requirement: 'evil evil'"),
    "no texts": ("pyproject.toml", "[project]\ndependencies = [1]", "something else than texts"),
    "no table": ("pyproject.toml", "project = 1", "`project` is no table"),
    "prose": ("requirements.txt", "You shall not pass\n", "no requirement: 'You shall not pass'"),
    "missing": ("requirements.txt", "-r ../gone.txt\n", "it includes ../gone.txt, which is not there"),
    "circle": ("requirements.txt", "-r requirements.txt\nno such\n", "no requirement: 'no such'"),
    "no Python": ("setup.py", "setup(", "it is no Python: "),
    "no INI file": ("setup.cfg", "install_requires = evil", "it is no INI file: "),
    "encoding": ("requirements.txt", "# coding: utf-7\n# +AAo-evil\n", "it says that it is encoded in utf-7"),
    "no JSON": ("package.json", "{'a': 1}", "it is not JSON: "),
    "no object": ("package-lock.json", "[]", "it is not a JSON object"),
    "no version": ("package.json", '{"dependencies": {"a": 1}}', "the version of `a` is no text"),
    "alias": ("pnpm-lock.yaml", "a: &x {b: 1}\npackages: *x\n", "it has an alias"),
    "twice": ("pnpm-lock.yaml", "packages: {}\npackages: {evil@1: {}}\n", "the key 'packages' is there twice"),
    "two documents": ("pnpm-lock.yaml", "packages: {}\n---\npackages: {}\n", "more than one document"),
    "flow": ("yarn.lock", '{"evil@1": {"version": 1}}\n', "a line that names no package"),
    "directive": ("go.mod", "module m\nrequired e.org/evil v1\n", "an unknown directive: 'required'"),
    "block": ("go.mod", "module m\nrequire (\n", "the block `require` has no end"),
    "entity": ("pom.xml", '<!DOCTYPE p [<!ENTITY e "evil">]><p>&e;</p>', "it declares a document type"),
    "no XML": ("pom.xml", "<project>", "it is not XML: "),
    "comment": ("build.gradle", "/* dependencies { }", "there is a /* without its end"),
    "conflict": ("Gemfile.lock", "<<<<<<< ours\n", "the marks of a conflict"),
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_what_cannot_be_read_says_why(name: str) -> None:
    path, text, why = UNREADABLE[name]
    reader = reader_of(path)
    assert reader is not None
    with pytest.raises(Unreadable) as caught:
        list(reader(Manifest(path, text)))
    assert why in str(caught.value)


LAUGHS = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 20))
MANY = 200_000
HOSTILE = {
    "billion laughs": ("pom.xml", f'<!DOCTYPE p [<!ENTITY a0 "ha">{LAUGHS}]><p>&a19;</p>'),
    "growing properties": (
        "pom.xml",
        (
            f"<p><properties><a>{'${a}' * MANY}</a></properties>"
            "<d><groupId>${a}</groupId><artifactId>x</artifactId></d></p>"
        ),
    ),
    "comments in XML": ("pom.xml", f"<p>{'a<!---->' * MANY}</p>"),
    "deep XML": ("pom.xml", "<a>" * MANY),
    "deep JSON": ("package.json", "[" * MANY),
    "deep overrides": ("package.json", '{"overrides": ' + '{"a": ' * 900 + "1" + "}" * 901),
    "large number": ("package.json", f'{{"dependencies": {"9" * MANY}}}'),
    "deep TOML": ("pyproject.toml", "a = " + "[" * MANY),
    "long key": ("Cargo.toml", ".".join(["a"] * MANY) + " = 1"),
    "deep YAML": ("pnpm-lock.yaml", "[" * MANY),
    "nested keys": ("pnpm-lock.yaml", "? " * MANY),
    "laughs in YAML": ("pnpm-lock.yaml", "a: &a [x]\n" + "".join(f"b{n}: &b{n} [*a, *a]\n" for n in range(99))),
    "long requirement": ("requirements.txt", "a" * 9_000 + " ;" + "(" * 900 + "\n"),
    "nested marker": ("requirements.txt", "a ; " + "(" * 9_000 + "\n"),
    "long continuation": ("requirements.txt", "a \\\n" * MANY),
    "open quotes": ("go.mod", '"\\' * MANY),
    "quotes": ("go.mod", '"a" ' * MANY),
    "quotes in Ruby": ("Gemfile", "\n".join("# '\"" * 2_000 for _ in range(50))),
    "blanks in Ruby": ("Gemfile", "\n".join("gem" + " " * 9_000 + "(" for _ in range(100))),
    "blanks in a gemspec": ("a.gemspec", "\n".join(".add_dependency" + " " * 9_000 + "'" for _ in range(100))),
    "commas in Yarn": ("yarn.lock", "\n".join("a, " * 3_000 for _ in range(100))),
    "quotes in Yarn": ("yarn.lock", "\n".join('"a\\' * 2_000 for _ in range(100))),
    "open strings in Gradle": ("build.gradle", '"\\' * MANY),
    "open comments in Gradle": ("build.gradle", "/*" * MANY),
    "blocks in Gradle": ("build.gradle", "dependencies{" * MANY),
    "parentheses in Gradle": ("build.gradle", "dependencies{a(" + "(\n" * (MANY // 4)),
    "colons in Gradle": ("build.gradle", "dependencies{a '" + "a:" * MANY + "'}"),
    "slashes": (
        "package-lock.json",
        '{"packages": {"node_modules/a": {"resolved": "https://e/' + "@a/" * MANY + '"}}}',
    ),
    "slashes and dashes": (
        "package-lock.json",
        '{"packages": {"node_modules/a": {"resolved": "https://e/' + "a/-/" * MANY + '"}}}',
    ),
    "at signs": ("requirements.txt", "a @ git+https://" + "@" * 9_000 + "\n"),
    "many elements": ("pom.xml", "<p>" + "<a/>" * 2 * MANY + "</p>"),
    "many requirements": ("requirements.txt", "a\n" * MANY),
    "one name from everywhere": (
        "package-lock.json",
        json.dumps({"packages": {f"{n}/node_modules/a": {"resolved": f"https://e/{n}"} for n in range(MANY // 4)}}),
    ),
    "deep Python": ("setup.py", "setup(install_requires=" + "-" * MANY + "1)"),
    "long chain": ("setup.py", "setup(install_requires=a" + ".a" * MANY + ")"),
    "nested lists": ("setup.py", "setup(install_requires=" + "[" * MANY),
    "long line": ("setup.cfg", "[options]\ninstall_requires = " + " ;" * MANY),
    "remotes": ("Gemfile.lock", "GEM\n" + "    a (" * MANY),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_manifest_neither_hangs_nor_crashes(name: str) -> None:
    path, text = HOSTILE[name]
    reader = reader_of(path)
    assert reader is not None
    began = time.process_time()
    with suppress(Unreadable):
        read = list(reader(Manifest(path, text, {path: text}.get)))
        list(added(read, read))
    assert time.process_time() - began < 3


def test_sizes_and_encodings_have_bounds() -> None:
    for raw, why in (
        (b"a" * (MAX_BYTES + 1), "larger than 8 MiB"),
        (b"a\xff", "UTF-8 at byte 1"),
        (b"\0", "zero byte"),
    ):
        with pytest.raises(Unreadable, match=why):
            text_of(raw)
    assert text_of(b"\xef\xbb\xbfa") == "a"


def test_manifests_are_known_by_their_names() -> None:
    known = [
        "a/PYPROJECT.toml",
        "dev-requirements.in",
        "requirements.lock",
        "requirements/a.txt",
        "a.GRADLE.kts",
        "pylock.x.toml",
    ]
    assert all(reader_of(path) for path in known)
    assert not any(reader_of(path) for path in ("a.txt", "package.jsonc", "requirements.md", "a.toml", "go.sum"))


PIECES = [
    '"',
    "'",
    "{",
    "}",
    "[",
    "]",
    "(",
    ")",
    ":",
    "=",
    "\n",
    ",",
    "#",
    "@",
    "/",
    "\\",
    "-r ",
    "- ",
    "\t",
    "\x85",
    "<",
    "&",
]
SOUND = [(path, text) for path, before, after, _ in (*PYTHON, *NODE, *BUILDS) for text in (before, after)]


def test_a_damaged_manifest_is_read_or_refused() -> None:
    chance = random.Random(4)  # noqa: S311 - the same damage in every run
    refused = 0
    for path, text in SOUND * 4:
        damaged = text
        for _ in range(chance.randint(1, 5)):
            place, length = chance.randint(0, len(damaged)), chance.choice((0, 0, 1, 8))
            damaged = damaged[:place] + chance.choice(PIECES) + damaged[place + length :]
        reader = reader_of(path)
        assert reader is not None
        try:
            list(reader(Manifest(path, damaged, {"more.txt": "evil\n"}.get)))
        except Unreadable:
            refused += 1
    assert 0 < refused < len(SOUND) * 4
