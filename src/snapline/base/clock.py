"""Time, as something that is handed in: the system's clock, or one that tests set by hand."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Where the time comes from."""

    def now(self) -> datetime:
        """The current time, aware, in UTC."""

    def sleep(self, seconds: float) -> None:
        """Wait."""


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The current time in UTC."""
        return datetime.now(UTC)

    def sleep(self, seconds: float) -> None:
        """Block the calling thread."""
        time.sleep(seconds)


@dataclass
class ManualClock:
    """A clock that stands still until it is told to move; ``sleep`` moves it."""

    time: datetime

    def now(self) -> datetime:
        """The time it was set to."""
        return self.time

    def sleep(self, seconds: float) -> None:
        """Move on by ``seconds`` at once."""
        from datetime import timedelta  # noqa: PLC0415 - only this fake needs it

        self.time += timedelta(seconds=seconds)


def stamp(moment: datetime) -> str:
    """RFC 3339 in UTC with seconds, as stored everywhere: ``2026-11-22T17:30:00Z``."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
