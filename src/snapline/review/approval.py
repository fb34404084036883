"""The approval: a person pins a revision, with all that a dispatch of it needs, as a record that never changes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from snapline.base import wire
from snapline.base.errors import Refused
from snapline.base.ids import ClauseId, Digest, Oid, RevisionId, SpecId, short
from snapline.base.text import Source
from snapline.base.wire import Wire
from snapline.repo.records import Records
from snapline.verify.verdict import State

if TYPE_CHECKING:  # lint reads approvals, and a baseline brings the database with it
    from snapline.verify.baseline import Baseline

KIND = "approvals"
"""The kind that approvals are recorded under."""


class NotApproved(Refused):
    """This revision is not approved."""

    code = "not-approved"


class PinnedRow(Wire, frozen=True):
    """One executable criterion as it was at the base; ``because`` is the sentence that the person was shown."""

    id: ClauseId
    regression: bool
    state: State
    because: str


class Waived(Wire, frozen=True):
    """A finding that a person let pass; ``clause`` None waives the code everywhere."""

    code: str
    clause: str | None
    because: str


class Approval(Wire, frozen=True):
    """One approval. ``text`` is the spec as it was read, byte for byte; ``path`` is where it lay.

    ``target`` is the branch that it is to land on, ``settings`` the text of ``snapline.toml`` at ``base`` (empty where
    there was none), ``environment`` the digest of the environment that the baseline ran in.
    """

    spec: SpecId
    revision: RevisionId
    by: str
    at: str
    base: Oid
    target: str
    path: str
    text: str
    baseline: tuple[PinnedRow, ...] = ()
    waived: tuple[Waived, ...] = ()
    environment: Digest | None = None
    settings: str = ""
    version: int = 1

    @property
    def source(self) -> Source:
        """The spec's source, to be parsed again."""
        return Source.from_bytes(self.path, self.text.encode())


def pinned(baseline: Baseline) -> tuple[PinnedRow, ...]:
    """What an approval keeps of a baseline; the outcomes themselves are evidence."""
    return tuple(PinnedRow(row.id, row.regression, row.state, row.because) for row in baseline.rows)


def record(records: Records, approval: Approval) -> Digest:
    """Write an approval; the same one twice is one record."""
    return records.put(KIND, approval.spec, wire.encode(approval))


def approvals(records: Records, spec: SpecId | None = None) -> tuple[Approval, ...]:
    """All approvals, of one spec or of every one, oldest first."""
    found = (wire.decode(raw, Approval) for raw in records.all(KIND, spec or ""))
    return tuple(sorted((one for one in found if spec in (None, one.spec)), key=lambda one: (one.at, one.revision)))


def approval_of(found: Iterable[Approval], spec: SpecId, revision: str | None = None) -> Approval:
    """The latest approval of a spec, or of one of its revisions (any prefix of its digits).

    Raises :class:`NotApproved`.
    """
    fitting = [one for one in found if one.spec == spec and one.revision.startswith(revision or "")]
    if not fitting:
        named = f"{spec}@{short(revision)}" if revision else spec
        raise NotApproved(f"`{named}` is not approved", hint=f"Pin it first: snapline approve {spec}")
    return fitting[-1]
