"""What one run left behind: plain values, stored by the key of what the run depended on."""

from __future__ import annotations

from enum import StrEnum

from snapline.base import digest
from snapline.base.ids import Digest, Oid
from snapline.base.wire import Wire
from snapline.sandbox.policy import Cause
from snapline.spec.model import CheckKind
from snapline.verify.orders import CheckOrder
from snapline.verify.tests import TestReport
from snapline.verify.verdict import State

TAMPERED = "tampered"
"""The cause of a failure that we found in the tree, not in how the process ended."""
_LASTING = frozenset({"exit", TAMPERED})
_FORMAT = 2
"""Raised when the reading of runs changes, so that results read in the old way are not used."""


class Phase(StrEnum):
    """Which question a run answers."""

    BASE = "base"
    CANDIDATE = "candidate"
    TRANSPLANT = "transplant"


class CheckRun(Wire, frozen=True):
    """One clause's checks, to be run in order in one fresh tree.

    ``tree`` is the composed tree, ``built_from`` the commit whose environment it gets, ``base`` the commit that
    SNAPLINE_BASE_DIR shows, None where no check asks for it. ``check_files`` are compared with the tree before and
    after every check. ``environment`` is the digest of the environment, ``session`` parts results that tell of one
    try only from those of other tries.
    """

    clause: str
    orders: tuple[CheckOrder, ...]
    tree: Oid
    phase: Phase
    run: int
    built_from: Oid
    base: Oid | None
    environment: Digest
    session: str
    check_files: tuple[str, ...] = ()
    provides: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """What the result depends on: the same key, the same question."""
        asked = digest.of_value([_FORMAT, [order.identity() for order in self.orders], self.base, self.provides])
        return f"{self.tree}:{asked}:{self.environment}:{self.phase}:{self.run}"

    @property
    def passing_key(self) -> str:
        """Where a result is kept that tells of this try only."""
        return f"{self.key}:{self.session}"


class Keepsake(Wire, frozen=True):
    """A file as the check left it; ``digest`` names it in the evidence, None where it was too much to be kept."""

    path: str
    size: int
    digest: Digest | None


class CheckOutcome(Wire, frozen=True):
    """How one check ended in one run.

    ``cause`` is how the process ended (``exit``, ``wall``, ...) or a reason of ours, ``exit`` its status, ``seconds``
    its wall time. ``tests`` is None where nothing reported test by test. ``kept`` is what ``(keep GLOB)`` kept.
    """

    kind: CheckKind
    state: State
    cause: str
    exit: int | None
    seconds: float
    message: str
    tests: TestReport | None = None
    evidence: tuple[Digest, ...] = ()
    kept: tuple[Keepsake, ...] = ()


class CheckResult(Wire, frozen=True):
    """The row of one :class:`CheckRun`: an outcome per check, in order. ``kept`` rows answer later tries too."""

    outcomes: tuple[CheckOutcome, ...]

    @property
    def is_lasting(self) -> bool:
        """Whether the same question will be answered the same way: every check ran and ended by itself."""
        return all(one.state is not State.COULD_NOT_RUN and one.cause in _LASTING for one in self.outcomes)

    @property
    def was_stopped(self) -> bool:
        """Whether somebody stopped a check: that says nothing, not even about this try."""
        return any(one.cause == Cause.STOPPED for one in self.outcomes)
