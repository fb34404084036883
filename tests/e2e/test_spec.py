"""Other ids for specs and clauses, and the missing ones, from the command line."""

from __future__ import annotations

import signal
import subprocess
import sys
import time

import pytest
from tests.e2e.stage import MakeStage, Stage

from snapline.app.drafting import BadSpecId, SpecExists
from snapline.app.project import Project
from snapline.app.renaming import BadRenumbering, IdTaken, move, renumber

OTHER = "---\nafter: [add]\n---\n# Goal\n- G1: As promised (add/A1).\n"


@pytest.fixture
def stage(make_stage: MakeStage) -> Stage:
    stage = make_stage("shell")
    stage.write({"specs/other.md": OTHER})
    return stage


def text(stage: Stage, name: str) -> str:
    return (stage.root / "specs" / name).read_text()


def test_a_spec_moves_with_all_that_names_it(stage: Stage) -> None:
    before = text(stage, "add.md")
    said = stage.snapline("spec", "mv", "add", "sum")
    assert (said.status, said.document["path"], said.document["changed"]) == (0, "specs/sum.md", ["specs/other.md"])
    assert text(stage, "sum.md") == before
    assert text(stage, "other.md") == OTHER.replace("[add]", "[sum]").replace("add/A1", "sum/A1")
    assert "R  specs/add.md -> specs/sum.md" in stage.git("status", "--porcelain")
    stage.write({"specs/loose.md": "---\nid: loose\n---\n# Goal\n- G1: x\n"})
    assert stage.say("spec", "mv", "loose", "tight").status == 0
    assert text(stage, "tight.md").startswith("---\nid: tight\n")
    assert not (stage.root / "specs/loose.md").exists()


def project(stage: Stage) -> Project:
    return Project(Project.discover(stage.root).repository, stage.env())


def test_what_a_spec_may_not_be_called(stage: Stage) -> None:
    files = {name: text(stage, name) for name in ("add.md", "other.md")}
    for new, fault in (("other", SpecExists), ("Sum", BadSpecId), ("add", SpecExists)):
        with pytest.raises(fault):
            move(project(stage), "add", new)
    assert {name: text(stage, name) for name in files} == files


def test_a_move_that_git_refuses_changes_nothing(stage: Stage) -> None:
    files = {name: text(stage, name) for name in ("add.md", "other.md")}
    (stage.root / ".git/index.lock").touch()
    assert "git mv failed" in stage.say("spec", "mv", "add", "sum").err
    assert {name: text(stage, name) for name in files} == files


def test_a_spec_with_a_live_run_stays(stage: Stage) -> None:
    assert stage.snapline("approve", "add").status == 0
    run = stage.start("run", "add", "--agent-cmd", "sleep 60")
    deadline = time.monotonic() + 60
    while not stage.snapline("status", "add").document.get("runs"):
        assert time.monotonic() < deadline
    said = stage.snapline("spec", "mv", "add", "sum")
    run.send_signal(signal.SIGINT)
    run.communicate(timeout=60)
    assert (said.status, said.document["error"]["code"]) == (4, "spec-at-work")
    assert (stage.root / "specs/add.md").exists()


def test_clauses_get_other_ids(stage: Stage) -> None:
    before = text(stage, "add.md")
    said = stage.snapline("spec", "renumber", "add", "A1=A9", "G1=")
    assert said.document["ids"] == [{"old": "A1", "new": "A9"}, {"old": "G1", "new": "G3"}]
    assert text(stage, "add.md") == before.replace("A1:", "A9:").replace("G1", "G3")
    assert text(stage, "other.md") == OTHER.replace("add/A1", "add/A9")
    for pair, fault in (
        ("A2=A9", IdTaken),
        ("A2=G7", BadRenumbering),
        ("A5=A6", BadRenumbering),
        ("A2", BadRenumbering),
    ):
        with pytest.raises(fault):
            renumber(project(stage), "add", (pair,))


def test_an_approved_id_is_never_given_again(stage: Stage) -> None:
    stage.snapline("approve", "add")
    spec = text(stage, "add.md")
    stage.write({"specs/add.md": spec.replace("- C1: Do not change: `README.md`", "- C2: It stays calm.")})
    refused = stage.snapline("spec", "renumber", "add", "C2=C1")
    assert refused.document["error"]["code"] == "id-taken"
    assert stage.snapline("spec", "renumber", "add", "C2=").document["ids"] == [{"old": "C2", "new": "C3"}]
    stage.write({"specs/add.md": spec.replace("- C1: Do not change: `README.md`", "- It stays calm.")})
    assert stage.snapline("fmt", "add").document["ids"] == ["C2"]


def test_ids_that_stand_twice(stage: Stage) -> None:
    stage.write({"specs/add.md": text(stage, "add.md").replace("- G2:", "- G1:")})
    with pytest.raises(BadRenumbering):
        renumber(project(stage), "add", ("G1=G5",))
    said = stage.snapline("spec", "renumber", "add")
    assert said.document["ids"] == [{"old": "G1", "new": "G2"}]
    assert renumber(project(stage), "add", ()).ids == ()


def test_fmt_checks_shows_and_writes(stage: Stage) -> None:
    stage.write({"specs/bare.md": "# Goal\n- one\n- two\n"})
    checked = stage.say("fmt", "--check")
    assert checked.status == 1
    assert checked.out == "specs/bare.md: would write G1, G2\n1 of 3 specs would change\n"
    patch = stage.say("fmt", "bare", "--diff")
    assert (patch.status, patch.out) == (
        0,
        "--- a/specs/bare.md\n+++ b/specs/bare.md\n@@ -1,3 +1,3 @@\n # Goal\n-- one\n-- two\n+- G1: one\n+- G2: two\n",
    )
    assert text(stage, "bare.md") == "# Goal\n- one\n- two\n"
    done = stage.snapline("fmt", "specs/bare.md", "add")
    assert [(one["path"], one["ids"], one["changed"]) for one in done.document["files"]] == [
        ("specs/bare.md", ["G1", "G2"], True),
        ("specs/add.md", [], False),
    ]
    assert text(stage, "bare.md") == "# Goal\n- G1: one\n- G2: two\n"
    assert stage.say("fmt", "--check").status == 0
    assert stage.say("fmt", "bare").out == "specs/bare.md: nothing to do\n"


def test_fmt_from_stdin_to_stdout(stage: Stage) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "snapline", "fmt", "-"],
        input=b"# Goal\r\n- one",
        cwd=stage.root,
        env=stage.env(),
        capture_output=True,
        check=True,
    )
    assert done.stdout == b"# Goal\r\n- G1: one"
    assert stage.say("fmt", "-", "add").status == 2
