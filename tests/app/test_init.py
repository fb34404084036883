"""Setting up a repository, and the doctor: on real repositories, with a state home of the test's own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from snapline.app.config import parse_config
from snapline.app.doctor import examine
from snapline.app.init import configuration, set_up
from snapline.app.project import Project
from snapline.base.errors import ExitStatus
from snapline.repo.user import NotARepository
from snapline.sandbox.environment import Environment
from snapline.sandbox.guess import Guess


def git(folder: Path, *arguments: str) -> str:
    identity = ("-c", "user.name=Test", "-c", "user.email=test@example.org")
    done = subprocess.run(["git", *identity, *arguments], cwd=folder, capture_output=True, text=True, check=True)
    return done.stdout


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    folder = tmp_path / "repository"
    folder.mkdir()
    git(folder, "init", "--quiet", "-b", "main")
    (folder / "requirements.txt").write_text("six==1.17.0\n")
    git(folder, "add", "-A")
    git(folder, "commit", "--quiet", "-m", "First")
    return folder


def project(folder: Path, home: Path) -> Project:
    return Project(Project.discover(folder).repository, {**os.environ, "SNAPLINE_HOME": str(home)})


def snapshot(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_it_writes_a_configuration_and_the_folder_of_specs(repository: Path, tmp_path: Path) -> None:
    setup = set_up(project(repository, tmp_path / "home"))
    assert setup.created == ("snapline.toml", "specs/")
    assert (repository / "specs").is_dir()
    config = parse_config((repository / "snapline.toml").read_bytes())
    assert config.env is not None
    assert config.env.inputs == ("requirements.txt",)
    assert "requirements.txt" in setup.saw
    assert (tmp_path / "home" / "repos" / setup.repository).is_dir()


def test_run_twice_it_changes_nothing(repository: Path, tmp_path: Path) -> None:
    first = set_up(project(repository, tmp_path / "home"))
    before = snapshot(tmp_path)
    second = set_up(project(repository, tmp_path / "home"))
    assert (second.created, second.repository) == ((), first.repository)
    assert snapshot(tmp_path) == before


def test_what_a_person_wrote_stays(repository: Path, tmp_path: Path) -> None:
    (repository / "snapline.toml").write_text("# mine\n")
    assert set_up(project(repository, tmp_path / "home")).created == ("specs/",)
    assert (repository / "snapline.toml").read_text() == "# mine\n"


def test_outside_of_a_repository_it_refuses_and_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(NotARepository) as caught:
        Project.discover(tmp_path)
    assert "git init" in caught.value.hint


def test_a_repository_without_a_commit_is_set_up_without_an_environment(tmp_path: Path) -> None:
    (tmp_path / "new").mkdir()
    git(tmp_path / "new", "init", "--quiet")
    assert set_up(project(tmp_path / "new", tmp_path / "home")).saw == ""


@pytest.mark.parametrize(
    "guess",
    [
        None,
        Guess(Environment(), "nothing", ()),
        Guess(
            Environment(
                setup=('say "hi" \\ there',),
                inputs=("a", "b"),
                check="x",
                editable=(".",),
                variables={"A": "1", "B": "{workspace}/x"},
            ),
            "x.lock",
            (),
        ),
    ],
)
def test_every_configuration_that_is_written_can_be_read(guess: Guess | None) -> None:
    text = configuration(guess, ("pre-commit run",))
    config = parse_config(text.encode())
    declared = (
        {} if guess is None else {name: getattr(guess.environment, name) for name in Environment.__struct_fields__}
    )
    read = {} if config.env is None else {name: getattr(config.env, name) for name in declared}
    assert read == declared


def test_the_doctor_finds_a_sound_machine(repository: Path, tmp_path: Path) -> None:
    environment = {**os.environ, "SNAPLINE_HOME": str(tmp_path / "home")}
    diagnosis = examine(repository, environment)
    found = {probe.name: probe for probe in diagnosis.probes}
    for name in ("git", "python", "state home", "sqlite", "disk", "configuration"):
        assert found[name].ok, found[name]
    assert not found["repository"].ok
    assert found["repository"].hint == "Run `snapline init` here."
    assert all(probe.hint for probe in diagnosis.probes if not probe.ok)


def test_the_doctor_names_what_lacks_and_exits_3(repository: Path, tmp_path: Path) -> None:
    (tmp_path / "home").write_text("in the way")
    environment = {**os.environ, "SNAPLINE_HOME": str(tmp_path / "home")}
    diagnosis = examine(repository, environment)
    assert diagnosis.status is ExitStatus.ENVIRONMENT
    lacking = {probe.name for probe in diagnosis.probes if not probe.ok and probe.needed}
    assert {"state home", "sqlite"} <= lacking


def test_a_bad_configuration_is_a_finding_of_the_doctor(repository: Path, tmp_path: Path) -> None:
    (repository / "snapline.toml").write_text("[env]\ninptus = []\n")
    diagnosis = examine(repository, {**os.environ, "SNAPLINE_HOME": str(tmp_path / "home")})
    found = next(probe for probe in diagnosis.probes if probe.name == "configuration")
    assert "snapline.toml:2:1" in found.detail
    assert diagnosis.status is ExitStatus.ENVIRONMENT


def test_bubblewrap_is_not_needed_where_a_person_does_without(repository: Path, tmp_path: Path) -> None:
    environment = {**os.environ, "SNAPLINE_HOME": str(tmp_path / "home"), "PATH": "/nonexistent"}
    (repository / "snapline.toml").write_text('[lanes.default]\nsandbox = "none"\n')
    needed = {probe.name for probe in examine(repository, environment).probes if probe.needed}
    assert "bubblewrap" not in needed
    (repository / "snapline.toml").write_text("")
    assert "bubblewrap" in {probe.name for probe in examine(repository, environment).probes if probe.needed}


def test_network_lists_are_needed_where_a_lane_has_one(repository: Path, tmp_path: Path) -> None:
    environment = {**os.environ, "SNAPLINE_HOME": str(tmp_path / "home"), "PATH": "/nonexistent"}
    for network, needed in (('"none"', False), ('["api.example.org"]', True)):
        (repository / "snapline.toml").write_text(f"[lanes.default]\nnetwork = {network}\n")
        found = {probe.name: probe for probe in examine(repository, environment).probes}
        assert found["network lists"].needed is needed
        assert found["network lists"].hint or found["network lists"].ok


def test_the_command_speaks_json(repository: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "snapline", "init", "--json"],
        cwd=repository,
        env=os.environ | {"SNAPLINE_HOME": str(tmp_path / "home")},
        capture_output=True,
        text=True,
        check=True,
    )
    said = json.loads(done.stdout)
    assert (said["version"], said["created"]) == (1, ["snapline.toml", "specs/"])
    assert {"git", "sqlite"} <= {probe["name"] for probe in said["probes"]}


def test_it_offers_a_refspec_that_never_replaces_records_of_ours(repository: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.git"
    git(tmp_path, "clone", "--quiet", "--bare", str(repository), str(other))
    git(repository, "remote", "add", "origin", str(other))
    here = project(repository, tmp_path / "home")
    setup = set_up(here)
    assert setup.offers == (
        "git config --add remote.origin.fetch '+refs/snapline/records:refs/snapline/remotes/origin/records'",
    )
    here.records.put("approvals", "mine", b"mine")
    here.records.sync("origin")
    here.records.put("approvals", "mine", b"not sent yet")
    kept = git(repository, "rev-parse", "refs/snapline/records")
    subprocess.run(["bash", "-ec", setup.offers[0]], cwd=repository, check=True)
    git(repository, "fetch", "--quiet", "origin")
    assert git(repository, "rev-parse", "refs/snapline/records") == kept
    assert git(repository, "rev-parse", "refs/snapline/remotes/origin/records") != kept
    assert set_up(here).offers == ()
