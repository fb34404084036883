"""The documents hold together: links lead somewhere, generated pages are watched, the README's steps are really run."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import generate_docs
import readme

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)#\s]+)(?:#[^)]*)?\)")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page: Path) -> None:
    text = re.sub(r"```.*?```", "", page.read_text("utf-8"), flags=re.DOTALL)
    targets = [target for target in LINK.findall(text) if "://" not in target]
    assert [target for target in targets if not (page.parent / target).exists()] == []


@pytest.mark.parametrize("folder", ["docs/design", "docs/explanation", "docs/reference/language", "docs/tutorial"])
def test_every_page_is_reached_from_another(folder: str) -> None:
    linked = {(page.parent / target).resolve() for page in PAGES for target in LINK.findall(page.read_text("utf-8"))}
    assert [page.name for page in (ROOT / folder).glob("*.md") if page.resolve() not in linked] == []


def test_a_stale_page_is_noticed(tmp_path: Path) -> None:
    generate_docs.write(tmp_path)
    assert generate_docs.stale(tmp_path) == []
    (tmp_path / "commands.md").write_text("old")
    (tmp_path / "rules" / "OLD999.md").write_text("gone")
    (tmp_path / "agents.md").unlink()
    assert generate_docs.stale(tmp_path) == ["agents.md", "commands.md", "rules/OLD999.md"]
    generate_docs.write(tmp_path)
    assert generate_docs.stale(tmp_path) == []


def test_the_steps_of_a_readme_are_found_in_order() -> None:
    marked = "<!-- ci: run -->\n```sh\na b   # why\n\n# only a remark\nc\n```\n<!-- ci: write d/e -->\n```md\nf\n```\n"
    text = "```sh\nno\n```\n" + marked + "<!-- ci: run 5 -->\n```sh\ng\n```\n"
    assert list(readme.steps(text)) == [
        readme.Step("run", "", "a b"),
        readme.Step("run", "", "c"),
        readme.Step("write", "d/e", "f\n"),
        readme.Step("run", "", "g", 5),
    ]


def test_a_command_that_fails_is_noticed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    readme.make_repository(tmp_path / "repository")
    home = tmp_path / "home"
    assert readme.follow(readme.Step("write", "a/b", "x"), tmp_path / "repository", home)
    assert readme.follow(readme.Step("run", "", "grep -q x a/b"), tmp_path / "repository", home)
    assert readme.follow(readme.Step("run", "", "exit 5", 5), tmp_path / "repository", home)
    assert not readme.follow(readme.Step("run", "", "true", 5), tmp_path / "repository", home)
    assert not readme.follow(readme.Step("run", "", "false | true"), tmp_path / "repository", home)
    assert capsys.readouterr().out.endswith("$ false | true\nexits 1\n")
