"""Checkpoints: the heads of ledgers, signed and published, because a chain by itself does not show that it was cut."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from snapline.base import statement
from snapline.base.ids import Digest
from snapline.base.signing import SigningKey
from snapline.base.statement import NotAuthentic, Statement, Subject
from snapline.base.wire import Wire
from snapline.store.tables import HEADS, RUNS

CHECKPOINT_TYPE = "urn:snapline:schema:checkpoint:1"
"""The predicate type: the id of the schema that describes it."""


class Checkpoint(Wire, frozen=True):
    """What a checkpoint says beside the heads themselves, which are the statement's subjects (run, hash).

    ``sequence`` is the number of each run's last event, ``previous`` the record of the checkpoint before this one.
    """

    at: str
    sequence: dict[str, int]
    previous: Digest | None
    version: int = 1


@dataclass(frozen=True, slots=True)
class Head:
    """The last event of a run's ledger: its number and hash."""

    seq: int
    hash: str


def heads(connection: sa.Connection, repository: str) -> dict[str, Head]:
    """The heads of all runs of a repository."""
    query = sa.select(HEADS).join(RUNS, RUNS.c.id == HEADS.c.stream).where(RUNS.c.repository == repository)
    return {row.stream: Head(row.seq, row.hash) for row in connection.execute(query.order_by(HEADS.c.stream))}


def seal(found: Mapping[str, Head], at: str, previous: Digest | None, key: SigningKey) -> bytes:
    """The signed checkpoint of some heads, at least one."""
    said = Checkpoint(at, {stream: one.seq for stream, one in found.items()}, previous)
    subjects = (Subject(stream, {"sha256": one.hash}) for stream, one in found.items())
    return statement.sign(subjects, CHECKPOINT_TYPE, said, key)


def read(said: Statement) -> tuple[Checkpoint, dict[str, Head]]:
    """A checkpoint and the heads that it pins; raises :class:`NotAuthentic` for what is none, and ``BadWire``."""
    if said.predicate_type != CHECKPOINT_TYPE:
        raise NotAuthentic(f"it is about {said.predicate_type}, not a checkpoint")
    one = said.read(Checkpoint)
    hashes = {each.name: each.digest.get("sha256", "") for each in said.subject}
    return one, {stream: Head(seq, hashes.get(stream, "")) for stream, seq in one.sequence.items()}
