"""Regressions: what passed on the base must pass, test by test where there is a report. Pure."""

from __future__ import annotations

from snapline.verify import tests, verdict
from snapline.verify.orders import CheckOrder
from snapline.verify.outcome import CheckOutcome
from snapline.verify.tests import TestOutcome, TestReport, TestResult
from snapline.verify.verdict import State, Strength, Verdict

Judgement = tuple[Verdict, Strength | None, str]
_SHOWN = 3


def is_complete(outcome: CheckOutcome) -> bool:
    """Whether an outcome can be compared test by test: its runner reported to the end, and ran something."""
    report = outcome.tests
    return report is not None and report.finished is not None and bool(report.results)


def compare(order: CheckOrder, before: CheckOutcome, after: CheckOutcome, again: CheckOutcome | None) -> Judgement:
    """Judge a regression check by one run on the base and one on the candidate, and perhaps one more on the base."""
    if before.tests is None or not is_complete(before) or before.state is State.COULD_NOT_RUN:
        runs = verdict.after_runs([after.state])
        return verdict.keep(before.state, runs, again.state if again else None)
    demanded = {one.id: one for one in before.tests.results if one.outcome is TestOutcome.PASSED}
    if not demanded:
        return Verdict.COULD_NOT_RUN, None, "no test passes on the base, so there is nothing to keep"
    if after.state is State.COULD_NOT_RUN:
        return Verdict.COULD_NOT_RUN, None, after.message
    gone = tests.lost(demanded, after.tests.by_id if after.tests else {})
    if gone:
        return _lost(gone, again)
    if not _is_explained(before, after):
        return Verdict.FAIL, None, after.message or f"every test passes, but it exited {after.exit}"
    return Verdict.PASS, Strength.FULL, _listed(before.tests, order)


def needs_another_look(before: CheckOutcome, after: CheckOutcome) -> bool:
    """Whether a second run on the base could tell an old flake from a new break."""
    if before.state is State.COULD_NOT_RUN or after.state is State.COULD_NOT_RUN:
        return False
    if before.tests is not None and is_complete(before):
        return bool(tests.lost(before.tests.by_id, after.tests.by_id if after.tests else {}))
    return before.state is State.PASSED and after.state is not State.PASSED


def neighbours(path: str, before: CheckOutcome, after: CheckOutcome, whose: str) -> str | None:
    """What is wrong with the other tests of a check file; None when all that the base had exist, run and pass."""
    if before.tests is None:
        return None
    gone = tests.lost(before.tests.by_id, after.tests.by_id if after.tests else {})
    collected = after.tests.collected if after.tests else ()
    vanished = [one for one in before.tests.collected if one not in collected]
    if gone:
        return f"{path}, {whose}: {_shown(gone)}"
    if vanished:
        return f"{path}, {whose}: {vanished[0]} is gone"
    return None


def fewer(before: CheckOutcome, after: CheckOutcome) -> str | None:
    """What a passing command lost of the tests that it ran on the base; None when nothing."""
    if before.tests is None or not before.tests.results:
        return None
    if after.tests is None:
        return "it reported no tests, though it did on the base"
    gone = tests.lost(before.tests.by_id, after.tests.by_id)
    skipped = [
        one
        for one in after.tests.results
        if one.outcome is TestOutcome.SKIPPED
        and one.id in before.tests.by_id
        and before.tests.by_id[one.id].outcome is not TestOutcome.SKIPPED
    ]
    missing = [one for one in before.tests.collected if one not in after.tests.collected]
    if gone or skipped:
        return _shown(gone or tuple(skipped))
    return f"{missing[0]} is gone" if missing else None


def _lost(gone: tuple[TestResult, ...], again: CheckOutcome | None) -> Judgement:
    if again is not None and again.tests is not None:
        still = again.tests.by_id
        flaky = [one for one in gone if one.id in still and still[one.id].outcome is not TestOutcome.PASSED]
        if len(flaky) == len(gone):
            return Verdict.FLAKY, None, f"run again on the base it fails there too: {_shown(gone)}"
    return Verdict.FAIL, None, f"passed on the base: {_shown(gone)}"


def _is_explained(before: CheckOutcome, after: CheckOutcome) -> bool:
    """Whether the candidate's exit status follows from what its tests reported."""
    if after.tests is None or after.tests.finished is None:
        return False
    if after.exit == 0:
        return after.state is State.PASSED
    if after.exit == before.exit:
        return True
    bad = [one for one in after.tests.results if one.outcome in (TestOutcome.FAILED, TestOutcome.ERROR)]
    return after.exit == 1 and bool(bad)


def _listed(before: TestReport, order: CheckOrder) -> str:
    node = order.node
    red = [
        one.id
        for one in before.results
        if one.outcome in (TestOutcome.FAILED, TestOutcome.ERROR) and (node is None or tests.names(node, one.id))
    ]
    return f"fails on the base already, not demanded: {', '.join(red[:_SHOWN])}" if red else ""


def _shown(results: tuple[TestResult, ...]) -> str:
    more = f" (and {len(results) - _SHOWN} more)" if len(results) > _SHOWN else ""
    return "; ".join(tests.sentence(one) for one in results[:_SHOWN]) + more
