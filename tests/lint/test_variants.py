"""What one ``bad.md`` per rule cannot show: other line ends, other levels, the other half of a rule."""

from __future__ import annotations

import random
import subprocess
from pathlib import Path

import pytest

from snapline.base.diagnostics import Finding, Severity
from snapline.base.ids import SpecId
from snapline.base.text import Edit, Source, apply_edits
from snapline.lint.render import json as as_json
from snapline.lint.render import text as as_text
from snapline.lint.result import FileResult
from snapline.lint.rule import Context
from snapline.lint.run import lint
from snapline.lint.shell import read_fault, shell_texts
from snapline.spec.format import fmt_edits
from snapline.spec.interfaces import PathTree, Tree
from snapline.spec.parser import parse
from snapline.spec.template import template

SECTIONS = ("Task", "Goal", "Constraints", "Interfaces", "Acceptance", "Failure plan", "Tasks")
SPEC = {
    "Task": "Uploads over slow connections fail when the connection drops, and people begin again from the first byte.",
    "Goal": "- G1: An upload goes on.",
    "Constraints": "- C1: The API stays as it is.",
    "Interfaces": "- I1: The upload client.",
    "Acceptance": "- A1: It goes on: `$ pytest -q` (G1)",
    "Failure plan": "- F1: Rollback: revert",
}
PIECES = [
    *("`", "```", "$ ", "|| true", "(", "(manual)", "\n", "\r\n", "\n\n", "- ", "# ", "---", "A1: ", "(G1)", "\u202e"),
    *("Change only: ", "*", "**", "<!--", "-->", "TODO: ", "???", '"', "|", "> ", "上", "\t", "new ", "::", "<your x>"),
]
FIXTURES = sorted((Path(__file__).parent / "rules").glob("*/*.md"))


def written(**sections: str | None) -> str:
    """A whole spec, some sections replaced, or left out by None."""
    bodies = SPEC | {name.replace("_", " "): body for name, body in sections.items()}
    return "\n".join(f"# {name}\n\n{bodies[name]}\n" for name in SECTIONS if bodies.get(name) is not None)


def found(text: str, code: str = "", tree: Tree | None = None) -> tuple[Finding, ...]:
    context = Context(parse(Source.from_bytes("x.md", text.encode())), tree)
    return tuple(one for one in lint(context) if not code or one.code == code)


def mended(text: str, code: str, tree: Tree | None = None) -> str:
    offered = [edit for one in found(text, code, tree) if one.fix for edit in one.fix.edits]
    assert offered
    return apply_edits(text, offered)


def test_the_whole_spec_is_clean() -> None:
    assert {one.code for one in found(written())} == {"ACC307", "CON504"}


def test_ids_are_written_exactly_as_fmt_writes_them() -> None:
    text = written(Goal="- [ ] One.\n- G7: Two.\n- **Three** is *it*.", Interfaces="| file |\n|---|\n| a |", Task=None)
    fixes = [edit for one in found(text, "IDS021") if one.fix for edit in one.fix.edits]
    spec = parse(Source.from_bytes("x.md", text.encode()))
    assert sorted(fixes) == sorted(Edit(edit.span, edit.text) for edit in fmt_edits(spec))


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("end", ["", "\n", "\n\n"])
@pytest.mark.parametrize("missing", SECTIONS[:6])
def test_a_missing_section_is_put_in_its_place(missing: str, end: str, newline: str) -> None:
    text = (written(**{missing.replace(" ", "_"): None}).rstrip() + end).replace("\n", newline)
    after = mended(text, "SEC001")
    spec = parse(Source.from_bytes("x.md", after.encode()))
    assert [one.name for one in spec.sections] == list(SECTIONS[:6])
    assert [len(one.clauses) for one in spec.sections if one.name != missing] == [
        len(one.clauses) for one in parse(Source.from_bytes("x.md", text.encode())).sections
    ]
    assert ("\n" in after.replace("\r\n", "")) == (newline == "\n")


def test_the_template_is_empty_as_long_as_nobody_writes() -> None:
    text = template(SpecId("x"))
    assert len(found(text, "SEC002")) == len(found(text.replace("<!--\n", "").replace("-->\n", ""), "SEC002")) == 6
    assert len(found(text.replace("<!--\n", "An upload goes on.\n<!--\n"), "SEC002")) == 0


def test_a_missing_section_takes_the_level_of_the_others() -> None:
    text = written(Goal=None).replace("# ", "## ")
    assert "\n## Goal\n" in mended(text, "SEC001")
    assert "# Task\n" in mended("", "SEC001")


def test_what_stands_before_the_first_section_is_no_unknown_section() -> None:
    assert found("# Retry uploads\n\nA word before.\n\n" + written(), "SEC007") == ()
    assert found("A word before.\n\n" + written(), "SEC007") == ()
    (one,) = found("## Overview\n\nA word.\n\n" + written().replace("# ", "## "), "SEC007")
    assert "`Overview`" in one.message


@pytest.mark.parametrize("order", [(6, 5, 4, 3, 2, 1), (2, 3, 4, 5, 6, 1), (1, 2, 6, 3, 4, 5), (3, 1, 2, 6, 5, 4)])
def test_sections_are_put_in_order(order: tuple[int, ...]) -> None:
    parts = [f"# {SECTIONS[rank - 1]}\n\n{SPEC[SECTIONS[rank - 1]]}\n" for rank in order]
    for text in ("\n".join(parts), "\n".join(parts).rstrip()):
        after = mended(text, "SEC004")
        assert found(after, "SEC004") == ()
        spec = parse(Source.from_bytes("x.md", after.encode()))
        assert [one.name for one in spec.sections] == list(SECTIONS[:6])
        assert sorted(after.split()) == sorted(text.split())


def test_nothing_is_left_that_may_be_changed() -> None:
    (one,) = found(written(Constraints="- C1: Change only: `src/a/**`\n- C2: Do not change: `src`"), "CON503")
    assert one.message == "nothing is left that may be changed"
    assert found(written(Constraints="- C1: Do not change: `**`"), "CON503")
    carved = "- C1: Change only: `src/**`\n- C2: Do not change: `src/a/**`"
    assert found(written(Constraints=carved), "CON503") == ()


NO_PLAN = ["None.", "n/a", "- F1: None", "- F1: none needed\n- F2: —", "## By hand", "N.A.", "(none)", "> None."]
NO_PLAN += [
    "- F1:",
    "**N / A.**",
    "None at all.",
    "- F1: None required.",
    "There is no failure plan.",
    "[none]",
    "“None”",
]
NO_PLAN += ["No rollback needed.", "None; nothing to undo.", "- F1: Not applicable to this change.", "> - F1: none"]
A_PLAN = [
    "Revert.",
    "Nobody is told; revert.",
    "- F1: No data is touched.",
    "None of it stays: revert.",
    "N/A rows are kept.",
]
A_PLAN += ["- F1: No rollback needed because the flag is off by default: it is turned off.", "None: restore the dump."]


@pytest.mark.parametrize("plan", NO_PLAN)
def test_an_empty_plan_weighs_by_what_the_spec_does(plan: str) -> None:
    (mild,) = found(written(Failure_plan=plan), "FPL801")
    (grave,) = found(written(Failure_plan=plan, Task="The old rows are deleted."), "FPL801")
    assert (mild.severity, grave.severity) == (Severity.WARNING, Severity.ERROR)


@pytest.mark.parametrize("plan", A_PLAN)
def test_a_plan_of_one_sentence_is_a_plan(plan: str) -> None:
    assert found(written(Failure_plan=plan), "FPL801") == ()


def test_an_empty_heading_is_no_empty_plan() -> None:
    assert {one.code for one in found(written(Failure_plan=""))} == {"ACC307", "CON504", "SEC002"}


def test_a_task_without_a_criterion_is_given_the_one_that_is_left_over() -> None:
    criteria = "- A1: It goes on: `$ pytest -q` (G1)\n- A2: It is listed: `$ pytest -q lists` (G1)"
    text = written(Acceptance=criteria, Tasks="- T1: Loop. Proves A1.\n- T2: Lists.")
    assert [one.clause for one in found(text, "PLN703")] == ["A2", "T2"]
    after = mended(text, "PLN703")
    assert "- T2: Lists. Proves A2.\n" in after
    assert found(after, "PLN703") == ()


def test_rules_about_the_repository_are_silent_without_one() -> None:
    text = written(
        Constraints="- C1: Change only: `srv/**`",
        Interfaces="- I1: changes `srv/a.py::b`",
        Acceptance="- A1: `srv/test_a.py::test_b`",
    )
    about = {"IFC601", "CON507", "ACC319"}
    assert not about & {one.code for one in found(text)}
    assert about <= {one.code for one in found(text, tree=PathTree(["src/a.py", "README.md"]))}


def test_what_a_real_shell_says_is_shown_at_its_line() -> None:
    script = "  ```sh check\n  upload --all\n  if upload --check; then\n  echo 'done'\n  ```"
    text = written(Acceptance=f"- A1: It goes on: `$ pytest -q (x`\n- A2: All of it:\n\n{script}")
    spec = parse(Source.from_bytes("x.md", text.encode()))
    said = {}
    for shell_text in shell_texts(spec):
        result = subprocess.run(["bash", "-n"], input=shell_text, capture_output=True, text=True, check=False)
        if result.returncode:
            said[shell_text] = read_fault(result.stderr)
    one, other = (finding for finding in lint(Context(spec, shell_faults=said)) if finding.code == "ACC313")
    assert spec.source.slice(one.span) == "pytest -q (x"
    assert spec.source.slice(other.span) == "echo 'done'"


def test_no_mutation_of_a_spec_makes_lint_fail() -> None:
    dice = random.Random(20)  # noqa: S311 - the same mutations every time
    tree = PathTree({"src/upload/client.py": b"class Client:\n    def send(self): ...\n"})
    for _ in range(300):
        text = dice.choice(FIXTURES).read_text(encoding="utf-8")
        for _ in range(dice.randint(1, 10)):
            at = dice.randrange(len(text) + 1)
            text = text[:at] + dice.choice(PIECES) + text[at + dice.choice((0, 0, 3, 30)) :]
        source = Source.from_bytes("x.md", text.encode())
        findings = lint(Context(parse(source), tree, {}))
        result = [FileResult(source, findings)]
        assert as_text.render(result).count("\n")
        assert as_json.document(result)["version"] == 1
        for fix in (one.fix for one in findings if one.fix):
            parse(Source.from_bytes("x.md", apply_edits(text, fix.edits).encode()))
