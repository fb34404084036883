from __future__ import annotations

import pytest
from tests.spec.written import codes, section_of, spec_of

from snapline.spec.model import SectionKind

# body -> canonical texts of the clauses, canonical texts of the notes
BODIES = {
    "bullets": ("- a\n- b\n", ["a", "b"], []),
    "all markers": ("- a\n+ b\n* c\n1. d\n2) e\n", ["a", "b", "c", "d", "e"], []),
    "loose": ("- a\n\n- b\n", ["a", "b"], []),
    "paragraphs": ("a\nb\n\nc\n", ["a b", "c"], []),
    "intro is a note": ("These hold:\n\n- a\n", ["a"], ["These hold:"]),
    "after is a note": ("- a\n\nb\n", ["a"], ["b"]),
    "lists under sub-headings": ("## x\n- a\n## y\n1. b\n", ["a", "b"], ["# x", "# y"]),
    "sub-headings over paragraphs": ("## x\na\n## y\nb\n", ["a", "b"], ["# x", "# y"]),
    "nested list": ("- a\n  - b\n    1. c\n- d\n", ["a\n- b\n  - c", "d"], []),
    "paragraphs of an item": ("- a\n\n  b\n", ["a\nb"], []),
    "lazy": ("- a\nb\n", ["a b"], []),
    "fence of an item": ("- a\n  ```sh\n  x\n   y\n  ```\n", ["a\n```sh\nx\n y\n```"], []),
    "fence after a list": ("- a\n\n```\nx\n```\n", ["a"], ["```\nx\n```"]),
    "fence after a paragraph": ("a\n\n```\nx\n```\n\nb\n", ["a\n```\nx\n```", "b"], []),
    "fence alone": ("```\nx\n```\n", ["```\nx\n```"], []),
    "quote after a paragraph": ("a\n\n> q\n> r\n", ["a\n> q r"], []),
    "quote alone": ("> q\n", ["> q"], []),
    "indented code": ("a\n\n    x\n     y\n", ["a\n```\nx\n y\n```"], []),
    "table": ("| a | b |\n|---|:-:|\n| 1 | `x` |\n", ["| a | b |\n| 1 | `x` |"], []),
    "rules say nothing": ("a\n\n***\n\nb\n", ["a", "b"], []),
    "comments say nothing": ("<!-- x -->\n\na <!-- y --> b\n", ["a b"], []),
    "html is a note": ("<details>\n\na\n\n</details>\n", ["a"], ["<details>", "</details>"]),
    "link definitions are notes": ("[a]: http://x\n[b]: <y> 'z'\n\na [a]\n", ["a [a]"], ["[a]: http://x [b]: <y> 'z'"]),
    "definition before text": ("[a]: x\ntext\n", ["text"], ["[a]: x"]),
    "item of a comment": ("- <!-- x -->\n- b\n", ["", "b"], []),
    "empty item": ("-\n- b\n", ["", "b"], []),
    "text on the next line": ("-\n  a\n", ["a"], []),
    "item that begins with a list": ("- - a\n", ["- a"], []),
    "wide characters": ("- 日本語\u3000x\n- e\u0301\n", ["日本語\u3000x", "é"], []),
    "hash in a fence": ("a\n```\n# Acceptance\n```\n", ["a\n```\n# Acceptance\n```"], []),
    "tabs": ("-\ta\n\n\tb\n", ["a\nb"], []),
    "fence with a shorter one inside": ("- a\n  ````\n  ```\n  ````\n", ["a\n```\n```\n```"], []),
    "tilde fence": ("a\n~~~ x  y\nb\n~~~\n", ["a\n```x y\nb\n```"], []),
    "nothing": ("\n", [], []),
    "only a comment": ("<!-- say something -->\n", [], []),
}


@pytest.mark.parametrize("name", BODIES)
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_clauses_and_notes(name: str, newline: str) -> None:
    body, clauses, notes = BODIES[name]
    spec = spec_of(f"# Goal\n{body}".replace("\n", newline))
    assert [clause.text for clause in spec.clauses()] == clauses
    assert [note.text for note in spec.sections[0].notes] == notes


@pytest.mark.parametrize("name", BODIES)
def test_a_clause_quotes_itself(name: str) -> None:
    body, clauses, _ = BODIES[name]
    spec = section_of(SectionKind.GOAL, body)
    for clause, text in zip(spec.clauses(), clauses, strict=True):
        inner = spec_of(f"# Goal\n{spec.source.slice(clause.span)}\n")
        assert [one.text for one in inner.clauses()] == [text]
        assert clause.span.covers(clause.body)


def test_task_is_prose() -> None:
    section = section_of(SectionKind.TASK, "- a\n\n`$ x` (slow)\n").sections[0]
    assert section.clauses == ()
    assert section.prose == "- a\n`$ x` (slow)"


def test_no_final_newline_and_a_byte_order_mark() -> None:
    spec = spec_of("\ufeff# Goal\r\n- a\r\n- G7: b")
    assert [clause.shown for clause in spec.clauses()] == ["G8?", "G7"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("\\*a\\* &amp; &lt;b&gt; &copy;", "*a* & <b> ©"),
        ("a  \nb\\\nc", "a b c"),
        ("*a* **b** _c_ a_b_c ***d***", "a b c a_b_c d"),
        ("`` a`b `` `x  y`", "``a`b`` `x  y`"),
        ("[a *b*](http://x/_y_ 't')", "[a b](http://x/_y_ 't')"),
        ("<http://x/*y*> <b>*z*</b>", "<http://x/*y*> <b>z</b>"),
        ("* a *b", "- a *b"),
        ("a<!-- x -->b &notanentity; &", "ab &notanentity; &"),
        ("`a\nb`", "`a b`"),
    ],
)
def test_canonical_words(text: str, words: str) -> None:
    section = section_of(SectionKind.TASK, text).sections[0]
    assert section.prose == words


def test_depth() -> None:
    def nested(levels: int) -> str:
        return "".join("  " * level + "- a\n" for level in range(levels))

    assert codes(section_of(SectionKind.GOAL, nested(8))) == []
    assert codes(section_of(SectionKind.GOAL, nested(9))) == ["FMT012"]
    deep = section_of(SectionKind.GOAL, "> " * 200 + "a\n\nb\n")
    assert codes(deep) == ["FMT012"]
    assert [clause.text for clause in deep.clauses()][-1] == "b", "what follows is not dropped"


def test_text_beyond_the_limits_is_reported_and_kept() -> None:
    spec = section_of(SectionKind.GOAL, "a\n\n" * 15_000)
    assert codes(spec) == ["FMT012"]
    assert 5_000 < len(spec.clauses()) < 15_000
    assert len(spec.sections[0].notes) == 1
    assert spec.sections[0].notes[0].text.count("a") == 15_000 - len(spec.clauses())
