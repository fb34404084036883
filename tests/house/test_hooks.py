"""What other tools are told of us: the hooks of pre-commit, and the examples of the page about CI."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from snapline.app.config import parse_config
from snapline.cli.verbs import VERBS

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs/how-to/lint-in-ci.md").read_text("utf-8")
HOOKS: list[dict[str, Any]] = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
KEYS = {"id", "name", "description", "entry", "language", "types", "files", "exclude", "require_serial"}
"""Of the keys that pre-commit knows, those that we use."""


@pytest.mark.parametrize("hook", HOOKS, ids=lambda one: one["id"])
def test_a_hook_runs_a_verb_of_ours_on_specs(hook: dict[str, Any]) -> None:
    assert set(hook) == KEYS
    assert hook["language"] == "python"
    program, verb = hook["entry"].split()
    assert (program, hook["id"]) == ("snapline", f"snapline-{verb}")
    assert verb in {one.name for one in VERBS}
    chosen = [
        path
        for path in ("specs/a.md", "specs/deep/b.md", "specs/README.md", "specs/.draft/a.md", "docs/a.md")
        if re.search(hook["files"], path) and not re.search(hook["exclude"], path)
    ]
    assert chosen == ["specs/a.md", "specs/deep/b.md"]


def test_the_page_names_the_hooks_that_there_are() -> None:
    assert set(re.findall(r"- id: (\S+)", PAGE)) == {hook["id"] for hook in HOOKS}


def test_the_examples_of_the_page_are_well_formed() -> None:
    blocks = re.findall(r"```(\w+)\n(.*?)```", PAGE, re.DOTALL)
    assert {language for language, _ in blocks} == {"yaml", "toml", "sh"}
    for language, text in blocks:
        if language == "yaml":
            assert yaml.safe_load(text)
        elif language == "toml":
            assert parse_config(text.encode()).lint.per_path
