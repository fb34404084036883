"""Collection: whatever state the agent leaves its workspace in, its work comes out as a bundle or a clear word."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from tests.repo.agent import Agent

from snapline.base.ids import Oid
from snapline.repo.intake import collect_argv
from snapline.repo.pathpolicy import Reason


def content(agent: Agent, path: str = "src/a.py") -> bytes | None:
    intake = agent.take()
    assert intake.candidate is not None, intake.refusals
    return agent.vault.read(intake.candidate, path)


def test_no_change_is_no_bundle_and_no_refusal(agent: Agent) -> None:
    assert agent.collect().read_bytes() == b""
    assert agent.take().unchanged


def test_uncommitted_work_is_collected_staged_or_not(agent: Agent) -> None:
    agent.write("new/file.txt", "new\n")
    agent.write("src/a.py", "v = 2\n")
    agent.git("add", "src/a.py")
    intake = agent.take()
    assert {change.path for change in intake.changes} == {"new/file.txt", "src/a.py"}


def test_committed_work_and_what_is_left_beside_it_come_together(agent: Agent) -> None:
    agent.commit("Half", src__a_py="v = 2\n")
    agent.write("tests/t.py", "assert 1\n")
    assert {change.path for change in agent.take().changes} == {"src/a.py", "tests/t.py"}


def test_work_on_another_branch_that_is_head_counts(agent: Agent) -> None:
    agent.git("checkout", "-q", "-b", "my-fix")
    agent.commit("Fix", src__a_py="v = 2\n")
    assert content(agent) == b"v = 2\n"


def test_work_on_a_branch_that_is_not_head_does_not_count(agent: Agent) -> None:
    agent.git("checkout", "-q", "-b", "my-fix")
    agent.commit("Fix", src__a_py="v = 2\n")
    agent.git("checkout", "-q", "work")
    assert agent.take().unchanged


def test_a_detached_head_counts(agent: Agent) -> None:
    agent.git("checkout", "-q", "--detach")
    agent.commit("Fix", src__a_py="v = 2\n")
    assert content(agent) == b"v = 2\n"


def test_a_change_that_was_taken_back_is_no_change(agent: Agent) -> None:
    agent.commit("There", src__a_py="v = 2\n")
    agent.commit("And back", src__a_py="v = 1\n")
    intake = agent.take()
    assert intake.unchanged
    assert intake.tip is not None


@pytest.mark.parametrize("lock", ["index.lock", "HEAD.lock", "refs/heads/work.lock", "config.lock"])
def test_a_lock_left_behind_does_not_matter(agent: Agent, lock: str) -> None:
    (agent.root / ".git" / lock).write_text("")
    agent.write("src/a.py", "v = 2\n")
    assert content(agent) == b"v = 2\n"


def test_a_broken_index_does_not_matter(agent: Agent) -> None:
    (agent.root / ".git" / "index").write_bytes(b"DIRC garbage")
    agent.write("src/a.py", "v = 2\n")
    (agent.root / "README.txt").unlink()
    intake = agent.take()
    assert {change.path for change in intake.changes} == {"src/a.py", "README.txt"}


def test_an_unfinished_merge_is_collected_as_it_stands(agent: Agent) -> None:
    agent.git("branch", "other")
    agent.commit("Mine", src__a_py="v = 2\n")
    agent.git("checkout", "-q", "other")
    agent.commit("Other", src__a_py="v = 3\n")
    agent.git("merge", "work", check=False)
    assert "UU" in agent.git("status", "--porcelain")
    assert b"<<<<<<<" in (content(agent) or b"")


def test_history_that_was_moved_back_is_refused_not_taken_for_no_change(agent: Agent) -> None:
    tip = agent.commit("Second", src__a_py="v = 2\n")
    later = Agent(agent.root, agent.home, agent.vault, Oid(tip))
    agent.vault.git.run("fetch", "-q", str(agent.root / ".git"), f"{tip}:refs/kept/{tip}")
    agent.git("reset", "-q", "--hard", "HEAD~1")
    assert [one.reason for one in later.take().refusals] == [Reason.REWRITTEN]


def test_an_amended_base_is_refused(agent: Agent) -> None:
    agent.git("commit", "-q", "--amend", "-m", "Mine now")
    intake = agent.take()
    assert [one.reason for one in intake.refusals] == [Reason.REWRITTEN]
    assert "rewritten" in intake.refusals[0].message


@pytest.mark.parametrize("way", ["orphan", "new repository"])
def test_history_begun_anew_is_refused(agent: Agent, way: str) -> None:
    if way == "orphan":
        agent.git("checkout", "-q", "--orphan", "fresh")
        agent.commit("All mine", src__a_py="v = 2\n")
    else:
        subprocess.run(["rm", "-rf", ".git"], cwd=agent.root, check=True)
        agent.git("init", "-q", ".")
    assert [one.reason for one in agent.take().refusals] == [Reason.REWRITTEN]


def test_a_workspace_without_git_ends_with_status_3_and_a_word(agent: Agent) -> None:
    subprocess.run(["rm", "-rf", ".git"], cwd=agent.root, check=True)
    done = subprocess.run(collect_argv(agent.base), cwd=agent.root, env=agent.env, capture_output=True, check=False)
    assert (done.returncode, done.stdout) == (3, b"")
    assert b"no git repository any more" in done.stderr


def test_a_nested_repository_is_refused_in_clear_words(agent: Agent) -> None:
    agent.git("init", "-q", "vendor/lib")
    who = ("-c", "user.name=A", "-c", "user.email=a@x")
    agent.git("-C", "vendor/lib", *who, "commit", "-q", "--allow-empty", "-m", "x")
    agent.write("src/a.py", "v = 2\n")
    refusals = agent.take().refusals
    assert [one.reason for one in refusals] == [Reason.GITLINK]
    assert refusals[0].message.startswith("vendor/lib is a repository inside the repository")


def test_an_empty_nested_repository_does_not_keep_the_rest_back(agent: Agent) -> None:
    agent.git("init", "-q", "scratch")
    agent.write("src/a.py", "v = 2\n")
    assert content(agent) == b"v = 2\n"


def test_ignored_files_stay_where_they_are(agent: Agent) -> None:
    agent.write(".gitignore", "*.log\n")
    agent.write("noise.log", "noise\n")
    agent.write("src/a.py", "v = 2\n")
    assert {change.path for change in agent.take().changes} == {".gitignore", "src/a.py"}


def test_odd_names_come_through(agent: Agent) -> None:
    agent.write('a dir/it\'s "odd" é.txt', "x\n")
    agent.write("-rf", "x\n")
    agent.write(":(top)x", "x\n")
    assert {change.path for change in agent.take().changes} == {'a dir/it\'s "odd" é.txt', "-rf", ":(top)x"}


def test_collecting_twice_gives_the_same_bundle_tip_and_candidate(agent: Agent) -> None:
    agent.write("src/a.py", "v = 2\n")
    first, second = agent.take(), agent.take()
    assert first.candidate is not None
    assert (first.tip, first.candidate) == (second.tip, second.candidate)


def test_a_planted_environment_and_signing_do_not_stop_the_collection(agent: Agent, tmp_path: Path) -> None:
    for key, value in (("commit.gpgSign", "true"), ("gpg.program", "/bin/false"), ("core.bare", "true")):
        agent.git("config", key, value)
    agent.write("src/a.py", "v = 2\n")
    env = {**agent.env, "GIT_INDEX_FILE": "/nowhere/index", "GIT_OBJECT_DIRECTORY": "/nowhere"}
    with (tmp_path / "out").open("wb") as out:
        done = subprocess.run(collect_argv(agent.base), cwd=agent.root, env=env, stdout=out, check=False)
    assert done.returncode == 0
    assert (tmp_path / "out").read_bytes().startswith(b"# v2 git bundle\n")
