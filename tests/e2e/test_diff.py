"""Comparing revisions of a spec from the command line."""

from __future__ import annotations

import pytest
from tests.e2e.stage import MakeStage, Stage

SPEC = "specs/add.md"


@pytest.fixture
def stage(make_stage: MakeStage) -> Stage:
    return make_stage("shell")


def rewrite(stage: Stage, *changes: tuple[str, str]) -> None:
    text = (stage.root / SPEC).read_text()
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    stage.write({SPEC: text})


CHANGES = (
    ("always gives zero", "mostly gives zero"),
    ("- G1: `add` prints the sum of its two arguments.\n", ""),
    ("- C1: Do not change: `README.md`", "- C1: Do not change: `docs/**`\n- C2: It stays calm."),
    ("`$ sh tests/test_add.sh`", "`$ sh tests/test_add.sh` (slow)"),
)
TEXT = """\
HEAD:specs/add.md (OLD) -> specs/add.md (NEW)

Task
  ~ Adding two numbers [-always-]{+mostly+} gives zero, which breaks every caller of the calculator.

Goal
  - G1: `add` prints the sum of its two arguments.

Constraints
  ~ C1: Do not change: [-`README.md`-]{+`docs/**`+}
  + C2: It stays calm.

Acceptance
  ~ A1: The sum is right (G1): `$ sh tests/test_add.sh`{+ (slow)+}

Touches
  task add (by the whole spec, C1, C2, A1, G1)
  checks of A1: they run again, on the base too
  boundary `README.md`: Do not change; now: named nowhere
  boundary `docs/**`: named nowhere; now: Do not change
  path README.md: may not be changed; now: may be changed
"""
MARKDOWN = """\
### `add`: HEAD:specs/add.md (OLD) → specs/add.md (NEW)


**Task**

- changed: Adding two numbers <del>always</del><ins>mostly</ins> gives zero, which breaks every caller of the \
calculator.

**Goal**

- removed: G1: `add` prints the sum of its two arguments.
"""


def test_in_text_and_markdown(stage: Stage) -> None:
    assert stage.say("diff", "add").out.endswith("no difference: both are one revision\n")
    assert stage.say("diff", "add", "--exit-code").status == 0
    rewrite(stage, *CHANGES)
    said = stage.say("diff", "add", "--exit-code")
    document = stage.snapline("diff", SPEC).document
    revisions = {document[side]["revision"][:8]: name for side, name in (("old", "OLD"), ("new", "NEW"))}
    text = said.out
    markdown = stage.say("diff", "add", "--format", "markdown").out
    for digits, name in revisions.items():
        text, markdown = text.replace(digits, name), markdown.replace(digits, name)
    assert (said.status, text) == (1, TEXT)
    assert markdown.startswith(MARKDOWN)
    assert stage.say("diff", "add").status == 0


def test_as_json(stage: Stage) -> None:
    rewrite(stage, *CHANGES)
    said = stage.snapline("diff", "add").document
    assert (said["version"], said["spec"], said["same"]) == (1, "add", False)
    assert [(one["kind"], (one["new"] or one["old"])["id"]) for one in said["clauses"]] == [
        ("changed", "C1"), ("added", "C2"), ("changed", "A1"), ("removed", "G1"),
    ]  # fmt: skip
    assert said["clauses"][0]["words"][1:] == [
        {"kind": "old", "text": "`README.md`"},
        {"kind": "new", "text": "`docs/**`"},
    ]
    assert said["impact"]["tasks"][0]["id"] == "add"
    assert said["impact"]["paths"] == [{"path": "README.md", "old": "may not be changed", "new": "may be changed"}]


def test_revisions_by_every_name(stage: Stage) -> None:
    approved = stage.snapline("approve", "add").document["revision"]
    rewrite(stage, ("always gives zero", "mostly gives zero"))
    stage.commit("Changed")
    rewrite(stage, ("mostly gives zero", "never gives a sum"))

    def sides(*names: str) -> tuple[str, str]:
        said = stage.snapline("diff", "add", *names).document
        return said["old"]["name"], said["new"]["name"]

    record = f"add@{approved[:8]}"
    assert sides() == (record, SPEC)
    assert sides("approved", "HEAD") == (record, f"HEAD:{SPEC}")
    assert sides(approved[:6], "HEAD:") == (record, f"HEAD:{SPEC}")
    assert sides("HEAD~1:specs/add.md", "file") == (f"HEAD~1:{SPEC}", SPEC)
    assert stage.snapline("diff", "add", "HEAD~1", "approved").document["same"]
    (stage.root / SPEC).unlink()
    assert sides("approved", "HEAD") == (record, f"HEAD:{SPEC}")
    for names in (("approved",), ("nothing",), ("HEAD:no.md", "HEAD")):
        said = stage.snapline("diff", "add", *names)
        assert (said.status, said.document["error"]["code"]) == (2, "no-such-revision"), names
    assert stage.snapline("diff", "nobody").document["error"]["code"] == "no-such-spec"
