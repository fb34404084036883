"""Plain front matter is read without a YAML reader; wherever there is an answer, it is that of the strict reader."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from snapline.base.text import Source
from snapline.spec import frontmatter
from snapline.spec.plainfront import plain_front

_KEYS = st.sampled_from([*frontmatter.KEYS, "x-own", "Id", "titel"])
_VALUES = st.sampled_from(
    [
        "a", "a-b", "2", "0", "9", "de", "pt-BR", "[a, b]", "[a,b]", "[]", "null", "~", "Null", "yes", "1e3", "",
        "a: b", "a #b", "a#b", '"@alice"', "'@bob'", '"a # b"', '"a\\n"', "'it''s'", '" "', "@x", "- a", "[null]",
        "a,b", "a ",
        "Fix: x", "The upload (new), as it is", "größer",
        "a\u2028b", "\x07", "[a, [b]]", "{a: b}", "> x", "a\n  b", "'",
    ]
) | st.text(max_size=8)  # fmt: skip
_LINES = st.lists(st.tuples(_KEYS, st.sampled_from([": ", ":", ":  ", " : "]), _VALUES).map("".join), max_size=4)


@settings(max_examples=800, deadline=None)
@given(_LINES, st.sampled_from(["---\n# Task\n", "---", "--- \n", ""]))
def test_it_agrees_with_the_strict_reader(lines: list[str], end: str) -> None:
    _compare("\n".join(["---", *lines, end]))


@pytest.mark.parametrize(
    "lines",
    ["", "id: a\n", 'title: Retry it, twice\nowner: "@alice"\npriority: 0\n', "after: [a, b]\nlabels: x\nlang: de\n"],
)
def test_ordinary_front_matter_is_plain(lines: str) -> None:
    assert _compare(f"---\n{lines}---\n# Task\n")


@pytest.mark.parametrize("lines", ["id: null\n", "id: A\n", "title: a: b\n", "id: a\nid: b\n", "x-own: 1\n"])
def test_what_is_not_plain_is_left_to_the_strict_reader(lines: str) -> None:
    assert not _compare(f"---\n{lines}---\n# Task\n")


def _compare(text: str) -> bool:
    found = plain_front(text, 0)
    if found is None:
        return False
    front, body, faults = frontmatter.read(Source("x.md", text.encode("utf-8", "surrogatepass"), text), 0)
    assert (*found, ()) == (front, body, faults)
    return True
