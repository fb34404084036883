"""The threat model and the security suite belong together: every row has its test, every test of the suite its row."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.security.gitattacks import ATTACKS

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "explanation" / "threat-model.md"
SUITE = ROOT / "tests" / "security"
LINK = re.compile(r"\[`(\w+)`\]\(([^)]+)\)")
TEST = re.compile(r"^(?:async )?def (test_\w+)", re.MULTILINE)


def rows(text: str) -> Iterator[str]:
    """The rows of all tables, without their heads."""
    lines = text.splitlines()
    heads = {number - 1 for number, line in enumerate(lines) if line.startswith("| ---")}
    for number, line in enumerate(lines):
        if line.startswith("| ") and not line.startswith("| ---") and number not in heads:
            yield line


def faults(text: str, page: Path = PAGE, suite: Path = SUITE) -> list[str]:
    """What is wrong between the page and the tests, each as a sentence."""
    found = [f"no test is linked: {row}" for row in rows(text) if not LINK.search(row)]
    linked = {((page.parent / file).resolve(), name) for row in rows(text) for name, file in LINK.findall(row)}
    for file, name in sorted(linked):
        if not file.is_file() or name not in TEST.findall(file.read_text("utf-8")):
            found.append(f"{file.name} has no {name}")
    there = {
        (file.resolve(), name) for file in suite.glob("test_*.py") for name in TEST.findall(file.read_text("utf-8"))
    }
    return found + [f"no row links {name} of {file.name}" for file, name in sorted(there - linked)]


def test_every_row_has_its_test_and_every_test_its_row() -> None:
    assert faults(PAGE.read_text("utf-8")) == []


def test_every_git_attack_has_a_row() -> None:
    attacks = [row.split(" | ")[0].removeprefix("| ") for row in rows(PAGE.read_text("utf-8"))]
    assert [name for name in ATTACKS if name not in attacks] == []
    assert len(ATTACKS) >= 25


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ("| an attack | nothing | none yet |", "no test is linked: | an attack"),
        ("| an attack | nothing | [`test_gone`](test_one.py) |", "test_one.py has no test_gone"),
        ("| an attack | nothing | [`test_it`](test_two.py) |", "test_two.py has no test_it"),
        ("| an attack | nothing | [`test_it`](test_one.py) |", ""),
    ],
)
def test_what_is_missing_is_named(row: str, fault: str, tmp_path: Path) -> None:
    (tmp_path / "test_one.py").write_text("def test_it() -> None: ...\n")
    found = faults(f"| attack | what | test |\n| --- | --- | --- |\n{row}\n", tmp_path / "page.md", tmp_path)
    assert [one for one in found if one.startswith(fault)] if fault else found == []
    assert ("no row links test_it of test_one.py" in found) is bool(fault)
