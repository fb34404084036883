"""What the demo is made of: its machine, its material and its folder."""

from __future__ import annotations

import json
import shlex
import sys
import tomllib
from pathlib import Path

import pytest

from snapline.app.config import parse_config
from snapline.app.demo.material import Material, Sabotage
from snapline.app.scratch.machine import Machine
from snapline.app.scratch.place import UnusableFolder, choose_folder
from snapline.app.scratch.playing import agent_tables
from snapline.base.errors import UsageFault
from snapline.base.text import Source
from snapline.sandbox.policy import Probe, Tier
from snapline.spec.parser import parse

WORKS, LACKS = (Probe("bubblewrap", ok=ok, detail="", hint="") for ok in (True, False))


def files(material: Material, **settings: str) -> dict[str, str]:
    return dict(material.repository({"ENV": "", "SANDBOX": "", "AGENTS": "", **settings}))


def test_checks_use_this_python_where_it_has_pytest() -> None:
    machine = Machine(WORKS, has_pytest=True)
    env = tomllib.loads(machine.environment())
    assert env["path"] == [f"{sys.prefix}/bin"]
    assert "setup" not in env
    assert machine.tier is Tier.T2


def test_else_set_up_makes_an_environment_with_it() -> None:
    machine = Machine(LACKS, has_pytest=False)
    env = tomllib.loads(machine.environment())
    assert shlex.split(env["setup"][0]) == [sys.executable, "-m", "venv", ".venv"]
    assert "pytest" in env["setup"][1]
    assert (env["outputs"], env["path"]) == ([".venv"], [".venv/bin"])
    assert machine.tier is Tier.T0


def test_this_machine_can_show_it() -> None:
    assert Machine.look().has_pytest


def test_the_configuration_is_valid_with_everything_filled_in(tmp_path: Path) -> None:
    material = Material()
    names = [name for name, _ in material.scripts()]
    text = files(
        material,
        ENV=Machine(LACKS, has_pytest=False).environment(),
        SANDBOX='sandbox = "none"\n',
        AGENTS=agent_tables(tmp_path, iter(names), {"CANARY": "/c"}),
    )["snapline.toml"]
    config = parse_config(text.encode())
    assert set(config.agents) == {"swift", "boaster", *material.cheats} == set(names)
    assert config.agents["swift"].env == {"CANARY": "/c"}
    assert config.lanes["default"].sandbox == "none"


@pytest.mark.parametrize("name", ["parcel", "vacuous", *Material().cheats])
def test_every_spec_is_read_without_a_fault(name: str) -> None:
    spec = parse(Source.from_bytes(f"specs/{name}.md", files(Material())[f"specs/{name}.md"].encode()))
    assert (spec.id, spec.faults) == (name, ())


def test_what_is_broken_on_purpose_is_broken_and_nothing_else() -> None:
    whole = files(Material())
    changed = {path for path, text in files(Material(Sabotage.CHECK)).items() if text != whole[path]}
    assert changed == {"specs/parcel.md"}
    idle = dict(Material(Sabotage.AGENT).scripts())
    assert [list(step) for step in json.loads(idle["swift"])["play"][0]["steps"]] == [["say"]]
    assert idle["edited-test"] == dict(Material().scripts())["edited-test"]


def test_an_unknown_way_to_break_it_is_a_mistake() -> None:
    assert Sabotage.asked({}) is None
    assert Sabotage.asked({"SNAPLINE_DEMO_BREAK": "land"}) is Sabotage.LAND
    with pytest.raises(UsageFault, match="cannot be `sea`"):
        Sabotage.asked({"SNAPLINE_DEMO_BREAK": "sea"})


def test_the_folder_is_empty_or_new_and_outside_of_repositories(tmp_path: Path) -> None:
    (tmp_path / "full" / "file").mkdir(parents=True)
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").touch()
    assert choose_folder(tmp_path / "empty") == tmp_path / "empty"
    assert choose_folder(tmp_path / "a" / "new").is_dir()
    for unusable in ("full", "file"):
        with pytest.raises(UnusableFolder):
            choose_folder(tmp_path / unusable)
