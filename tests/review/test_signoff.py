"""Who may sign what, and for how long it counts."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from snapline.base.errors import ExitStatus
from snapline.base.ids import AttemptId, ClauseId, Oid, RevisionId, SpecId, TaskId
from snapline.repo.records import Records
from snapline.review.signoff import (
    NotSignable,
    Rejection,
    SignOff,
    record,
    refuse_unsignable,
    same_person,
    sign_offs,
    signed,
)
from snapline.spec.model import Spec
from snapline.verify.report import Report

WORD = SignOff(
    task=TaskId("demo"),
    spec=SpecId("demo"),
    revision=RevisionId("3f" * 32),
    commit=Oid("c" * 40),
    tree=Oid("d" * 40),
    criteria=(ClauseId("A2"),),
    by="@alice",
    at="2026-11-22T10:00:00Z",
)


@pytest.mark.parametrize(("criteria", "by"), [(("A3",), "bob"), (("A2", "A3"), "@Alice"), ((), "bob")])
def test_what_waits_can_be_signed_by_whom_the_spec_names(
    criteria: tuple[str, ...], by: str, spec: Spec, report: Report
) -> None:
    refuse_unsignable(spec, report, [ClauseId(one) for one in criteria], by)


@pytest.mark.parametrize(
    ("criteria", "by", "reasons"),
    [
        (("A1",), "alice", ["A1 is `fail` and waits for nobody"]),
        (("A4",), "alice", ["A4 is `pass` and waits for nobody"]),
        (("A2",), "bob", ["A2 is for @alice to sign, not for bob"]),
        (("A9",), "alice", ["A9 is no criterion"]),
        (("C1",), "alice", ["C1 is no criterion"]),
        (("A1", "A2", "A3"), "bob", ["A1 is `fail`", "A2 is for @alice"]),
    ],
)
def test_a_word_never_turns_a_verdict(
    criteria: tuple[str, ...], by: str, reasons: list[str], spec: Spec, report: Report
) -> None:
    with pytest.raises(NotSignable) as caught:
        refuse_unsignable(spec, report, [ClauseId(one) for one in criteria], by)
    assert caught.value.exit_status is ExitStatus.REFUSED
    assert all(reason in caught.value.message for reason in reasons)
    assert "A2, A3" in caught.value.hint


def test_where_nothing_waits_the_hint_names_the_rejection(spec: Spec, report: Report) -> None:
    with pytest.raises(NotSignable) as caught:
        refuse_unsignable(spec, replace(report, waiting=()), [ClauseId("A3")], "bob")
    assert "snapline reject" in caught.value.hint


def test_a_sign_off_counts_for_its_tree_and_revision_alone(records: Records) -> None:
    record(records, WORD)
    later = replace(WORD, at="2026-11-22T11:00:00Z", by="bob", criteria=(ClauseId("A2"), ClauseId("A3")))
    record(records, later)
    record(records, replace(WORD, spec=SpecId("other")))
    found = sign_offs(records, SpecId("demo"))
    assert found == (WORD, later)
    assert {one: who.by for one, who in signed(found, WORD.revision, WORD.tree).items()} == {"A2": "bob", "A3": "bob"}
    assert signed(found, WORD.revision, Oid("e" * 40)) == {}
    assert signed(found, RevisionId("4a" * 32), WORD.tree) == {}


def test_rejections_are_recorded_beside_them(records: Records) -> None:
    no = Rejection(
        task=WORD.task,
        attempt=AttemptId("demo#1"),
        spec=WORD.spec,
        revision=WORD.revision,
        commit=None,
        because="it retries forever",
        by="bob",
        at=WORD.at,
    )
    record(records, no)
    assert sign_offs(records, WORD.spec) == ()
    assert len(records.all("rejections")) == 1


@pytest.mark.parametrize(
    ("one", "other", "same"), [("@Alice", "alice", 1), (" alice", "@alice ", 1), ("al", "alice", 0)]
)
def test_same_person(one: str, other: str, same: int) -> None:
    assert same_person(one, other) == bool(same)
