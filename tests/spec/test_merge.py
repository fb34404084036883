from __future__ import annotations

import re
import time
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.spec.merging import case, faults
from tests.spec.texts import mutated, noise, seeded, structured, valid
from tests.spec.written import spec_of

from snapline.base.text import Source
from snapline.spec.merge import Merged, merge
from snapline.spec.settling import Why
from snapline.spec.sheets import spread
from snapline.spec.weaving import Weaver

BASE = """\
---
id: a
title: T
owner: "@a"
---
# Task
Why.

More of it.

# Goal
- G1: one
- G2: two
- G3: three

# Acceptance
- A1: It works: `$ x`
- A2: Second.
"""


def merged(base: str, ours: str, theirs: str) -> Merged:
    first, second, third = (Source.from_bytes("x.md", text.encode()) for text in (base, ours, theirs))
    return merge(first, second, third)


def of_base(*changes: tuple[str, str]) -> str:
    text = BASE
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return text


@pytest.mark.parametrize("seed", range(150))
def test_it_does_what_a_dictionary_of_clauses_does(seed: int) -> None:
    assert faults(case(seed)) == []


@pytest.mark.soak
@pytest.mark.parametrize("start", range(0, 20_000, 1_000))
def test_it_does_so_many_times(start: int) -> None:
    wrong = {seed: found for seed in range(start, start + 1_000) if (found := faults(case(seed)))}
    assert wrong == {}


def test_the_oracle_can_tell() -> None:
    """A base whose sides conflict, and one where they do not, are told apart by it."""
    cases = [case(seed) for seed in range(60)]
    assert 10 < sum(bool(one.conflicts) for one in cases) < 50
    clean = next(one for one in cases if one.expected and not one.conflicts and one.ours != one.base)
    clean.ours = clean.base
    assert faults(clean) != []


@pytest.mark.parametrize(
    ("ours", "theirs", "result"),
    [
        ([("one", "uno")], [("two", "due")], [("one", "uno"), ("two", "due")]),
        ([("- G1: one\n", "")], [("two", "due")], [("- G1: one\n", ""), ("two", "due")]),
        ([("- G1: one\n", "")], [("- G1: one\n", "")], [("- G1: one\n", "")]),
        (
            [("three\n", "three\n- G4: four\n")],
            [("three\n", "three\n- G5: five\n")],
            [("three\n", "three\n- G4: four\n- G5: five\n")],
        ),
        (
            [("three\n", "three\n- G4: four\n")],
            [("three\n", "three\n- G4: four\n")],
            [("three\n", "three\n- G4: four\n")],
        ),
        ([("title: T", "title: U")], [("owner", "lane: b\nowner")], [("title: T", "title: U\nlane: b")]),
        (
            [("Why.", "Why not.")],
            [("More of it.", "Less of it.")],
            [("Why.", "Why not."), ("More of it.", "Less of it.")],
        ),
        (
            [("- G1: one\n- G2: two\n", "- G2: two\n- G1: one\n")],
            [("one", "uno")],
            [("- G1: one\n- G2: two\n", "- G2: two\n- G1: uno\n")],
        ),
        ([("- G", "* G")], [("two", "due")], [("- G", "* G"), ("* G2: two", "- G2: due")]),
        (
            [("\n\n# Goal", "\n\n# Other\nprose\n\n# Goal")],
            [("one", "uno")],
            [("\n\n# Goal", "\n\n# Other\nprose\n\n# Goal"), ("one", "uno")],
        ),
        ([("# Goal\n", "# Goals\n")], [("- G3: three\n", "")], [("# Goal\n", "# Goals\n"), ("- G3: three\n", "")]),
        ([("Second.\n", "Second.")], [("one", "uno")], [("Second.\n", "Second."), ("one", "uno")]),
        ([("\n", "\r\n")], [("one", "uno")], [("one", "uno"), ("\n", "\r\n")]),
        ([("---\nid", "\ufeff---\nid")], [("one", "uno")], [("---\nid", "\ufeff---\nid"), ("one", "uno")]),
    ],
)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_clean(
    ours: list[tuple[str, str]], theirs: list[tuple[str, str]], result: list[tuple[str, str]], newline: str
) -> None:
    texts = [of_base(*changes).replace("\r\n", "\n") for changes in (ours, theirs, result)]
    texts = [text.replace("\n", newline) for text in texts]
    if ("\n", "\r\n") in ours:
        texts[0] = texts[0].replace("\r\n", "\n").replace("\n", "\r\n")
        texts[2] = texts[2].replace("\r\n", "\n").replace("\n", "\r\n")
    done = merged(BASE.replace("\n", newline), texts[0], texts[1])
    assert done.text == texts[2]
    assert done.conflicts == ()
    assert merged(BASE.replace("\n", newline), texts[1], texts[0]).conflicts == ()


@pytest.mark.parametrize(
    ("ours", "theirs", "name", "why", "hunk"),
    [
        ("uno", "eins", "G1", Why.BOTH_CHANGED, ("- G1: uno\n", "- G1: one\n", "- G1: eins\n")),
        (None, "eins", "G1", Why.OURS_DELETED, ("", "- G1: one\n", "- G1: eins\n")),
        ("uno", None, "G1", Why.THEIRS_DELETED, ("- G1: uno\n", "- G1: one\n", "")),
    ],
)
def test_conflicts_are_marked_at_their_clause(
    ours: str | None, theirs: str | None, name: str, why: Why, hunk: tuple[str, str, str]
) -> None:
    texts = [BASE.replace("- G1: one\n", f"- G1: {word}\n" if word else "") for word in (ours, theirs)]
    done = merged(BASE, texts[0], texts[1].replace("two", "due"))
    assert [(one.name, one.why, one.line) for one in done.conflicts] == [(name, why, 12)]
    marked = f"<<<<<<< ours (G1)\n{hunk[0]}||||||| base\n{hunk[1]}=======\n{hunk[2]}>>>>>>> theirs (G1)\n"
    assert done.text == BASE.replace("- G1: one\n", marked).replace("two", "due")


def test_one_id_for_two_new_clauses_is_a_conflict_with_advice() -> None:
    texts = [BASE.replace("three\n", f"three\n- G4: {word}\n") for word in ("vier", "quattro")]
    (conflict,) = merged(BASE, *texts).conflicts
    assert (conflict.name, conflict.why) == ("G4", Why.BOTH_ADDED)
    assert "another id" in conflict.hint


def test_an_id_that_one_side_wrote_is_not_given_twice() -> None:
    base = "# Goal\n- one is the first of them\n- two is another one\n"
    ours = "# Goal\n- G1: one is the first of them\n- G2: two is another one\n"
    theirs = "# Goal\n- one is the first of them\n- two is another one\n- G1: something else altogether\n"
    done = merged(base, ours, theirs)
    assert [(one.name, one.why) for one in done.conflicts] == [("G1", Why.SAME_ID)]
    assert ours.rstrip() in done.text


def test_ids_that_one_side_wrote_go_with_the_other_ones_words() -> None:
    base = "# Goal\n- one is the first of them\n- two is another one\n"
    ours = "# Goal\n- G1: one is the first of them\n- G2: two is another one\n"
    theirs = "# Goal\n- one is the very first of them\n- two is another one\n"
    for done in (merged(base, ours, theirs), merged(base, theirs, ours)):
        assert (done.text, done.conflicts) == (ours.replace("the first", "the very first"), ())


def test_a_front_matter_key_is_a_conflict_of_its_own() -> None:
    done = merged(
        BASE, BASE.replace("title: T", "title: U"), BASE.replace("title: T", "title: V").replace("one", "uno")
    )
    assert [one.name for one in done.conflicts] == ["front matter key title"]
    assert "- G1: uno\n" in done.text
    assert done.text.startswith("---\nid: a\n<<<<<<< ours (front matter key title)\ntitle: U\n")


def test_what_is_no_key_in_the_front_matter_is_merged_too() -> None:
    done = merged(
        "# Goal\n- G1: x\n", "---\nid: a\n---\n# Goal\n- G1: x\n", "---\nno key\nid: a\n---\n# Goal\n- G1: x\n"
    )
    assert "no key\n" in done.text
    assert done.text.count("id: a") == 1


def test_a_section_that_one_side_deleted_stays_for_what_the_other_one_added() -> None:
    ours = BASE[: BASE.index("\n# Acceptance")]
    done = merged(BASE, ours, BASE + "- A3: Third.\n")
    assert done.text == ours + "\n# Acceptance\n- A3: Third.\n"
    assert "heading Acceptance" in done.remarks[0]


def test_a_clause_that_both_moved_stands_where_we_put_it() -> None:
    base = BASE.replace("three\n", "three\n- G4: four\n")
    goals = "- G1: one\n- G2: two\n- G3: three\n- G4: four\n"
    ours = base.replace(goals, "- G2: two\n- G3: three\n- G4: four\n- G1: one\n")
    theirs = base.replace(goals, "- G2: two\n- G3: three\n- G1: one\n- G4: four\n")
    done = merged(base, ours, theirs)
    assert (done.text, done.conflicts) == (ours, ())
    assert "G1 was moved by both sides" in done.remarks[0]


def test_what_would_be_read_otherwise_is_a_conflict() -> None:
    """One side writes a list into a section of paragraphs: the other one's new paragraph would be no clause there."""
    base = "# Goal\nG1: one\n\n# Task\nx\n"
    ours = "# Goal\n- G1: one\n\n# Task\nx\n"
    theirs = "# Goal\nG1: one\n\nG2: two\n\n# Task\nx\n"
    done = merged(base, ours, theirs)
    assert [(one.name, one.why) for one in done.conflicts] == [("G2", Why.OTHERWISE)]
    assert "G2: two" in done.text


def test_larger_markers() -> None:
    base, ours, theirs = (Source.from_bytes("x.md", BASE.replace("one", w).encode()) for w in ("one", "uno", "eins"))
    assert "\n<<<<<<<<<<< ours" in merge(base, ours, theirs, marker_size=11).text


KINDS = (valid, mutated, noise, structured)
TEXTS = st.tuples(st.integers(0, 10**9), st.sampled_from(KINDS)).map(lambda made: made[1](seeded(made[0])))


def _words(text: str) -> set[str]:
    """The words of a text, without ids, which may be written on one side and not yet on the other."""
    return {word for word in re.findall(r"\w+", text) if not re.fullmatch(r"[A-Z]\d+", word)}


@given(TEXTS, TEXTS, TEXTS)
@settings(max_examples=60, deadline=None)
def test_no_new_word_is_lost(base: str, ours: str, theirs: str) -> None:
    done = merged(base, ours, theirs)
    assert (_words(ours) | _words(theirs)) - _words(base) - _words(done.text) == set()


@pytest.mark.soak
def test_no_new_word_of_thousands_of_edits_is_lost() -> None:
    """Two people who cut, paste, move and scatter at random; the slowest merge is named."""
    slowest = (0.0, -1)
    for seed in range(10_000):
        chance = seeded(seed)
        base = chance.choice(KINDS)(chance)
        ours, theirs = scattered(chance, base), scattered(chance, base)
        begin = time.process_time()
        done = merged(base, ours, theirs)
        slowest = max(slowest, (time.process_time() - begin, seed))
        lost = (_words(ours) | _words(theirs)) - _words(base) - _words(done.text)
        assert lost == set(), seed
    assert slowest[0] < 2, slowest


def scattered(chance: Random, text: str) -> str:
    """The text with pieces cut out, put elsewhere or doubled, and lines moved."""
    for _ in range(chance.randint(0, 5)):
        start = chance.randint(0, len(text))
        piece = text[start : start + chance.randint(0, 60)]
        lines = text.splitlines(keepends=True) or [""]
        kind = chance.randrange(4)
        if kind == 0:
            text = text[:start] + text[start + len(piece) :]
        elif kind == 1:
            place = chance.randint(0, len(text))
            text = text[:place] + piece + text[place:]
        else:
            line = lines.pop(chance.randrange(len(lines))) if kind == 2 else chance.choice(lines)
            lines.insert(chance.randint(0, len(lines)), line)
            text = "".join(lines)
    return text


@given(TEXTS, TEXTS)
@settings(max_examples=40, deadline=None)
def test_one_sided_changes_are_taken_byte_for_byte(base: str, side: str) -> None:
    for texts in ((base, side, base), (base, base, side), (base, side, side)):
        first, second, third = (spec_of(text) for text in texts)
        woven = Weaver(spread(first, second, third), "\n", 7)
        assert woven.lead + "".join(one.text for one in woven.woven()) == side
        assert merged(*texts) == Merged(side, ())
