from __future__ import annotations

import pytest
from tests.spec.written import codes, only, quoted, section_of

from snapline.spec.model import SectionKind, TaskEntry


def task(text: str) -> TaskEntry:
    spec = section_of(SectionKind.TASKS, f"- T1: {text}")
    assert codes(spec) == []
    entry = only(spec).entry
    assert isinstance(entry, TaskEntry)
    return entry


def test_all_fields() -> None:
    entry = task(
        "Retry loop in the client. Proves A1, A2-A3. Changes `src/**`, `a b`. After T2 and T3. Agent codex. Lane pay."
    )
    assert entry.summary == "Retry loop in the client."
    assert entry.proves == ("A1", "A2", "A3")
    assert [glob.text for glob in entry.changes] == ["src/**", "a b"]
    assert (entry.after, entry.agent, entry.lane) == (("T2", "T3"), "codex", "pay")


@pytest.mark.parametrize(
    ("text", "summary"),
    [
        ("One. Two.", "One. Two."),
        ("Use `a.b. c` now. Proves A1.", "Use `a.b. c` now."),
        ("Changes the client. Proves A1.", "Changes the client."),
        ("After lunch. Agent of change.", "After lunch. Agent of change."),
        ("v1.2 is out. Proves A1", "v1.2 is out."),
        ("**Retry.** Proves A1.", "Retry."),
        ("Proves A1.", ""),
    ],
)
def test_other_sentences_are_prose(text: str, summary: str) -> None:
    assert task(text).summary == summary


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("Proves A1 and more.", "Proves"),
        ("After T2 if possible.", "After"),
        ("Changes `src/**` and the docs.", "Changes"),
        ("Changes `a\\b`.", "`a\\b`"),
    ],
)
def test_fields_that_nearly_parse(text: str, quote: str) -> None:
    spec = section_of(SectionKind.TASKS, f"- T1: x. {text}")
    assert quoted(spec) == [("CON506", quote)]
