"""Reading again what has changed gives what reading all would give, or nothing."""

from __future__ import annotations

import random

import pytest
from tests.lsp import longspec
from tests.lsp.scene import TEXT

from snapline.base.ids import ClauseId
from snapline.base.text import Source
from snapline.spec.model import Spec
from snapline.spec.parser import parse
from snapline.spec.reparse import reparse

ODD = """\
---
id: odd
---
A word before.

## Aufgabe

Die Uploads brechen ab.

## Goal

- G1: One, see G2 (G3).
- Another without an id
- G4: **Bold** and `code` 😀.

### Deeper

- G5: Below a heading.

## Constraints

- C1: Change only: `src/**`
<!-- between -->
- C2: No network
- C3: Some words
with a lazy line
- C4: Budget: 3 attempts, 90m

A note here.

* C6: Another list.
* C7: Another one.

## Acceptance

1. A1: `$ one` (network)
2. A2: Two

- A3: It prints:

  ```console
  $ a
  b
  ```
- A4: `tests/a.py::test_b` (timeout 2m, A1)
- A5: | not a table
- A6: Proves G1-G4 and other/A2 (manual: @alice)

  > a quote
- A7: ends

## Failure plan

- F1: Rollback: `$ undo`, revert
- F2: Retry: 3
- F3: Escalate: @bob

## Other

- x
- y
"""
PIECES = (
    *(
        "a",
        " ",
        "x y",
        "`",
        "``",
        "(",
        ")",
        "**",
        "\n",
        "\n\n",
        "- ",
        "\n- ",
        "\n- A9: `$ c` (slow)\n",
        "  ",
        "\n```\n",
    ),
    *("<!--", "-->", "|", "😀", ": ", "# ", "\n# Goal\n", "\n## Goal\n", "G1", "A12: ", "[x] ", "Change only: `a/**`"),
    *(
        "No network",
        "(network)",
        "proves A1-A3",
        "> ",
        "\t",
        "\n---\n",
        "1. ",
        "timeout 2m",
        "\r",
        "TBD",
        "&amp;",
        "\\",
    ),
)
"""What is typed."""


def read(text: str, known: tuple[ClauseId, ...] = ()) -> Spec:
    return parse(Source("specs/some.md", text.encode(), text), known=known)


def edited(chance: random.Random, text: str) -> str:
    """A text with one place changed: something typed, or taken out, or both."""
    at = chance.randrange(len(text) + 1)
    end = min(len(text), at + chance.choice((0, 0, 0, 1, 1, 2, 5, 40)))
    return text[:at] + chance.choice(("", *PIECES)) + text[end:]


TEXTS = {"scene": TEXT, "odd": ODD, "long": "\n".join(longspec.text().split("\n")[:120])}


@pytest.mark.parametrize("newline", ["\n", "\r\n"], ids=["LF", "CRLF"])
@pytest.mark.parametrize("name", TEXTS)
def test_reading_what_changed_is_reading_all(name: str, newline: str) -> None:
    assert trial(TEXTS[name].replace("\n", newline), f"{name} {newline}", 60) > 2


@pytest.mark.soak
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"], ids=["LF", "CRLF", "CR"])
@pytest.mark.parametrize("name", TEXTS)
def test_reading_what_changed_is_reading_all_for_long(name: str, newline: str) -> None:
    assert trial(TEXTS[name].replace("\n", newline), f"for long {name} {newline}", 4_000) > 200


def trial(text: str, seed: str, turns: int) -> int:
    """Change a text again and again, begin anew now and then; gives how often only what had changed was read."""
    chance = random.Random(seed)  # noqa: S311 - the same trial every time
    known = (ClauseId("A40"), ClauseId("G9"))
    old, short = read(text, known), 0
    for turn in range(turns):
        new = edited(chance, old.source.text)
        found = reparse(old, Source("specs/some.md", new.encode(), new), known)
        wanted = read(new, known)
        if found is not None:
            short += 1
            assert found == wanted, f"{seed!r}, turn {turn}"
        old = wanted if turn % 4 else read(text, known)
    return short


def test_front_matter_that_is_closed_far_below_is_seen() -> None:
    text = TEXT.replace("after: [auth]\n---\n", "")
    new = text.replace("- G2: Nothing", "- G2:\n---\nNothing")
    assert read(new).front.span != read(text).front.span
    assert reparse(read(text), Source("specs/some.md", new.encode(), new)) is None


def test_typing_a_clause_reads_only_its_neighbours() -> None:
    text = longspec.text()
    old, read_all = read(text), 0
    at = text.index("\n- A120:")
    typed = "\n- A999: It prints `done` again, see G1 (regression)."
    for length in range(1, len(typed) + 1):
        new = text[:at] + typed[:length] + text[at:]
        found = reparse(old, Source("specs/some.md", new.encode(), new))
        read_all += found is None
        old = found or read(new)
    assert read_all <= 3
    assert old == read(new)
    assert len(old.clauses()) == len(read(text).clauses()) + 1


def test_what_concerns_more_than_its_neighbours_is_read_whole() -> None:
    old = read(TEXT)
    for before, after in (
        ("# Goal", "# Goals"),
        ("- G2: Nothing", "\n# Goal\n\n- G2: Nothing"),
        ("- C2: 😀", "```\n- C2: 😀"),
        ("id: uploads", "id: downloads"),
        ("Uploads of large", "Downloads of large"),
    ):
        new = TEXT.replace(before, after)
        assert new != TEXT
        assert reparse(old, Source("specs/some.md", new.encode(), new)) is None
