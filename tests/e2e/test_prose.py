"""The plainest spec there is, six headings with a sentence each, goes all the way; a person judges it."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.e2e.desk import desk
from tests.e2e.stage import Stage

PROSE = """\
# Task
The importer reads each file twice and nobody knows why.

# Goal
Each file is read once.

# Constraints
The order of the output must not change.

# Interfaces
The importer and whoever calls it.

# Acceptance
An import of a large file takes half the time that it took.

# Failure plan
Take the change back and tell the team.
"""
WITH_IDS = PROSE
for _id, _words in (
    ("G1", "Each file"),
    ("C1", "The order"),
    ("I1", "The importer and"),
    ("A1", "An import"),
    ("F1", "Take the change"),
):
    WITH_IDS = WITH_IDS.replace(f"\n{_words}", f"\n{_id}: {_words}")
AGENT = "echo '# faster' >> calc.sh; printf '\\033[31mI made it \\033]0;owned\\007faster\\033[0m\\n'"


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    stage = desk(tmp_path)
    stage.write({"specs/prose.md": PROSE})
    stage.commit("Ask for a faster importer")
    return stage


def test_the_template_in_prose_alone_goes_all_the_way(stage: Stage) -> None:
    linted = stage.snapline("lint", "prose")
    assert (linted.status, linted.document["summary"]["errors"]) == (0, 0)
    assert {one["severity"] for one in linted.document["findings"]} == {"warning", "info"}

    refused = stage.say("approve", "prose", "--no-write")
    assert (refused.status, (stage.root / "specs/prose.md").read_text()) == (4, PROSE)
    assert "clauses without an id: G1, C1, I1, A1, F1" in refused.err
    assert "hint: Write them: snapline fmt prose" in refused.err

    approval = stage.say("approve", "prose", "--by", "Ada")
    assert (approval.status, (stage.root / "specs/prose.md").read_text()) == (0, WITH_IDS)
    assert "specs/prose.md: wrote G1, C1, I1, A1, F1" in approval.out
    assert "A1   judged by a person" in approval.out

    base = stage.git("rev-parse", "main")
    run = stage.say("run", "prose", "--agent-cmd", AGENT)
    assert run.status == 5, run.err
    assert "prose  waiting (sign-off)" in run.out
    assert "snapline accept prose --sign A1" in run.out
    assert stage.git("rev-parse", "main") == base
    judge(stage, base)
    take_back(stage, base)


def judge(stage: Stage, base: str) -> None:
    """Looking changes nothing, and nothing but the right signature lands it."""
    log = stage.say("log", "prose")
    assert "  I made it faster\n" in log.out
    assert "\x1b" not in log.out
    packet = stage.say("review", "prose")
    assert packet.status == 0
    assert "A1  unsigned [waits for a person]" in packet.out
    assert "+# faster" in packet.out
    bare = stage.snapline("accept", "prose")
    assert (bare.status, bare.document["error"]["code"]) == (5, "waits")
    wrong = stage.snapline("accept", "prose", "--sign", "A2")
    assert (wrong.status, wrong.document["error"]["message"]) == (4, "A2 is no criterion of this task")
    assert stage.git("rev-parse", "main") == base

    landed = stage.snapline("accept", "prose", "--sign", "A1", "--by", "Ada")
    assert landed.status == 0, landed.stderr
    (run,) = landed.document["runs"]
    assert (run["state"], run["tasks"][0]["signed"]) == ("done", ["A1"])
    assert stage.git("show", "main:calc.sh").endswith("# faster")
    assert stage.git("log", "-1", "--format=%(trailers:key=Spec,valueonly)", "main") == "prose"
    assert stage.snapline("accept", "prose", "--sign", "A1").status == 4


def take_back(stage: Stage, base: str) -> None:
    """A failure plan in prose is shown, and carried out only as far as a person says so."""
    tip = stage.git("rev-parse", "main")
    shown = stage.snapline("rollback", "prose")
    assert (shown.status, stage.git("rev-parse", "main")) == (5, tip)
    assert "Take the change back and tell the team. Carry it out by hand" in shown.document["error"]["message"]
    back = stage.say("rollback", "prose", "--revert")
    assert back.status == 0, back.err
    assert "The tree is the very one from before the landing." in back.out
    assert stage.git("rev-parse", "main^{tree}") == stage.git("rev-parse", f"{base}^{{tree}}")
    again = stage.say("rollback", "prose", "--revert")
    assert again.status == 4
    assert "there is nothing to roll back" in again.err
