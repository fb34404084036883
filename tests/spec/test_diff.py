from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.spec.texts import mutated, noise, seeded, structured, valid
from tests.spec.written import spec_of

from snapline.spec.diff import ChangeKind, SpecDiff, WordKind, diff, words
from snapline.spec.impact import EVERY, Impact, Permission, impact
from snapline.spec.model import ConstraintWord
from snapline.spec.revision import revision

BASE = """\
---
id: a
lane: default
---
# The title

# Task
Why.

More of it.

# Goal
- G1: one
- G2: two

# Constraints
- C1: Change only: `src/**`
- C2: Do not change: `src/core.py`
- C3: It stays calm.

# Interfaces
- I1: Changes `src/a.py`.
- I2: Changes `src/b.py`.

# Acceptance
- A1: It works: `$ x` (G1)
- A2: That works: `$ y` (G2, slow)
- A3: It reads well (manual: @bob). Proves G1.

# Failure plan
- F1: Rollback: revert

# Tasks
- T1: First. Proves A1, A3. Changes `src/a.py`.
- T2: Second. Proves A2. Changes `src/b.py`.
"""


def changed(*changes: tuple[str, str]) -> SpecDiff:
    text = BASE
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    return diff(spec_of(BASE), spec_of(text))


def told(change: SpecDiff) -> list[str]:
    """Every change in short."""
    keys = [f"{one.key}: {one.old} -> {one.new}" for one in change.keys]
    sections = [f"{one.kind} section {one.old} -> {one.new}" for one in change.sections]
    clauses = [
        f"{one.kind} {one.clause.shown}{' moved' if one.moved and one.kind is ChangeKind.CHANGED else ''}"
        for one in change.clauses
    ]
    texts = [f"{one.kind} in {one.section}: {''.join(run.text for run in one.words)}" for one in change.texts]
    return keys + sections + clauses + texts


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ([], []),
        ([("- G1: one", "* G1:   one")], []),
        ([("- G1: one", "- G1: uno")], ["changed G1"]),
        ([("- G1: one\n", "")], ["removed G1"]),
        ([("- G2: two\n", "- G2: two\n- G3: three\n")], ["added G3"]),
        ([("- G1: one\n- G2: two\n", "- G2: two\n- G1: one\n")], ["moved G2"]),
        ([("- G1: one\n- G2: two\n", "- G2: due\n- G1: one\n")], ["changed G2 moved"]),
        ([("- G2: two\n", "- G2: two\n- three\n")], ["added G3?"]),
        ([("G2: two", "G7: two")], ["added G7", "removed G2"]),
        ([("lane: default", "lane: b\nafter: [x, y]")], ["lane: default -> b", "after:  -> x, y"]),
        ([("# The title", "# Another")], ["title: The title -> Another"]),
        ([("id: a\n", "id: a\nowner: b\npriority: 1\n")], []),
        ([("Why.", "Why not.")], ["changed in Task: Why.Why not."]),
        ([("More of it.\n\n", "")], ["removed in Task: More of it."]),
        ([("Why.\n\nMore of it.", "More of it.\n\nWhy.")], ["moved in Task: More of it."]),
        ([("# Goal\n", "# Goal\n<!-- said aside -->\n")], []),
        ([("# Goal\n", "# Other\nx\n\n# Goal\n")], ["added section  -> Other", "added in Other: x"]),
        ([("\n# Tasks", "\nNote.\n\n# Tasks")], ["added in Failure plan: Note."]),
    ],
)
def test_what_differs(changes: list[tuple[str, str]], expected: list[str]) -> None:
    change = changed(*changes)
    assert told(change) == expected
    assert change.same == (not expected)


def test_a_renamed_section_is_known_by_what_it_holds() -> None:
    old = spec_of("# Goal\n- G1: one\n\n# Notes\nSome words that stay.\n\nAnd more of them.\n")
    new = spec_of("# Goal\n- G1: one\n\n# Remarks\nSome words that stay.\n\nAnd more of them.\n")
    assert told(diff(old, new)) == ["changed section Notes -> Remarks"]


def test_moved_sections() -> None:
    task, goal, other = "# Task\nt\n\n", "# Goal\n- G1: x\n\n", "# Other\ny\n\n"
    assert told(diff(spec_of(task + goal + other), spec_of(task + other + goal))) == ["moved section Other -> Other"]


def test_clauses_without_ids_are_known_by_their_words() -> None:
    old = spec_of("# Goal\n- Uploads go on after a break\n- The client says so\n")
    new = spec_of("# Goal\n- New\n- Uploads go on after any break\n- The client says so\n")
    assert [(one.kind, one.renumbered) for one in diff(old, new).clauses] == [
        (ChangeKind.ADDED, False),
        (ChangeKind.CHANGED, True),
        (ChangeKind.CHANGED, True),
    ]


def test_writing_the_ids_changes_nothing() -> None:
    assert diff(spec_of("# Goal\n- one\n- two\n"), spec_of("# Goal\n- G1: one\n- G2: two\n")).same


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("a b c", "a x c", "a [-b-]{+x+} c"),
        ("a b c d", "a x y d", "a [-b c-]{+x y+} d"),
        ("a b", "a b c", "a b{+ c+}"),
        ("a\nb", "a\nc", "a\n[-b-]{+c+}"),
        ("a", "a", "a"),
        (None, "new", "{+new+}"),
        ("old", None, "[-old-]"),
    ],
)
def test_words(old: str | None, new: str | None, expected: str) -> None:
    marks = {WordKind.SAME: "%s", WordKind.OLD: "[-%s-]", WordKind.NEW: "{+%s+}"}
    assert "".join(marks[one.kind] % one.text for one in words(old, new)) == expected


def test_long_texts_are_not_compared_word_by_word() -> None:
    assert [one.kind for one in words("a b " * 4_000, "b a " * 4_000)] == [WordKind.OLD, WordKind.NEW]


def touched(*changes: tuple[str, str]) -> Impact:
    return impact(changed(*changes), ["src/a.py", "src/core.py", "docs/x.md"])


@pytest.mark.parametrize(
    ("old", "new", "tasks"),
    [
        ("First.", "First one.", {"a/T1": ("T1",)}),
        ("It works", "It really works", {"a/T1": ("A1",)}),
        ("G2: two", "G2: due", {"a/T2": ("G2",)}),
        ("calm", "very calm", {"a/T1": ("C3",), "a/T2": ("C3",)}),
        ("I1: Changes `src/a.py`", "I1: Changes `src/a.py`, `src/c.py`", {"a/T1": ("I1",)}),
        ("Why.", "Why not.", {"a/T1": (EVERY,), "a/T2": (EVERY,)}),
        ("lane: default", "lane: b", {"a/T1": ("`lane`",), "a/T2": ("`lane`",)}),
        ("F1: Rollback: revert", "F1: Tell everybody", {}),
        ("- T2: Second. Proves A2. Changes `src/b.py`.\n", "", {"a/T2": ()}),
    ],
)
def test_the_tasks_that_are_touched(old: str, new: str, tasks: dict[str, tuple[str, ...]]) -> None:
    assert {one.id: one.because for one in touched((old, new)).tasks} == tasks


def test_a_spec_without_a_breakdown_is_one_task() -> None:
    text = BASE[: BASE.index("# Tasks")]
    change = diff(spec_of(text), spec_of(text.replace("one", "uno")))
    assert [(one.id, one.because) for one in impact(change).tasks] == [("a", ("G1",))]


@pytest.mark.parametrize(
    ("old", "new", "checks"),
    [
        ("It works", "It really works", []),
        ("`$ x`", "`$ z`", [("A1", "changed")]),
        (", slow)", ")", [("A2", "changed")]),
        ("- A1: It works: `$ x` (G1)\n", "", [("A1", "removed")]),
        ("- F1", "- A4: `$ z`\n\n# Failure plan\n- F1", [("A4", "added")]),
        ("It stays calm.", "Keep passing: `$ z`", [("C3", "added")]),
    ],
)
def test_the_checks_that_run_again(old: str, new: str, checks: list[tuple[str, str]]) -> None:
    changes = (old, new)
    if "A4" in new:
        changes = ("(manual: @bob). Proves G1.\n", "(manual: @bob). Proves G1.\n- A4: `$ z`\n")
    assert [(one.clause, str(one.kind)) for one in touched(changes).checks] == checks


def test_boundaries_and_the_paths_they_are_about() -> None:
    found = touched(("Change only: `src/**`", "Change only: `docs/**`"), ("Do not change", "Ask first"))
    only, never, ask = ConstraintWord.CHANGE_ONLY, ConstraintWord.DO_NOT_CHANGE, ConstraintWord.ASK_FIRST
    assert [(one.glob, one.old, one.new) for one in found.boundaries] == [
        ("src/**", only, None),
        ("src/core.py", never, ask),
        ("docs/**", None, only),
    ]
    allowed, forbidden = Permission.ALLOWED, Permission.FORBIDDEN
    assert [(one.path, one.old, one.new) for one in found.paths] == [
        ("docs/x.md", forbidden, allowed),
        ("src/a.py", allowed, forbidden),
        ("src/core.py", forbidden, Permission.ASK),
    ]


KINDS = (valid, mutated, noise, structured)
SEEDS = st.integers(0, 10**9)


@given(SEEDS, st.sampled_from(KINDS), st.integers(0, 3), st.sampled_from(("x ", "\n", "- ", "`", "")))
@settings(max_examples=150, deadline=None)
def test_nothing_is_listed_exactly_if_the_revision_is_the_same(seed: int, kind: object, how: int, shred: str) -> None:
    assert callable(kind)
    old = kind(seeded(seed))
    at = seed % (len(old) + 1)
    new = old[:at] + shred + old[at:] if how else KINDS[seed % 4](seeded(seed + 1))
    one, other = spec_of(old), spec_of(new)
    change = diff(one, other)
    listed = bool(change.keys or change.sections or change.clauses or change.texts)
    assert listed == (revision(one) != revision(other))
    impact(change, ["src/a.py"])
