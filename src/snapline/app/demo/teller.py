"""Whoever tells the demo to a person: the command line, or nobody."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from snapline.app.demo.report import Step
from snapline.sandbox.policy import Tier


class Teller(Protocol):
    """Takes the demo's words as they come."""

    shares: bool
    """Whether commands print where the demo prints; else what they print is captured."""

    def begin(self, folder: Path, tier: Tier) -> None:
        """The demo begins, in ``folder``, at the tier that this machine allows."""

    def chapter(self, number: int, title: str, words: str) -> None:
        """A new chapter begins; ``words`` say in a sentence or two what is going to be seen."""

    def say(self, words: str) -> None:
        """A sentence of the demo's own."""

    def warn(self, words: str) -> None:
        """A sentence that must not be missed."""

    def typed(self, line: str) -> None:
        """The command line that is run next, as a person types it."""

    def quote(self, text: str) -> None:
        """What a program printed, where it was captured."""

    def table(self, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        """A small table."""

    def done(self, step: Step) -> None:
        """A step has come out, or has not."""
