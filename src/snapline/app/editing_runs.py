"""Running checks of a spec that is being written: the work tree as it is, or the baseline; stopped at any moment."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from typing import Final

import msgspec

from snapline.app.project import Project
from snapline.app.setting import Say, Setting, remove
from snapline.base.errors import NotFound, SnaplineError
from snapline.base.ids import ClauseId, Oid
from snapline.repo.snapshot import snapshot
from snapline.sandbox import process
from snapline.spec.model import Clause, ConstraintEntry, ConstraintWord, Section, SectionKind, Spec
from snapline.spec.revision import revision
from snapline.verify.outcome import CheckResult, CheckRun
from snapline.verify.procedure import Verifier
from snapline.verify.report import ConstraintVerdict
from snapline.verify.subject import Bench, Subject
from snapline.verify.verdict import State, Verdict

_LOOK: Final = 0.05
_RUNS: Final = ("*/[0-9]*/run", "*/layer/run/*")
"""Where the runs of a bench have their records (see :mod:`snapline.verify.execution`)."""


class Stopped(SnaplineError):
    """The checks were stopped."""

    code = "stopped"


class NothingToRun(NotFound):
    """There is no check in that clause."""

    code = "nothing-to-run"
    hint = "A check is a command in code, `$ pytest -q`, a test node, a script or a transcript."


class Question(StrEnum):
    """What is asked of the checks: whether the work tree passes them, or what they say before the work."""

    WORK_TREE = "work-tree"
    BASELINE = "baseline"


class Ending(StrEnum):
    """How a clause's checks ended. ``VACUOUS`` ones pass before anything was done."""

    HOLDS = "holds"
    FAILS = "fails"
    VACUOUS = "vacuous"
    COULD_NOT_RUN = "could-not-run"
    FLAKY = "flaky"
    WAITS = "waits"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the checks of one clause said, and why, in one sentence. ``regression`` ones are to pass at the base."""

    clause: str
    question: Question
    ending: Ending
    message: str
    regression: bool = False


_OF_VERDICT: Final = {
    Verdict.PASS: Ending.HOLDS,
    Verdict.FAIL: Ending.FAILS,
    Verdict.FLAKY: Ending.FLAKY,
    Verdict.VACUOUS: Ending.VACUOUS,
    Verdict.COULD_NOT_RUN: Ending.COULD_NOT_RUN,
    Verdict.UNSIGNED: Ending.WAITS,
}
_OF_CONSTRAINT: Final = {
    ConstraintVerdict.PASS: Ending.HOLDS,
    ConstraintVerdict.FAIL: Ending.FAILS,
    ConstraintVerdict.COULD_NOT_RUN: Ending.COULD_NOT_RUN,
    ConstraintVerdict.ASK: Ending.WAITS,
    ConstraintVerdict.PROSE: Ending.HOLDS,
}


@dataclass(eq=False)
class Checking:
    """One run of the checks of a clause, or of all, of a spec that need not be saved. Used once.

    :meth:`run` blocks; :meth:`stop` may be called from another thread and returns at once.
    """

    project: Project
    spec: Spec
    clause: ClauseId | None
    question: Question
    say: Say
    _stopped: threading.Event = field(default_factory=threading.Event)
    _done: threading.Event = field(default_factory=threading.Event)

    def run(self) -> tuple[Outcome, ...]:
        """What the checks say.

        Raises :class:`Stopped`, :class:`NothingToRun`, and what keeps checks from being run at all.
        """
        if self._stopped.is_set():
            raise Stopped
        spec = self.spec if self.clause is None else narrowed(self.spec, self.clause)
        project = Project(self.project.repository, self.project.environment)
        base = project.repository.head()
        project.vault.fetch(project.repository, base)
        bench = Setting(project, base, self.say).bench(spec.front.lane, f"edit-{uuid.uuid4().hex[:12]}")
        if self.clause is not None:
            bench = replace(bench, settings=msgspec.structs.replace(bench.settings, always=()))
        watch = threading.Thread(target=self._watch, args=(bench.folder,), daemon=True)
        watch.start()
        try:
            return tuple(self._outcomes(Verifier(bench), bench, spec, base))
        finally:
            self._done.set()
            watch.join()
            remove(bench.folder)

    def stop(self) -> None:
        """End what runs, and let nothing more begin."""
        self._stopped.set()

    def _outcomes(self, verifier: Verifier, bench: Bench, spec: Spec, base: Oid) -> Iterator[Outcome]:
        session = uuid.uuid4().hex
        if self.question is Question.BASELINE:
            for row in verifier.baseline(spec, base, session, self._progress).rows:
                if self.clause in (None, row.id):
                    ending = _of_state(row.state, vacuous=row.is_vacuous)
                    yield Outcome(row.id, self.question, ending, row.because, row.regression)
            return
        commit = snapshot(self.project.repository, bench.vault, staged=False)
        subject = Subject(spec, revision(spec), base, commit, session=session)
        report = verifier.verify(subject, self._progress)
        for one in report.verdicts:
            if self.clause not in (None, one.id):
                continue
            said = next((check.message for check in one.checks if check.verdict is one.verdict and check.message), "")
            yield Outcome(one.id, self.question, _OF_VERDICT[one.verdict], said, one.regression)
        for held in report.constraints:
            if self.clause in (None, held.id):
                yield Outcome(held.id, self.question, _OF_CONSTRAINT[held.verdict], held.message, regression=True)

    def _progress(self, run: CheckRun, result: CheckResult | None) -> None:
        if self._stopped.is_set():
            raise Stopped
        if result is None:
            self.say(f"{run.clause} runs ({run.phase})")

    def _watch(self, folder: Path) -> None:
        """Once stopped, ask everything that runs to end, until nothing can begin any more."""
        while not self._done.wait(_LOOK):
            if self._stopped.is_set():
                for pattern in _RUNS:
                    for run_dir in folder.glob(pattern):
                        process.stop(run_dir)


def narrowed(spec: Spec, clause_id: ClauseId) -> Spec:
    """A spec in which one clause, and those that it names, alone have checks.

    Raises :class:`NothingToRun` where the clause has none.
    """
    clause = next((one for one in spec.clauses() if one.id == clause_id and _runnable(one)), None)
    if clause is None:
        raise NothingToRun(f"there is no check in {clause_id}")
    named = _ids(clause)
    kept = tuple(_only(section, clause, named) for section in spec.sections)
    return msgspec.structs.replace(spec, sections=kept)


def _only(section: Section, clause: Clause, named: frozenset[str]) -> Section:
    if section.kind is SectionKind.ACCEPTANCE:
        clauses = tuple(one for one in section.clauses if one is clause or one.id in named)
    elif section.kind is SectionKind.CONSTRAINTS:
        clauses = tuple(one for one in section.clauses if one is clause or not _keeps(one))
    else:
        return section
    return msgspec.structs.replace(section, clauses=clauses)


def _runnable(clause: Clause) -> bool:
    return bool(clause.executable) or _keeps(clause)


def _keeps(clause: Clause) -> bool:
    return isinstance(clause.entry, ConstraintEntry) and clause.entry.word is ConstraintWord.KEEP_PASSING


def _ids(clause: Clause) -> frozenset[str]:
    return frozenset(clause.entry.ids) if isinstance(clause.entry, ConstraintEntry) else frozenset()


def _of_state(state: State, *, vacuous: bool) -> Ending:
    match state:
        case State.PASSED:
            return Ending.VACUOUS if vacuous else Ending.HOLDS
        case State.FAILED | State.ABSENT:
            return Ending.FAILS
        case State.COULD_NOT_RUN:
            return Ending.COULD_NOT_RUN
