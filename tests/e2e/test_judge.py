"""Judging: rejections that reach the agent, signatures of the right person, rollbacks, and records that travel."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.e2e.desk import A1, A3, ADD, approved, desk, spec
from tests.e2e.stage import Stage

BY_ALICE = "- A2: It reads well. (manual: @alice)"


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    return desk(tmp_path)


def test_a_rejection_reaches_the_agent_and_only_the_named_person_signs(stage: Stage) -> None:
    stage.write({"specs/calc.md": spec(f"{A1}\n{A3}\n{BY_ALICE}")})
    approved(stage)
    kind = f"{ADD}; echo I was here; grep -q 'say why in a comment' && echo '# adds, because it must' >> calc.sh; true"
    first = stage.snapline("run", "calc", "--agent-cmd", kind)
    (task,) = first.document["runs"][0]["tasks"]
    assert (first.status, task["reason"], task["unsigned"]) == (5, "sign-off", ["A2"])

    empty = stage.snapline("reject", "calc", "--because", " ")
    assert (empty.status, empty.document["error"]["code"]) == (2, "usage")
    back = stage.snapline("reject", "calc", "--because", "say why in a comment", "--by", "Alice")
    assert back.status == 5, back.stderr
    attempts = back.document["runs"][0]["tasks"][0]["attempts"]
    assert [one["attempt"] for one in attempts] == ["calc#1", "calc#2"]
    assert "say why in a comment" in stage.say("log", "calc", "--prompt").out
    packet = stage.snapline("review", "calc").document
    assert "# adds, because it must" in packet["patch"]
    assert [(one["attempt"], one["stat"]) for one in packet["handoff"]] == [("calc#1", "1 file, +1 -1: calc.sh")]
    assert packet["said"] == "I was here"
    assert "# adds" not in stage.snapline("review", "calc#1").document["patch"]
    assert stage.snapline("accept", "calc#1", "--sign", "A2", "--by", "Alice").document["error"]["code"] == "moved-on"

    wrong = stage.snapline("accept", "calc", "--sign", "A2", "--by", "Bob")
    assert (wrong.status, wrong.document["error"]["code"]) == (4, "not-signable")
    assert wrong.document["error"]["message"] == "A2 is for @alice to sign, not for Bob"
    passing = stage.snapline("accept", "calc", "--sign", "A1", "--by", "Alice")
    assert (passing.status, "waits for nobody" in passing.document["error"]["message"]) == (4, True)
    signed = stage.say("accept", "calc", "--sign", "A2", "--by", "Alice")
    assert signed.status == 0, signed.all
    assert "a person vouches for A2" in signed.out
    log = stage.say("log", "calc").out
    assert "calc reject by Alice: say why in a comment\n" in log
    assert "calc accept by Alice, vouching for A2\n" in log
    refuse_what_is_over(stage)


def refuse_what_is_over(stage: Stage) -> None:
    """What has landed is neither rejected nor accepted any more; nobody judges what was never there."""
    for arguments in (["reject", "calc", "--because", "late"], ["accept", "calc"]):
        outcome = stage.snapline(*arguments)
        assert (outcome.status, outcome.document["error"]["code"]) == (4, "nothing-to-decide"), outcome.document
    for name in ("calc/T9", "calc#7", "calc#two"):
        outcome = stage.snapline("review", name)
        assert (outcome.status, outcome.document["error"]["code"]) == (2, "nothing-known"), outcome.document


def test_a_person_is_asked_first_and_what_is_forbidden_is_sent_back(stage: Stage) -> None:
    limits = (
        "- C1: Ask first: `calc.sh`\n- C2: Change only: `mul.sh`, `*.txt`\n- C3: Must not contain: `/eval/` in `*.sh`"
    )
    limits += "\n- C4: No new dependencies"
    stage.write({"specs/calc.md": spec(constraints=limits)})
    approved(stage)
    told = "grep -q 'was added in' \"$SNAPLINE_PROMPT_FILE\""
    agent = f"{ADD}; if {told}; then sed -i /eval/d calc.sh; rm requirements.txt; "
    agent += "else echo 'eval true' >> calc.sh; echo evil > requirements.txt; fi"
    first = stage.snapline("run", "calc", "--agent-cmd", agent)
    (task,) = first.document["runs"][0]["tasks"]
    assert (first.status, task["reason"]) == (5, "review"), first.document
    assert [one["outcome"] for one in task["attempts"]] == ["failed", "waits"]
    assert "/eval/ was added in: calc.sh:3" in stage.say("log", "calc").out
    assert "dependencies were added: requirements.txt:1 evil" in stage.say("log", "calc").out
    review = stage.say("review", "calc").out
    assert "C1  ask" in review
    assert "a person decides on: calc.sh" in review
    tip = stage.git("rev-parse", "main")
    assert stage.snapline("accept", "calc", "--by", "Ada").status == 0
    assert stage.git("rev-parse", "main") != tip


PLAN = """- F1: Rollback: `$ echo undoing the data`, revert
- F2: Verify rollback: `$ . ./calc.sh && test "$(add 2 3)" = 0`"""


def test_a_rollback_carries_out_the_plan_and_proves_it(stage: Stage) -> None:
    stage.write({"specs/calc.md": spec(failure=PLAN)})
    approved(stage)
    base = stage.git("rev-parse", "main")
    assert stage.snapline("rollback", "calc").document["error"]["code"] == "nothing-known"
    assert stage.snapline("run", "calc", "--agent-cmd", ADD).status == 0
    landing = stage.git("rev-parse", "main")
    assert stage.snapline("rollback", "calc", "--by", "Ada").document["restored"] is True
    report = stage.snapline("status", "calc").document["runs"][0]
    assert (report["state"], stage.git("rev-parse", "main^")) == ("rolled-back", landing)
    assert stage.git("rev-parse", "main^{tree}") == stage.git("rev-parse", f"{base}^{{tree}}")
    assert "rolled back as" in stage.say("status", "calc").out


def test_a_rollback_that_conflicts_touches_nothing_and_asks(stage: Stage) -> None:
    approved(stage)
    assert stage.snapline("run", "calc", "--agent-cmd", ADD).status == 0
    calc = (stage.root / "calc.sh").read_text()
    stage.write({"calc.sh": calc.replace("$1 + $2", "0 + $1 + $2")})
    tip = stage.commit("Build on it")
    said = stage.say("rollback", "calc")
    assert said.status == 5, said.all
    assert "conflicts, so nothing was touched: calc.sh" in said.out
    assert (stage.git("rev-parse", "main"), stage.git("status", "--porcelain")) == (tip, "")
    standing = stage.say("status", "calc").out
    assert "waiting (rollback)" in standing
    assert "mend that, then: snapline rollback calc" in standing


def test_without_isolation_a_person_accepts_and_every_verdict_says_so(stage: Stage) -> None:
    stage.write({"snapline.toml": '[lanes.default]\nsandbox = "none"\n'})
    stage.commit("Do without")
    approved(stage)
    said = stage.say("run", "calc", "--agent-cmd", ADD)
    assert said.status == 5, said.all
    assert "waiting (review)" in said.out
    assert "without isolation (T0) a person accepts" in said.out
    assert stage.say("accept", "calc").status == 0
    verdict = stage.say("verify", "calc", "--base", "main~1")
    assert "Tier T0: nothing was isolated." in verdict.out


def test_records_travel_between_clones(stage: Stage, tmp_path: Path) -> None:
    hub = tmp_path / "hub.git"
    stage.git("init", "-q", "--bare", "-b", "main", str(hub))
    lonely = stage.snapline("sync")
    assert (lonely.status, lonely.document["error"]["code"]) == (2, "no-remote")
    stage.git("remote", "add", "origin", str(hub))
    stage.git("push", "-q", "origin", "main")
    sent = stage.snapline("approve", "calc", "--by", "Ada", "--push")
    assert sent.status == 0, sent.stderr
    revision = sent.document["revision"][:8]
    assert stage.snapline("sync").document == {"version": 1, "received": 0, "sent": 0, "faults": []}

    other = Stage(tmp_path / "clone", tmp_path / "other-state", tmp_path / "other", "shell")
    other.user_home.mkdir()
    stage.git("clone", "-q", str(hub), str(other.root))
    assert other.snapline("run", "calc", "--agent-cmd", ADD).status == 4
    assert other.say("sync").out == "received 1, sent 0\n"
    assert other.snapline("verify", f"calc@{revision}", "--base", "HEAD").document["approved"] is True
    ran = other.snapline("run", "calc", "--agent-cmd", ADD)
    assert ran.status == 0, ran.stderr
    gone = stage.snapline("sync", f"file://{tmp_path}/nowhere")
    assert (gone.status, gone.document["error"]["code"]) == (3, "unreachable-remote")


def test_work_goes_on_where_the_repository_was_moved_to(stage: Stage) -> None:
    stage.write({"specs/calc.md": spec(f"{A1}\n{A3}\n{BY_ALICE}")})
    approved(stage)
    assert stage.snapline("run", "calc", "--agent-cmd", ADD).status == 5
    stage.root = stage.root.rename(stage.root.with_name("moved"))
    signed = stage.snapline("accept", "calc", "--sign", "A2", "--by", "Alice")
    assert signed.status == 0, signed.stderr
    assert "$(($1 + $2))" in stage.git("show", "main:calc.sh")
