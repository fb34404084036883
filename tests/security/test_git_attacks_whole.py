"""Each git attack once more by the real command line, from the dispatch to the landing or the refusal."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

import pytest
from tests.e2e.stage import Stage
from tests.sandbox.victims import demand
from tests.security.gitattacks import ATTACKS, COMMON
from tests.security.recorder import Recorder

from snapline.sandbox import bubblewrap

SPEC = """\
# Task
The value is 1, and everybody needs it to be 2.

# Goal
- G1: The value is 2.

# Constraints
- C1: Do not change: `LICENSE`

# Interfaces
- I1: Changes `src/a.py`.

# Acceptance
- A1: It is 2: `$ grep -q 'v = 2' src/a.py`
- A2: The test holds: `$ grep -q True tests/t.py` (regression)

# Failure plan
- F1: Rollback: revert
"""
LARGE = {"3000000": "70000000"}
"""What is too much here: the limits are those that everybody has."""


@pytest.mark.soak
@pytest.mark.parametrize("what", ATTACKS)
def test_an_attack_has_no_effect_from_dispatch_to_landing(what: str, tmp_path: Path) -> None:
    demand("bubblewrap", works=bubblewrap.probe().ok)
    attack = ATTACKS[what]
    python = Path(sys.executable).resolve()
    stage = Stage(tmp_path / "repo", tmp_path / "state", tmp_path / "person", "shell", measured=False)
    stage.root.mkdir()
    stage.user_home.mkdir()
    stage.git("init", "-q", "-b", "main")
    settings = (
        f"[lanes.default]\ntoolchains = ['{python.parents[1]}']\nlimits = {{ wall = '60s' }}\n[retry]\nattempts = 1\n"
    )
    stage.write({"src/a.py": "v = 1\n", "tests/t.py": "assert True\n", "README.txt": "hello\n"})
    stage.write({"snapline.toml": settings, "LICENSE": "none\n", "specs/two.md": SPEC})
    stage.commit("Start")
    stage.git("branch", "other")
    recorder = Recorder.make(tmp_path / "recorder")
    stage.environment["PATH"] = recorder.path
    mark, victim = tmp_path / "mark", tmp_path / "victim"
    victim.mkdir()
    (victim / "precious").touch()
    told, plant = attack.told, attack.plant
    for small, large in LARGE.items():
        told, plant = told.replace(small, large), plant.replace(small, large)

    assert stage.say("approve", "two", "--by", "Ada").status == 0
    tip = stage.git("rev-parse", "main")
    given = " ".join(
        f"{name}={shlex.quote(str(value))}"
        for name, value in {"MARK": mark, "VICTIM": victim, "PYTHON": python}.items()
    )
    said = stage.say("run", "two", "--agent-cmd", f"{given}\n{COMMON}\n{plant}")

    assert not mark.exists()
    assert [one.name for one in victim.iterdir()] == ["precious"]
    assert stage.git("rev-parse", "other") == tip
    assert said.status == (1 if told else 0), said.all
    assert told in said.all
    changed = stage.git("diff", "--name-only", tip, "main").split("\n")
    assert changed == ([""] if told else sorted(attack.brings)), said.all
    inside = [call for call in recorder.calls() if call.touches(stage.home / "ws")]
    assert inside
    assert all(
        "work.tmp" in place.parts for call in inside for place in call.places if place.is_relative_to(stage.home / "ws")
    )
