# ruff: noqa: RUF001 - full-width characters are what is tested
from __future__ import annotations

import pytest
from tests.spec.written import codes, quoted, section_of

from snapline.spec.model import SectionKind

PROSE = "F1 score and A1 rated paper"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x (A1)", "() A1"),
        ("x (A1, G2-G4) y", "() A1 G2 G3 G4"),
        ("x (A1 and A2; A3)", "() A1 A2 A3"),
        ("x（A1）", "() A1"),
        ("x (other-spec/A2)", "() other-spec/A2"),
        ("x (A1, regression)", "() A1"),
        ("x (A1, the first)", ""),
        ("x (A1 holds)", ""),
        ("x (manual)", ""),
        ("Proves G1.", "proves G1"),
        ("proves G1, G2 and G3", "proves G1 G2 G3"),
        ("proves: G1–G3", "proves G1 G2 G3"),
        ("(proves G1)", "proves G1"),
        ("see A1; per C2", "see A1, per C2"),
        ("clarifies A2 after T1", "clarifies A2, after T1"),
        ("proves other/G1-G2", "proves other/G1 other/G2"),
        ("proves\nG1", "proves G1"),
        ("proves `G1`", ""),
        ("improves G1", ""),
        ("proves g1", ""),
        ("proves G1x", ""),
        ("**proves** *G1*", "proves G1"),
        (PROSE, ""),
        ("`(A1)` <!-- (A2) --> [x](A3)", ""),
        ("- inner (A4)", "() A4"),
    ],
)
def test_references(text: str, expected: str) -> None:
    spec = section_of(SectionKind.GOAL, f"- G9: x\n  {text}")
    words: dict[str, list[str]] = {}
    for one in spec.clauses()[0].references:
        words.setdefault(one.word.value, []).append(f"{one.spec}/{one.clause}" if one.spec else one.clause)
    assert ", ".join(" ".join([word, *ids]) for word, ids in words.items()) == expected
    assert codes(spec) == []


def test_spans() -> None:
    spec = section_of(SectionKind.GOAL, "- a (A1, other/G2-G3)")
    spans = [spec.source.slice(one.span) for one in spec.clauses()[0].references]
    assert spans == ["A1", "other/G2-G3", "other/G2-G3"]


@pytest.mark.parametrize("text", ["(A3-A1)", "(A1-G3)", "proves A1-A900"])
def test_what_is_no_range(text: str) -> None:
    spec = section_of(SectionKind.GOAL, f"- x {text}")
    assert [code for code, _ in quoted(spec)] == ["IDS024"]
    assert spec.clauses()[0].references == ()
