"""Approvals as records of a real repository."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from snapline.base.errors import ExitStatus
from snapline.base.ids import ClauseId, Oid, RevisionId, SpecId
from snapline.repo.records import Records
from snapline.review.approval import Approval, NotApproved, PinnedRow, Waived, approval_of, approvals, record
from snapline.verify.verdict import State

FIRST = Approval(
    spec=SpecId("retry-uploads"),
    revision=RevisionId("3f" * 32),
    by="@alice",
    at="2026-11-22T10:00:00Z",
    base=Oid("a" * 40),
    target="main",
    path="specs/retry-uploads.md",
    text="\ufeff# Task\r\nÜber alles\r\n",
    baseline=(
        PinnedRow(ClauseId("A1"), regression=False, state=State.FAILED, because="fails now because: exit status 2"),
    ),
    waived=(Waived("SEC004", None, "no owner yet"),),
    settings="[env]\n",
)
SECOND = replace(FIRST, revision=RevisionId("4a" * 32), at="2026-11-22T11:00:00Z")
OTHER = replace(FIRST, spec=SpecId("other"), revision=RevisionId("3f" * 32))


def test_an_approval_comes_back_byte_for_byte(records: Records) -> None:
    record(records, FIRST)
    (found,) = approvals(records)
    assert found == FIRST
    assert found.source.raw == FIRST.text.encode()


def test_the_same_approval_twice_is_one_record(records: Records) -> None:
    assert record(records, FIRST) == record(records, FIRST)
    assert len(approvals(records)) == 1


def test_the_latest_counts_unless_a_revision_is_named(records: Records) -> None:
    for one in (SECOND, OTHER, FIRST):
        record(records, one)
    found = approvals(records, SpecId("retry-uploads"))
    assert found == (FIRST, SECOND)
    assert approval_of(found, SpecId("retry-uploads")) == SECOND
    assert approval_of(found, SpecId("retry-uploads"), "3f3f") == FIRST


@pytest.mark.parametrize(("spec", "revision"), [("absent", None), ("retry-uploads", "99")])
def test_what_is_not_approved_is_refused(spec: str, revision: str | None, records: Records) -> None:
    record(records, FIRST)
    with pytest.raises(NotApproved, match=spec) as caught:
        approval_of(approvals(records), SpecId(spec), revision)
    assert caught.value.exit_status is ExitStatus.REFUSED
    assert f"snapline approve {spec}" in caught.value.hint
