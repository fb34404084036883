"""Reading what test runners report: our own lines from pytest, and JUnit XML of any other.

Both are written by processes that ran the candidate's code, so both are untrusted text: they are parsed strictly, with
limits, and without anything that XML can be made to expand or fetch.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Literal
from xml.parsers import expat

import msgspec

from snapline.verify import leftovers
from snapline.verify.tests import TestOutcome, TestReport, TestResult, merge

MAX_BYTES = 64 * 1024 * 1024
"""Largest report that is read, in bytes."""
_MESSAGE = 2000
"""Code points of a test's message that are kept."""


class _Event(msgspec.Struct, frozen=True):
    nonce: str
    event: Literal["collected", "broken", "result", "finished", "no-runner"]
    id: str = ""
    when: str = ""
    outcome: str = ""
    message: str = ""
    status: int = 0


def read_lines(raw: bytes, nonce: str) -> TestReport:
    """Read our own report; lines without the run's nonce were not written by us and are passed over."""
    events = list(_events(raw, nonce))
    finished = [one.status for one in events if one.event == "finished"]
    faults = [one.message for one in events if one.event == "no-runner"]
    broken = [(one.id, one.message[:_MESSAGE]) for one in events if one.event == "broken"]
    return TestReport(
        results=_results([one for one in events if one.event == "result"]),
        collected=tuple(dict.fromkeys(one.id for one in events if one.event == "collected")),
        broken=tuple(broken),
        finished=finished[-1] if finished else None,
        fault=faults[0] if faults else "",
    )


def _events(raw: bytes, nonce: str) -> Iterator[_Event]:
    decoder = msgspec.json.Decoder(_Event)
    for line in raw[:MAX_BYTES].splitlines():
        try:
            event = decoder.decode(line)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            continue  # cut short when its process died, or not written by us
        if event.nonce == nonce:
            yield event


def _results(events: list[_Event]) -> tuple[TestResult, ...]:
    """A test passed only if its call phase was reported as passed and no phase as anything else."""
    called = {one.id for one in events if one.when == "call"}
    results = []
    for one in events:
        outcome = _outcome(one)
        if outcome is TestOutcome.PASSED and one.id not in called:
            continue
        results.append(TestResult(one.id, outcome, one.message[:_MESSAGE]))
    return merge(results)


def _outcome(event: _Event) -> TestOutcome:
    match event.outcome:
        case "passed":
            return TestOutcome.PASSED
        case "failed":
            return TestOutcome.FAILED if event.when == "call" else TestOutcome.ERROR
        case "skipped":
            return TestOutcome.SKIPPED
        case _:
            return TestOutcome.ERROR


class BadReport(Exception):  # a value inside this floor: it becomes part of a message
    """A JUnit report that cannot be read."""


class _Cases:
    """Collects the test cases of one JUnit document as it is parsed."""

    def __init__(self) -> None:
        self.results: list[TestResult] = []
        self._case: tuple[str, TestOutcome, str] | None = None

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """A case begins, or says how it ended."""
        if tag == "testcase":
            name = attributes.get("name", "")
            place = attributes.get("classname") or attributes.get("file") or ""
            self._case = (f"{place}::{name}" if place else name, TestOutcome.PASSED, "")
        elif self._case and tag in {"failure", "error", "skipped"}:
            outcome = {"failure": TestOutcome.FAILED, "error": TestOutcome.ERROR, "skipped": TestOutcome.SKIPPED}[tag]
            self._case = (self._case[0], outcome, attributes.get("message", "")[:_MESSAGE])

    def end(self, tag: str) -> None:
        """A case is complete."""
        if tag == "testcase" and self._case:
            self.results.append(TestResult(*self._case))
            self._case = None

    def refuse(self, *_: object) -> None:
        """Refuse document types: without them no entity can be declared, expanded or fetched."""
        raise BadReport("it declares a document type, which a report never needs")


def read_junit(raw: bytes) -> tuple[TestResult, ...]:
    """The test cases of a JUnit XML document; raises :class:`BadReport` when it is not one, or too large."""
    if len(raw) > MAX_BYTES:
        raise BadReport(f"it has {len(raw)} bytes; at most {MAX_BYTES} are read")
    cases = _Cases()
    parser = expat.ParserCreate()
    parser.StartElementHandler = cases.start
    parser.EndElementHandler = cases.end
    parser.StartDoctypeDeclHandler = cases.refuse
    parser.EntityDeclHandler = cases.refuse
    try:
        parser.Parse(raw, True)  # noqa: FBT003 - expat's own signature: this is the last piece
    except (expat.ExpatError, LookupError, ValueError) as error:
        # The latter two are about an encoding that it declares.
        raise BadReport(f"it is not well-formed XML: {error}") from error
    return merge(cases.results)


def read_reports(tree: Path, files: Iterable[Path]) -> TestReport:
    """The JUnit documents among a check's files below ``tree`` as one report; what cannot be read is in ``fault``."""
    results: list[TestResult] = []
    faults: list[str] = []
    left = MAX_BYTES
    for path in sorted(files):
        raw = leftovers.content(tree, str(path.relative_to(tree)), left + 1) or b""
        left -= len(raw)
        if left < 0:
            faults.append(f"{path.name}: with it there are more than {MAX_BYTES} bytes")
            break
        try:
            results += read_junit(raw)
        except BadReport as error:
            faults.append(f"{path.name}: {error}")
    merged = merge(results)
    return TestReport(
        results=merged,
        collected=tuple(one.id for one in merged),
        finished=None if faults else 0,
        fault="; ".join(faults),
    )
