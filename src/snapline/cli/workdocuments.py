"""The JSON documents of the verbs that write specs or work on them, as types; see :mod:`snapline.cli.documents`."""

from __future__ import annotations

from typing import Any, Literal

from snapline.app.doctor import Probe
from snapline.app.readmodel import AttemptStatus, RunStatus
from snapline.base.wire import Wire
from snapline.cli.documents import Count, Line, Texts
from snapline.spec.diff import KeyChange, SectionChange
from snapline.spec.impact import Impact
from snapline.verify.verdict import State


class FmtFile(Wire, frozen=True):
    """The ids that one text lacked, and whether it changes."""

    path: str
    ids: Texts
    changed: bool


class Fmt(Wire, frozen=True):
    """The ids that were written, or would be; `path` and `ids` are those of a single text, null for several."""

    path: str | None
    ids: Texts | None
    files: tuple[FmtFile, ...]
    version: Literal[1] = 1


class SpecMoved(Wire, frozen=True):
    """A spec under its new id: its file, the others that changed, and whether the old id has approvals."""

    spec: str
    path: str
    changed: Texts
    approved: bool
    version: Literal[1] = 1


class NewId(Wire, frozen=True):
    """The id that a clause had, and the one that it has."""

    old: str
    new: str


class SpecRenumbered(Wire, frozen=True):
    """The new ids of clauses, and the files that changed."""

    spec: str
    ids: tuple[NewId, ...]
    changed: Texts
    version: Literal[1] = 1


class New(Wire, frozen=True):
    """The spec that was written from the template."""

    spec: str
    path: str
    version: Literal[1] = 1


class Init(Wire, frozen=True):
    """What was set up. ``environment`` tells what the proposal was read from, ``offers`` are commands.

    ``key`` is the id of the key that signs on this machine.
    """

    root: str
    repository: str
    created: Texts
    key: str
    environment: str | None
    offers: Texts
    probes: tuple[Probe, ...]
    version: Literal[1] = 1


class MergeDriver(Wire, frozen=True):
    """Whether the merge driver is wanted, and the files that were changed for it."""

    merge_driver: bool
    changed: Texts
    version: Literal[1] = 1


class Doctor(Wire, frozen=True):
    """Whether everything that is needed works, and what was tried."""

    ok: bool
    probes: tuple[Probe, ...]
    version: Literal[1] = 1


class ConflictRow(Wire, frozen=True):
    """A place that a person has to decide."""

    name: str
    line: Line
    why: str
    hint: str


class Merge(Wire, frozen=True):
    """A merged spec. ``by_lines`` says why it was merged by lines, null where it was merged by clauses."""

    path: str
    conflicts: Count
    clauses: tuple[ConflictRow, ...]
    remarks: Texts
    by_lines: str | None
    version: Literal[1] = 1


class Side(Wire, frozen=True):
    """One of two texts that are compared."""

    name: str
    revision: str


class ClauseSide(Wire, frozen=True):
    """A clause as it is on one side."""

    id: str
    section: str
    text: str


class WordRun(Wire, frozen=True):
    """Words that have one fate."""

    kind: str
    text: str


class ClauseDifference(Wire, frozen=True):
    """A clause that differs, word by word; a side is null where the clause is not there."""

    kind: str
    moved: bool
    old: ClauseSide | None
    new: ClauseSide | None
    words: tuple[WordRun, ...]


class TextDifference(Wire, frozen=True):
    """Prose or a note that differs."""

    kind: str
    moved: bool
    section: str
    words: tuple[WordRun, ...]


class Diff(Wire, frozen=True):
    """What differs between two revisions, and what that touches."""

    spec: str
    old: Side
    new: Side
    same: bool
    keys: tuple[KeyChange, ...]
    sections: tuple[SectionChange, ...]
    clauses: tuple[ClauseDifference, ...]
    texts: tuple[TextDifference, ...]
    impact: Impact
    version: Literal[1] = 1


class PlannedRow(Wire, frozen=True):
    """A task of a plan."""

    id: str
    summary: str
    proves: Texts
    changes: Texts
    after: Texts
    agent: str | None
    lane: str


class PlanDocument(Wire, frozen=True):
    """The tasks of a spec in waves: those of one wave may run side by side."""

    spec: str
    revision: str
    approved: bool
    waves: tuple[tuple[PlannedRow, ...], ...]
    version: Literal[1] = 1


class WaivedRow(Wire, frozen=True):
    """A finding that a person let pass; without a clause, everywhere."""

    code: str
    clause: str | None
    because: str


class BaselineState(Wire, frozen=True):
    """An executable criterion at the base."""

    id: str
    regression: bool
    state: State
    because: str


class Approve(Wire, frozen=True):
    """An approval. ``record`` names its record, ``written`` are ids that were written first."""

    spec: str
    revision: str
    by: str
    at: str
    base: str
    target: str
    tier: str
    record: str
    written: Texts
    waived: tuple[WaivedRow, ...]
    baseline: tuple[BaselineState, ...]
    manual: Texts
    version: Literal[1] = 1


class Runs(Wire, frozen=True):
    """The runs that a verb is about, as they are at its end."""

    runs: tuple[RunStatus, ...]
    version: Literal[1] = 1


class EventRow(Wire, frozen=True):
    """An event of the ledger."""

    at: str
    kind: str
    subject: str
    body: dict[str, Any]


class Log(Wire, frozen=True):
    """The story of a task."""

    task: str
    run: str
    events: tuple[EventRow, ...]
    attempts: tuple[AttemptStatus, ...]
    prompt: str
    output: str
    version: Literal[1] = 1


class RecordFaultRow(Wire, frozen=True):
    """Something of a remote that is no intact record, and was not taken."""

    path: str
    message: str


class Sync(Wire, frozen=True):
    """How many records came and went."""

    received: Count
    sent: Count
    faults: tuple[RecordFaultRow, ...]
    version: Literal[1] = 1
