"""How a run's outcome is read: from its end, its output and its reports, never from the exit status alone."""

from __future__ import annotations

import signal
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from snapline.base.ids import Digest
from snapline.base.plain import plain
from snapline.sandbox.policy import Cause, Exit
from snapline.spec.globs import matches
from snapline.spec.model import CheckKind
from snapline.verify import absence, checkfiles, leftovers, programs, reports, tests, transcript
from snapline.verify.absence import NOT_EXECUTABLE, NOT_FOUND, Paths
from snapline.verify.checks import Control
from snapline.verify.orders import CheckOrder
from snapline.verify.outcome import CheckOutcome, Keepsake, Phase
from snapline.verify.tests import TestOutcome, TestReport, TestResult
from snapline.verify.verdict import State

_OURS = {Cause.WALL: "it took longer than {0:g} s", Cause.IDLE: "it hung", Cause.OUTPUT: "it printed too much"}
_KILLED = 137
"""The status of a shell whose command was ended by SIGKILL, and what bubblewrap tells of one."""
_MESSAGE = 500
_INTERRUPTED = 2
"""From this status on pytest did not get through: interrupted, internal error, usage, nothing collected."""


@dataclass(frozen=True)
class Run:
    """One ended run: what was ordered, where, and what it left.

    ``said`` is its output as text, ``provided`` are the paths and programs that the spec says it provides or adds.
    """

    order: CheckOrder
    phase: Phase
    exit: Exit
    said: str
    control: Control
    tree: Path
    paths: Paths
    provided: Collection[str]


def read(run: Run) -> CheckOutcome:
    """The outcome of a run, without its evidence."""
    if run.exit.cause in (Cause.STOPPED, Cause.LOST, Cause.NOT_STARTED):
        return _outcome(run, State.COULD_NOT_RUN, f"the run was {run.exit.cause}: {_last_line(run.said)}".rstrip(": "))
    if run.exit.cause in _OURS:
        state = State.COULD_NOT_RUN if run.phase is Phase.BASE else State.FAILED
        return _outcome(run, state, _OURS[run.exit.cause].format(run.order.timeout))
    if run.phase is Phase.BASE and (run.exit.status == _KILLED or run.exit.signal == signal.SIGKILL):
        # Whoever ended it (the kernel, when memory runs out) says nothing about the base: it did not fail by itself.
        return _outcome(run, State.COULD_NOT_RUN, "it was killed (signal 9): was there enough memory?")
    if run.order.kind is CheckKind.TEST:
        return _read_tests(run)
    report = _command_report(run)
    state, message = _transcript(run) if run.order.kind is CheckKind.TRANSCRIPT else _command(run, report)
    return _outcome(run, state, message, report)


def with_evidence(outcome: CheckOutcome, evidence: Sequence[Digest], kept: Sequence[Keepsake]) -> CheckOutcome:
    """The outcome with the digests of what was stored of the run, and the files that the check was to keep."""
    return msgspec.structs.replace(outcome, evidence=tuple(evidence), kept=tuple(kept))


def _outcome(run: Run, state: State, message: str, report: TestReport | None = None) -> CheckOutcome:
    return CheckOutcome(
        kind=run.order.kind,
        state=state,
        cause=run.exit.cause.value,
        exit=run.exit.status,
        seconds=round(run.exit.seconds, 3),
        message=plain(message)[:_MESSAGE],
        tests=report,
    )


def _command(run: Run, report: TestReport | None) -> tuple[State, str]:
    if run.exit.status == 0 and run.exit.cause is Cause.EXIT:
        if report is not None and report.finished is None:
            return State.FAILED, "it exited 0 before its tests were reported to the end"
        if programs.must_reach_its_end(run.order) and not run.control.reached_the_end:
            return State.FAILED, "it ended with status 0 before its last line"
        return State.PASSED, ""
    lacking = _lacking(run, run.exit.status, run.said, checkfiles.paths_in(run.order.text))
    if lacking:
        return lacking
    return State.FAILED, _why_failed(run, report)


def _lacking(run: Run, status: int | None, said: str, words: Collection[str]) -> tuple[State, str] | None:
    """Absent or could-not-run, where something that the check needs is not there; None where it simply failed.

    ``words`` are those of its commands that could be paths.
    """
    if status in (NOT_EXECUTABLE, NOT_FOUND):
        program = absence.missing_program(said, run.paths, run.provided)
        words, is_own = program or (f"exit {status}: {_last_line(said)}", False)
        return (State.ABSENT if is_own else State.COULD_NOT_RUN), words
    if run.phase is Phase.CANDIDATE:
        return None
    missing = absence.missing_import(_last_line(said), run.paths, run.provided)
    if missing:
        words, is_own = missing
        return (State.ABSENT if is_own else State.COULD_NOT_RUN), words
    path = absence.missing_path(words, run.order.directory, run.paths)
    return (State.ABSENT, f"{path} is not there") if path else None


def _why_failed(run: Run, report: TestReport | None) -> str:
    bad = (
        [one for one in report.results if one.outcome not in (TestOutcome.PASSED, TestOutcome.SKIPPED)]
        if report
        else []
    )
    if bad:
        more = f" (and {len(bad) - 1} more)" if len(bad) > 1 else ""
        return tests.sentence(bad[0]) + more
    if report and report.broken:
        return ": ".join(report.broken[0])
    ended = f"signal {run.exit.signal}" if run.exit.signal else f"exit {run.exit.status}"
    line = _last_line(run.said)
    return f"{ended}: {line}" if line else ended


def _transcript(run: Run) -> tuple[State, str]:
    outputs = transcript.split(run.said, run.control.marks)
    difference = transcript.compare(run.order.transcript(), outputs)
    if difference is None:
        return State.PASSED, ""
    step = run.order.steps[difference.step]
    output = outputs[difference.step] if difference.step < len(outputs) else transcript.StepOutput("", None)
    if output.status in (step.status, None):
        return State.FAILED, difference.words
    words = checkfiles.paths_in(step.command)
    lacking = _lacking(run, output.status, output.text, words)
    return (lacking[0], difference.words) if lacking else (State.FAILED, difference.words)


def _read_tests(run: Run) -> CheckOutcome:
    report = reports.read_lines(run.control.report, run.control.nonce)
    state, message = _judge_tests(run, report)
    return _outcome(run, state, message, report)


def _judge_tests(run: Run, report: TestReport) -> tuple[State, str]:
    path = run.order.path or ""
    if report.fault:
        return State.COULD_NOT_RUN, f"pytest is not in the environment: {report.fault}"
    if run.exit.status == NOT_FOUND and not report.collected and report.finished is None:
        return State.COULD_NOT_RUN, f"no Python to run pytest with: {_last_line(run.said)}"
    file = path if (run.tree / path).exists() else f"{run.order.directory}/{path}"
    if not absence.is_there(run.paths, file):
        return State.ABSENT, f"{path} is not there"
    if run.order.wanted is None:
        finished = report.finished is not None and report.finished < _INTERRUPTED
        return (
            State.PASSED if run.exit.ok else State.FAILED
        ), "" if finished else "pytest did not get through the file"
    wanted = [one for one in report.collected if _is_wanted(run.order, one)]
    if not wanted:
        return _uncollected(run, report, file)
    return _wanted_ran(run, report, wanted)


def _is_wanted(order: CheckOrder, test_id: str) -> bool:
    node = order.node
    return node is not None and any(
        tests.names(node, one) for one in (test_id, test_id.removeprefix(f"{order.directory}/"))
    )


def _uncollected(run: Run, report: TestReport, file: str) -> tuple[State, str]:
    broken = dict(report.broken).get(file)
    if broken:
        missing = absence.missing_import(broken, run.paths, run.provided)
        if missing and not missing[1] and run.phase is not Phase.CANDIDATE:
            return State.COULD_NOT_RUN, missing[0]
        return State.ABSENT, f"{file} cannot be collected: {broken}"
    if report.finished is None:
        return State.FAILED, "pytest ended before it had collected the test (the code under test ended the process?)"
    if report.finished > _INTERRUPTED and not report.collected and report.finished != _NOTHING:
        return State.COULD_NOT_RUN, f"pytest exited {report.finished}: {_last_line(run.said)}"
    return State.ABSENT, f"{run.order.wanted} is not there"


_NOTHING = 5
"""pytest's status when it collected nothing."""


def _wanted_ran(run: Run, report: TestReport, wanted: Sequence[str]) -> tuple[State, str]:
    results = report.by_id
    for one in wanted:
        result = results.get(one)
        if result is None:
            return State.FAILED, f"{one}: its result was never reported"
        if result.outcome is not TestOutcome.PASSED:
            return State.FAILED, _described(result)
    if report.finished is None:
        return State.FAILED, "pytest ended before it had reported to the end"
    if not run.exit.ok:
        return State.FAILED, f"the test passed, but pytest exited {run.exit.status}"
    return State.PASSED, ""


def _described(result: TestResult) -> str:
    if result.outcome is TestOutcome.SKIPPED:
        return f"{result.id} was skipped: {result.message}"
    return tests.sentence(result)


def _command_report(run: Run) -> TestReport | None:
    """What tests reported from inside a command: pytest by our plugin, others by their JUnit files."""
    found = [reports.read_lines(raw, run.control.nonce) for raw in run.control.reports]
    if run.order.reports:
        found.append(reports.read_reports(run.tree, report_files(run.tree, run.order)))
    if not found:
        return None
    statuses = [one.finished for one in found]
    return TestReport(
        results=tests.merge(result for one in found for result in one.results),
        collected=tuple(dict.fromkeys(test_id for one in found for test_id in one.collected)),
        broken=tuple(broken for one in found for broken in one.broken),
        finished=None if None in statuses else max(status for status in statuses if status is not None),
        fault="; ".join(one.fault for one in found if one.fault),
    )


def report_files(tree: Path, order: CheckOrder) -> tuple[Path, ...]:
    """The plain files of a tree that the check's report globs mean; links are never followed out of it."""
    return meant(tree, order, order.reports)


def meant(tree: Path, order: CheckOrder, globs: Sequence[str]) -> tuple[Path, ...]:
    """The plain files of a tree that globs of a check mean, counted from the root or from ``(in DIR)``."""
    if not globs:
        return ()
    return tuple(
        path for path in leftovers.files(tree) if any(_means(glob, order, path.relative_to(tree)) for glob in globs)
    )


def _means(glob: str, order: CheckOrder, path: Path) -> bool:
    return matches(glob, path.as_posix()) or (
        order.directory != "." and matches(glob, path.as_posix().removeprefix(f"{order.directory}/"))
    )


def _last_line(text: str) -> str:
    lines = text.strip().splitlines()
    return lines[-1][:_MESSAGE] if lines else ""
