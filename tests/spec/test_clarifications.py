# ruff: noqa: RUF001 - full-width characters are what is tested
"""Clarifications, the specs that Interfaces name, and what ``No network`` refuses."""

from __future__ import annotations

import pytest
from tests.spec.written import codes, fixed, only, quoted, section_of, spec_of

from snapline.base.ids import ClauseId
from snapline.spec.model import ClarificationEntry, InterfaceEntry, SectionKind

K = SectionKind


def ids(*names: str) -> tuple[ClauseId, ...]:
    return tuple(ClauseId(one) for one in names)


def clarification(text: str) -> ClarificationEntry:
    entry = only(section_of(K.CLARIFICATIONS, f"- Q1: {text}")).entry
    assert isinstance(entry, ClarificationEntry)
    return entry


@pytest.mark.parametrize(
    ("text", "entry"),
    [
        ("Which?", ClarificationEntry("Which?")),
        ("Which?\n  **Answer:**", ClarificationEntry("Which?")),
        ("Which? **Answer:** (@al, clarifies A2)", ClarificationEntry("Which?", None, "@al", ids("A2"))),
        ("Which? **Answer:** Both.", ClarificationEntry("Which?", "Both.")),
        ("Which? Answer: Both (@al)", ClarificationEntry("Which?", "Both", "@al")),
        ("Which? answer：Both（@al，clarifies A1-A2）。", ClarificationEntry("Which?", "Both", "@al", ids("A1", "A2"))),
        ("Which? **Answer:** Both (clarifies A2 and G1).", ClarificationEntry("Which?", "Both", None, ids("A2", "G1"))),
        ("Which?\n\n  **Answer:** `a`\n\n  ```\n  x\n  ```", ClarificationEntry("Which?", "`a`\n```\nx\n```")),
        (
            "Which?\n\n  - a\n\n  **Answer:** One.\n\n  Two. (@al, clarifies A2)",
            ClarificationEntry("Which?\n- a", "One.\nTwo.", "@al", ids("A2")),
        ),
        ("Is the Reanswer: x?", ClarificationEntry("Is the Reanswer: x?")),
        ("Which? **Answer:** f(x) (or g)", ClarificationEntry("Which?", "f(x) (or g)")),
    ],
)
def test_a_question_and_its_answer(text: str, entry: ClarificationEntry) -> None:
    assert clarification(text) == entry
    assert codes(section_of(K.CLARIFICATIONS, f"- Q1: {text}")) == []


@pytest.mark.parametrize(
    "end", ["(@al clarifies A2)", "(@al, clarifys A2)", "(by @al)", "(clarifies the second one)", "(@al, @bob)"]
)
def test_a_signature_that_is_nearly_one(end: str) -> None:
    spec = section_of(K.CLARIFICATIONS, f"- Q1: Which? **Answer:** Both {end}.")
    assert quoted(spec) == [("CON506", end)]


@pytest.mark.parametrize(
    ("text", "specs"),
    [
        ("a-b", [("a-b", None)]),
        ("`a`, b; c and d.", [("a", None), ("b", None), ("c", None), ("d", None)]),
        ("a. Its tokens are needed.", [("a", None)]),
        ("v1.2", [("v1.2", None)]),
        ("Pay#a & org/pay#b", [("a", "Pay"), ("b", "org/pay")]),
    ],
)
def test_specs_that_are_named(text: str, specs: list[tuple[str, str | None]]) -> None:
    spec = section_of(K.INTERFACES, f"- Spec: {text}")
    entry = only(spec).entry
    assert isinstance(entry, InterfaceEntry)
    assert [(one.spec, one.repository) for one in entry.specs] == specs
    assert [spec.source.slice(one.span).strip("`").rpartition("#")[2] for one in entry.specs] == [
        one for one, _ in specs
    ]
    assert codes(spec) == []


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("", "Spec"),
        ("the API", "API"),
        ("auth tokens", "tokens"),
        ("A", "A"),
        ("#a", "#a"),
        ("a#", "a#"),
        ("a, x#y#z!", "x#y#z!"),
    ],
)
def test_a_spec_that_cannot_be_waited_for(text: str, quote: str) -> None:
    spec = section_of(K.INTERFACES, f"- Spec: {text}")
    assert quoted(spec) == [("CON506", quote)]
    assert spec.waits_for == ()


def test_what_a_spec_waits_for() -> None:
    spec = spec_of("---\nafter: [b, a]\n---\n# Interfaces\n- Spec: c, a\n- Spec: pay#d\n- Service: e\n")
    assert spec.waits_for == ("b", "a", "c")


@pytest.mark.parametrize(
    ("text", "quotes"),
    [
        ("# Acceptance\n- `$ x` (slow, network)\n", ["(slow, network)"]),
        ("# Acceptance\n- `$ x` (network) and `$ y` (network)\n", ["(network)", "(network)"]),
        ("# Failure plan\n- Verify rollback: `$ x` (network)\n", ["`$ x`"]),
        ("# Acceptance\n- `$ x` (slow)\n", []),
    ],
)
def test_no_network_refuses_it_to_checks(text: str, quotes: list[str]) -> None:
    spec = spec_of(f"# Constraints\n- No network\n{text}")
    assert quoted(spec) == [("ACC318", quote) for quote in quotes]
    assert spec.offline
    assert codes(spec_of(text)) == []
    assert not spec_of(text).offline


@pytest.mark.parametrize(
    ("kind", "text", "quote"),
    [
        (K.CONSTRAINTS, "Must not contain: `/(?=a)b/`", "`/(?=a)b/`"),
        (K.CONSTRAINTS, "Must not contain: `/(a/`", "`/(a/`"),
        (K.CONSTRAINTS, "At most: 3 lines, 4 lines", "4 lines"),
        (K.FAILURE_PLAN, "Roll back when: `$ x` fails within 0m", "within 0m"),
        (K.FAILURE_PLAN, "Roll back when: `$ x` fails every 1m every 2m", "every 2m"),
    ],
)
def test_values_that_cannot_be_used(kind: SectionKind, text: str, quote: str) -> None:
    assert quoted(section_of(kind, f"- {text}")) == [("CON506", quote)]


@pytest.mark.parametrize(("glob", "better"), [("C:\\src\\a.py", "src/a.py"), ("src\\a.py", "src/a.py"), ("d:a", "a")])
def test_paths_of_another_system_are_mended(glob: str, better: str) -> None:
    spec = section_of(K.CONSTRAINTS, f"- Change only: `{glob}`")
    assert codes(spec) == ["CON506"]
    assert fixed(spec) == f"# Constraints\n- Change only: `{better}`\n"
