"""Formatters keep a revision, and a changed word never does."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
from tests.spec.reformatting import PRETTIER, by_mdformat, by_prettier, prettier_module, spec_text
from tests.spec.texts import seeded
from tests.spec.written import spec_of

from snapline.base.text import Span
from snapline.spec.leaves import LeafKind, leaves
from snapline.spec.model import SectionKind, Spec
from snapline.spec.revision import canonical, revision


@pytest.mark.parametrize("seed", range(20))
def test_mdformat_keeps_it(seed: int) -> None:
    text = spec_text(seed, tables=False, front=False)
    formatted = by_mdformat(text, seed)
    assert formatted != text
    assert canonical(spec_of(formatted)) == canonical(spec_of(text))


@pytest.mark.soak
def test_mdformat_keeps_it_a_thousand_times() -> None:
    texts = [spec_text(seed, tables=False, front=False) for seed in range(1_000)]
    assert [seed for seed, text in enumerate(texts) if not same(text, by_mdformat(text, seed))] == []


@pytest.mark.soak
def test_prettier_keeps_it_a_thousand_times_with_each_way_to_wrap(tmp_path: Path) -> None:
    module = prettier_module(tmp_path)
    if module is None:
        pytest.skip("Prettier 3 cannot be installed here: it needs node, npm and npm's registry")
    texts = [(spec_text(seed, tables=True, front=True), wrap) for seed in range(1_000) for wrap in PRETTIER]
    formatted = by_prettier(texts, module, tmp_path)
    assert sum(new != old for new, (old, _) in zip(formatted, texts, strict=True)) > 0.9 * len(texts)
    assert [at for at, (new, (old, _)) in enumerate(zip(formatted, texts, strict=True)) if not same(old, new)] == []


def same(old: str, new: str) -> bool:
    return revision(spec_of(old)) == revision(spec_of(new))


@pytest.mark.parametrize(
    ("text", "wrapped"),
    [
        ("- G1: one <!-- x --> two three\n", "- G1: one\n  <!-- x --> two three\n"),
        ("- G1: one <!-- x --> two three\n", "- G1: one\n  <!-- x -->\n  two three\n"),
        ("- G1: one <!-- x\n  y --> two three\n", "- G1: one\n  <!-- x\n  y --> two\n  three\n"),
        ("G1: one <!-- x --> two <!-- y --> three\n", "G1: one\n<!-- x --> two\n<!-- y --> three\n"),
        ("- G1: one <!-- x --> two <!-- y -->\n", "- G1: one\n  <!-- x --> two <!-- y -->\n"),
        ("Intro <!-- x --> goes on\n\n- G1: a\n", "Intro\n<!-- x -->\ngoes on\n\n- G1: a\n"),
    ],
)
def test_a_comment_that_begins_a_line_parts_no_words(text: str, wrapped: str) -> None:
    one, other = spec_of(f"# Goal\n{text}"), spec_of(f"# Goal\n{wrapped}")
    assert canonical(one) == canonical(other)
    assert len(other.clauses()) == 1


@pytest.mark.parametrize("text", ["one\n\n<!-- x -->\ntwo\n", "one\n<!-- x -->\n\ntwo\n", "one\n<b>\n\ntwo\n"])
def test_blank_lines_and_other_html_do_part_paragraphs(text: str) -> None:
    assert len(spec_of(f"# Goal\n{text}").clauses()) == 2


def words_of(spec: Spec) -> list[tuple[str, Span]]:
    """Every word that says something, with the part of the language that it stands in."""
    text = spec.source.text
    found = []
    for leaf in leaves(spec):
        if leaf.kind in (LeafKind.COMMENT, LeafKind.MARKUP):
            continue
        for match in re.finditer(r"\w+", text[leaf.span.start : leaf.span.end]):
            span = Span(leaf.span.start + match.start(), leaf.span.start + match.end())
            if leaf.kind is not LeafKind.FRONT_MATTER or not text[: span.end].splitlines()[-1].startswith("labels"):
                found.append((_part(spec, leaf.kind, span), span))
    return found


def _part(spec: Spec, kind: LeafKind, span: Span) -> str:
    section = next((one for one in spec.sections if one.span.covers(span)), None)
    clause = next((one for one in spec.clauses() if one.span.covers(span)), None)
    if clause is not None and any(group.span.covers(span) for group in clause.groups):
        return "option"
    if kind is not LeafKind.TEXT:
        return kind.value
    return (section.kind or "another section") if section else "title"


def changes(seeds: range, each: int) -> tuple[Counter[str], list[tuple[int, str]]]:
    """How many words of each part were changed, and which changes kept the revision."""
    tried: Counter[str] = Counter()
    kept = []
    for seed in seeds:
        chance = seeded(seed)
        text = spec_text(seed, tables=True, front=True)
        spec = spec_of(text)
        was = revision(spec)
        by_part: dict[str, list[Span]] = {}
        for part, span in words_of(spec):
            by_part.setdefault(part, []).append(span)
        for part in chance.sample(sorted(by_part), min(each, len(by_part))):
            span = chance.choice(by_part[part])
            tried[part] += 1
            if revision(spec_of(f"{text[: span.start]}zebra{text[span.end :]}")) == was:
                kept.append((seed, text[max(0, span.start - 20) : span.end + 20]))
    return tried, kept


PARTS = {*map(str, SectionKind), "another section", "title", "option", "code", "fence", "target", "front matter"}


def test_changing_a_word_anywhere_changes_it() -> None:
    tried, kept = changes(range(40), 10)
    assert kept == []
    assert set(tried) >= PARTS


@pytest.mark.soak
def test_changing_a_word_changes_it_ten_thousand_times() -> None:
    tried, kept = changes(range(1_000), 10)
    assert kept == []
    assert tried.total() > 9_000
