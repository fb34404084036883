"""The decision tables of verification: pure, and the only place where a verdict is made.

Sources: the spec language, section 3 (baseline, check files, regression, runs), and trust, "Verification".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import assert_never

from snapline.base.ids import ClauseId
from snapline.spec.model import CheckKind


class Verdict(StrEnum):
    """What is known about a criterion, or about one of its checks."""

    PASS = "pass"  # noqa: S105 - a verdict, not a password
    FAIL = "fail"
    FLAKY = "flaky"
    VACUOUS = "vacuous"
    COULD_NOT_RUN = "could-not-run"
    UNSIGNED = "unsigned"


class Strength(StrEnum):
    """How much a pass proves: ``AUTHORED`` and ``WEAK`` rest on a check file that the candidate's author wrote."""

    FULL = "full"
    AUTHORED = "authored"
    WEAK = "weak"


class Trust(StrEnum):
    """Where the comparison is made that decides a check."""

    IN_PROCESS = "in-process"
    OUT_OF_PROCESS = "out-of-process"
    MANUAL = "manual"


class State(StrEnum):
    """How one run of a check ended. At the base this is the baseline."""

    PASSED = "passed"
    FAILED = "failed"
    ABSENT = "absent"
    COULD_NOT_RUN = "could-not-run"


_WORST_FIRST = (
    Verdict.FAIL,
    Verdict.VACUOUS,
    Verdict.FLAKY,
    Verdict.COULD_NOT_RUN,
    Verdict.UNSIGNED,
    Verdict.PASS,
)
_WEAKEST_FIRST = (Strength.WEAK, Strength.AUTHORED, Strength.FULL)


def trust_of(kind: CheckKind) -> Trust:
    """Transcripts are compared by us, outside the candidate's process; every other run decides inside its own."""
    match kind:
        case CheckKind.TRANSCRIPT:
            return Trust.OUT_OF_PROCESS
        case CheckKind.MANUAL:
            return Trust.MANUAL
        case CheckKind.COMMAND | CheckKind.SCRIPT | CheckKind.TEST:
            return Trust.IN_PROCESS
        case _:
            assert_never(kind)


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """The verdict of a criterion of several checks, all of which must pass; no check at all is unsigned."""
    return min(verdicts, key=_WORST_FIRST.index, default=Verdict.UNSIGNED)


def weakest(strengths: Iterable[Strength]) -> Strength | None:
    """The strength of several passes together; None for none."""
    return min(strengths, key=_WEAKEST_FIRST.index, default=None)


def whole(states: Sequence[State]) -> State:
    """The baseline of a criterion from those of its checks: it passed only if all of them did."""
    for state in (State.COULD_NOT_RUN, State.ABSENT, State.FAILED):
        if state in states:
            return state
    return State.PASSED


def after_runs(states: Sequence[State]) -> Verdict:
    """What repeated runs on the candidate say by themselves; a mixture of passed and failed is flaky."""
    if not states or State.COULD_NOT_RUN in states:
        failed = any(one in (State.FAILED, State.ABSENT) for one in states)
        passed = State.PASSED in states
        return Verdict.FAIL if failed and not passed else Verdict.COULD_NOT_RUN
    passes = sum(one is State.PASSED for one in states)
    if passes == len(states):
        return Verdict.PASS
    return Verdict.FLAKY if passes else Verdict.FAIL


def before_runs(states: Sequence[State]) -> State | None:
    """The baseline of repeated runs; None when they disagree about passing, which is flaky."""
    if not states or State.COULD_NOT_RUN in states:
        return State.COULD_NOT_RUN
    if State.PASSED in states and len(set(states)) > 1:
        return None
    return State.ABSENT if State.ABSENT in states else states[0]


def prove(
    before: State | None, after: Verdict, transplant: State | None = None
) -> tuple[Verdict, Strength | None, str]:
    """Judge a check that has to become true: verdict, strength of a pass, and why where it needs words.

    ``before`` is the baseline (None: its runs disagree), ``after`` the candidate's runs, ``transplant`` the result of
    the candidate's own check files on the base, None where the check files are not the candidate's.
    """
    if after is not Verdict.PASS:
        return after, None, ""
    if before is None:
        return Verdict.FLAKY, None, "its runs on the base disagree"
    if transplant is not None:
        return _transplanted(transplant)
    match before:
        case State.PASSED:
            return Verdict.VACUOUS, None, "it already passes on the base"
        case State.COULD_NOT_RUN:
            return Verdict.COULD_NOT_RUN, None, "it could not run on the base, so a pass proves nothing"
        case State.FAILED | State.ABSENT:
            return Verdict.PASS, Strength.FULL, ""
        case _:
            assert_never(before)


def _transplanted(transplant: State) -> tuple[Verdict, Strength | None, str]:
    match transplant:
        case State.PASSED:
            return Verdict.VACUOUS, None, "the candidate's own check file passes on the base too"
        case State.FAILED:
            return Verdict.PASS, Strength.AUTHORED, "the check file is the candidate's own; on the base it fails"
        case State.ABSENT:
            return (
                Verdict.PASS,
                Strength.WEAK,
                "the check file is the candidate's own; on the base it cannot be collected",
            )
        case State.COULD_NOT_RUN:
            return Verdict.COULD_NOT_RUN, None, "the candidate's check file could not run on the base"
        case _:
            assert_never(transplant)


def keep(before: State | None, after: Verdict, again: State | None = None) -> tuple[Verdict, Strength | None, str]:
    """Judge a regression that has no report per test. ``again`` is a second run on the base, after a failure."""
    if before is None:
        return Verdict.FLAKY, None, "its runs on the base disagree"
    if before is State.FAILED:
        hint = "it fails on the base as a whole; with `(report GLOB)` it could be compared test by test"
        return Verdict.COULD_NOT_RUN, None, hint
    if before is State.ABSENT:
        return Verdict.COULD_NOT_RUN, None, "what it runs is not in the base, so there is nothing to keep"
    if before is State.COULD_NOT_RUN:
        return Verdict.COULD_NOT_RUN, None, "it could not run on the base"
    if after is Verdict.FAIL and again is State.FAILED:
        return Verdict.FLAKY, None, "run again on the base it fails there too"
    return after, Strength.FULL if after is Verdict.PASS else None, ""


def uncovered(
    passes: Mapping[ClauseId, tuple[Strength, frozenset[ClauseId]]],
) -> tuple[ClauseId, ...]:
    """The criteria that pass at less than full strength and whose goals no full-strength pass proves as well."""
    proved: set[ClauseId] = set()
    for strength, goals in passes.values():
        if strength is Strength.FULL:
            proved |= goals
    return tuple(
        clause
        for clause, (strength, goals) in passes.items()
        if strength is not Strength.FULL and not (goals and goals <= proved)
    )
