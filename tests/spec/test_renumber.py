from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.spec.texts import mutated, noise, seeded, valid
from tests.spec.written import spec_of

from snapline.base.ids import ClauseId, SpecId
from snapline.base.text import Edit, Span, apply_edits
from snapline.spec.edit import EditWentAstray
from snapline.spec.mentions import mentions, spec_mentions
from snapline.spec.renumber import applied, foreign_renumbering, fresh_ids, renaming, renumbering

TEXT = """\
---
id: a
after: [b, c]  # not a
---
# Task
See A2 for more (A1), and `A1` in code.

# Goal
- G1: one

# Constraints
- C1: Keep passing: A1, `$ x`, A3

# Acceptance
- A1: first (G1)
- A2: second, see a/A1 and b/A1
- A3: third (G1, slow)

A note, per A1-A3.

# Failure plan
- F1: Roll back when: A1 and `$ y` fails within 30m
- F2: Verify rollback: A1

# Tasks
- T1: First. Proves A1, A2.
- T2: Second. Proves A1-A3. After T1.

# Clarifications
- Q1: How many A1? **Answer:** 3 (@bob, clarifies A1)
"""


def ids(**new: str) -> dict[ClauseId, ClauseId]:
    return {ClauseId(old): ClauseId(name) for old, name in new.items()}


def test_every_reference_is_followed() -> None:
    spec = spec_of(TEXT)
    after = applied(spec, renumbering(spec, ids(A1="A7", T1="T4"))).text
    assert after == (
        TEXT.replace("(A1)", "(A7)")
        .replace("passing: A1", "passing: A7")
        .replace("- A1:", "- A7:")
        .replace("a/A1", "a/A7")
        .replace("per A1-A3", "per A7, A2, A3")
        .replace("when: A1", "when: A7")
        .replace("rollback: A1", "rollback: A7")
        .replace("Proves A1, A2", "Proves A7, A2")
        .replace("Proves A1-A3", "Proves A7, A2, A3")
        .replace("T1:", "T4:")
        .replace("After T1", "After T4")
        .replace("clarifies A1", "clarifies A7")
    )


def test_ids_may_change_places() -> None:
    spec = spec_of(TEXT)
    swapped = spec_of(applied(spec, renumbering(spec, ids(A1="A2", A2="A1"))).text)
    assert [clause.id for clause in swapped.criteria] == ["A2", "A1", "A3"]
    again = applied(swapped, renumbering(swapped, ids(A1="A2", A2="A1"))).text
    assert again == TEXT.replace("A1-A3", "A1, A2, A3")


def test_other_specs_follow() -> None:
    other = spec_of("# Goal\n- G1: as a/A1, and b/A1 (a/A1)\n- G2: see a/A1-A2\n", "specs/b.md")
    edits = foreign_renumbering(other, SpecId("a"), ids(A1="A9"))
    assert applied(other, edits).text == "# Goal\n- G1: as a/A1, and b/A1 (a/A9)\n- G2: see a/A9, a/A2\n"


def test_a_spec_gets_another_id() -> None:
    spec = spec_of(TEXT)
    assert applied(spec, renaming(spec, SpecId("a"), SpecId("new")), "specs/new.md").text == TEXT.replace(
        "id: a", "id: new"
    ).replace("a/A1", "new/A1")


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("---\nafter: a\nsupersedes: [x, 'a', a-b]\n---\n", "---\nafter: z\nsupersedes: [x, 'z', a-b]\n---\n"),
        ("---\nafter:\n  - x  # and a\n  - a\ntitle: a\n---\n", "---\nafter:\n  - x  # and a\n  - z\ntitle: a\n---\n"),
        ("# Interfaces\n- I1: Spec: a, b.\n", "# Interfaces\n- I1: Spec: z, b.\n"),
        ("# Interfaces\n- I1: Spec: other#a\n", "# Interfaces\n- I1: Spec: other#a\n"),
        ("# Goal\n- G1: a proves it (a/A1, a/A2)\n", "# Goal\n- G1: a proves it (z/A1, z/A2)\n"),
    ],
)
def test_what_names_a_spec(text: str, after: str) -> None:
    spec = spec_of(text, "specs/b.md")
    assert applied(spec, renaming(spec, SpecId("a"), SpecId("z"))).text == after
    assert [one.spec for one in spec_mentions(spec) if one.spec == "a"] == ["a"] * sum(
        one.key != "" for one in spec_mentions(spec) if one.spec == "a"
    )


def test_clauses_that_must_not_keep_their_ids() -> None:
    spec = spec_of("# Goal\n- G1: a\n- G1: b\n- G3: c\n- d\n# Acceptance\n- A1: e (G1)\n")
    fresh = fresh_ids(spec, used=[ClauseId("G3"), ClauseId("G8")], retired=[ClauseId("G3")])
    assert [(clause.text, key) for clause, key in fresh.items()] == [("b", "G9"), ("c", "G10")]


def test_an_edit_that_says_something_else_is_refused() -> None:
    spec = spec_of(TEXT)
    at = TEXT.index("first")
    with pytest.raises(EditWentAstray):
        applied(spec, [*renumbering(spec, ids(A1="A7")), Edit(Span(at, at), "very ")])


TEXTS = st.tuples(st.integers(0, 10**9), st.sampled_from((valid, mutated, noise))).map(lambda x: x[1](seeded(x[0])))


@given(TEXTS)
@settings(max_examples=80, deadline=None)
def test_any_spec_can_be_renumbered_and_back(text: str) -> None:
    spec = spec_of(text)
    written = [clause.id for clause in spec.clauses() if clause.written]
    there = {one for one in written if written.count(one) == 1}
    named = {key for one in mentions(spec) for key in one.ids}
    new = {key: ClauseId(f"{key[0]}9{number:03}") for number, key in enumerate(sorted(there))}
    if set(new.values()) & (named | set(written)):
        return
    edits = renumbering(spec, new)
    after = spec_of(apply_edits(text, edits))
    assert sorted(clause.id for clause in after.clauses() if clause.written) == sorted(new.get(x, x) for x in written)
    assert {key for one in mentions(after) for key in one.ids} == {new.get(key, key) for key in named}
