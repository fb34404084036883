"""Plain Markdown is read by a reader of our own; wherever it answers, it answers as the whole parser does."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.spec import texts

from snapline.base.text import Source
from snapline.spec import frontmatter
from snapline.spec.markdown import read_blocks
from snapline.spec.plain import plain_blocks

SUBSET = (
    "text", "- item", "- A1: it `x` (G1)", "  more", "  ```sh check", "  $ x", "  ```", "```", "# Head", "", "    four",
    "  - nested", "    deep", "    - third", "      x", "--flag x", "  b  ", "a  ", "~~~ a", "~~~",
    "<!-- x", "-->", "<!-- c --> ",
)  # fmt: skip
BEYOND = (
    "## Two words ", "###", "#x", "# a #", "   three", " one", "-", "--", "---", "===", "1. one", "12) x", "1.5 s",
    "[a]: b", "[a] b", "- [ ] x", "- [x]: y", "*a* b", "**b**", "* a", "***", "_x_", "___", "> q", "| a |", "|-|",
    "<b>", ":-", "~x", "$ x", "日本", "\u00a0x", "\x0cx", "- - a", "- # a", "- ```", "-     code", "-  two", "\\# x",
    "+ a", "<!-->", "  <!-- x -->", "2026 a", "``c``", "````", "````` x", "a `b\nc`", "- \u3000x", "1.", "  1. x",
    "  > x", "     five", "\tx", "a\r",
)  # fmt: skip
LINES = st.lists(st.sampled_from(SUBSET) | st.sampled_from(SUBSET) | st.sampled_from(BEYOND), max_size=10)


@settings(max_examples=600, deadline=None)
@given(LINES, st.booleans())
def test_it_agrees_with_the_whole_parser(lines: list[str], ended: bool) -> None:  # noqa: FBT001 - drawn
    _compare("\n".join(lines) + ("\n" if ended else ""))


@pytest.mark.parametrize("kind", ["valid", "mutated", "structured"])
def test_it_agrees_on_specs(kind: str) -> None:
    make = getattr(texts, kind)
    answered = sum(_compare(make(texts.seeded(seed))) for seed in range(150))
    assert answered > {"valid": 140, "mutated": 20, "structured": 0}[kind]


def test_an_ordinary_spec_is_plain() -> None:
    assert _compare(
        "# Goal\n\nA text\n  of two lines.\n\n- G1: one\n  `x`\n- G2: two\n\n  ```sh check\n  true\n  ```\n"
    )


def _compare(text: str) -> bool:
    """Whether the reader answers; it has to answer rightly."""
    source = Source.from_bytes("x.md", text.encode())
    _, start, _ = frontmatter.read(source, 0)
    found = plain_blocks(source.text, start)
    if found is None:
        return False
    whole = read_blocks(source, start)
    assert (found, None, None) == (whole.blocks, whole.too_deep, whole.unread)
    return True
