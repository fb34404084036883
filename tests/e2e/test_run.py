"""Running: what refuses before anything is spent, and what a person is told while and after work is done."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.e2e.desk import A1, A2, A3, ADD, MUL, TASKS, approved, desk, spec
from tests.e2e.stage import Stage


@dataclass(frozen=True)
class Row:
    """A command line that dispatches nothing."""

    arguments: tuple[str, ...]
    status: int
    code: str
    words: str
    hint: str


OTHER = """\
# Task
Nobody greets.
# Goal
- G1: Somebody greets.
# Constraints
- C1: Change only: `hello.txt`
# Interfaces
- I1: new `hello.txt`
# Acceptance
- A1: `$ grep -q hello hello.txt`
# Failure plan
- F1: Rollback: revert
"""
ROWS = {
    "unapproved": Row(("fresh", "--agent-cmd", "true"), 4, "not-approved", "`fresh` is not approved", "approve fresh"),
    "changed": Row(("calc", "--agent-cmd", "true"), 4, "not-approved", "was changed since", "snapline run calc@"),
    "one-of-two": Row(("calc@{revision}", "fresh", "--agent-cmd", "true"), 4, "not-approved", "`fresh`", "approve"),
    "unknown-spec": Row(("nope", "--agent-cmd", "true"), 2, "no-such-spec", "there is no spec 'nope'", "snapline new"),
    "no-agent": Row(("calc@{revision}",), 2, "no-agent", "no agent is named", "--agent-cmd"),
    "unknown-agent": Row(("calc@{revision}", "--agent", "bob"), 2, "no-such-agent", "called `bob`", "codex"),
    "both": Row(("calc@{revision}", "--agent", "codex", "--agent-cmd", "x"), 2, "usage", "exclude each other", ""),
    "missing-agent": Row(
        ("calc@{revision}", "--agent", "codex"), 3, "agent-missing", "`codex` is not on the PATH", "npm install"
    ),
    "missing-command": Row(
        ("calc@{revision}", "--agent-cmd", "no-such-agent --yes"),
        3,
        "agent-missing",
        "`no-such-agent` is not on the PATH",
        "",
    ),
    "no-slots": Row(("calc@{revision}", "--slots", "0", "--agent-cmd", "true"), 2, "usage", "--slots", "--help"),
    "after": Row(("later", "--agent-cmd", "true"), 4, "after-others", "later comes after calc", "Land them first"),
}


@dataclass(frozen=True)
class Shared:
    """One repository for everything that dispatches nothing: `calc` was changed since ``revision`` was approved."""

    stage: Stage
    revision: str


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Shared:
    stage = desk(tmp_path_factory.mktemp("run"))
    stage.write({"specs/fresh.md": spec(), "specs/later.md": spec(front="after: calc")})
    approved(stage, "later")
    pinned = stage.snapline("approve", "calc").document
    stage.environment["PATH"] = tools(stage)
    stage.write({"specs/calc.md": spec().replace("prints the sum", "prints the very sum")})
    return Shared(stage, pinned["revision"][:8])


def tools(stage: Stage) -> str:
    """A search path that holds no agent, whatever is installed here."""
    folder = stage.home.parent / "bin"
    folder.mkdir()
    for name in ("git", "bash", "sh", "bwrap", "true", "setpriv"):
        found = next(Path(one, name) for one in ("/usr/bin", "/bin", "/usr/local/bin") if Path(one, name).exists())
        (folder / name).symlink_to(found)
    return str(folder)


@pytest.mark.parametrize("name", ROWS)
def test_what_cannot_be_dispatched_is_refused_before_anything_is_spent(name: str, shared: Shared) -> None:
    row = ROWS[name]
    outcome = shared.stage.snapline("run", *(one.format(revision=shared.revision) for one in row.arguments))
    error = outcome.document["error"]
    assert (outcome.status, error["code"]) == (row.status, row.code), error
    assert row.words in error["message"]
    assert row.hint in error["hint"]


def test_nothing_was_dispatched_by_all_that(shared: Shared) -> None:
    assert shared.stage.snapline("status").document == {"version": 1, "runs": []}
    said = shared.stage.say("status")
    assert (said.status, said.out) == (0, "Nothing was dispatched here yet. Next: snapline run SPEC\n")


@pytest.mark.parametrize("verb", ["approve", "verify", "run"])
def test_without_a_sandbox_nothing_runs_and_both_ways_out_are_named(verb: str, shared: Shared) -> None:
    bare = shared.stage.home.parent / f"bare-{verb}"
    bare.mkdir()
    for tool in Path(tools_of(shared)).iterdir():
        if tool.name != "bwrap":
            (bare / tool.name).symlink_to(tool.readlink())
    more = ("--agent-cmd", "true") if verb == "run" else ()
    said = shared.stage.say(verb, f"calc@{shared.revision}", *more, PATH=str(bare))
    assert (said.status, said.out) == (3, "")
    assert "bubblewrap is not installed" in said.err
    assert "apt-get install bubblewrap" in said.err
    assert '[lanes.default] sandbox = "none"' in said.err


def tools_of(shared: Shared) -> str:
    return shared.stage.environment["PATH"]


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    return desk(tmp_path)


def test_several_specs_land_and_each_step_is_told_once(stage: Stage) -> None:
    stage.write({"specs/calc.md": spec(f"{A1}\n{A2}\n{A3}", rest=TASKS), "specs/other.md": OTHER})
    stage.commit("Ask for more")
    approved(stage)
    approved(stage, "other")
    stage.write({"draft.txt": "not committed\n"})
    agent = f'case "$SNAPLINE_ATTEMPT" in calc/T1*) {ADD};; calc/T2*) {MUL};; *) echo hello > hello.txt;; esac'
    said = stage.say("run", "calc", "other", "calc", "--agent-cmd", agent, "--slots", "2")
    assert said.status == 0, said.all
    assert "note: 1 uncommitted path is not part of the work: draft.txt\n" in said.err
    for line in ("calc/T1 preparing: attempt 1 by command", "calc/T2 verifying", "other integrated"):
        assert said.err.splitlines().count(line) == 1, said.err
    assert "\x1b" not in said.all
    assert said.out.count("on main: done\n") == 2
    assert {"calc.sh", "mul.sh", "hello.txt"} <= set(stage.git("ls-tree", "--name-only", "main").split())
    assert stage.git("log", "-1", "--format=%cn", "main") == "Snapline"
    tell_the_story(stage)
    again = stage.say("run", "calc", "--agent-cmd", "false")
    assert (again.status, "has landed; nothing is left to do" in again.err) == (0, True)


def tell_the_story(stage: Stage) -> None:
    """What status and log say of it afterwards."""
    (run,) = stage.snapline("status", "calc").document["runs"]
    assert [one["task"] for one in run["tasks"]] == ["calc/T1", "calc/T2"]
    assert (run["state"], run["at_rest"], run["landings"][0]["outcome"]) == ("done", True, "landed")
    assert stage.snapline("status", "calc/T2").document["runs"] == [run]
    log = stage.snapline("log", "calc/T2").document
    states = [one["kind"] for one in log["events"] if one["subject"] == "calc/T2"]
    assert states[:4] == ["task.queued", "task.preparing", "task.launching", "task.running"]
    assert "TASK calc/T2: Let it multiply." in log["prompt"]
    assert stage.say("log", "calc/T2", "--prompt").out.strip() == log["prompt"].strip()
    told = stage.say("log", "calc/T2#1").out
    assert told.count("calc/T2 verifying") == 1
    for name, words in (
        ("calc", "It has calc/T1, calc/T2."),
        ("calc/T9", "It has calc/T1"),
        ("nix", "snapline status"),
    ):
        error = stage.snapline("log", name)
        assert (error.status, error.document["error"]["code"]) == (2, "nothing-known")
        assert words in error.document["error"]["hint"]
    assert stage.snapline("log", "calc/T2#9").status == 2


def test_edits_in_the_way_of_a_landing_are_left_alone_and_a_second_run_lands(stage: Stage) -> None:
    approved(stage)
    mine = "add() { echo 99; }\n"
    stage.write({"calc.sh": mine})
    said = stage.say("run", "calc", "--agent-cmd", ADD)
    assert said.status == 5, said.all
    assert "waiting (working tree)" in said.out
    assert "Next:" in said.out
    assert "see to that work tree, then: snapline run calc" in said.out
    assert (stage.root / "calc.sh").read_text() == mine
    stage.git("checkout", "-q", "calc.sh")
    again = stage.say("run", "calc")
    assert again.status == 0, again.all
    assert "goes on where it was" in again.err
    assert "a + b" not in mine
    assert "$(($1 + $2))" in (stage.root / "calc.sh").read_text()
    assert again.out.count("landed as") == 1


def test_a_person_gets_a_failed_run_going_again_with_all_that_came_after(stage: Stage) -> None:
    stage.write({"specs/calc.md": spec(f"{A1}\n{A2}\n{A3}", rest=TASKS)})
    approved(stage)
    agent = f"""cat > ~/prompt; echo "# $SNAPLINE_ATTEMPT" >> calc.sh
case "$SNAPLINE_ATTEMPT" in calc/T2*) git checkout -q calc.sh; {MUL};; esac
grep -q 'use both arguments' ~/prompt && {ADD}; true"""
    failed = stage.snapline("run", "calc", "--agent-cmd", agent)
    states = [one["state"] for one in failed.document["runs"][0]["tasks"]]
    assert (failed.status, states) == (1, ["failed", "cancelled"]), failed.stderr
    again = stage.snapline("reject", "calc/T1", "--because", "use both arguments")
    assert again.status == 0, again.stderr
    assert [one["state"] for one in again.document["runs"][0]["tasks"]] == ["done", "done"]


def test_an_amended_spec_takes_the_place_of_what_waits(stage: Stage) -> None:
    approved(stage)
    stuck = stage.snapline("run", "calc", "--agent-cmd", "true")
    (old,) = stuck.document["runs"]
    assert (stuck.status, old["tasks"][0]["reason"]) == (5, "stuck")
    stage.write({"specs/calc.md": spec().replace("prints the sum", "prints the sum of its two arguments")})
    approved(stage)
    anew = stage.snapline("run", "calc", "--agent-cmd", ADD)
    assert anew.status == 0, anew.stderr
    before, after = stage.snapline("status", "calc").document["runs"]
    assert (before["run"], before["state"], before["tasks"][0]["state"]) == (old["run"], "cancelled", "superseded")
    assert before["detail"] == f"superseded by {after['run'].rpartition('.')[0]}"
    assert after["state"] == "done"
    late = stage.snapline("reject", "calc", "--because", "late").document["error"]
    assert late["code"] == "nothing-to-decide"


def test_a_task_that_fails_ends_the_run_with_its_reason_and_a_new_run_begins_anew(stage: Stage) -> None:
    approved(stage)
    agent = 'echo "# $SNAPLINE_ATTEMPT" >> calc.sh'
    failed = stage.snapline("run", "calc", "--agent-cmd", agent)
    assert failed.status == 1, failed.stderr
    (run,) = failed.document["runs"]
    attempts = run["tasks"][0]["attempts"]
    assert [one["outcome"] for one in attempts] == ["failed", "failed"]
    assert "A1 fails" in attempts[0]["words"]
    assert {one["id"]: one["verdict"] for one in attempts[0]["verdicts"]}["A1"] == "fail"
    anew = stage.snapline("run", "calc", "--agent-cmd", ADD)
    assert anew.status == 0, anew.stderr
    assert anew.document["runs"][0]["run"] != run["run"]
    assert [one["attempt"] for one in anew.document["runs"][0]["tasks"][0]["attempts"]] == ["calc#3"]
