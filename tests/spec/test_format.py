from __future__ import annotations

import pytest
from tests.spec.written import codes, spec_of

from snapline.base.ids import ClauseId
from snapline.base.text import Edit, Source, Span, apply_edits
from snapline.spec.edit import EditWentAstray, apply_checked
from snapline.spec.format import fmt_edits
from snapline.spec.parser import parse
from snapline.spec.revision import revision

CASES = [
    ("- a\n- G4: b\n- c\n", "- G5: a\n- G4: b\n- G6: c\n"),
    ("a\nb\n\nc\n", "G1: a\nb\n\nG2: c\n"),
    ("- [ ] a\n- [x] b\n", "- [ ] G1: a\n- [x] G2: b\n"),
    ("-\n- \n-  \n", "- G1:\n- G2:\n- G3: \n"),
    ("-\n\n  a\n", "- G1:\n<!-- -->\n\n  a\n"),
    ("-\ntext\n", "- G1:\n\ntext\n"),
    ("1. a\n2) b\n", "1. G1: a\n2) G2: b\n"),
    ("- **a** b\n", "- G1: **a** b\n"),
    ("-\ta\n", "-\tG1: a\n"),
    ("-\n  a\n", "-\n  G1: a\n"),
    ("- - a\n", "- G1:\n\n  - a\n"),
    ("- ```\n  a\n  ```\n", "- G1:\n\n  ```\n  a\n  ```\n"),
    ("10. > a\n", "10. G1:\n\n    > a\n"),
    ("- # a\n", "- G1:\n\n  # a\n"),
    ("-     code\n", "- G1:\n\n      code\n"),
    ("- <!-- a -->\n", "- G1:\n\n  <!-- a -->\n"),
    ("-\n  ```\n  a\n  ```\n", "- G1:\n\n  ```\n  a\n  ```\n"),
    ("```\na\n```\n", "G1:\n```\na\n```\n"),
    ("> a\n", "G1:\n> a\n"),
    ("| a | b |\n|---|---|\n| 1 | 2 |\n", "| G1: a | b |\n|---|---|\n| 1 | 2 |\n"),
    ("a | b\n--|--\n1 | 2\n", "G1: a | b\n--|--\n1 | 2\n"),
    ("|  | b |\n|---|---|\n", "|  G1: | b |\n|---|---|\n"),
    ("[x]: y\ntext\n", "[x]: y\nG1: text\n"),
    ("   - a\n", "   - G1: a\n"),
    ("G-1: x\n", "G-1: x\n"),
    ("- G1. x\n", "- G1. x\n"),
    ("- A1: x\n", "- A1: x\n"),
    ("Intro:\n\n- a\n\nnote\n", "Intro:\n\n- G1: a\n\nnote\n"),
]


@pytest.mark.parametrize(("body", "after"), CASES)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_missing_ids(body: str, after: str, newline: str, mark: str) -> None:
    text = f"{mark}# Goal\n\n{body}".replace("\n", newline)
    spec = spec_of(text)
    written = apply_edits(text, fmt_edits(spec))
    assert written == f"{mark}# Goal\n\n{after}".replace("\n", newline)
    again = spec_of(written)
    assert fmt_edits(again) == ()
    assert revision(again) == revision(spec)
    assert [clause.id for clause in again.clauses()] == [clause.id for clause in spec.clauses()]


def test_no_final_newline() -> None:
    assert apply_edits("# Goal\na", fmt_edits(spec_of("# Goal\na"))) == "# Goal\nG1: a"


def test_a_lone_carriage_return_does_not_merge_with_what_follows() -> None:
    text = "# Goal\r\r-\n#e title\n"
    spec = spec_of(text)
    again = spec_of(apply_edits(text, fmt_edits(spec)))
    assert [clause.text for clause in again.clauses()] == [clause.text for clause in spec.clauses()] == [""]


def test_task_has_no_ids() -> None:
    assert fmt_edits(spec_of("# Task\n- a\n")) == ()


def test_known_ids_are_not_taken() -> None:
    source = Source.from_bytes("x.md", b"# Goal\n- a\n")
    spec = parse(source, known=[spec_of("# Goal\n- G7: x\n").clauses()[0].id])
    assert apply_edits(source.text, fmt_edits(spec)) == "# Goal\n- G8: a\n"


def test_checked_edits_pass_where_they_may() -> None:
    spec = spec_of("# Goal\n- a\n- b\n# Acceptance\n- A1: c\n")
    after = apply_checked(spec, fmt_edits(spec), touching=None)
    assert after.text == "# Goal\n- G1: a\n- G2: b\n# Acceptance\n- A1: c\n"
    assert codes(parse(after)) == []


@pytest.mark.parametrize(
    ("old", "new", "touching", "passes"),
    [
        ("old", "new", None, False),
        ("old", "new", {"G1"}, True),
        ("old", "new", {"G2"}, False),
        ("- G2: two\n", "", None, False),
        ("- G2: two\n", "", {"G2"}, True),
        ("- G2: two\n", "- G2: two\n- G3: x\n", {"G3"}, True),
        ("- G2: two\n", "- G2: two\n- G3: x\n", {"G1"}, False),
        ("- G2: two\n", "- G9: two\n", None, False),
        ("why", "because", None, False),
        ("why", "because", {"G1"}, False),
        ("# Goal", "# Goals of it", None, False),
        ("id: a", "id: b", {"G1", "G2"}, False),
        ("- G2: two\n", "* G2: two\n", None, True),
        ("- G2: two\n", "- G2:   two\n", None, True),
    ],
)
def test_checked_edits(old: str, new: str, touching: set[str] | None, passes: bool) -> None:  # noqa: FBT001 - a column
    text = "---\nid: a\n---\n# Task\nwhy\n# Goal\n- G1: old\n- G2: two\n"
    spec = spec_of(text)
    at = text.index(old)
    edit = Edit(Span(at, at + len(old)), new)
    allowed = {ClauseId(one) for one in touching} if touching is not None else None
    if passes:
        assert apply_checked(spec, [edit], allowed).text == text.replace(old, new)
    else:
        with pytest.raises(EditWentAstray):
            apply_checked(spec, [edit], allowed)
