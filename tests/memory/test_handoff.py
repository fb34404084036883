"""What an attempt leaves, stored and told again."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from snapline.base.ids import AttemptId, ClauseId, Digest, Oid, RevisionId, SpecId
from snapline.base.text import Source
from snapline.memory.handoff import (
    WORDS,
    Handoff,
    Standing,
    Touched,
    hand_off,
    keep,
    last_words,
    recall,
    retry_input,
    stat,
)
from snapline.plan.derive import plan
from snapline.prompt.render import PromptInput
from snapline.prompt.retry import Outcome, retry
from snapline.repo.changes import Change, ChangeStatus
from snapline.spec.model import CheckKind
from snapline.spec.parser import parse
from snapline.store.evidence import EvidenceStore
from snapline.verify.report import CheckRow, ConstraintRow, ConstraintVerdict, CriterionRow, Report
from snapline.verify.verdict import State, Trust, Verdict


@pytest.fixture
def evidence(tmp_path: Path) -> EvidenceStore:
    return EvidenceStore(tmp_path / "evidence")


def row(clause: str, verdict: Verdict, message: str, *evidence: str) -> CriterionRow:
    check = CheckRow(
        CheckKind.COMMAND,
        verdict,
        None,
        State.FAILED,
        "exit",
        1,
        0.1,
        Trust.IN_PROCESS,
        message,
        tuple(Digest(one) for one in evidence),
    )
    return CriterionRow(ClauseId(clause), regression=False, verdict=verdict, strength=None, checks=(check,))


def report(*rows: CriterionRow) -> Report:
    return Report(
        spec=SpecId("demo"),
        revision=RevisionId("3f" * 32),
        approved=True,
        base=Oid("a" * 40),
        commit=Oid("c" * 40),
        tier="T2",
        verdicts=rows,
        constraints=(ConstraintRow("C1", ConstraintVerdict.FAIL, "docs/x.md lies outside"),),
        waiting=(),
        accepted=False,
    )


def test_it_holds_what_failed_with_our_output_and_not_our_reports(evidence: EvidenceStore) -> None:
    log = evidence.put(b"collected 3\n\x1b[31mE assert 1 == 2\n", "log")
    xml = evidence.put(b"<testsuite/>", "report")
    passed = evidence.put(b"fine", "log")
    found = hand_off(
        AttemptId("demo/T1#2"),
        "A2 failed",
        evidence,
        words="All tests pass.",
        report=report(row("A1", Verdict.PASS, "", passed), row("A2", Verdict.FAIL, "exit status 1", log, xml)),
        tree=Oid("d" * 40),
        changes=(Change(ChangeStatus.ADDED, "x.py", None, "100644", None, Oid("1" * 40), 3, 0),),
    )
    assert found == Handoff(
        attempt=AttemptId("demo/T1#2"),
        number=2,
        reason="A2 failed",
        tree=Oid("d" * 40),
        words="All tests pass.",
        standings=(
            Standing("A1", "pass"),
            Standing("A2", "fail", "exit status 1", "collected 3\nE assert 1 == 2\n"),
            Standing("C1", "fail", "docs/x.md lies outside"),
        ),
        touched=(Touched("x.py", 3, 0),),
    )
    assert recall(evidence, keep(evidence, found)) == found


def test_an_attempt_that_left_nothing_has_a_handoff_too(evidence: EvidenceStore) -> None:
    found = hand_off(AttemptId("demo#1"), "it hung", evidence)
    assert (found.standings, found.touched, found.tree) == ((), (), None)


def test_evidence_that_is_gone_is_left_out(evidence: EvidenceStore) -> None:
    found = hand_off(AttemptId("demo#1"), "x", evidence, report=report(row("A1", Verdict.FAIL, "why", "0" * 64)))
    assert found.standings[0] == Standing("A1", "fail", "why", "")


@pytest.mark.parametrize(
    ("log", "words"),
    [
        (None, ""),
        (b"", ""),
        (b"\x1b[1mdone\x1b[0m\n\n", "done"),
        (b"x" * WORDS + b"\xc3\xa9 end", None),
    ],
)
def test_last_words(log: bytes | None, words: str | None, tmp_path: Path) -> None:
    path = tmp_path / "log"
    if log is not None:
        path.write_bytes(log)
    found = last_words(path)
    assert len(found.encode()) <= WORDS
    if words is None:
        assert found.endswith("é end")
    else:
        assert found == words


LAST = Handoff(AttemptId("demo#1"), 1, "A1 failed", Oid("d" * 40), standings=(Standing("A1", "fail", "x"),))


@pytest.mark.parametrize(
    ("touched", "expected"),
    [
        ((), ""),
        ((Touched("a.py", 3, 1),), "1 file, +3 -1: a.py"),
        ((Touched("a.py", 3, 1), Touched("b.png", None, None)), "2 files, +3 -1: a.py, b.png"),
        (
            tuple(Touched(f"{one}.py", 1, 0) for one in range(10)),
            "10 files, +10 -0: 0.py, 1.py, 2.py, 3.py, 4.py, 5.py, 6.py, 7.py and 2 more",
        ),
    ],
)
def test_stat(touched: tuple[Touched, ...], expected: str) -> None:
    assert stat(touched) == expected


def test_all_attempts_are_told_the_last_one_in_full() -> None:
    spec = parse(Source.from_bytes("demo.md", b"# Task\nX.\n# Acceptance\n- A1: Y: `$ make`\n"))
    found = plan(spec)
    prompt = PromptInput(spec, RevisionId("3f" * 32), found, found.tasks[0], Oid("a" * 40), attempt=3)
    second = replace(
        LAST, number=2, reason="C1 failed", words="Done.", touched=(Touched("a.py", 1, 0),), rejection="No."
    )
    told = retry_input(prompt, [LAST, second], carried=True, seconds_left=60.0)
    assert [(one.number, one.reason, one.stat) for one in told.tried] == [
        (1, "A1 failed", ""),
        (2, "C1 failed", "1 file, +1 -0: a.py"),
    ]
    assert told.outcomes == (Outcome("A1", "fail", "x"),)
    assert (told.words, told.rejection, told.carried, told.seconds_left) == ("Done.", "No.", True, 60.0)
    assert "Attempt 2 was not accepted: C1 failed." in retry(told)
