"""The prompt of a first attempt: a golden, what must be in it, and how little of it is ours."""

from __future__ import annotations

import pytest
from tests.prompt.conftest import GOLDEN, MakePrompt

from snapline.base.ids import Oid, RevisionId
from snapline.base.text import Source
from snapline.plan.derive import plan
from snapline.prompt.body import body
from snapline.prompt.render import OWN_WORDS, PromptInput, render
from snapline.spec.model import Spec
from snapline.spec.parser import parse

PLAIN = """\
# Task
Uploads fail.
# Goal
They work.
# Constraints
Nobody notices.
# Interfaces
The client.
# Acceptance
Somebody looks.
# Failure plan
Call Bob.
"""


def parsed(text: str, path: str = "specs/plain.md") -> Spec:
    return parse(Source.from_bytes(path, text.encode()))


def whole(spec: Spec, task: int = 0) -> PromptInput:
    found = plan(spec)
    return PromptInput(spec, RevisionId("3f" * 32), found, found.tasks[task], Oid("a" * 40))


def test_the_golden(given: MakePrompt) -> None:
    assert render(given()) == (GOLDEN / "first.txt").read_text()


def test_the_plainest_spec_is_one_task_for_a_person_to_judge() -> None:
    told = render(whole(parsed(PLAIN)))
    assert told.startswith("You do one task of a spec.")
    assert "TASK plain: plain" in told
    assert "A person will judge: A1." in told
    assert "Make these criteria hold" not in told
    assert "A1: Somebody looks." in told
    assert "F1: Call Bob." in told


def test_the_same_revision_gives_the_same_prompt(given: MakePrompt) -> None:
    assert render(given()) == render(given())


def test_each_task_is_told_what_is_its_own(given: MakePrompt) -> None:
    first, second, third = (render(given(f"retry-uploads/T{one}")) for one in (1, 2, 3))
    assert "Make these criteria hold: A1, A5." in first
    assert "Others do T2, T3 in clones" in first
    assert "Done already and in your base: T1." in second
    assert "Others do T3 in clones" in second
    assert "A person will judge: A3." in third


def test_what_no_reader_sees_is_not_told(spec: Spec) -> None:
    text = body(spec)
    assert "skip the tests" not in text
    assert "really?" not in text
    assert "owner:" not in text
    assert "# Hints\nLook at `src/http.py` first." in text


def test_code_stays_to_the_last_blank(spec: Spec) -> None:
    assert "  $ upload --dry-run\n\n\n  <!-- not a comment -->\n  retrying\n" in body(spec)


def test_every_clause_has_its_id(spec: Spec) -> None:
    assert "- C3: Change only:" in body(spec)
    assert "- C3:" not in spec.source.text


@pytest.mark.parametrize("newline", ["\r\n", "\n"])
def test_line_ends_and_a_mark_of_byte_order_make_no_difference(newline: str) -> None:
    assert render(whole(parsed("\ufeff" + PLAIN.replace("\n", newline)))) == render(whole(parsed(PLAIN)))


def own_words(given: PromptInput) -> int:
    return len(render(given).encode()) - len(body(given.spec).encode())


def test_our_own_words_are_few(given: MakePrompt) -> None:
    for task in ("T1", "T2", "T3"):
        assert own_words(given(f"retry-uploads/{task}")) <= OWN_WORDS


def test_our_own_words_stay_few_in_a_large_spec() -> None:
    goals = "".join(f"- G{one}: Goal {one}.\n" for one in range(1, 41))
    criteria = "".join(f"- A{one}: {'Long ' * 40}: `$ check {one}`\n" for one in range(1, 81))
    rules = "".join(f"- C{one}: Do not change: `docs/{one}/**`\n" for one in range(1, 41))
    tasks = "".join(
        f"- T{one}: {'Very long ' * 40}. Proves A{one}, A{one + 40}. After T{max(one - 2, 1) if one > 2 else 9999}.\n"
        for one in range(1, 41)
    )
    text = (
        f"# {'Title ' * 60}\n# Task\nX.\n# Goal\n{goals}# Constraints\n{rules}# Interfaces\nX.\n"
        f"# Acceptance\n{criteria}# Failure plan\nNone.\n# Tasks\n{tasks}"
    )
    spec = parsed(text, f"specs/{'long-' * 12}name.md")
    assert len(plan(spec).tasks) == 40
    assert max(own_words(whole(spec, one)) for one in range(40)) <= OWN_WORDS
