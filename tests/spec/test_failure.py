from __future__ import annotations

import pytest
from tests.spec.written import codes, only, quoted, section_of

from snapline.spec.model import FailureEntry, FailureWord, SectionKind

W = FailureWord


def entry(text: str) -> FailureEntry:
    spec = section_of(SectionKind.FAILURE_PLAN, f"- F1: {text}")
    assert codes(spec) == []
    found = only(spec).entry
    assert isinstance(found, FailureEntry)
    return found


@pytest.mark.parametrize(
    ("text", "steps"),
    [
        ("Rollback: revert", ["revert"]),
        ("Rollback: `$ alembic downgrade 0141`, revert", ["alembic downgrade 0141", "revert"]),
        ("**Rollback:** Revert, then `$ a` and `$ b`.", ["revert", "a", "b"]),
        ("rollback: `$ a`", ["a"]),
    ],
)
def test_rollback(text: str, steps: list[str]) -> None:
    found = entry(text)
    assert (found.word, [step.text for step in found.steps]) == (W.ROLLBACK, steps)


def test_roll_back_when() -> None:
    found = entry("Roll back when: `$ smoke` or A2 fails within 30m, every 5m")
    assert [check.text for check in found.checks] == ["smoke"]
    assert (found.ids, found.within, found.every) == (("A2",), 1800, 300)
    assert entry("Roll back when: `a.py::t` fails").within is None


def test_verify_rollback() -> None:
    found = entry("Verify rollback: `$ smoke` (timeout 1m), A1")
    assert [(check.text, check.options.timeout) for check in found.checks] == [("smoke", 60)]
    assert found.ids == ("A1",)


def test_escalate_and_retry() -> None:
    assert entry("Escalate: @ops/oncall").who == "@ops/oncall"
    assert entry("Retry: 5.").attempts == 5


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("Rollback:", "Rollback"),
        ("Rollback: do not revert", "do"),
        ("Rollback: restore the backup", "restore"),
        ("Rollback: `alembic downgrade`", "`alembic downgrade`"),
        ("Rollback: revert, revert", "revert"),
        ("Roll back when: it is slow", "Roll back when"),
        ("Roll back when: `$ a`", "Roll back when"),
        ("Roll back when: fails", "Roll back when"),
        ("Roll back when: `$ a` fails badly", "badly"),
        ("Verify rollback:", "Verify rollback"),
        ("Verify rollback: look at it", "look"),
        ("Escalate:", "Escalate"),
        ("Escalate: the team", "the"),
        ("Escalate: @a @b", "@b"),
        ("Retry: three", "three"),
        ("Retry: 0", "0"),
        ("Retry: `3`", "`3`"),
        ("Rollback: revert\n\n  `$ a`", "`$ a`"),
    ],
)
def test_wrong_values(text: str, quote: str) -> None:
    assert quoted(section_of(SectionKind.FAILURE_PLAN, f"- {text}")) == [("CON506", quote)]


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("Roll back if: `$ a` fails", "Roll back if:"),
        ("Revert: `$ a`", "Revert:"),
        ("Roll back: revert", "Roll back:"),
        ("Escalate to: @a", "Escalate to:"),
        ("Retries: 3", "Retries:"),
        ("Verify the rollback: `$ a`", "Verify the rollback:"),
    ],
)
def test_almost_vocabulary(text: str, quote: str) -> None:
    spec = section_of(SectionKind.FAILURE_PLAN, f"- {text}")
    assert quoted(spec) == [("CON505", quote)]
    assert only(spec).entry is None


@pytest.mark.parametrize("text", ["Revert the merge commit.", "Roll back by hand", "Retry the upload", "Escalate it"])
def test_prose(text: str) -> None:
    spec = section_of(SectionKind.FAILURE_PLAN, text)
    assert (codes(spec), only(spec).entry) == ([], None)
