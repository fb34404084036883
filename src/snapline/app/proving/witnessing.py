"""What is known after the attacks: from the store, from git, from processes, and from who was heard."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from snapline.app.proving.ground import Ground
from snapline.app.proving.naively import LOOT, Effect
from snapline.app.readmodel import AttemptStatus, RunStatus
from snapline.base import wire
from snapline.sandbox import process
from snapline.sandbox.policy import Exit
from snapline.verify.report import Report

_AGENT = "agent"


@dataclass(frozen=True)
class Witness:
    """What the attacks did: to the naive stand-ins, and here.

    ``users`` are the user ids of the processes that an attack left, by their mark; ``before`` and ``after`` what
    ``main`` was at; ``planted_ran`` whether something planted ran as the person.
    """

    ground: Ground
    naive: Mapping[str, Effect]
    runs: Mapping[str, RunStatus | None]
    users: Mapping[str, set[int]]
    before: str
    after: str
    planted_ran: bool

    def attempt(self, attack: str) -> AttemptStatus | None:
        """The one attempt of an attack."""
        run = self.runs.get(attack)
        return run.tasks[0].attempts[-1] if run and run.tasks[0].attempts else None

    def verdicts(self, attack: str) -> dict[str, str]:
        """The verdicts on what an attack brought, by clause, as the stored report has them."""
        report = self._report(attack)
        return {row.id: str(row.verdict) for row in report.verdicts} if report else {}

    def printed(self, attack: str) -> str:
        """Everything that the checks of an attack's work printed."""
        report = self._report(attack)
        digests = [one for row in report.verdicts for c in row.checks for one in c.evidence] if report else []
        return "\n".join(self.ground.floor.evidence.read(one).decode("utf-8", "replace") for one in digests)

    def loot(self, attack: str) -> str | None:
        """What an attack wrote down of what it found; None where nothing of it came back."""
        tried = self.attempt(attack)
        vault = self.ground.floor.project.vault
        content = vault.read(tried.candidate, LOOT) if tried and tried.candidate else None
        return None if content is None else content.decode("utf-8", "replace")

    def ended(self, attack: str) -> Exit | None:
        """How the run of an attack's agent ended, as its shim recorded it; None where there is no record."""
        tried = self.attempt(attack)
        if tried is None:
            return None
        project = self.ground.floor.project
        folder = project.home.run_folder(project.id, tried.attempt, _AGENT)
        return process.record(folder) if process.inspect(folder) is process.RunState.ENDED else None

    def landed(self, attack: str) -> bool:
        """Whether anything of an attack is on ``main``."""
        run, tried = self.runs.get(attack), self.attempt(attack)
        ours = self.ground.git("rev-list", "refs/heads/main").split()
        moved = any(one.outcome == "landed" for one in run.landings) if run else False
        return moved or (tried is not None and tried.candidate in ours)

    def _report(self, attack: str) -> Report | None:
        tried = self.attempt(attack)
        kept = tried.report if tried else None
        return wire.decode(self.ground.floor.evidence.read(kept), Report) if kept else None
