"""Carrying out a run: fresh trees, our control folder, the sandbox, the evidence, one stored row. Idempotent by key."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from snapline.base import digest, wire
from snapline.base.ids import Digest
from snapline.repo.objects import TreeView
from snapline.repo.vault import Vault
from snapline.sandbox import process
from snapline.sandbox.policy import Exit, Sandbox
from snapline.sandbox.removal import remove
from snapline.spec.model import CheckKind
from snapline.store.evidence import EvidenceStore
from snapline.store.results import ResultStore
from snapline.verify import checks, keepsakes, leftovers, reading, transcript
from snapline.verify.checks import Control, Place
from snapline.verify.environments import Environments, EnvironmentUnusable
from snapline.verify.orders import CheckOrder
from snapline.verify.outcome import TAMPERED, CheckOutcome, CheckResult, CheckRun
from snapline.verify.verdict import State

CHANGED = "tree changed by an earlier check"


@dataclass(frozen=True)
class Execution:
    """Runs checks. ``folder`` is ours alone: below it each run has its trees, its control folder and its records."""

    vault: Vault
    sandbox: Sandbox
    environments: Environments
    results: ResultStore
    evidence: EvidenceStore
    folder: Path

    def stored(self, run: CheckRun) -> CheckResult | None:
        """The row of a run: a lasting one, else one of this try."""
        row = self.results.get(run.key) or self.results.get(run.passing_key)
        return None if row is None else wire.decode(row, CheckResult)

    def execute(self, run: CheckRun) -> CheckResult:
        """The row of a run, which is carried out if there is none yet; one that somebody stopped is not stored.

        Whatever ends this before its time (Ctrl-C) ends the check as well.

        Raises :class:`snapline.sandbox.process.NotProvedDead` when something of an earlier, broken-off run of the same
        key cannot be shown to be gone.
        """
        name = digest.of_bytes(run.key.encode())[:24]
        place = self.folder / name
        with _locked(self.folder / "locks" / name[:2]):
            known = self.stored(run)
            if known is not None:
                return known
            _sweep(place)
            try:
                result = self._carry_out(run, place)
                if result.was_stopped:
                    return result
                row = self.results.put(run.key if result.is_lasting else run.passing_key, wire.encode(result))
            finally:
                _sweep(place)
        return wire.decode(row, CheckResult)

    def _carry_out(self, run: CheckRun, folder: Path) -> CheckResult:
        tree = folder / "tree"
        self.vault.materialise(run.tree, tree)
        base = self._base(run, folder)
        try:
            place = self.environments.place(self.sandbox, run.built_from, tree, base, folder / "layer")
        except EnvironmentUnusable as fault:
            return CheckResult(tuple(unusable(order, str(fault)) for order in run.orders))
        watched = _Watched(self.vault, run, tree)
        outcomes: list[CheckOutcome] = []
        for number, order in enumerate(run.orders):
            changed = watched.changed()
            if changed:
                outcomes.append(_tampered(order, f"{CHANGED}: {changed}"))
                continue
            outcome = self._check(run, order, place, folder / f"{number}")
            changed = watched.changed()
            if changed and outcome.state is State.PASSED:
                outcome = _tampered(order, f"{changed} was changed while the check ran")
            outcomes.append(outcome)
        return CheckResult(tuple(outcomes))

    def _base(self, run: CheckRun, folder: Path) -> Path | None:
        """A throw-away tree of the base, where a check asks for it."""
        if run.base is None:
            return None
        base = folder / "base"
        self.vault.materialise(run.base, base)
        return base

    def _check(self, run: CheckRun, order: CheckOrder, place: Place, folder: Path) -> CheckOutcome:
        for stale in reading.report_files(place.tree, order):
            stale.unlink()  # a report that the tree brings along was not made by this check
        job, control = checks.prepare(order, place, folder / "control", run.run)
        exit_ = process.run(place.sandbox, job, folder / "run")
        log = folder / "run" / "log"
        output = folder / "run" / "stdout" if job.capture else log
        said = output.read_bytes().decode("utf-8", "replace") if output.exists() else ""
        if order.kind is CheckKind.TRANSCRIPT:
            # What is kept is read by people and by the next attempt, to whom our marks between the steps say nothing.
            steps = order.transcript()
            output.write_text(transcript.as_typed(steps, transcript.split(said, control.marks)), "utf-8")
        return self._read(run, order, place, control, exit_, said, [log, output, folder / "run" / "exit.json"])

    def _read(
        self,
        run: CheckRun,
        order: CheckOrder,
        place: Place,
        control: Control,
        exit_: Exit,
        said: str,
        kept: list[Path],
    ) -> CheckOutcome:
        paths = self.vault.tree_view(run.tree)
        outcome = reading.read(reading.Run(order, run.phase, exit_, said, control, place.tree, paths, run.provides))
        reported = [self.evidence.put(control.report, "report")] if control.report else []
        wanted = keepsakes.keep(place.tree, order, self.evidence)
        return reading.with_evidence(outcome, [*self._keep(kept), *reported], wanted)

    def _keep(self, files: list[Path]) -> list[Digest]:
        there = [path for path in dict.fromkeys(files) if path.is_file() and path.stat().st_size]
        kinds = {"log": "log", "stdout": "output", "exit.json": "exit"}
        return [self.evidence.put(path, kinds[path.name]) for path in there]


class _Watched:
    """The check files of a tree, compared with what they must be."""

    def __init__(self, vault: Vault, run: CheckRun, tree: Path) -> None:
        view: TreeView = vault.tree_view(run.tree)
        self._tree = tree
        self._wanted = {path: view.read(path) for path in run.check_files}

    def changed(self) -> str | None:
        """The first check file that is not what it was."""
        return next((path for path, wanted in self._wanted.items() if not _is(self._tree, path, wanted)), None)


def _is(tree: Path, path: str, wanted: bytes | None) -> bool:
    """Whether a file of the tree has these bytes; a link is its target, None is no file."""
    found = leftovers.target(tree, path)
    if found is None:
        found = leftovers.content(tree, path, len(wanted or b"") + 1)
    return found == wanted


def unusable(order: CheckOrder, why: str) -> CheckOutcome:
    """The outcome of a check whose environment is not there."""
    return CheckOutcome(order.kind, State.COULD_NOT_RUN, "environment", None, 0.0, why)


def _tampered(order: CheckOrder, why: str) -> CheckOutcome:
    return CheckOutcome(order.kind, State.FAILED, TAMPERED, None, 0.0, why)


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """One process at a time carries out a run; the others wait and find its row. Few locks, never removed: no race."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _sweep(folder: Path) -> None:
    """End and remove what an earlier try of the same run left."""
    if not folder.exists():
        return
    for run_dir in (*folder.glob("[0-9]*/run"), *folder.glob("layer/run/*")):
        process.reap(run_dir)
    remove(folder)
