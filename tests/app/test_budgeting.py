"""What a task may use: what its spec says, else what the configuration says."""

from __future__ import annotations

import pytest

from snapline.app.budgeting import budgets
from snapline.app.config import parse_config
from snapline.app.settings import Config, LaneTable
from snapline.base.text import Source
from snapline.spec.parser import parse


def spec_text(constraints: str = "", plan: str = "") -> str:
    return f"# Task\nx\n# Constraints\n{constraints}\n# Acceptance\n- A1: x\n# Failure plan\n{plan}\n"


@pytest.mark.parametrize(
    ("constraints", "plan", "attempts", "wall"),
    [
        ("", "", 3, 3600.0),
        ("- Budget: 2 attempts, 90m", "", 2, 5400.0),
        ("- Budget: 5m", "", 3, 300.0),
        ("- Budget: 5 attempts", "- Retry: 4", 4, 3600.0),
        ("- Budget: 5 attempts\n- Budget: 1 attempts, 2m", "", 1, 120.0),
    ],
)
def test_a_spec_grants_its_tasks_what_it_says(constraints: str, plan: str, attempts: int, wall: float) -> None:
    spec = parse(Source.from_bytes("specs/x.md", spec_text(constraints, plan).encode()))
    found = budgets(spec, Config(), LaneTable())
    assert (found.attempts, found.wall) == (attempts, wall)


def test_the_rest_comes_from_the_configuration() -> None:
    text = "[retry]\nattempts = 7\n[lanes.default.limits]\nwall = '2h'\nidle = '30s'\nlog = '1MB'\n"
    config = parse_config(text.encode())
    lane = config.lane("default")
    assert lane is not None
    found = budgets(parse(Source.from_bytes("x.md", spec_text().encode())), config, lane)
    assert (found.attempts, found.wall, found.idle, found.log_bytes) == (7, 7200.0, 30.0, 1_000_000)
