"""Code lenses: what can be run from where it stands. Nothing runs until somebody asks."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from snapline.base.ids import ClauseId
from snapline.base.text import Span
from snapline.lsp.view import View
from snapline.spec.model import Clause, ConstraintEntry, ConstraintWord, SectionKind


class Trial(StrEnum):
    """A command that runs checks, by the name that editors call it."""

    CHECK = "snapline.runCheck"
    BASELINE = "snapline.baseline"


@dataclass(frozen=True, slots=True)
class Lens:
    """A command above a line. ``clause`` is None for all checks of the spec."""

    span: Span
    title: str
    trial: Trial
    clause: ClauseId | None


def lenses(view: View) -> tuple[Lens, ...]:
    """For each criterion with a check, and for Acceptance as a whole; none outside of a repository."""
    if view.tree is None:
        return ()
    found: list[Lens] = []
    section = view.spec.section(SectionKind.ACCEPTANCE)
    if section is not None and any(runnable(one) for one in section.clauses):
        found += _pair(section.name_span, "Run all checks", "Baseline of all", None)
    for clause in view.spec.clauses():
        if runnable(clause):
            found += _pair(clause.id_span or clause.body, "Run this check", "Baseline", clause.id)
    return tuple(found)


def runnable(clause: Clause) -> bool:
    """Whether a clause has something that can be run: a criterion's checks, or those of Keep passing."""
    entry = clause.entry
    if isinstance(entry, ConstraintEntry) and entry.word is ConstraintWord.KEEP_PASSING:
        return bool(entry.checks or entry.ids)
    return bool(clause.executable)


def _pair(span: Span, run: str, baseline: str, clause: ClauseId | None) -> tuple[Lens, Lens]:
    place = Span(span.start, span.start)
    return Lens(place, run, Trial.CHECK, clause), Lens(place, baseline, Trial.BASELINE, clause)
