"""From the results of runs to the rows of a report: pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from snapline.base.ids import ClauseId, Digest
from snapline.spec.model import CheckKind
from snapline.verify import keeping, verdict
from snapline.verify.absence import NOT_EXECUTABLE, NOT_FOUND
from snapline.verify.groups import Group
from snapline.verify.orders import CheckOrder
from snapline.verify.outcome import CheckOutcome, CheckResult
from snapline.verify.report import CheckRow, ConstraintRow, ConstraintVerdict, CriterionRow
from snapline.verify.verdict import State, Strength, Trust, Verdict


@dataclass(frozen=True)
class GroupResults:
    """What the runs of a group gave.

    ``base`` and ``candidate`` hold every run in order; ``again`` is one more on the base after a failed regression.
    ``transplanted`` holds the result on the base with the candidate's own check files, for the checks (by number)
    whose files are the candidate's.
    """

    base: Sequence[CheckResult]
    candidate: Sequence[CheckResult]
    again: CheckResult | None = None
    transplanted: Mapping[int, CheckOutcome] | None = None

    def passes(self, number: int) -> bool:
        """Whether every run of a check on the candidate passed."""
        return all(one.outcomes[number].state is State.PASSED for one in self.candidate)


def check_rows(group: Group, results: GroupResults, faults: Mapping[str, str]) -> tuple[CheckRow, ...]:
    """A row per check of a group; ``faults`` say what is wrong with the neighbours in a check's file, by path."""
    return tuple(_row(group, number, order, results, faults) for number, order in enumerate(group.orders))


def _row(group: Group, number: int, order: CheckOrder, results: GroupResults, faults: Mapping[str, str]) -> CheckRow:
    before = [one.outcomes[number] for one in results.base]
    after = [one.outcomes[number] for one in results.candidate]
    baseline = verdict.before_runs([one.state for one in before])
    if group.regression:
        again = results.again.outcomes[number] if results.again else None
        judged = _kept(order, before, after, again)
    else:
        judged = _proved(order, baseline, before, after, (results.transplanted or {}).get(number))
    fault = next((faults[place] for place in order.places if place in faults), None)
    if judged[0] is Verdict.PASS and fault:
        judged = Verdict.FAIL, None, fault
    decided, strength, why = judged
    shown = next((one for one in after if one.state is not State.PASSED), after[-1] if after else before[-1])
    return CheckRow(
        kind=order.kind,
        verdict=decided,
        strength=strength,
        baseline=baseline,
        cause=shown.cause,
        exit=shown.exit,
        seconds=shown.seconds,
        trust=verdict.trust_of(order.kind),
        message=why or shown.message,
        evidence=_evidence([*before, *after, *([results.again.outcomes[number]] if results.again else [])]),
        kept=after[-1].kept if after else (),
    )


def _proved(
    order: CheckOrder,
    baseline: State | None,
    before: Sequence[CheckOutcome],
    after: Sequence[CheckOutcome],
    transplant: CheckOutcome | None,
) -> keeping.Judgement:
    states = [seen_from(baseline, one) for one in after]
    judged = verdict.prove(baseline, verdict.after_runs(states), transplant.state if transplant else None)
    if judged[0] is Verdict.PASS and order.kind is not CheckKind.TEST:
        lost = keeping.fewer(before[0], after[0])
        return (Verdict.FAIL, None, lost) if lost else judged
    return judged


def _kept(
    order: CheckOrder, before: Sequence[CheckOutcome], after: Sequence[CheckOutcome], again: CheckOutcome | None
) -> keeping.Judgement:
    judged = [keeping.compare(order, first, then, again) for first, then in zip(before, after, strict=False)]
    decided = {one[0] for one in judged}
    if Verdict.PASS in decided and Verdict.FAIL in decided:
        return Verdict.FLAKY, None, "its runs disagree"
    worst = verdict.worst(one[0] for one in judged)
    return next(one for one in judged if one[0] is worst)


def seen_from(baseline: State | None, outcome: CheckOutcome) -> State:
    """A candidate's run: a program not found is a failure where the base did not have it either."""
    not_found = outcome.exit in (NOT_EXECUTABLE, NOT_FOUND)
    if outcome.state is State.COULD_NOT_RUN and not_found and baseline is State.ABSENT:
        return State.FAILED
    return outcome.state


def _evidence(outcomes: Sequence[CheckOutcome]) -> tuple[Digest, ...]:
    return tuple(dict.fromkeys(one for outcome in outcomes for one in outcome.evidence))


def criterion_row(
    clause: ClauseId,
    regression: bool,  # noqa: FBT001 - a field
    rows: Sequence[CheckRow],
    proving: Sequence[CheckRow],
) -> CriterionRow:
    """The row of a criterion: all its checks must pass, and one of those ``proving`` it must become true by the work.

    Then a check that passes on the base as well is no fault, unless its file is the candidate's. What only stays true,
    and a person's word, excuse nothing.
    """
    counted = _counted(rows, proved=any(row.strength is not None for row in proving))
    decided = verdict.worst(row.verdict for row in counted)
    strength = verdict.weakest(row.strength for row in counted if row.strength) if decided is Verdict.PASS else None
    return CriterionRow(clause, regression, decided, strength, tuple(rows))


def may_pass(found: Sequence[CheckRow], proving: Sequence[CheckRow], *, more: bool) -> bool:
    """Whether nothing known so far keeps a criterion from passing; ``more`` of its checks may still prove it."""
    counted = _counted(found, proved=more or any(row.strength is not None for row in proving))
    return all(row.verdict is Verdict.PASS for row in counted)


def _counted(rows: Sequence[CheckRow], *, proved: bool) -> list[CheckRow]:
    """The rows that decide: beside one that proves, what passes on the base as well is no fault."""
    return [row for row in rows if not (proved and row.verdict is Verdict.VACUOUS and row.baseline is State.PASSED)]


def manual_row(*, signed: bool) -> CheckRow:
    """The row of what a person judges."""
    return CheckRow(
        kind=CheckKind.MANUAL,
        verdict=Verdict.PASS if signed else Verdict.UNSIGNED,
        strength=Strength.FULL if signed else None,
        baseline=None,
        cause="",
        exit=None,
        seconds=0.0,
        trust=Trust.MANUAL,
        message="signed" if signed else "a person has to judge it",
    )


def blocked_row(order: CheckOrder, cause: str, why: str) -> CheckRow:
    """The row of a check of which nothing can be known."""
    return CheckRow(
        kind=order.kind,
        verdict=Verdict.COULD_NOT_RUN,
        strength=None,
        baseline=None,
        cause=cause,
        exit=None,
        seconds=0.0,
        trust=verdict.trust_of(order.kind),
        message=why,
    )


def kept_row(clause: ClauseId, rows: Sequence[CheckRow]) -> ConstraintRow:
    """The row of a Keep passing constraint."""
    decided = verdict.worst(row.verdict for row in rows)
    message = next((row.message for row in rows if row.verdict is decided and row.message), "")
    match decided:
        case Verdict.PASS:
            return ConstraintRow(clause, ConstraintVerdict.PASS, message)
        case Verdict.COULD_NOT_RUN | Verdict.UNSIGNED:
            said = message or "there is nothing in it that can be run"
            return ConstraintRow(clause, ConstraintVerdict.COULD_NOT_RUN, said)
        case Verdict.FAIL | Verdict.FLAKY | Verdict.VACUOUS:
            said = f"flaky: {message}" if decided is Verdict.FLAKY else message
            return ConstraintRow(clause, ConstraintVerdict.FAIL, said)
