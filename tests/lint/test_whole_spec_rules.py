"""Rules that judge a spec as a whole, each against many specs: what breaks them, and what only nearly does."""

from __future__ import annotations

import pytest

from snapline.base.diagnostics import Finding
from snapline.base.ids import SpecId
from snapline.base.text import Source, apply_edits
from snapline.lint.rule import Context, LintSettings
from snapline.lint.run import lint
from snapline.spec.interfaces import PathTree
from snapline.spec.model import Spec
from snapline.spec.parser import parse

NO_NEGATIVE = [
    "An upload goes on after a reconnect: `$ pytest -q tests/upload`",
    "The bar shows the rest: `tests/upload/test_client.py::test_bar`",
    "The list is sorted by name. (manual)",
    "The page loads: `$ python tools/probe.py --all`",
    "The nodes are listed: `$ upload --nodes`",
]
NEGATIVE = [
    "An empty file is refused: `$ upload empty.txt`",
    "It goes on: `tests/upload/test_client.py::test_invalid_name`",
    "Exits 2 without a file: `$ upload`",
    "The old name is gone: `$ ! grep -rn OldClient src`",
    "At most three tries are made. (manual)",
    "Nothing is written twice. (manual)",
    "A 404 is shown for it. (manual)",
    "A line that drops for a minute is waited for. (manual)",
    "Two people with one name are told apart by a warning. (manual)",
    "It stops when the disk is full. (manual)",
    "The upload times out after 30 s. (manual)",
    "It raises: `$ pytest -q -k 'upload and raises'`",
]
NO_PAIR = [
    "The bar of an upload is wrong.",
    "Uploads crash on slow lines.",
    "The total of an order is not right. It was reported by three customers.",
    "It does not work.",
    "The list is unsorted since the last release, which is annoying.",
]
PAIR = [
    "Expected: the bar goes on. Actual: it jumps to 0 %.",
    "The bar shows 0 % instead of 40 %.",
    "The bar should go on at 40 %, but it jumps to 0 %.",
    "The bar jumps to 0 %, where 40 % would be right.",
    "We expected 40 % and got 0 %.",
    "After a reconnect the bar jumps to 0 %. It should go on.\n\nToday it fails for everybody.",
    "A full disk raises KeyError; it is supposed to be reported.",
    "An empty file is stored, although it should be refused.",
    "**Actual:** a traceback.\n\n**Expected:** a message.",
    "It prints the first name rather than the last.",
    "An upload is expected to go on. Currently it begins again.",
]
NO_STEPS = [
    "The bar sometimes shows 0 % instead of 40 %.",
    "Uploads crash on slow lines. Expected: they go on. Actual: they crash.",
    "The total is 10 instead of 20, says support.",
    "Users lose their uploads; they should not.",
]
STEPS = [
    "It happens when one pulls the plug.",
    "To reproduce: pull the plug.",
    "Steps:\n\n1. Start an upload.\n2. Pull the plug.",
    "Run `upload --all` twice.",
    "Seen with `$ upload --all`.",
    "For example:\n\n```\nupload a.txt\n```",
    "Open the list in a second tab and close the first.",
    "How to see it: pull the plug.",
    "If a user renames the file, the bar jumps.",
    "A repro is in the tests.",
    "- Start an upload.\n- Pull the plug.",
]
TREE = PathTree(["src/a.py", "src/b.py", "src/sub/c.py", "docs/x.md", "CHANGELOG.md"])


def written(task: str = "Uploads fail.", acceptance: str = "- A1: It goes on. (manual)", head: str = "") -> str:
    return f"{head}# Task\n\n{task}\n\n# Goal\n\n- G1: An upload goes on.\n\n# Acceptance\n\n{acceptance}\n"


def spec(text: str, name: str = "this") -> Spec:
    return parse(Source.from_bytes(f"{name}.md", text.encode()))


def found(text: str, code: str) -> list[Finding]:
    return [one for one in lint(Context(spec(text))) if one.code == code]


@pytest.mark.parametrize("criterion", NO_NEGATIVE)
def test_no_criterion_speaks_of_what_goes_wrong(criterion: str) -> None:
    text = written(acceptance=f"- A1: {criterion}")
    (one,) = found(text, "ACC307")
    assert one.fix is not None
    assert found(apply_edits(text, one.fix.edits), "ACC307") == []


@pytest.mark.parametrize("criterion", NEGATIVE)
def test_a_criterion_speaks_of_what_goes_wrong(criterion: str) -> None:
    assert found(written(acceptance=f"- A1: {criterion}"), "ACC307") == []


@pytest.mark.parametrize("task", NO_PAIR)
@pytest.mark.parametrize("label", ["bug", "Bug", "type: bug", "kind/bug", "bugfix"])
def test_a_bug_lacks_its_pair(task: str, label: str) -> None:
    text = written(task, head=f'---\nlabels: ["{label}"]\n---\n')
    (one,) = found(text, "ACC309")
    assert one.fix is not None
    assert found(apply_edits(text, one.fix.edits), "ACC309") == []


@pytest.mark.parametrize("task", PAIR)
def test_a_bug_has_its_pair(task: str) -> None:
    assert found(written(task, head="---\nlabels: [bug]\n---\n"), "ACC309") == []


@pytest.mark.parametrize("task", NO_STEPS)
def test_a_bug_lacks_its_steps(task: str) -> None:
    text = written(task, "- A1: It goes on: `$ pytest -q`", head="---\nlabels: bug\n---\n")
    (one,) = found(text, "ACC310")
    assert one.fix is not None
    assert found(apply_edits(text, one.fix.edits), "ACC310") == []


@pytest.mark.parametrize("task", STEPS)
def test_a_bug_has_its_steps(task: str) -> None:
    assert found(written(task, head="---\nlabels: [bug]\n---\n"), "ACC310") == []


@pytest.mark.parametrize("head", ["", "---\nlabels: [debugging]\n---\n", "---\nlabels: [bug-tracker, ui]\n---\n"])
def test_only_a_bug_needs_either(head: str) -> None:
    text = written(NO_PAIR[0], head=head)
    assert found(text, "ACC309") + found(text, "ACC310") == []


def side(interfaces: str = "", head: str = "", **sections: str) -> str:
    parts = {"Interfaces": interfaces, **sections}
    return head + "\n".join(f"# {name}\n\n{text}\n" for name, text in parts.items() if text)


MEETING = {
    "one path": (side("- I1: changes `src/a.py`"), side("- I1: changes `src/a.py`")),
    "a folder": (side("- I1: changes `src/sub/`"), side("- I1: changes `src/sub/c.py`")),
    "a new file": (side("- I1: new `src/new.py`"), side("- I1: new `src/new.py`")),
    "removed and changed": (side("- I1: removes `src/a.py`"), side("- I1: changes `src/a.py`")),
    "removed and used": (side("- I1: removes `src/a.py`"), side("- I1: uses `src/a.py`")),
    "used and removed": (side("- I1: uses `src/a.py`"), side("- I1: removes `src/a.py`")),
    "a symbol": (side("- I1: changes `src/a.py::f`"), side("- I1: changes `src/a.py`")),
    "tasks": (
        side(Tasks="- T1: This. Changes `src/**`."),
        side("- I1: changes `src/b.py`"),
    ),
    "only boundaries": (
        side(Constraints="- C1: Change only: `src/**`"),
        side(Constraints="- C1: Change only: `src/sub/**`"),
    ),
    "numbers": (
        side(Goal="- G1: At most 3 uploads run at a time."),
        side(Goal="- G4: At least 5 uploads run at a time."),
    ),
}
PARTED = {
    "two files": (side("- I1: changes `src/a.py`"), side("- I1: changes `src/b.py`")),
    "both use it": (side("- I1: uses `src/a.py`"), side("- I1: uses `src/a.py`")),
    "one touches it": (side("- I1: `src/a.py`"), side("- I1: changes `src/a.py`")),
    "one uses what the other changes": (side("- I1: uses `src/a.py`"), side("- I1: changes `src/a.py`")),
    "a shared file": (side("- I1: changes `CHANGELOG.md`"), side("- I1: changes `CHANGELOG.md`")),
    "after it": (side("- I1: changes `src/a.py`", "---\nafter: that\n---\n"), side("- I1: changes `src/a.py`")),
    "before it": (side("- I1: changes `src/a.py`"), side("- I1: changes `src/a.py`", "---\nafter: this\n---\n")),
    "instead of it": (
        side("- I1: changes `src/a.py`", "---\nsupersedes: that\n---\n"),
        side("- I1: changes `src/a.py`"),
    ),
    "boundaries only wider than the change": (
        side("- I1: changes `src/a.py`", Constraints="- C1: Change only: `src/**`"),
        side("- I1: changes `src/b.py`", Constraints="- C1: Change only: `src/**`"),
    ),
    "the same number": (
        side(Goal="- G1: At most 3 uploads run at a time."),
        side(Goal="- G4: At most 3 uploads run at a time."),
    ),
    "a number that keeps both": (
        side(Goal="- G1: At most 3 uploads run at a time."),
        side(Goal="- G4: At most 5 uploads run at a time."),
    ),
    "another subject": (
        side(Goal="- G1: At most 3 uploads run at a time."),
        side(Goal="- G4: At least 5 downloads run at a time."),
    ),
    "a name": (side("- I1: changes `Client.send`"), side("- I1: changes `Client.send`")),
    "nothing said": (side("- I1: The client."), side("- I1: The client.")),
}


def meeting(this: str, that: str, shared: tuple[str, ...] = ("CHANGELOG.md",)) -> list[Finding]:
    flight = {SpecId("that"): spec(that, "that")}
    context = Context(spec(this), TREE, {}, LintSettings(shared=shared), in_flight=flight)
    return [one for one in lint(context) if one.code == "PLN705"]


@pytest.mark.parametrize("name", MEETING)
def test_two_specs_in_flight_meet(name: str) -> None:
    (one,) = meeting(*MEETING[name])
    assert "that, which is approved" in one.message


@pytest.mark.parametrize("name", PARTED)
def test_two_specs_in_flight_go_side_by_side(name: str) -> None:
    assert meeting(*PARTED[name]) == []


def test_a_spec_that_waits_through_a_third_does_not_meet() -> None:
    this = spec(side("- I1: changes `src/a.py`", "---\nafter: third\n---\n"))
    third = spec(side("- I1: changes `src/b.py`", "---\nafter: that\n---\n"), "third")
    flight = {SpecId("that"): spec(side("- I1: changes `src/a.py`"), "that")}
    for corpus, known in (({}, 1), ({SpecId("third"): third}, 0)):
        context = Context(this, TREE, corpus, in_flight=flight)
        assert len([one for one in lint(context) if one.code == "PLN705"]) == known
