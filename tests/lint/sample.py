"""A whole spec without a finding of wording, of which tests change a section or a clause."""

from __future__ import annotations

from collections.abc import Mapping

from snapline.base.diagnostics import Finding
from snapline.base.text import Source
from snapline.lint.rule import Context, LintSettings
from snapline.lint.run import lint
from snapline.spec.parser import parse

LETTERS = {"Goal": "G", "Constraints": "C", "Interfaces": "I", "Acceptance": "A", "Failure plan": "F", "Tasks": "T"}
WHOLE = {
    "Task": "Uploads over slow connections fail when the connection drops, and people begin again from the first byte.",
    "Goal": "- G1: An upload goes on.",
    "Constraints": "- C1: The API stays as it is.",
    "Interfaces": "- I1: The upload client.",
    "Acceptance": "- A1: It goes on: `$ pytest -q` (G1)",
    "Failure plan": "- F1: Rollback: revert",
}


def spec(sections: Mapping[str, str], front: str = "") -> str:
    """The spec with some sections replaced."""
    return front + "\n".join(f"# {name}\n\n{body}\n" for name, body in (WHOLE | dict(sections)).items())


def findings(text: str, code: str, settings: LintSettings | None = None) -> list[Finding]:
    """The findings of one rule."""
    context = Context(parse(Source.from_bytes("x.md", text.encode())), settings=settings or LintSettings())
    return [one for one in lint(context) if one.code == code]


def clause(section: str, words: str) -> dict[str, str]:
    """A section with one clause."""
    return {section: f"- {LETTERS[section]}1: {words}"}
