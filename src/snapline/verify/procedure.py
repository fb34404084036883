"""The procedure of verification: what must run, running it, and the report that follows.

``pending`` and ``judge`` only read stored results, so a durable engine can carry out one run per step and ask again;
``verify`` is that loop in one process.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from snapline.base.ids import ClauseId, Digest, Oid
from snapline.repo.changes import Change
from snapline.spec.model import CheckKind, Spec
from snapline.spec.revision import revision
from snapline.verify import baseline, checkfiles, judgement, rows, trees
from snapline.verify.baseline import Baseline, BaselineRow
from snapline.verify.constraints import bars_dependencies, forbidding
from snapline.verify.environments import Environments
from snapline.verify.examination import Examination, Surroundings
from snapline.verify.execution import Execution
from snapline.verify.groups import Group
from snapline.verify.judgement import Findings
from snapline.verify.manifests.dependency import Additions
from snapline.verify.orders import CheckOrder
from snapline.verify.outcome import CheckResult, CheckRun
from snapline.verify.report import CheckRow, Report
from snapline.verify.rows import GroupResults
from snapline.verify.subject import Bench, Progress, Subject
from snapline.verify.trees import CheckTrees
from snapline.verify.views import Views, make_room

_RUNNER = 'found=$(command -v python || command -v python3) && "$found" -m pytest --version'


def silent(_run: CheckRun, _result: CheckResult | None) -> None:
    """Progress that nobody follows."""


@dataclass(frozen=True)
class Judged:
    """A report, the runs whose results decided it, and the digest of the environment of the commit."""

    report: Report
    runs: tuple[tuple[CheckRun, CheckResult], ...]
    environment: Digest


@dataclass
class Verifier:
    """Verifies commits on one bench."""

    bench: Bench
    _diffs: dict[tuple[Oid, Oid], tuple[Change, ...]] = field(default_factory=dict)
    _trees: dict[object, CheckTrees] = field(default_factory=dict)

    def __post_init__(self) -> None:
        bench = self.bench
        self._environments = Environments(bench.vault, bench.layers, bench.environment, bench.hide)
        patterns = bench.settings.check_files or checkfiles.PATTERNS
        self._views = Views(bench.vault, frozenset({"", *bench.environment.editable}), patterns)
        self._execution = Execution(
            bench.vault, bench.sandbox, self._environments, bench.results, bench.evidence, bench.folder
        )

    def prove_environment(self, spec: Spec, base: Oid, session: str) -> str | None:
        """What is wrong with the environment at the base; None when its check and the test runner work there."""
        examination = self._examine(Subject(spec, revision(spec), base, base, session=session))
        kinds = {order.kind for group in examination.all_groups for order in group.orders}
        runner = self._command(_RUNNER) if CheckKind.TEST in kinds else ()
        around = replace(examination.around, proof=(*examination.around.proof, *runner))
        proving = replace(examination, around=around, missing=[])
        proving.proof()
        for run in proving.missing:
            self.execute(run)
        return proving.proof()

    def pending(self, subject: Subject) -> tuple[CheckRun, ...]:
        """What must still run, as far as the results so far tell; empty when :meth:`judge` can decide."""
        examination = self._examine(subject)
        self._find(examination)
        return tuple(examination.missing)

    def execute(self, run: CheckRun) -> CheckResult:
        """Carry out one run, or give the stored result. Idempotent by the run's key."""
        return self._execution.execute(run)

    def judge(self, subject: Subject) -> Report:
        """The report from stored results; raises :class:`ValueError` while :meth:`pending` names runs."""
        return self.judged(subject).report

    def judged(self, subject: Subject) -> Judged:
        """The same with what it rests on."""
        examination = self._examine(subject)
        findings = self._find(examination)
        if examination.missing or findings is None:
            raise ValueError(f"{len(examination.missing)} runs are missing")
        added = self.bench.vault.added_lines(subject.base, subject.commit) if forbidding(subject.spec) else ()
        additions = self._additions(subject, findings.changes) if bars_dependencies(subject.spec) else None
        report = judgement.report(examination, findings, self.bench.sandbox.tier, tuple(added), additions)
        return Judged(report, tuple(examination.seen.values()), examination.around.after)

    def _additions(self, subject: Subject, changes: Sequence[Change]) -> Additions:
        from snapline.verify.manifests import comparison  # noqa: PLC0415 - only specs that ask pay for the readers

        return comparison.additions(self._views.of(subject.base), self._views.of(subject.commit), changes)

    def verify(self, subject: Subject, progress: Progress = silent) -> Report:
        """Run everything that is missing, and judge."""
        self._run(lambda: self.pending(subject), progress)
        return self.judge(subject)

    def pending_baseline(self, spec: Spec, base: Oid, session: str) -> tuple[CheckRun, ...]:
        """What must still run before :meth:`judge_baseline` can decide."""
        examination = self._examine(Subject(spec, revision(spec), base, base, session=session))
        if examination.proof() is None and not examination.missing:
            examination.baseline(examination.base_tree)
        return tuple(examination.missing)

    def judge_baseline(self, spec: Spec, base: Oid, session: str) -> Baseline:
        """The baseline from stored results."""
        examination = self._examine(Subject(spec, revision(spec), base, base, session=session))
        fault = examination.proof()
        found = {} if fault else examination.baseline(examination.base_tree)
        rows: dict[ClauseId, BaselineRow] = {}
        for number, group in enumerate(examination.all_groups):
            row = baseline.group_row(group, found.get(number, ()), fault)
            rows[group.clause] = baseline.joined(rows[group.clause], row) if group.clause in rows else row
        return Baseline(base, examination.around.before, tuple(rows.values()))

    def baseline(self, spec: Spec, base: Oid, session: str, progress: Progress = silent) -> Baseline:
        """Run every executable criterion, and Keep passing, on the base."""
        self._run(lambda: self.pending_baseline(spec, base, session), progress)
        return self.judge_baseline(spec, base, session)

    def _run(self, pending: Callable[[], tuple[CheckRun, ...]], progress: Progress) -> None:
        while runs := pending():
            for run in runs:
                progress(run, None)
                progress(run, self.execute(run))

    def _examine(self, subject: Subject) -> Examination:
        bench, environments = self.bench, self._environments
        proving = bench.environment.check or ("true" if bench.environment.setup else "")
        before = environments.digest(subject.base, bench.sandbox)
        around = Surroundings(
            views=self._views,
            settings=bench.settings,
            before=before,
            after=environments.digest(subject.commit, bench.sandbox),
            proof=self._command(proving) if proving else (),
        )
        return Examination(subject, around, self._execution.stored)

    def _command(self, text: str) -> tuple[CheckOrder, ...]:
        return (CheckOrder(CheckKind.COMMAND, text, self.bench.settings.timeout),)

    def _find(self, examination: Examination) -> Findings | None:
        """Everything that the report says, as far as the results are there; what is missing is noted."""
        subject, around = examination.subject, examination.around
        changes = self._changes(subject)
        fault = examination.proof()
        if fault is None and subject.by_agent and around.after != around.before:
            inputs = ", ".join(
                path for path in self.bench.environment.inputs if any(path == one.path for one in changes)
            )
            fault = f"the candidate changes the environment's inputs ({inputs}); a person has to look at it"
        if examination.missing or fault:
            return None if examination.missing else Findings(changes, fault=fault)
        if subject.checks_from is not None:
            base = self._compose(examination, changes, {}).base
        else:
            base = examination.base_tree
        before = examination.baseline(base)
        if examination.missing:
            return None
        made = self._compose(examination, changes, before)
        results = self._results(examination, before, made)
        if examination.missing:
            return None
        faults = examination.neighbours(made, _passing(examination, results))
        always = tuple(order for text in self.bench.settings.always for order in self._command(text))
        ran = examination.always(made, always) if always else None
        if examination.missing:
            return None
        return Findings(changes, made=made, results=results, faults=faults, always=ran)

    def _results(
        self, examination: Examination, before: Mapping[int, Sequence[CheckResult]], made: CheckTrees
    ) -> dict[int, GroupResults]:
        """What is there of the quick groups; of the slow ones only once all quick ones have passed."""
        results: dict[int, GroupResults] = {}
        numbered = list(enumerate(examination.all_groups))
        for slow in (False, True):
            if slow and (examination.missing or not _all_pass(numbered, results)):
                break
            for number, group in numbered:
                found = examination.results(group, before[number], made) if group.slow is slow else None
                if found is not None:
                    results[number] = found
        return results

    def _changes(self, subject: Subject) -> tuple[Change, ...]:
        key = (subject.base, subject.commit)
        if key not in self._diffs:
            make_room(self._diffs)
            self._diffs[key] = self.bench.vault.diff(*key)
        return self._diffs[key]

    def _compose(
        self, examination: Examination, changes: Sequence[Change], before: Mapping[int, Sequence[CheckResult]]
    ) -> CheckTrees:
        subject = examination.subject
        question = examination.question(changes, before)
        seen = tuple(sorted((path, tuple(sorted(ids))) for path, ids in (question.collected or {}).items()))
        key = (subject.revision, subject.base, subject.commit, subject.checks_from, seen)
        if key not in self._trees:
            make_room(self._trees)
            self._trees[key] = trees.compose(self.bench.vault, question, subject.base, subject.commit)
        return self._trees[key]


def _all_pass(numbered: Sequence[tuple[int, Group]], results: Mapping[int, GroupResults]) -> bool:
    """Whether nothing but slow checks, and people, can still keep the candidate from being accepted."""
    quick: dict[ClauseId, list[CheckRow]] = {}
    proving: dict[ClauseId, list[CheckRow]] = {}
    for number, group in numbered:
        found = () if group.slow else rows.check_rows(group, results[number], {})
        quick.setdefault(group.clause, []).extend(found)
        proving.setdefault(group.clause, []).extend(() if group.regression else found)
    unproved = {group.clause for _, group in numbered if group.slow and not group.regression}
    return all(rows.may_pass(found, proving[clause], more=clause in unproved) for clause, found in quick.items())


def _passing(examination: Examination, results: Mapping[int, GroupResults]) -> frozenset[str]:
    """The test files of which at least one named check passes on the candidate."""
    return frozenset(
        path
        for number, group in enumerate(examination.all_groups)
        for place, order in enumerate(group.orders)
        if number in results and results[number].passes(place)
        for path in order.places
    )
