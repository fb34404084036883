from __future__ import annotations

import pytest
from tests.spec.written import spec_of

from snapline.spec.revision import canonical, revision

BASE = """---
id: a
title: T
owner: "@a"
after: [b]
---
# T

# Task

Uploads *fail* often.

# Constraints

- C1: Change only: `src/**`

# Acceptance

Intro.

- A1: It **works**: `$ x` (slow)
- A2: Second

  ```sh check
  a
   b
  ```

# Other

| a | b |
|---|---|
| 1 | 2 |
"""


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Uploads *fail* often.", "Uploads _fail_\noften."),
        ("Uploads *fail* often.", "Uploads fail   often."),
        ("often.", "often. <!-- x -->"),
        ("Uploads", "Up&#108;oads"),
        ("often.", "often\\."),
        ("- A1:", "* A1:"),
        ("- A1: It **works**: `$ x` (slow)\n- A2", "- **A1:** It works: `$ x`\n  (slow)\n\n- A2"),
        ("- A1: It", "- [x] A1: It"),
        ("# Constraints", "Constraints\n==="),
        ("# Constraints", "# **Constraints**:"),
        ("  ```sh check\n  a\n   b\n  ```", "  ~~~~ sh   check\n  a\n   b\n  ~~~~"),
        ("| a | b |\n|---|---|\n| 1 | 2 |", "a|b\n:-:|---\n1  |  2"),
        ("# Other\n", "# Other\n\n***\n"),
        ('owner: "@a"', "owner: bob\npriority: 0\nlabels: [z]"),
        ("after: [b]", "after: b"),
        ("title: T\n", ""),
        ("\n", "\r\n"),
        ("often.\n", "often.  \n"),
    ],
)
def test_reformatting_keeps_it(old: str, new: str) -> None:
    assert old in BASE
    changed = BASE.replace(old, new)
    assert canonical(spec_of(changed)) == canonical(spec_of(BASE))
    assert revision(spec_of(changed)) == revision(spec_of(BASE))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("often", "rarely"),
        ("often", "Often"),
        ("`src/**`", "`src/*`"),
        ("`src/**`", "src/\\*\\*"),
        ("Intro.", "Outro."),
        ("`$ x`", "`$ x `"),
        ("`$ x`", "`$  x`"),
        ("(slow)", ""),
        ("   b", "    b"),
        ("sh check", "bash check"),
        ("sh check", "sh"),
        ("| 1 | 2 |", "| 1 | 3 |"),
        ("A2: Second", "A3: Second"),
        ("# Other", "# Others"),
        ("id: a", "id: b"),
        ("title: T", "title: U"),
        ("after: [b]", "after: [c]"),
        ("after: [b]", "after: [b]\nlane: x"),
        ("after: [b]", "after: [b]\nlang: de"),
        ("after: [b]", "after: [b]\nsupersedes: c"),
        ("- A2: Second", "- A2: Second\n  - inner"),
        ("# Other", "# Goal\n\n# Other"),
    ],
)
def test_changing_a_word_changes_it(old: str, new: str) -> None:
    assert old in BASE
    assert revision(spec_of(BASE.replace(old, new, 1))) != revision(spec_of(BASE))


def test_the_order_of_clauses_is_part_of_it() -> None:
    assert revision(spec_of("# Goal\n- G1: a\n- G2: b\n")) != revision(spec_of("# Goal\n- G2: b\n- G1: a\n"))


def test_normal_form() -> None:
    assert revision(spec_of("# Goal\ne\u0301\n")) == revision(spec_of("# Goal\né\n"))


def test_it_is_pinned() -> None:
    """A change here makes every approval in the world stale: it needs a new FORMAT, and a reason."""
    assert revision(spec_of("# Goal\n- G1: a\n", "x.md")) == PINNED


PINNED = "32ba9f47d2aaaf78e06913cf01c530897d62f8ce46be9614f43ec06ebe2f9a52"
