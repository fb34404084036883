"""The comment that an editor offers: it lets exactly the finding pass, wherever that is."""

from __future__ import annotations

import pytest

from snapline.base.text import Source, apply_edits
from snapline.lint.excuse import excuse
from snapline.lint.gate import is_firm
from snapline.lint.registry import find_rule
from snapline.lint.rule import Context
from snapline.lint.run import lint
from snapline.spec.interfaces import PathTree
from snapline.spec.parser import parse
from snapline.spec.revision import revision

TEXT = """\
---
owner: "@ann"
---
# Uploads

# Task

Uploads fail when the connection drops, and people have to begin again.

# Outcome

An upload goes on.

And it says so.

# Constraints

- C1: Nothing that is stored is lost.
- C2: Change only: `srcs/**`

# Extras

words

# Acceptance
- A1: An upload goes on. (regression)
- A full disk is told

  ```console
  $ true
  ```
- [ ] A4: And more.
# Failure plan
None
"""


def read(source: Source) -> Context:
    return Context(parse(source), PathTree({"src/a.py": b""}), {})


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_every_finding_that_may_pass_can_be_let_pass(ends: str, mark: str) -> None:
    source = Source.from_bytes("x.md", (mark + TEXT.replace("\n", ends)).encode())
    findings = lint(read(source))
    assert len({one.code for one in findings}) > 5
    for finding in findings:
        edit = excuse(finding, "it is so", source, read)
        rule = find_rule(finding.code)
        assert rule is not None
        assert (edit is None) == is_firm(rule), finding
        if edit is None:
            continue
        after = Source.from_bytes("x.md", apply_edits(source.text, [edit]).encode())
        left = lint(read(after))
        assert revision(parse(after)) == revision(parse(source))
        assert len(left) <= len(findings) - 1
        assert "SUP" not in {one.code[:3] for one in left}


def test_without_a_reason_there_is_no_excuse() -> None:
    source = Source.from_bytes("x.md", TEXT.encode())
    finding = next(one for one in lint(read(source)) if one.code == "CON504")
    assert excuse(finding, " ", source, read) is None
