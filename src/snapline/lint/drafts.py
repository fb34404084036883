"""Clauses that fixes propose: drafts in the author's own words, to be judged by a person."""

from __future__ import annotations

from snapline.lint.rule import Context
from snapline.lint.splices import Numbering
from snapline.spec.model import Clause, SectionKind


def goal_criteria(context: Context) -> tuple[str, ...]:
    """One manual criterion for each goal that has a written id or will be given one, as list items without marker."""
    numbering = Numbering(context)
    goals = context.spec.clauses(SectionKind.GOAL)
    return tuple(manual_criterion(numbering, goal) for goal in goals)


def manual_criterion(numbering: Numbering, clause: Clause) -> str:
    """A criterion that says that ``clause`` holds."""
    reference = f"({clause.id}, manual)" if clause.written else "(manual)"
    return f"{numbering.take('A')}: {one_line(clause.text)} {reference}"


def one_line(text: str) -> str:
    """``text`` as the words of one clause."""
    return " ".join(text.split())
