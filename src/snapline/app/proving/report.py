"""What a proof leaves: each claim with how it stands here, and the facts that it was decided from."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, Literal

from snapline.base.wire import Wire


class Standing(StrEnum):
    """How a claim stands on this machine.

    ``HELD``: the attack works on a naive stand-in, and failed here. ``WEAKER``: the tier or the lane does not promise
    it. ``BROKEN``: it is promised, and did not hold. ``UNPROVED``: it could not be tried, so nothing is known.
    """

    HELD = "held"
    WEAKER = "weaker"
    BROKEN = "broken"
    UNPROVED = "unproved"


class ProofRow(Wire, frozen=True):
    """One claim: how it stands and why, and where it is weaker ``how`` to get it.

    ``facts`` are what it was decided from: verdicts of the store, commits of git, files and processes.
    """

    name: str
    claim: str
    standing: Standing
    why: str
    how: str
    facts: dict[str, Any]


class ProofReport(Wire, frozen=True):
    """The whole proof. ``folder`` is None unless it was kept; ``failed`` names the rows that did not hold."""

    lane: str
    tier: str
    folder: str | None
    rows: tuple[ProofRow, ...]
    failed: tuple[str, ...]
    seconds: float
    version: Literal[1] = 1
