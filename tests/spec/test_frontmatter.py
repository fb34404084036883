from __future__ import annotations

import time

import pytest
from tests.spec.written import codes, fixed, quoted, spec_of

from snapline.spec.model import FrontMatter


def test_all_keys() -> None:
    front = spec_of(
        '---\nid: a-b\ntitle: "A: b"\nowner: "@alice"\npriority: 0\nlane: pay\nlang: pt-BR\nafter: [x, y]\n'
        "supersedes: old\nlabels:\n- up\n- 2\nx-team: [1, {a: b}]\n---\n# Task\n"
    ).front
    assert (front.id, front.title, front.owner, front.priority) == ("a-b", "A: b", "@alice", 0)
    assert (front.lane, front.lang, front.after, front.supersedes) == ("pay", "pt-BR", ("x", "y"), ("old",))
    assert front.labels == ("up", "2")


@pytest.mark.parametrize("text", ["# Task\n", "---\n# Task\n", "--- x\nid: a\n---\n", "\n---\nid: a\n---\n", "---", ""])
def test_no_front_matter(text: str) -> None:
    spec = spec_of(text)
    assert spec.front == FrontMatter()
    assert "FMT011" not in codes(spec)


@pytest.mark.parametrize("text", ["---\n---\n# Task\n", "---\n# nothing\n---\n# Task\n"])
def test_empty_front_matter(text: str) -> None:
    spec = spec_of(text)
    assert codes(spec) == []
    assert spec.front.span is not None
    assert len(spec.sections) == 1


@pytest.mark.parametrize(
    ("lines", "quote"),
    [
        ("prio: 1", "prio"),
        ("Title: x", "Title"),
        ("id: a\nid: b", "id"),
        ("id: A b", "A b"),
        ("id: [a]", "[a]"),
        ("id:", ""),
        ("priority: 5", "5"),
        ("priority: high", "high"),
        ("lang: english language", "english language"),
        ("lane: a b", "a b"),
        ("after: [a, B]", "B"),
        ("after: [a, [b]]", "[b]"),
        ("labels: {a: b}", "{a: b}"),
        ("- a", "- a"),
        ("title: |\n  a\n  b", "|\n  a\n  b"),
        ("owner: &a x\nlane: *a", "*"),
        ("x-a: " + "[" * 14 + "]" * 14, "["),
        ("[a]: b", "[a]"),
    ],
)
def test_faults(lines: str, quote: str) -> None:
    assert quoted(spec_of(f"---\n{lines}\n---\n# Task\n")) == [("FMT011", quote)]


@pytest.mark.parametrize(
    ("line", "after"),
    [
        ("owner: @alice", 'owner: "@alice"'),
        ("title: Fix: x", 'title: "Fix: x"'),
        ("title: %done", 'title: "%done"'),
        ('title: `a` "b"', 'title: "`a` \\"b\\""'),
        ("titel: x", "title: x"),
        ("prority: 1", "priority: 1"),
    ],
)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_fixes(line: str, after: str, newline: str, mark: str) -> None:
    text = f"{mark}---\nid: a\n{line}\n---\n# Task\nx\n".replace("\n", newline)
    spec = spec_of(text)
    assert codes(spec) == ["FMT011"]
    assert [one.name for one in spec.sections] == ["Task"], "the body is read although the front matter is not"
    mended = fixed(spec)
    assert mended == f"{mark}---\nid: a\n{after}\n---\n# Task\nx\n".replace("\n", newline)
    assert codes(spec_of(mended)) == []


def test_all_faults_at_once() -> None:
    spec = spec_of("---\nfoo: 1\npriority: 9\nlane: a b\n---\n")
    assert [quote for _, quote in quoted(spec)] == ["foo", "9", "a b"]


def test_a_block_that_is_too_long_is_refused_fast() -> None:
    begin = time.process_time()
    spec = spec_of("---\nx-a: " + "[" * 9000 + "\n---\n# Task\n")
    assert codes(spec) == ["FMT011"]
    assert time.process_time() - begin < 1


def test_hostile_yaml_is_bounded() -> None:
    for unit in ("[", "{", "a: {", "- ", "? ", "&a ", "*a ", "!!x ", '"', "\t", "a:\n "):
        begin = time.process_time()
        spec_of("---\n" + unit * (8000 // len(unit)) + "\n---\n# Task\n")
        assert time.process_time() - begin < 1.5, unit
