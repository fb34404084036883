"""The plan of a spec, parsed from its text."""

from __future__ import annotations

import pytest

from snapline.base.text import Source
from snapline.plan.derive import plan
from snapline.plan.task import Plan
from snapline.spec.interfaces import PathTree
from snapline.spec.model import Spec
from snapline.spec.parser import parse

TREE = PathTree(["src/upload/client.py", "src/server/app.py", "src/shared.py", "CHANGELOG.md", "docs/a.md"])

HEAD = """\
---
id: retry-uploads
lane: payments
---
# Task
Uploads fail.
# Goal
- G1: They are retried.
# Constraints
- C1: Change only: `src/**`, `CHANGELOG.md`
- C2: Do not change: `src/shared.py`
# Interfaces
- I1: `src/upload/client.py`
# Acceptance
- A1: It retries: `$ make retry`
- A2: It resumes: `$ make resume`
- A3: It reads well.
- A4: All else holds: `$ make test` (regression)
# Failure plan
- F1: Rollback: revert
"""


def spec(tasks: str = "") -> Spec:
    text = HEAD + (f"# Tasks\n{tasks}" if tasks else "")
    return parse(Source.from_bytes("specs/retry-uploads.md", text.encode()))


def faults(found: Plan) -> list[tuple[str, str | None]]:
    return [(one.code, one.clause) for one in found.faults]


def test_without_a_breakdown_the_spec_is_one_task() -> None:
    found = plan(spec())
    (task,) = found.tasks
    assert task.id == "retry-uploads"
    assert task.clause is None
    assert task.proves == ("A1", "A2", "A3", "A4")
    assert task.lane == "payments"
    assert found.waves == (("retry-uploads",),)
    assert found.faults == ()


def test_a_task_may_change_what_a_person_is_asked_about() -> None:
    outside = spec("- T1: One. Proves A1, A2. Changes `docs/**`.\n")
    text = outside.source.text.replace("# Interfaces", "- C3: Ask first: `docs/**`\n# Interfaces")
    assert faults(plan(outside, TREE)) == [("PLN702", "T1")]
    assert faults(plan(parse(Source.from_bytes("specs/retry-uploads.md", text.encode())), TREE)) == []


def test_a_breakdown_gives_tasks_in_waves() -> None:
    found = plan(
        spec(
            "- T1: The client. Proves A1. Changes `src/upload/**`. Agent codex.\n"
            "- T2: The server. Proves A2. Changes `src/server/**`. After T1. Lane slow.\n"
            "- T3: The words. Proves A3. Changes `CHANGELOG.md`.\n"
        ),
        TREE,
    )
    assert [task.id for task in found.tasks] == ["retry-uploads/T1", "retry-uploads/T2", "retry-uploads/T3"]
    assert found.waves == (("retry-uploads/T1", "retry-uploads/T3"), ("retry-uploads/T2",))
    first, second, _ = found.tasks
    assert (first.agent, first.lane, first.proves, first.changes) == ("codex", "payments", ("A1",), ("src/upload/**",))
    assert (second.lane, second.after) == ("slow", ("retry-uploads/T1",))
    assert faults(found) == []
    assert found.task("retry-uploads/T2") == second
    assert found.task("other") is None


@pytest.mark.parametrize(
    ("tasks", "expected"),
    [
        pytest.param(
            "- T1: One. Proves A1. Changes `src/**`.\n- T2: Two. Proves A2. Changes `src/server/app.py`.\n",
            [("PLN701", "T2")],
            id="a common path",
        ),
        pytest.param(
            "- T1: One. Proves A1. Changes `src/new/**`.\n- T2: Two. Proves A2. Changes `src/new/x/**`.\n",
            [("PLN701", "T2")],
            id="one glob within another",
        ),
        pytest.param(
            "- T1: One. Proves A1. Changes `src/**`.\n- T2: Two. Proves A2. Changes `src/server/**`. After T1.\n",
            [],
            id="an order parts them",
        ),
        pytest.param(
            "- T1: One. Proves A1. Changes `src/upload/**`.\n"
            "- T2: Two. Proves A2. Changes `src/server/**`. After T1.\n"
            "- T3: Three. Proves A1. Changes `src/upload/client.py`. After T2.\n",
            [],
            id="an order through another parts them",
        ),
        pytest.param(
            "- T1: One. Proves A1. Changes `CHANGELOG.md`.\n- T2: Two. Proves A2. Changes `CHANGELOG.md`.\n",
            [],
            id="a shared path",
        ),
        pytest.param(
            "- T1: One. Proves A1, A2. Changes `docs/**`.\n",
            [("PLN702", "T1")],
            id="outside what may change",
        ),
        pytest.param(
            "- T1: One. Proves A1, A2. Changes `src/shared.py`.\n",
            [("PLN702", "T1")],
            id="under what may not",
        ),
        pytest.param(
            "- T1: One. Proves A1, A2. Changes `src/**`.\n",
            [],
            id="a carve-out is legal",
        ),
        pytest.param(
            "- T1: One. Proves A1. Changes `src/upload/**`.\n",
            [("PLN703", "A2")],
            id="a criterion that no task proves",
        ),
        pytest.param(
            "- T1: One. Proves A1, A2.\n- T2: Two.\n",
            [("PLN703", "T2")],
            id="a task that proves nothing",
        ),
        pytest.param(
            "- T1: One. Proves A1. After T2.\n- T2: Two. Proves A2. After T1.\n",
            [("PLN704", "T1")],
            id="a cycle",
        ),
    ],
)
def test_faults(tasks: str, expected: list[tuple[str, str | None]]) -> None:
    assert faults(plan(spec(tasks), TREE)) == expected


def test_a_fault_says_what_and_quotes_where() -> None:
    given = spec(
        "- T1: One. Proves A1. Changes `src/upload/**`.\n- T2: Two. Proves A2. Changes `src/upload/client.py`.\n"
    )
    (fault,) = plan(given, TREE).faults
    assert fault.message == "T1 and T2 may run side by side, and both change `src/upload/client.py`"
    assert given.source.slice(fault.span).startswith("- T2: Two.")
    assert "After T1" in fault.hint


def test_only_what_two_tasks_really_share_is_exempt() -> None:
    given = spec(
        "- T1: One. Proves A1. Changes `CHANGELOG.md`, `src/upload/**`.\n"
        "- T2: Two. Proves A2. Changes `CHANGELOG.md`, `src/upload/**`.\n"
    )
    assert faults(plan(given, TREE)) == [("PLN701", "T2")]
    assert faults(plan(given, TREE, shared=("CHANGELOG.md", "src/upload"))) == []


def test_a_cycle_names_the_shortest_and_leaves_the_rest_in_waves() -> None:
    found = plan(
        spec(
            "- T1: One. Proves A1. After T3.\n"
            "- T2: Two. Proves A1. After T1.\n"
            "- T3: Three. Proves A2. After T2, T4.\n"
            "- T4: Four. Proves A2. After T3.\n"
            "- T5: Five. Proves A1.\n"
        )
    )
    (fault,) = found.faults
    assert fault.message == "the tasks wait for one another: T3 after T4 after T3"
    assert found.waves == (("retry-uploads/T5",),)


def test_ids_that_are_no_criterion_or_task_are_left_to_their_own_rule() -> None:
    found = plan(spec("- T1: One. Proves A1, A2, A9. After T7.\n"))
    assert found.tasks[0].proves == ("A1", "A2")
    assert found.tasks[0].after == ()
    assert found.faults == ()


def test_a_breakdown_beyond_all_measure_is_refused_at_once() -> None:
    tasks = "".join(f"- T{number}: Do {number}. Changes `src/{number}/**`.\n" for number in range(1, 3001))
    found = plan(parse(Source.from_bytes("huge.md", f"# Task\nMuch.\n\n# Tasks\n{tasks}".encode())))
    assert [fault.code for fault in found.faults] == ["PLN701"]
    assert "3000 tasks" in found.faults[0].message
    assert found.waves == ()
