"""What the demo leaves for a program: each step with the facts that prove it."""

from __future__ import annotations

from typing import Any

from snapline.base.wire import Wire


class Step(Wire, frozen=True):
    """One thing that the demo shows. ``facts`` hold commits, attempts and verdicts, so that it can be proved anew."""

    name: str
    ok: bool
    says: str
    facts: dict[str, Any]


class DemoReport(Wire, frozen=True):
    """The whole demo. ``failed`` names the step that did not come out; ``not_shown`` what this machine cannot show."""

    folder: str
    repository: str
    home: str
    tier: str
    not_shown: tuple[str, ...]
    steps: tuple[Step, ...]
    failed: str | None
    seconds: float
    version: int = 1
