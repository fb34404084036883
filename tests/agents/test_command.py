"""From a profile or the words of --agent-cmd to a launch; refusals before anything is spent."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from snapline.agents.base import AgentMissing, AgentProfile, PromptMode, Seat
from snapline.agents.command import LONGEST_ARGUMENT, launch, programs, shell_profile
from snapline.base.errors import ExitStatus
from snapline.base.ids import AttemptId

PATH = "/usr/bin:/bin"


def seat(prompt: str = "Do it.") -> Seat:
    return Seat(
        attempt=AttemptId("demo/T1#2"),
        workspace="/workspace",
        home="/home/agent",
        prompt_file="/home/agent/prompt.md",
        prompt_source="/state/runs/1/prompt.md",
        prompt=prompt,
    )


@pytest.mark.parametrize(
    "command",
    [
        "no-such-agent --now",
        "MODEL=x no-such-agent",
        "/nowhere/agent -p",
        "'no-such-agent' | tee log",
    ],
)
def test_a_missing_program_is_refused_with_its_name(command: str) -> None:
    with pytest.raises(AgentMissing, match=r"no-such-agent|/nowhere/agent") as caught:
        programs(shell_profile(command), PATH)
    assert caught.value.exit_status is ExitStatus.ENVIRONMENT
    assert caught.value.hint


@pytest.mark.parametrize(
    "command",
    [
        "true",
        "sed -i s/a/b/ x && exit 1",
        "cd src; make",
        "./agent.sh",
        "tools/agent",
        "$AGENT run",
        "(no-such-agent)",
        "if [ -e x ]; then rm x; fi",
        "f() { ls; }; f",
        "echo 'unclosed",
        "",
    ],
)
def test_what_only_a_shell_can_tell_is_left_to_it(command: str) -> None:
    if command == "(no-such-agent)":
        with pytest.raises(AgentMissing):
            programs(shell_profile(command), PATH)
    else:
        assert programs(shell_profile(command), PATH)[0].endswith("/bash")


def test_a_shell_command_is_taken_as_it_is(tmp_path: Path) -> None:
    script = tmp_path / "agent.py"
    script.write_text("")
    profile = shell_profile(f"python3 {script} '{{prompt}}' ${{HOME}}")
    started = launch(profile, seat(), programs(profile, PATH), {"SECRET": "x"}, "/home/me")
    assert started.argv[1:] == ("-c", f"python3 {script} '{{prompt}}' ${{HOME}}")
    assert started.stdin == "/state/runs/1/prompt.md"
    assert started.env == {"SNAPLINE_PROMPT_FILE": "/home/agent/prompt.md", "SNAPLINE_ATTEMPT": "demo/T1#2"}
    assert str(script) in started.reads


def test_a_template_is_filled_and_only_what_is_named_is_inherited(tmp_path: Path) -> None:
    (tmp_path / ".agent").mkdir()
    profile = AgentProfile(
        name="some",
        argv=("sh", "-C", "{workspace}", "--out={home}/last", "{prompt_file}", "{prompt}", "{other}"),
        prompt=PromptMode.ARGUMENT,
        env={"MODE": "auto"},
        inherits=("KEY", "ABSENT"),
        login=(".agent", ".absent"),
        files={"config.toml": "x = 1\n"},
    )
    environ = {"KEY": "k", "AWS_SECRET": "s"}
    started = launch(profile, seat("a {workspace} b"), programs(profile, PATH), environ, str(tmp_path))
    assert started.argv[1:] == (
        "-C",
        "/workspace",
        "--out=/home/agent/last",
        "/home/agent/prompt.md",
        "a {workspace} b",
        "{other}",
    )
    assert started.stdin is None
    assert started.env["KEY"] == "k"
    assert "AWS_SECRET" not in started.env
    assert started.login == (str(tmp_path / ".agent"),)
    assert started.files == {"config.toml": "x = 1\n"}


def test_a_prompt_too_long_for_an_argument_is_named_instead() -> None:
    profile = AgentProfile(name="some", argv=("true", "{prompt}"), prompt=PromptMode.ARGUMENT)
    found = programs(profile, PATH)
    longest, too_long = "x" * LONGEST_ARGUMENT, "ä" * LONGEST_ARGUMENT
    for prompt in (longest, too_long):
        argv = launch(profile, seat(prompt), found, {}, "/").argv
        assert os.spawnv(os.P_WAIT, argv[0], argv) == 0  # noqa: S606 - the system's limit is what is tested
    assert "/home/agent/prompt.md" in launch(profile, seat(too_long), found, {}, "/").argv[1]
    with pytest.raises(OSError, match="Argument list too long"):
        os.posix_spawn(found[0], ["true", too_long], {})
