"""What an audit found."""

from __future__ import annotations

from collections.abc import Callable

from snapline.base.errors import ExitStatus
from snapline.base.wire import Wire

Progress = Callable[[str, int, int], None]
"""Told what is walked, how much of it is done, and how much there is."""


class AuditFault(Wire, frozen=True):
    """A record that does not hold: its name, and why."""

    record: str
    message: str


class Unpinned(Wire, frozen=True):
    """The last events of a run that no checkpoint pins yet: cut off, they would not be missed."""

    run: str
    after: int
    events: int


class Walked(Wire, frozen=True):
    """How much was looked at."""

    runs: int
    events: int
    checkpoints: int
    attestations: int
    evidence: int
    records: int


class Audit(Wire, frozen=True):
    """What an audit found. ``elsewhere`` counts checkpoints and attestations of other machines' ledgers.

    Of these only the signature and the form were checked. ``keys`` are the ids of the keys that were trusted.
    """

    faults: tuple[AuditFault, ...]
    unpinned: tuple[Unpinned, ...]
    walked: Walked
    elsewhere: int
    keys: tuple[str, ...]
    version: int = 1

    @property
    def status(self) -> ExitStatus:
        """``FAILED`` when something does not hold."""
        return ExitStatus.FAILED if self.faults else ExitStatus.DONE
