"""Properties that hold for any text: valid specs, mutated ones and noise."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.spec.texts import mutated, noise, seeded, valid
from tests.spec.written import spec_of

from snapline.base.text import Source, apply_edits
from snapline.spec.edit import apply_checked
from snapline.spec.export import document
from snapline.spec.format import fmt_edits
from snapline.spec.leaves import LeafKind, leaves
from snapline.spec.model import Spec
from snapline.spec.parser import parse
from snapline.spec.revision import canonical, revision
from snapline.spec.show import describe

SEEDS = st.integers(0, 10**9)
TEXTS = st.one_of(
    SEEDS.map(lambda seed: valid(seeded(seed))),
    SEEDS.map(lambda seed: mutated(seeded(seed))),
    SEEDS.map(lambda seed: noise(seeded(seed))),
    st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=300),
)


@given(TEXTS)
@settings(max_examples=200, deadline=None)
def test_leaves_cover_every_code_point_once(text: str) -> None:
    spec = spec_of(text)
    done = 0
    for leaf in leaves(spec):
        assert leaf.span.start == done
        assert leaf.span.end > done
        done = leaf.span.end
    assert done == len(text)
    assert "".join(spec.source.slice(leaf.span) for leaf in leaves(spec)).encode() == spec.source.raw


@given(TEXTS)
@settings(max_examples=200, deadline=None)
def test_no_word_is_lost_in_markup(text: str) -> None:
    """Letters stand in leaves that carry words: what is left over is markers, blanks and list numbers."""
    spec = spec_of(text)
    for leaf in leaves(spec):
        if leaf.kind is LeafKind.MARKUP:
            assert not any(char.isalpha() for char in spec.source.slice(leaf.span)), spec.source.slice(leaf.span)


@given(TEXTS)
@settings(max_examples=200, deadline=None)
def test_fmt_only_adds_and_is_idempotent(text: str) -> None:
    spec = spec_of(text)
    edits = fmt_edits(spec)
    assert all(edit.span.start == edit.span.end for edit in edits)
    written = apply_edits(text, edits)
    again = spec_of(written)
    assert fmt_edits(again) == ()
    rest = iter(written)
    assert all(char in rest for char in text), "the text is still there, in its order"
    if not any(fault.code in ("IDS023", "IDS024", "FMT012") for fault in spec.faults):
        assert [clause.id for clause in again.clauses()] == [clause.id for clause in spec.clauses()]
        assert canonical(again)["sections"] == canonical(spec)["sections"]
        assert apply_checked(spec, edits, touching=None).text == written


@given(TEXTS)
@settings(max_examples=200, deadline=None)
def test_every_part_quotes_what_it_says(text: str) -> None:
    spec = spec_of(text)
    for fault in spec.faults:
        assert 0 <= fault.span.start <= fault.span.end <= len(text)
        if fault.fix:
            apply_edits(text, fault.fix.edits)
    for clause in spec.clauses():
        assert clause.span.covers(clause.body)
        assert all(clause.span.covers(code.span) for code in clause.code)
        assert all(clause.span.covers(check.span) for check in clause.checks)
        assert clause.id_span is None or spec.source.slice(clause.id_span) == clause.id
        for code in clause.code:
            ticks = spec.source.slice(code.span)
            assert ticks[0] == ticks[-1] == "`"
    document(spec)
    describe(spec)


@given(SEEDS, st.sampled_from(["crlf", "bullets", "blanks", "comment", "front"]))
@settings(max_examples=200, deadline=None)
def test_reformatting_keeps_the_revision(seed: int, how: str) -> None:
    text = valid(seeded(seed))
    changed = {
        "crlf": lambda: text.replace("\n", "\r\n"),
        "bullets": lambda: text.replace("\n- ", "\n* "),
        "blanks": lambda: text.replace("\n- ", "\n\n- "),
        "comment": lambda: text + "\n<!-- said aside -->\n",
        "front": lambda: text.replace("---\nid:", "---\npriority: 1\nid:", 1),
    }[how]()
    assert canonical(spec_of(changed)) == canonical(spec_of(text))


@given(SEEDS)
@settings(max_examples=200, deadline=None)
def test_another_word_is_another_revision(seed: int) -> None:
    chance = seeded(seed)
    text = valid(chance)
    spec = spec_of(text)
    words = [
        leaf.span for leaf in leaves(spec) if leaf.kind is LeafKind.TEXT and spec.source.slice(leaf.span).isalpha()
    ]
    words += [clause.body for clause in spec.clauses() if spec.source.slice(clause.body)[:1].isalpha()]
    if words:
        at = chance.choice(words).start
        assert revision(spec_of(text[:at] + "zebra " + text[at:])) != revision(spec)


@pytest.mark.parametrize("count", [1_000, pytest.param(10_000, marks=pytest.mark.soak)])
def test_any_input_is_read_fast_and_without_an_exception(count: int) -> None:
    """A third of them valid specs, a third mutated ones, a third noise; the slowest is named."""
    slowest: tuple[float, int] = (0.0, -1)
    without_fault = 0
    for seed in range(count):
        text = (valid, mutated, noise)[seed % 3](seeded(seed))
        begin = time.process_time()
        spec = read(text)
        slowest = max(slowest, (time.process_time() - begin, seed))
        without_fault += not spec.faults
    assert slowest[0] < 2, slowest
    assert without_fault > 0.3 * count, "the valid specs are read without a fault"


def read(text: str) -> Spec:
    return parse(Source.from_bytes("x.md", text.encode()))
