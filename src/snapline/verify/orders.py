"""A check as something that can be run: free of its place in the spec, so its digest says what runs, no more."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Any

import msgspec

from snapline.base.wire import Wire
from snapline.spec.model import Check, CheckKind, TestNode, TranscriptStep


class Step(Wire, frozen=True):
    """One command of a transcript, with what it must print and its exit status."""

    command: str
    expected: tuple[str, ...]
    status: int


class CheckOrder(Wire, frozen=True):
    """One executable check.

    ``text`` is the command, script or node as written; ``wanted`` the node that must pass, None for a whole test file.
    ``timeout`` is seconds, ``reports`` are globs of JUnit XML files, ``keep`` of files that become evidence,
    ``directory`` is relative to the tree. ``network`` lets it out of its own loopback.
    """

    kind: CheckKind
    text: str
    timeout: float
    language: str | None = None
    path: str | None = None
    wanted: str | None = None
    steps: tuple[Step, ...] = ()
    directory: str = "."
    env: tuple[tuple[str, str], ...] = ()
    reports: tuple[str, ...] = ()
    keep: tuple[str, ...] = ()
    network: bool = False

    def identity(self) -> dict[str, Any]:
        """What the result depends on, as plain values."""
        plain: dict[str, Any] = msgspec.to_builtins(self)
        return plain

    @property
    def places(self) -> tuple[str, ...]:
        """Where its test file may lie in the tree: a node's path counts from the root, or from ``(in DIR)``."""
        if self.path is None:
            return ()
        return tuple(dict.fromkeys((self.path, str(PurePosixPath(self.directory, self.path)))))

    @property
    def node(self) -> TestNode | None:
        """The test node that must pass."""
        if self.path is None or self.wanted is None:
            return None
        names, bracket, parameters = self.wanted.removeprefix(f"{self.path}::").partition("[")
        return TestNode(self.path, tuple(names.split("::")), parameters[:-1] if bracket else None)

    def transcript(self) -> tuple[TranscriptStep, ...]:
        """The steps as the language's model has them."""
        return tuple(TranscriptStep(one.command, one.expected, one.status) for one in self.steps)


def order(check: Check, timeout: float) -> CheckOrder:
    """The order of an executable check; ``timeout`` (seconds) holds where the check names none."""
    return CheckOrder(
        kind=check.kind,
        text=check.text,
        timeout=check.options.timeout or timeout,
        language=check.language,
        path=check.node.path if check.node else None,
        wanted=check.node.text if check.node else None,
        steps=tuple(Step(one.command, one.expected, one.status) for one in check.steps),
        directory=check.options.directory or ".",
        env=check.options.env,
        reports=check.options.report,
        keep=check.options.keep,
        network=check.options.network,
    )


def whole_file(path: str, timeout: float) -> CheckOrder:
    """The order that runs every test of one file; the check that a file's neighbours still hold."""
    return CheckOrder(kind=CheckKind.TEST, text=path, timeout=timeout, path=path)
