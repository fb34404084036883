"""A launch as the sandbox carries it out: what the command names is there, and a login folder stays writable."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from snapline.agents import scripted
from snapline.agents.base import AgentProfile, PromptMode, Seat
from snapline.agents.command import launch, programs, shell_profile
from snapline.base.ids import AttemptId
from snapline.sandbox import bubblewrap, process
from snapline.sandbox.bare import Bare
from snapline.sandbox.bubblewrap import Bubblewrap
from snapline.sandbox.policy import Exit, Job, Limits, Mount, Sandbox, Shape

PROMPT = "/snapline-prompt.md"


@pytest.fixture(params=["T0", "T2"])
def sandbox(request: pytest.FixtureRequest) -> Sandbox:
    if request.param == "T0":
        return Bare()
    if not bubblewrap.probe().ok:
        assert "CI" not in os.environ, "bubblewrap is missing"
        pytest.skip("bubblewrap is missing: NOT TESTED")
    return Bubblewrap()


def run(profile: AgentProfile, sandbox: Sandbox, folder: Path, login: tuple[str, ...] = ()) -> Exit:
    tree, home, prompt = folder / "tree", folder / "home", folder / "prompt.md"
    for made in (tree, home):
        made.mkdir(exist_ok=True)
    prompt.write_text("Do it, {home}.")
    shown = Mount(str(prompt), PROMPT)
    seat = Seat(
        AttemptId("demo#1"), sandbox.workspace(tree), str(home), sandbox.inside(shown), str(prompt), prompt.read_text()
    )
    start = launch(profile, seat, programs(profile, os.environ["PATH"]), os.environ, str(home))
    job = Job(
        argv=start.argv,
        shape=Shape.AGENT,
        limits=Limits(wall=20),
        env={"PATH": os.environ["PATH"], **start.env},
        tree=str(tree),
        home=str(home),
        mounts=(shown,),
        toolchains=start.reads,
        login=(*login, *start.login),
        stdin=start.stdin,
    )
    return process.run(sandbox, job, folder / "run")


def test_the_scripted_agent_plays(sandbox: Sandbox, tmp_path: Path) -> None:
    script = tmp_path / "elsewhere" / "script.json"
    script.parent.mkdir()
    steps = [{"expect": "Do it"}, {"write": "made.txt", "text": "x"}, {"run": "cat; echo $SNAPLINE_ATTEMPT"}]
    script.write_text(json.dumps({"play": [{"steps": steps}]}))
    ended = run(shell_profile(scripted.command(script)), sandbox, tmp_path)
    log = (tmp_path / "run" / "log").read_text()
    assert ended.ok, log
    assert (tmp_path / "tree" / "made.txt").read_text() == "x"
    assert log == "Do it, {home}.demo#1\n"


def test_a_file_in_a_login_folder_stays_writable_though_the_command_names_it(sandbox: Sandbox, tmp_path: Path) -> None:
    shared = tmp_path / "login"
    shared.mkdir()
    (shared / "starts").write_text("")
    ended = run(shell_profile(f"echo start >> {shared}/starts"), sandbox, tmp_path, (str(shared),))
    assert ended.ok, (tmp_path / "run" / "log").read_text()
    assert (shared / "starts").read_text() == "start\n"


@pytest.mark.parametrize(
    ("mode", "argv"),
    [
        (PromptMode.STDIN, ("cat",)),
        (PromptMode.FILE, ("cat", "{prompt_file}")),
        (PromptMode.ARGUMENT, ("printf", "%s", "{prompt}")),
    ],
)
def test_a_prompt_arrives_whole_in_each_way(
    mode: PromptMode, argv: tuple[str, ...], sandbox: Sandbox, tmp_path: Path
) -> None:
    ended = run(AgentProfile(name="some", argv=argv, prompt=mode), sandbox, tmp_path)
    log = (tmp_path / "run" / "log").read_text()
    assert (ended.ok, log) == (True, "Do it, {home}.")


def test_the_callers_environment_stays_outside(
    sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MODEL_KEY", "wanted")
    monkeypatch.setenv("CLOUD_SECRET", "unwanted")
    profile = AgentProfile(name="some", argv=("env",), inherits=("MODEL_KEY",))
    assert run(profile, sandbox, tmp_path).ok
    log = (tmp_path / "run" / "log").read_text()
    assert "MODEL_KEY=wanted" in log
    assert "unwanted" not in log
