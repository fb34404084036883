"""What rollback means for a spec, read from its Failure plan (spec language, section 7)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import assert_never

from snapline.base.errors import Refused
from snapline.base.ids import ClauseId
from snapline.base.regex import regex
from snapline.spec.model import Check, Clause, FailureEntry, FailureWord, SectionKind, Spec, StepKind

_NOTHING = regex(r"(?:none|n/?a|nothing|not applicable|-+)[.!]?", re.IGNORECASE)


class Mode(StrEnum):
    """Where the steps come from: nothing is written, so it is a revert; the plan's own; prose, which nobody runs."""

    REVERT = "revert"
    STEPS = "steps"
    PROSE = "prose"


class Side(StrEnum):
    """The checkout that a command runs in: of the landed commit, or of the reverted one."""

    LANDED = "landed"
    REVERTED = "reverted"


@dataclass(frozen=True, slots=True)
class Step:
    """One step, in the order of the plan. ``side`` is where a command runs; a revert leads from one to the other."""

    kind: StepKind
    text: str
    side: Side
    clause: ClauseId | None = None


@dataclass(frozen=True, slots=True)
class FailurePlan:
    """The plan of one spec.

    ``verify`` are the checks of ``Verify rollback`` by clause, ``verify_ids`` the criteria that it names. ``prose`` is
    what people have to read: everything that no vocabulary opens.
    """

    mode: Mode
    steps: tuple[Step, ...]
    verify: tuple[tuple[ClauseId, tuple[Check, ...]], ...] = ()
    verify_ids: tuple[ClauseId, ...] = ()
    prose: tuple[str, ...] = ()
    escalate: str | None = None

    @property
    def reverts(self) -> bool:
        """Whether the landing is taken back in git."""
        return any(step.kind is StepKind.REVERT for step in self.steps)


class PlanIsProse(Refused):
    """The failure plan is prose, which nothing here can carry out."""

    code = "failure-plan-is-prose"


class PlanHasSteps(Refused):
    """The failure plan says in steps what a rollback is."""

    code = "failure-plan-has-steps"
    hint = "Run `snapline rollback SPEC` without `--revert`; to do otherwise, change the spec."


_REVERT = (Step(StepKind.REVERT, "revert", Side.REVERTED),)


def failure_plan(spec: Spec) -> FailurePlan:
    """The failure plan of ``spec``.

    Without a ``Rollback:`` clause an empty or absent plan means revert, and one in prose has no steps at all.
    """
    section = spec.section(SectionKind.FAILURE_PLAN)
    clauses = spec.clauses(SectionKind.FAILURE_PLAN)
    entries = [(clause, clause.entry) for clause in clauses if isinstance(clause.entry, FailureEntry)]
    prose = [clause.text for clause in clauses if not isinstance(clause.entry, FailureEntry)]
    prose += [note.text for note in section.notes] if section else []
    prose = [text for text in prose if not _NOTHING.fullmatch(text.strip())]
    written = _steps(entries)
    mode = Mode.STEPS if written else Mode.PROSE if prose else Mode.REVERT
    proofs = [(clause.id, entry) for clause, entry in entries if entry.word is FailureWord.VERIFY_ROLLBACK]
    return FailurePlan(
        mode=mode,
        steps=written if mode is Mode.STEPS else _REVERT if mode is Mode.REVERT else (),
        verify=tuple((clause_id, entry.checks) for clause_id, entry in proofs if entry.checks),
        verify_ids=tuple(dict.fromkeys(one for _, entry in proofs for one in entry.ids)),
        prose=tuple(prose),
        escalate=next((entry.who for _, entry in entries if entry.word is FailureWord.ESCALATE), None),
    )


def to_carry_out(plan: FailurePlan, *, revert: bool) -> tuple[Step, ...]:
    """The steps of a rollback that a person asks for; ``revert`` is their explicit word on a plan in prose.

    Raises :class:`PlanIsProse` where that word is needed, and :class:`PlanHasSteps` where it would change the plan.
    """
    match plan.mode:
        case Mode.REVERT:
            return plan.steps
        case Mode.STEPS:
            if revert and not plan.reverts:
                raise PlanHasSteps("the failure plan's `Rollback:` does not revert, so `--revert` would go beyond it")
            return plan.steps
        case Mode.PROSE:
            if not revert:
                raise PlanIsProse(
                    f"the failure plan is prose, so nothing of it is run: {' '.join(plan.prose)}",
                    hint="Carry it out by hand, or say `snapline rollback SPEC --revert` for one revert commit.",
                )
            return _REVERT
        case _:
            assert_never(plan.mode)


def attempts(spec: Spec, default: int = 3) -> int:
    """Attempts in all that ``Retry:`` grants a task; with several clauses the smallest."""
    entries = (clause.entry for clause in spec.clauses(SectionKind.FAILURE_PLAN))
    granted = [entry.attempts for entry in entries if isinstance(entry, FailureEntry) and entry.attempts is not None]
    return min(granted, default=default)


def _steps(entries: list[tuple[Clause, FailureEntry]]) -> tuple[Step, ...]:
    found: list[Step] = []
    side = Side.LANDED
    for clause, entry in entries:
        if entry.word is not FailureWord.ROLLBACK:
            continue
        for step in entry.steps:
            if step.kind is StepKind.REVERT:
                side = Side.REVERTED
            found.append(Step(step.kind, step.text, side, clause.id))
    return tuple(found)
