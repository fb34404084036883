"""What is found on a PATH, and which host paths it needs, with real files and links."""

from __future__ import annotations

from pathlib import Path

import pytest

from snapline.agents.executable import find, named_files


def program(path: Path, text: str = "#!/bin/sh\n") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(0o755)
    return path


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


def test_a_system_program_needs_nothing(home: Path) -> None:
    found = find("sh", "/usr/bin:/bin", str(home))
    assert found is not None
    assert found.reads == ()


@pytest.mark.parametrize("wanted", ["absent", "/nowhere/absent", ""])
def test_what_is_not_there_is_none(wanted: str, home: Path) -> None:
    assert find(wanted, "/usr/bin:/bin", str(home)) is None


def test_a_file_that_is_not_executable_is_none(home: Path) -> None:
    program(home / "tools/bin/agent").chmod(0o644)
    assert find("agent", str(home / "tools/bin"), str(home)) is None


def test_a_program_brings_the_installation_that_it_is_part_of(home: Path) -> None:
    program(home / "tools/bin/agent")
    found = find("agent", str(home / "tools/bin"), str(home))
    assert found is not None
    assert found.path == str(home / "tools/bin/agent")
    assert found.reads == (str(home / "tools"),)
    assert found.folders == (str(home / "tools/bin"), "/bin")


def test_a_link_brings_both_ends(home: Path) -> None:
    real = program(home / ".local/share/uv/tools/vibe/bin/vibe")
    link = home / ".local/bin/vibe"
    link.parent.mkdir(parents=True)
    link.symlink_to(real)
    found = find("vibe", str(link.parent), str(home))
    assert found is not None
    assert found.reads == (str(link), str(home / ".local/share/uv/tools/vibe"))


def test_a_script_brings_its_interpreter_found_through_env(home: Path) -> None:
    program(home / ".nvm/v22/bin/node", "\x7fELF")
    real = program(home / ".nvm/v22/lib/node_modules/@x/codex/bin/codex.js", "#!/usr/bin/env -S node --flag\n")
    (home / ".nvm/v22/bin/codex").symlink_to(real)
    found = find("codex", str(home / ".nvm/v22/bin"), str(home))
    assert found is not None
    assert set(found.reads) == {str(home / ".nvm/v22"), str(home / ".nvm/v22/lib/node_modules/@x/codex")}
    assert found.folders == (str(home / ".nvm/v22/bin"),)


def test_a_script_brings_the_interpreter_of_a_virtual_environment(home: Path) -> None:
    python = program(home / "pythons/3.12/bin/python3.12", "\x7fELF")
    venv = home / "venvs/agent/bin"
    program(venv / "agent", f"#!{venv / 'python'}\n")
    (venv / "python").symlink_to(python)
    found = find("agent", str(venv), str(home))
    assert found is not None
    assert found.reads == (str(home / "venvs/agent"), str(home / "pythons/3.12"))


@pytest.mark.parametrize("folder", ["bin", ".local/bin"])
def test_the_home_itself_is_never_shown(folder: str, home: Path) -> None:
    (home / ".ssh").mkdir(parents=True)
    agent = program(home / folder / "agent")
    found = find("agent", str(agent.parent), str(home))
    assert found is not None
    assert found.reads == (str(agent),)


def test_interpreters_that_name_one_another_end(home: Path) -> None:
    program(home / "x/bin/a", f"#!{home}/x/bin/b\n")
    program(home / "x/bin/b", f"#!{home}/x/bin/a\n")
    assert find("a", str(home / "x/bin"), str(home)) is not None


def test_named_files_are_files_by_absolute_paths_only(tmp_path: Path) -> None:
    script = program(tmp_path / "agent.py")
    words = ["python", str(script), str(tmp_path), "agent.py", "/usr/bin/env", str(tmp_path / "absent"), str(script)]
    assert named_files(words) == (str(script),)
