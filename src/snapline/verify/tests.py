"""What a test runner said, test by test: the values, how phases and repetitions merge, and how ids are matched."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum

from snapline.base.wire import Wire
from snapline.spec.model import TestNode


class TestOutcome(StrEnum):
    """How one test ended."""

    __test__ = False

    PASSED = "passed"
    FAILED = "failed"
    ERROR = "error"
    SKIPPED = "skipped"


_WORST_FIRST = (TestOutcome.ERROR, TestOutcome.FAILED, TestOutcome.SKIPPED, TestOutcome.PASSED)


class TestResult(Wire, frozen=True):
    """One test: its id (``PATH::NAME[CASE]``, the path from the tree's root), and why it did not pass."""

    __test__ = False

    id: str
    outcome: TestOutcome
    message: str = ""


class TestReport(Wire, frozen=True):
    """A runner's report.

    ``collected`` are the ids that exist, whether they ran or not; ``broken`` the files that could not be collected,
    with the reason; ``finished`` the runner's own exit status, None when it never reported its end; ``fault`` says why
    there is nothing to read.
    """

    __test__ = False

    results: tuple[TestResult, ...] = ()
    collected: tuple[str, ...] = ()
    broken: tuple[tuple[str, str], ...] = ()
    finished: int | None = None
    fault: str = ""

    @property
    def by_id(self) -> dict[str, TestResult]:
        """The results by test id."""
        return {one.id: one for one in self.results}


def merge(results: Iterable[TestResult]) -> tuple[TestResult, ...]:
    """One result per id: the worst of those that were reported for it."""
    kept: dict[str, TestResult] = {}
    for one in results:
        known = kept.get(one.id)
        if known is None or _WORST_FIRST.index(one.outcome) < _WORST_FIRST.index(known.outcome):
            kept[one.id] = one
    return tuple(kept.values())


def names(node: TestNode, test_id: str) -> bool:
    """Whether a node means this test: itself, a case of it, or, for a class, anything inside it."""
    if node.parameters is not None:
        return test_id == node.text
    return test_id == node.text or test_id.startswith((f"{node.text}[", f"{node.text}::"))


def lost(before: Mapping[str, TestResult], after: Mapping[str, TestResult]) -> tuple[TestResult, ...]:
    """The tests that passed before and do not pass after, each with what became of it."""
    missing = []
    for test_id, old in sorted(before.items()):
        if old.outcome is not TestOutcome.PASSED:
            continue
        new = after.get(test_id)
        if new is None:
            missing.append(TestResult(test_id, TestOutcome.ERROR, "it is gone"))
        elif new.outcome is not TestOutcome.PASSED:
            missing.append(new)
    return tuple(missing)


def sentence(result: TestResult) -> str:
    """One line about a test that did not pass."""
    said = result.message.strip().splitlines()
    why = said[0][:300] if said else result.outcome.value
    return f"{result.id}: {why}"
