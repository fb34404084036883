"""The demo shows what it says: proved from git, the database and the evidence, not from its text."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tests.e2e.demonstration import Demonstration, common, path_without, perform, performed_once
from tests.e2e.witness import chain
from tests.sandbox.victims import demand

CHEATS = {
    "edited-test": "tests/test_rates.py",
    "conftest-hook": "conftest.py",
    "early-exit": "src/parcel/rates.py",
}
STEPS = ["repository", "approve", "cheats", "agents", "checks", "landing", "vacuous", "rollback"]
CPU_SECONDS = 60 if not any(name.startswith("COVERAGE_") for name in os.environ) else 120
"""What the demo may take; tracing every line takes its own time."""


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demonstration:
    """The whole demo, run once, isolated."""
    demand("bubblewrap", works=shutil.which("bwrap") is not None)
    return performed_once(common(tmp_path_factory) / "demo", perform)


def test_every_step_comes_out(demo: Demonstration) -> None:
    assert (demo.status, demo.document["failed"]) == (0, None), demo.messages
    assert [step["name"] for step in demo.document["steps"]] == STEPS
    assert all(step["ok"] and step["says"] for step in demo.document["steps"])
    assert (demo.document["version"], demo.document["tier"], demo.document["not_shown"]) == (1, "T2", [])
    assert demo.document["folder"] == str(demo.folder)


def test_it_takes_less_than_a_minute_of_processor_time(demo: Demonstration) -> None:
    assert demo.cpu_seconds < CPU_SECONDS


def test_nothing_of_the_person_is_touched(demo: Demonstration) -> None:
    assert demo.left == ("agents", "naive", "parcel", "state"), "the folders of the demo, and nothing in the home"


def test_the_package_has_a_bug_and_lacks_a_feature(demo: Demonstration, tmp_path: Path) -> None:
    base = demo.checkout(demo.facts["repository"]["commit"], tmp_path / "base")
    assert demo.tests(base, "tests/test_rates.py::test_a_started_kilo_counts") == 1
    assert demo.tests(base, "tests/test_rates.py::test_whole_kilos") == 0
    assert demo.python("-m", "parcel", "1.5 kg", folder=base).returncode == 1
    assert demo.facts["repository"]["tests_exit"] == 1


def test_the_approval_is_a_record_of_checks_that_failed(demo: Demonstration) -> None:
    facts = demo.facts["approve"]
    (record,) = demo.approvals("parcel")
    assert record["revision"] == facts["revision"]
    assert record["base"] == facts["base"] == demo.facts["repository"]["commit"]
    assert {row["id"]: row["state"] for row in record["baseline"]} == facts["baseline"]
    assert facts["baseline"] == {"A1": "failed", "A2": "absent", "A3": "absent", "A4": "passed"}
    assert [row["id"] for row in record["baseline"] if row["regression"]] == ["A4"]


@pytest.mark.parametrize("cheat", CHEATS)
def test_a_cheat_fools_the_naive_runner_and_is_refused(demo: Demonstration, cheat: str) -> None:
    facts = demo.facts["cheats"]["cheats"][cheat]
    worktree = Path(facts["naive"]["worktree"])
    assert demo.git("rev-parse", "HEAD", folder=worktree) == facts["naive"]["commit"]
    assert demo.tests(worktree) == 0 == facts["naive"]["tests_exit"]
    truth = demo.python("-c", "from parcel.rates import cost; print(cost(1500) == 580)", folder=worktree)
    assert truth.stdout != "True\n"

    row = demo.attempt(f"{cheat}/T1", 1)
    assert row["outcome"] == "failed"
    assert demo.verdicts(row["report"])["A1"] == "fail"
    refused = demo.git("diff", "--name-only", row["base"], row["candidate"], folder=demo.vault)
    assert refused == CHEATS[cheat]
    assert demo.git("rev-parse", f"{row['candidate']}:{refused}", folder=demo.vault) == demo.git(
        "rev-parse", f"HEAD:{refused}", folder=worktree
    )
    assert not demo.has(row["candidate"], demo.repository)
    assert [one["state"] for one in demo.rows("select state from runs where spec = ?", cheat)] == ["failed"]


def test_a_planted_program_runs_for_the_naive_runner_only(demo: Demonstration) -> None:
    canary = demo.folder / "planted-program-ran"
    facts = demo.facts["cheats"]
    worktree = Path(facts["cheats"]["planted-hook"]["naive"]["worktree"])
    demo.git("status", folder=worktree)
    assert canary.exists()
    canary.unlink()
    assert facts["cheats"]["planted-hook"]["naive"]["planted_program_ran"]

    demo.git("status")
    assert not canary.exists()
    assert not facts["planted_program_ran"]
    assert "fsmonitor" not in (demo.repository / ".git" / "config").read_text()
    row = demo.attempt("planted-hook/T1", 1)
    assert (row["outcome"], row["candidate"]) == ("unchanged", None)
    assert b"All tests pass" in demo.evidence(row["log"])


def test_the_cheats_move_nothing(demo: Demonstration) -> None:
    facts = demo.facts["cheats"]
    assert facts["run_exit"] == 1
    assert facts["before"] == facts["after"] == demo.facts["landing"]["before"]
    assert demo.rows("select * from landings where run not like 'parcel@%'") == []


def test_a_claim_is_sent_back_with_our_output_and_then_proved(demo: Demonstration) -> None:
    claimed, mended = demo.attempt("parcel/T2", 1), demo.attempt("parcel/T2", 2)
    assert b"All tests pass" in demo.evidence(claimed["log"])
    assert (claimed["outcome"], mended["outcome"]) == ("failed", "proved")
    assert demo.verdicts(claimed["report"])["A2"] == "fail"
    assert demo.verdicts(mended["report"])["A2"] == "pass"
    told = demo.evidence(mended["prompt"]).decode()
    assert "expected '1500', got nothing more" in told
    assert "expected '1500'" not in demo.evidence(claimed["prompt"]).decode()
    assert claimed["agent"] == mended["agent"] == "boaster"


def test_the_other_tasks_are_proved_at_once(demo: Demonstration) -> None:
    for task, criterion in (("T1", "A1"), ("T3", "A3")):
        (row,) = demo.rows("select * from attempts where task = ?", f"parcel/{task}")
        assert (row["agent"], row["outcome"], row["number"]) == ("swift", "proved", 1)
        assert demo.verdicts(row["report"])[criterion] == "pass"


def test_the_second_wave_starts_from_the_first(demo: Demonstration) -> None:
    started_from = demo.attempt("parcel/T3", 1)["base"]
    ancestors = demo.git("rev-list", started_from, folder=demo.vault).splitlines()
    for task, number in (("T1", 1), ("T2", 2)):
        assert demo.attempt(f"parcel/{task}", number)["candidate"] in ancestors


def test_every_attempt_is_in_the_facts(demo: Demonstration) -> None:
    told = [one for facts in demo.facts["cheats"]["cheats"].values() for one in facts["attempts"]]
    told += demo.facts["agents"]["attempts"]
    rows = demo.rows("select * from attempts")
    assert {one["attempt"]: (one["outcome"], one["candidate"]) for one in told} == {
        f"{row['task']}#{row['number']}": (row["outcome"], row["candidate"]) for row in rows
    }
    for one in told:
        assert all(demo.evidence(digest) for digest in one["evidence"].values() if digest)
        if one["evidence"]["report"]:
            assert demo.verdicts(one["evidence"]["report"]).items() <= one["verdicts"].items()


def test_what_is_proved_lands_as_one_merge_commit(demo: Demonstration, tmp_path: Path) -> None:
    facts = demo.facts["landing"]
    before, after = facts["before"], facts["after"]
    assert demo.git("rev-list", "--first-parent", f"{before}..{after}") == after
    first, *others = demo.git("rev-list", "--parents", "-n", "1", after).split()[1:]
    assert (first, len(others)) == (before, 1)
    trailers = demo.git(
        "show", "-s", "--format=%(trailers:key=Spec,valueonly)%(trailers:key=Revision,valueonly)", after
    )
    assert trailers.split() == ["parcel", demo.facts["approve"]["revision"]]
    landed = demo.checkout(after, tmp_path / "landed")
    assert demo.tests(landed) == 0
    assert demo.python("-m", "parcel", "1.5 kg", folder=landed).stdout == "5.80\n"
    assert [row["outcome"] for row in demo.rows("select * from landings where kind = 'land'")] == ["landed"]


def test_the_vacuous_spec_is_not_pinned(demo: Demonstration, tmp_path: Path) -> None:
    assert demo.facts["vacuous"] == {"approve_exit": 4, "approvals": 0}
    assert demo.approvals("vacuous") == []
    landed = demo.checkout(demo.facts["landing"]["after"], tmp_path / "landed")
    assert "tests/test_rates.py::test_whole_kilos" in (landed / "specs" / "vacuous.md").read_text()
    assert demo.tests(landed, "tests/test_rates.py::test_whole_kilos") == 0


def test_the_rollback_restores_the_tree_and_proves_it(demo: Demonstration) -> None:
    facts = demo.facts["rollback"]
    before, landed = demo.facts["landing"]["before"], demo.facts["landing"]["after"]
    tip = demo.git("rev-parse", "main")
    assert tip == facts["after"]
    assert demo.git("rev-list", "--parents", "-n", "1", tip).split() == [tip, landed]
    assert demo.git("rev-parse", f"{tip}^{{tree}}") == demo.git("rev-parse", f"{before}^{{tree}}")
    assert demo.git("status", "--porcelain") == ""
    (row,) = demo.rows("select * from landings where kind = 'rollback'")
    report = json.loads(demo.evidence(row["report"]))
    assert {one["id"]: one["state"] for one in report["proofs"]} == {"F2": "holds", "A4": "holds"} == facts["proofs"]
    assert facts["evidence"]
    assert all(demo.evidence(digest) for digest in facts["evidence"])


def test_the_ledger_is_whole(demo: Demonstration) -> None:
    heads = {row["stream"]: (row["seq"], row["hash"]) for row in demo.rows("select * from heads")}
    assert len(heads) == 5
    for stream, head in heads.items():
        events = demo.rows("select * from events where stream = ? order by seq", stream)
        assert list(chain(events, head)) == []


@pytest.mark.parametrize(("what", "step"), [("agent", "agents"), ("check", "checks"), ("land", "landing")])
def test_a_demo_that_is_broken_says_where(tmp_path: Path, what: str, step: str) -> None:
    demand("bubblewrap", works=shutil.which("bwrap") is not None)
    broken = perform(tmp_path, SNAPLINE_DEMO_BREAK=what)
    assert (broken.status, broken.document["failed"]) == (1, step)
    assert [one["name"] for one in broken.document["steps"] if not one["ok"]] == [step]
    assert f"FAILED  {step}" in broken.messages
    assert broken.git("rev-parse", "main") == broken.facts["repository"]["commit"]


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Demonstration:
    """The demo on a machine without bubblewrap."""
    return performed_once(common(tmp_path_factory) / "bare", perform_without_bubblewrap)


def perform_without_bubblewrap(place: Path) -> Demonstration:
    return perform(place, path=path_without("bwrap", place / "programs"))


def test_without_bubblewrap_it_goes_on_and_says_what_lacks(bare: Demonstration) -> None:
    assert (bare.status, bare.document["tier"], bare.document["failed"]) == (0, "T0", None), bare.messages
    assert "bubblewrap is not installed" in bare.messages
    assert len(bare.document["not_shown"]) == 3
    assert all(one in bare.messages for one in bare.document["not_shown"])
    config = bare.git("show", f"{bare.facts['repository']['commit']}:snapline.toml")
    assert 'sandbox = "none"' in config


def test_without_bubblewrap_a_person_accepts_each_task(bare: Demonstration) -> None:
    assert bare.facts["agents"]["exits"][0] == 5
    assert bare.facts["agents"]["exits"][-1] == 0
    decided = bare.rows("select task, outcome from decisions where kind = 'accept' order by task")
    assert [(row["task"], row["outcome"]) for row in decided] == [(f"parcel/T{n}", "ok") for n in (1, 2, 3)]
    landed = bare.facts["landing"]["after"]
    assert bare.git("rev-parse", "main^") == landed
    assert bare.git("rev-parse", "main^{tree}") == bare.git("rev-parse", f"{landed}^1^{{tree}}")


def test_without_bubblewrap_the_other_cheats_are_refused_all_the_same(bare: Demonstration) -> None:
    assert set(bare.facts["cheats"]["cheats"]) == set(CHEATS)
    for cheat in CHEATS:
        assert bare.verdicts(bare.attempt(f"{cheat}/T1", 1)["report"])["A1"] == "fail"


@pytest.mark.parametrize(
    ("arguments", "variables", "code"),
    [
        (("taken",), {}, "unusable-folder"),
        (("inside/of/it",), {}, "unusable-folder"),
        (("new",), {"SNAPLINE_DEMO_BREAK": "everything"}, "usage"),
        (("new",), {"SNAPLINE_ATTEMPT": "parcel/T1#1"}, "inside-attempt"),
    ],
)
def test_it_refuses_before_it_writes(
    tmp_path: Path, arguments: tuple[str, ...], variables: dict[str, str], code: str
) -> None:
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken" / "mine").touch()
    (tmp_path / "inside" / ".git").mkdir(parents=True)
    before = sorted(tmp_path.rglob("*"))
    done = subprocess.run(
        [sys.executable, "-m", "snapline", "demo", *arguments, "--json"],
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"], "HOME": str(tmp_path)} | variables,
        capture_output=True,
        text=True,
        check=False,
    )
    assert json.loads(done.stdout)["error"]["code"] == code
    assert done.returncode in {2, 4}
    assert sorted(tmp_path.rglob("*")) == before
