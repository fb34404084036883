"""The corpus comparison (A6) on a corpus of our own: our Markdown files, the valid specs and generated structure."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.spec.corpus_against_marko import differences, main, under_goal
from tests.spec.texts import seeded, structured, valid

ROOT = Path(__file__).parents[2]
OURS = sorted(path for folder in ("docs", "specs") for path in (ROOT / folder).rglob("*.md")) + sorted(
    ROOT.glob("*.md")
)


@pytest.mark.parametrize("path", OURS, ids=lambda path: path.name)
def test_our_own_files(path: Path) -> None:
    assert differences(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("seed", range(60))
def test_valid_specs(seed: int) -> None:
    assert differences(valid(seeded(seed))) == []


@pytest.mark.parametrize("seed", range(200))
def test_generated_structure(seed: int) -> None:
    text = structured(seeded(seed))
    assert differences(text) == [], text


@pytest.mark.parametrize(
    "text",
    [
        "# a\n\n- b\n- c\n",
        "a\n===\n\nb\n",
        "a\n---\n- b\n",
        "- a\n\n\n- b\n* c\n",
        "| a | b |\n|---|---|\n| 1 | 2 |\n\ntext\n",
        "- [x] a\n- [ ] b\n",
        "```\n# Goal\n- a\n```\n\ntext\n",
        "-\ta\n\n\tb\n",
        "10) a\n11) b\n",
        "- a\nlazy\n> quote\n",
        "<details>\n\ntext\n\n</details>\n",
        "[a]: http://b\n\ntext [a]\n",
        "- a\r\n- b\r\n",
    ],
)
def test_by_hand(text: str) -> None:
    assert differences(text) == []


def test_the_comparison_can_fail(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """marko does not let a table interrupt a paragraph, GitHub and we do: the program says so."""
    (tmp_path / "a.md").write_text("text\n| a |\n|---|\n| b |\n")
    assert main(tmp_path, 10) == 1
    assert "2 clauses, marko has 1" in capsys.readouterr().out


def test_headings_are_made_deeper() -> None:
    assert under_goal("# a\nb\n===\n###### c\n") == "# Goal\n\n### a\n### b\n###### c\n"
