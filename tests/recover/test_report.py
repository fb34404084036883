"""What a rollback says of itself, and the exit status that follows."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from snapline.base import wire
from snapline.base.errors import ExitStatus
from snapline.base.ids import ClauseId, Oid, RevisionId, SpecId
from snapline.recover.failureplan import Side
from snapline.recover.report import (
    Proof,
    ProofState,
    RollbackReport,
    StepOutcome,
    StepState,
    exit_status,
    first_failure,
    regression_proofs,
    render,
)
from snapline.spec.model import CheckKind, StepKind
from snapline.verify.report import CheckRow, ConstraintRow, ConstraintVerdict, CriterionRow, Report
from snapline.verify.verdict import State, Trust, Verdict

COMMAND = StepOutcome(1, StepKind.COMMAND, "alembic downgrade 0141", Side.LANDED, StepState.DONE, exit=0)
REVERT = StepOutcome(2, StepKind.REVERT, "revert", Side.REVERTED, StepState.DONE)
HOLDS = Proof(ClauseId("F2"), "./smoke.sh", ProofState.HOLDS)
DONE = RollbackReport(
    spec=SpecId("demo"),
    revision=RevisionId("3f" * 32),
    target="main",
    landings=(Oid("b" * 40),),
    before=Oid("b" * 40),
    after=Oid("c" * 40),
    revert=Oid("c" * 40),
    restored=True,
    steps=(COMMAND, REVERT),
    proofs=(HOLDS,),
    escalate="@on-call",
)


def with_step(state: StepState) -> RollbackReport:
    return replace(DONE, steps=(replace(COMMAND, state=state, message="exit status 4"),), unfinished=1, proofs=())


def with_proof(state: ProofState) -> RollbackReport:
    return replace(DONE, proofs=(HOLDS, replace(HOLDS, state=state, message="no answer")))


@pytest.mark.parametrize(
    ("report", "status"),
    [
        (DONE, ExitStatus.DONE),
        (replace(DONE, steps=(), proofs=()), ExitStatus.DONE),
        (with_step(StepState.FAILED), ExitStatus.FAILED),
        (with_step(StepState.UNKNOWN), ExitStatus.WAITS),
        (with_proof(ProofState.FAILS), ExitStatus.FAILED),
        (with_proof(ProofState.COULD_NOT_RUN), ExitStatus.ENVIRONMENT),
        (replace(DONE, conflicts=("a.py",)), ExitStatus.WAITS),
        (replace(DONE, steps=(replace(REVERT, state=StepState.FAILED),)), ExitStatus.WAITS),
    ],
)
def test_exit_status(report: RollbackReport, status: ExitStatus) -> None:
    assert exit_status(report) is status
    assert report.complete == (status is ExitStatus.DONE)
    assert wire.decode(wire.encode(report), RollbackReport) == report


def test_a_rollback_that_was_done_says_what_it_proved() -> None:
    assert render(DONE) == (
        "Rollback of demo@3f3f3f3f on main\n"
        "  1. alembic downgrade 0141 (landed): done\n"
        "  2. revert (reverted): done\n"
        "What it proved\n"
        "  Commit cccccccc takes back bbbbbbbb; main is at cccccccc.\n"
        "  The tree is the very one from before the landing.\n"
        "  F2 `./smoke.sh` holds\n"
    )


def test_one_that_stopped_says_where_and_whom_to_tell() -> None:
    report = with_step(StepState.FAILED)
    told = render(report)
    assert "1. alembic downgrade 0141 (landed): failed: exit status 4" in told
    assert "Not begun: 1 of 2 steps" in told
    assert "Tell @on-call" in told
    assert first_failure(report.steps) == report.steps[0]
    assert first_failure(DONE.steps) is None


def test_a_conflict_names_the_paths() -> None:
    assert "nothing was touched: a.py, b.py" in render(replace(DONE, conflicts=("a.py", "b.py")))


def test_without_any_proof_it_says_so() -> None:
    assert "Nothing: no check ran afterwards" in render(replace(DONE, restored=False, proofs=()))
    assert "Nothing:" not in render(replace(DONE, proofs=()))


@pytest.mark.parametrize(
    ("verdict", "state"),
    [
        (Verdict.PASS, ProofState.HOLDS),
        (Verdict.FAIL, ProofState.FAILS),
        (Verdict.FLAKY, ProofState.FAILS),
        (Verdict.COULD_NOT_RUN, ProofState.COULD_NOT_RUN),
    ],
)
def test_regressions_prove_by_their_verdict(verdict: Verdict, state: ProofState) -> None:
    check = CheckRow(
        CheckKind.COMMAND, verdict, None, State.PASSED, "exit", 1, 0.1, Trust.IN_PROCESS, "why", evidence=()
    )
    row = CriterionRow(ClauseId("A3"), regression=True, verdict=verdict, strength=None, checks=(check,))
    report = Report(
        SpecId("demo"),
        RevisionId("3f" * 32),
        approved=True,
        base=Oid("a" * 40),
        commit=Oid("c" * 40),
        tier="T2",
        verdicts=(row,),
        constraints=(
            ConstraintRow("C1", ConstraintVerdict.FAIL, "test_b failed"),
            ConstraintRow("C2", ConstraintVerdict.PASS, ""),
            ConstraintRow("C3", ConstraintVerdict.COULD_NOT_RUN, "no make"),
            ConstraintRow("unchanged", ConstraintVerdict.FAIL, "nothing is changed"),
        ),
        waiting=(),
        accepted=False,
    )
    asked = [ClauseId(one) for one in ("A3", "C1", "C2", "C3")]
    assert regression_proofs(report, asked) == (
        Proof(ClauseId("A3"), "", state, "why"),
        Proof(ClauseId("C1"), "", ProofState.FAILS, "test_b failed"),
        Proof(ClauseId("C2"), "", ProofState.HOLDS),
        Proof(ClauseId("C3"), "", ProofState.COULD_NOT_RUN, "no make"),
    )
