"""Real repositories for the records, and a spec with a report on a candidate of it."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from snapline.base.ids import ClauseId, Digest, Oid, RevisionId, SpecId
from snapline.base.text import Source
from snapline.repo.records import Records
from snapline.repo.user import UserRepository
from snapline.spec.model import CheckKind, Spec
from snapline.spec.parser import parse
from snapline.verify.report import CheckRow, ConstraintRow, ConstraintVerdict, CriterionRow, Report
from snapline.verify.verdict import State, Strength, Trust, Verdict

TEXT = """\
# Task
Uploads fail.
# Goal
- G1: They are retried.
# Constraints
- C1: Change only: `src/**`
# Interfaces
- I1: Changes `src/client.py`
# Acceptance
- A1: It retries: `$ make retry`
- A2: It reads well (manual: @alice)
- A3: It looks good (manual)
- A4: All else holds: `$ make test` (regression)
# Failure plan
None.
"""


@pytest.fixture
def records(tmp_path: Path) -> Records:
    folder = tmp_path / "repo"
    folder.mkdir()
    git = ["git", "-c", "user.name=A", "-c", "user.email=a@example.org"]
    for words in ("init -q", "commit -q --allow-empty -m first"):
        subprocess.run([*git, *words.split()], cwd=folder, check=True)
    return Records(UserRepository.discover(folder))


@pytest.fixture
def spec() -> Spec:
    return parse(Source.from_bytes("specs/demo.md", TEXT.encode()))


def manual(clause: str) -> CriterionRow:
    check = CheckRow(CheckKind.MANUAL, Verdict.UNSIGNED, None, None, "", None, 0.0, Trust.MANUAL, "")
    return CriterionRow(ClauseId(clause), regression=False, verdict=Verdict.UNSIGNED, strength=None, checks=(check,))


def ran(clause: str, verdict: Verdict, message: str = "", *, regression: bool = False) -> CriterionRow:
    strength = Strength.FULL if verdict is Verdict.PASS else None
    before = State.PASSED if regression else State.FAILED
    status = 0 if verdict is Verdict.PASS else 2
    evidence = (Digest("ab12" * 16),)
    check = CheckRow(
        CheckKind.COMMAND, verdict, strength, before, "exit", status, 1.25, Trust.IN_PROCESS, message, evidence
    )
    return CriterionRow(ClauseId(clause), regression=regression, verdict=verdict, strength=strength, checks=(check,))


@pytest.fixture
def report() -> Report:
    return Report(
        spec=SpecId("demo"),
        revision=RevisionId("3f" * 32),
        approved=True,
        base=Oid("a" * 40),
        commit=Oid("c" * 40),
        tier="T2",
        verdicts=(
            ran("A1", Verdict.FAIL, "exit status 2: \x1b[31mno retry"),
            manual("A2"),
            manual("A3"),
            ran("A4", Verdict.PASS, regression=True),
        ),
        constraints=(
            ConstraintRow("C1", ConstraintVerdict.PASS, ""),
            ConstraintRow("unchanged", ConstraintVerdict.PASS, ""),
        ),
        waiting=(ClauseId("A2"), ClauseId("A3")),
        accepted=False,
    )
