"""What rollback means, plan by plan."""

from __future__ import annotations

import pytest

from snapline.base.errors import ExitStatus
from snapline.base.text import Source
from snapline.recover.failureplan import (
    FailurePlan,
    Mode,
    PlanHasSteps,
    PlanIsProse,
    attempts,
    failure_plan,
    to_carry_out,
)
from snapline.recover.rollback import proofs, regressions
from snapline.spec.model import Spec
from snapline.spec.parser import parse


def spec(plan: str | None) -> Spec:
    text = "# Task\nX.\n# Goal\n- G1: Y.\n# Acceptance\n- A1: Z: `$ true`\n"
    if plan is not None:
        text += f"# Failure plan\n{plan}"
    return parse(Source.from_bytes("s.md", text.encode()))


def steps(plan: FailurePlan) -> list[tuple[str, str]]:
    return [(step.text, step.side) for step in plan.steps]


@pytest.mark.parametrize(
    ("plan", "mode", "expected"),
    [
        pytest.param(None, Mode.REVERT, [("revert", "reverted")], id="no section"),
        pytest.param("", Mode.REVERT, [("revert", "reverted")], id="empty"),
        pytest.param("<!-- what if? -->\n", Mode.REVERT, [("revert", "reverted")], id="a comment"),
        pytest.param("None.\n", Mode.REVERT, [("revert", "reverted")], id="none, in a word"),
        pytest.param("- N/A\n", Mode.REVERT, [("revert", "reverted")], id="not applicable"),
        pytest.param("- F1: Retry: 2\n- F2: Escalate: @bob\n", Mode.REVERT, [("revert", "reverted")], id="other words"),
        pytest.param("- F1: Rollback: revert\n", Mode.STEPS, [("revert", "reverted")], id="revert"),
        pytest.param(
            "- F1: Rollback: `$ alembic downgrade 0141`, revert\n",
            Mode.STEPS,
            [("alembic downgrade 0141", "landed"), ("revert", "reverted")],
            id="a command before",
        ),
        pytest.param(
            "- F1: Rollback: revert, `$ ./purge.sh`\n",
            Mode.STEPS,
            [("revert", "reverted"), ("./purge.sh", "reverted")],
            id="a command after",
        ),
        pytest.param("- F1: Rollback: `$ ./off.sh`\n", Mode.STEPS, [("./off.sh", "landed")], id="no revert"),
        pytest.param(
            "- F1: Rollback: `$ ./off.sh`\n- F2: Call Bob.\n- F3: Rollback: revert\n",
            Mode.STEPS,
            [("./off.sh", "landed"), ("revert", "reverted")],
            id="two clauses, and prose",
        ),
        pytest.param("Call Bob and wait.\n", Mode.PROSE, [], id="prose"),
        pytest.param("- F1: Call Bob.\n- F2: Verify rollback: A1\n", Mode.PROSE, [], id="prose with a proof"),
    ],
)
def test_failure_plan(plan: str | None, mode: Mode, expected: list[tuple[str, str]]) -> None:
    found = failure_plan(spec(plan))
    assert (found.mode, steps(found)) == (mode, expected)


def test_proofs_and_people_are_read() -> None:
    found = failure_plan(
        spec("- F1: Verify rollback: `$ ./smoke.sh`, A1\n- F2: Escalate: @bob\n- F3: Mind the cache.\n")
    )
    assert [(clause, [check.text for check in checks]) for clause, checks in found.verify] == [("F1", ["./smoke.sh"])]
    assert found.verify_ids == ("A1",)
    assert found.escalate == "@bob"
    assert found.prose == ("Mind the cache.",)


def test_prose_runs_nothing_but_an_explicit_revert() -> None:
    plan = failure_plan(spec("Call Bob and wait.\n"))
    with pytest.raises(PlanIsProse, match="Call Bob and wait") as caught:
        to_carry_out(plan, revert=False)
    assert caught.value.exit_status is ExitStatus.REFUSED
    assert [step.text for step in to_carry_out(plan, revert=True)] == ["revert"]


def test_an_explicit_revert_adds_nothing_to_steps() -> None:
    with pytest.raises(PlanHasSteps):
        to_carry_out(failure_plan(spec("- F1: Rollback: `$ ./off.sh`\n")), revert=True)
    plan = failure_plan(spec("- F1: Rollback: `$ ./off.sh`, revert\n"))
    assert to_carry_out(plan, revert=True) == to_carry_out(plan, revert=False) == plan.steps
    assert to_carry_out(failure_plan(spec(None)), revert=False) == failure_plan(spec(None)).steps


@pytest.mark.parametrize(("plan", "expected"), [(None, 3), ("- F1: Retry: 5\n", 5), ("- Retry: 4\n- Retry: 2\n", 2)])
def test_attempts(plan: str | None, expected: int) -> None:
    assert attempts(spec(plan)) == expected


def test_what_is_proved_after_a_rollback() -> None:
    text = (
        "# Task\nX.\n# Goal\n- G1: Y.\n# Constraints\n- C1: Keep passing: `$ make lint`\n- C2: Be nice.\n"
        "# Acceptance\n- A1: New: `$ make new`\n- A2: Old: `$ make old` (regression)\n- A3: Both: `$ make a` (manual)\n"
        "# Failure plan\n- F1: Verify rollback: `$ ./smoke.sh`, A1, A3\n"
    )
    given = parse(Source.from_bytes("s.md", text.encode()))
    assert [(clause, check.text) for clause, check in proofs(given, failure_plan(given))] == [
        ("F1", "./smoke.sh"),
        ("A1", "make new"),
        ("A3", "make a"),
    ]
    assert regressions(given) == ("A2", "C1")
