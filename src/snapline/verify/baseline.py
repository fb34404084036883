"""The baseline: what every executable criterion says on the base, and the sentence that a person is shown."""

from __future__ import annotations

from collections.abc import Sequence

from snapline.base.ids import ClauseId, Digest, Oid
from snapline.base.wire import Wire
from snapline.verify.groups import Group
from snapline.verify.outcome import CheckOutcome, CheckResult
from snapline.verify.verdict import State, before_runs, whole


class BaselineRow(Wire, frozen=True):
    """One executable criterion on the base. ``because`` says why it does not pass, in one sentence."""

    id: ClauseId
    regression: bool
    state: State
    because: str
    checks: tuple[CheckOutcome, ...]

    @property
    def is_vacuous(self) -> bool:
        """Whether it passes before anything was done, although it is to become true."""
        return self.state is State.PASSED and not self.regression


class Baseline(Wire, frozen=True):
    """All executable criteria on one base in one environment; ``environment`` is its digest."""

    base: Oid
    environment: Digest
    rows: tuple[BaselineRow, ...]

    @property
    def vacuous(self) -> tuple[BaselineRow, ...]:
        """The criteria that prove nothing."""
        return tuple(row for row in self.rows if row.is_vacuous)

    @property
    def could_not_run(self) -> tuple[BaselineRow, ...]:
        """The criteria of which nothing is known."""
        return tuple(row for row in self.rows if row.state is State.COULD_NOT_RUN)


def row(clause: ClauseId, outcomes: Sequence[CheckOutcome], *, regression: bool) -> BaselineRow:
    """The row of a criterion from the outcomes of its checks."""
    state = whole([one.state for one in outcomes])
    return BaselineRow(clause, regression, state, because(outcomes), tuple(outcomes))


def because(outcomes: Sequence[CheckOutcome]) -> str:
    """One sentence about why a criterion does not pass now; how it is, where it passes."""
    state = whole([one.state for one in outcomes])
    if state is State.PASSED:
        return "passes now"
    first = next(one for one in outcomes if one.state is state)
    words = {State.FAILED: "fails now because", State.ABSENT: "fails now because", State.COULD_NOT_RUN: "could not run"}
    return f"{words[state]}: {first.message or first.cause}"


def group_row(group: Group, results: Sequence[CheckResult], fault: str | None) -> BaselineRow:
    """The row of one group: every run must agree; with a ``fault`` nothing could run."""
    if fault:
        blocked = [CheckOutcome(one.kind, State.COULD_NOT_RUN, "environment", None, 0.0, fault) for one in group.orders]
        return row(group.clause, blocked, regression=group.regression)
    outcomes = []
    for number in range(len(group.orders)):
        runs = [result.outcomes[number] for result in results]
        state = before_runs([one.state for one in runs])
        decided = next((one for one in runs if one.state is state), None)
        outcomes.append(decided or _disagreeing(runs[0]))
    return row(group.clause, outcomes, regression=group.regression)


def joined(one: BaselineRow, other: BaselineRow) -> BaselineRow:
    """Two groups of one clause as its row."""
    return row(one.id, [*one.checks, *other.checks], regression=one.regression and other.regression)


def _disagreeing(outcome: CheckOutcome) -> CheckOutcome:
    return CheckOutcome(
        outcome.kind, State.COULD_NOT_RUN, "flaky", None, outcome.seconds, "its runs on the base disagree"
    )
