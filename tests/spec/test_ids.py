# ruff: noqa: RUF001 - full-width characters are what is tested
from __future__ import annotations

import pytest
from tests.spec.written import codes, fixed, only, quoted, section_of, spec_of

from snapline.base.ids import ClauseId
from snapline.base.text import Source
from snapline.spec.model import SectionKind
from snapline.spec.parser import parse


@pytest.mark.parametrize(
    "line",
    [
        "- A7: x",
        "- A7：x",
        "- A7:x",
        "- **A7:** x",
        "- **A7**: x",
        "- *A7*: x",
        "- __A7__: x",
        "- ***A7:*** x",
        "- **A7: x**",
        "- [ ] A7: x",
        "- [ ] **A7:** x",
        "1. A7: x",
        "A7: x",
        "-   A7:   x",
        "-\n  A7: x",
    ],
)
def test_written(line: str) -> None:
    spec = section_of(SectionKind.ACCEPTANCE, line)
    clause = only(spec)
    assert (clause.id, clause.written, clause.text, clause.insertion) == ("A7", True, "x", "")
    assert clause.id_span is not None
    assert spec.source.slice(clause.id_span) == "A7"
    assert spec.source.slice(clause.body).startswith("x")
    assert codes(spec) == []


@pytest.mark.parametrize(
    "line",
    [
        "- F1 score is high",
        "- A1 and A2 hold",
        "- (A1) x",
        "- A1, A2: x",
        "- `A1` x",
        "- \\A1x",
        "- A1\\: x",
        "- B1: x",
        "- A: x",
        "- AB1: x",
        "- x A1: y",
        "- USB-1: x",
        "- A1B: x",
        "- C1. x",
        "- [A1](http://x) y",
    ],
)
def test_not_an_id(line: str) -> None:
    spec = section_of(SectionKind.ACCEPTANCE, line)
    assert (only(spec).shown, codes(spec)) == ("A1?", [])


@pytest.mark.parametrize(
    ("line", "quote", "after"),
    [
        ("- AC1: x", "AC1", "- A1: x"),
        ("- A-1: x", "A-1", "- A1: x"),
        ("- a1: x", "a1", "- A1: x"),
        ("- A1. x", "A1.", "- A1: x"),
        ("- A1) x", "A1)", "- A1: x"),
        ("- `A1`: x", "`A1`", "- A1: x"),
        ("- [A1] x", "[A1]", "- A1: x"),
        ("- A1 : x", "A1 :", "- A1: x"),
        ("- **A1** : x", "A1", None),
        ("- A01: x", "A01", "- A1: x"),
        ("- A0: x", "A0", "- A2: x"),
        ("- A12345: x", "A12345", "- A2: x"),
        ("- A 1: x", "A 1", "- A1: x"),
        ("- A#1: x", "A#1", "- A1: x"),
        ("- A1 - x", "A1 -", "- A1: x"),
        ("- A1 — x", "A1 —", "- A1: x"),
        ("- **A1** x", "A1", "- **A1:** x"),
        ("- **A-1:** x", "A-1", "- **A1:** x"),
        ("- **A-1**: x", "A-1", "- **A1**: x"),
        ("- A9: y\n- [x] AC9. x", "AC9.", None),
    ],
)
def test_near_misses(line: str, quote: str, after: str | None) -> None:
    taken = "- A1: taken\n" if after and "A2" in after else ""
    spec = section_of(SectionKind.ACCEPTANCE, taken + line)
    assert ("IDS024", quote) in quoted(spec)
    assert spec.clauses()[-1].insertion == "", "fmt leaves a near miss to lint"
    if after:
        mended = fixed(spec)
        assert mended == f"# Acceptance\n{taken}{after}\n"
        assert codes(spec_of(mended)) == []


@pytest.mark.parametrize("line", ["- <!-- y --> A7: x", "- [A7]: x", "<!-- y --> A7: x", "[A7]: x"])
def test_hidden_ids_are_stray_structure(line: str) -> None:
    assert codes(section_of(SectionKind.ACCEPTANCE, line)) == ["FMT013"]


def test_wrong_letter() -> None:
    spec = spec_of("# Goal\n- G1: a\n- A4: b\n")
    assert quoted(spec) == [("IDS023", "A4")]
    assert [clause.shown for clause in spec.clauses()] == ["G1", "G2?"]
    assert fixed(spec) == "# Goal\n- G1: a\n- G2: b\n"


def test_ticks() -> None:
    spec = section_of(SectionKind.GOAL, "- [x] G1: a\n- [ ] b\n- [X] c")
    assert quoted(spec) == [("IDS025", "[x]"), ("IDS025", "[X]")]
    assert [clause.text for clause in spec.clauses()] == ["a", "b", "c"]
    assert fixed(spec) == "# Goal\n- [ ] G1: a\n- [ ] b\n- [ ] c\n"


def test_provisional_ids_go_on_from_the_highest() -> None:
    source = Source.from_bytes("x.md", b"# Goal\n- a\n- G3: b\n- c\n# Acceptance\n- d\n")
    assert [clause.shown for clause in parse(source).clauses()] == ["G4?", "G3", "G5?", "A1?"]
    known = [ClauseId("G9"), ClauseId("A2"), ClauseId("nonsense")]
    assert [clause.shown for clause in parse(source, known=known).clauses()] == ["G10?", "G3", "G11?", "A3?"]


def test_provisional_ids_fill_gaps_when_numbers_run_out() -> None:
    spec = spec_of("# Goal\n- G1: a\n- G9999: b\n- c\n- d\n")
    assert [clause.shown for clause in spec.clauses()] == ["G1", "G9999", "G2?", "G3?"]


def test_the_same_id_twice_is_kept_for_lint() -> None:
    spec = spec_of("# Goal\n- G1: a\n- G1: b\n")
    assert [clause.id for clause in spec.clauses()] == ["G1", "G1"]


def test_an_id_of_a_table() -> None:
    clause = only(section_of(SectionKind.GOAL, "| **G1:** a | b |\n|---|---|\n| 1 | 2 |"))
    assert (clause.id, clause.written, clause.text) == ("G1", True, "| a | b |\n| 1 | 2 |")
