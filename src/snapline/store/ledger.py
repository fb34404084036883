"""The ledger: immutable events in one hash chain per run, appended inside the transaction that they tell of.

The chain shows later edits and gaps; truncation shows only against a head that was published elsewhere. It guards
against agents and later edits, not against whoever may write the database at will.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from snapline.base import digest
from snapline.base.wire import BadWire
from snapline.store.tables import EVENTS, HEADS

GENESIS = ""
"""What the first event of a stream names as its predecessor."""


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened. ``key`` names it for ever: an event with a known key is never written again."""

    stream: str
    seq: int
    key: str
    at: str
    kind: str
    subject: str
    body: Mapping[str, Any]
    position: int


@dataclass(frozen=True, slots=True)
class ChainFault:
    """Where a chain does not hold, and why."""

    stream: str
    seq: int
    message: str


def known(connection: sa.Connection, key: str) -> bool:
    """Whether an event with this key was written."""
    return connection.execute(sa.select(EVENTS.c.seq).where(EVENTS.c.key == key)).first() is not None


def append(
    connection: sa.Connection, stream: str, key: str, at: str, kind: str, subject: str, body: Mapping[str, Any]
) -> None:
    """Append one event and link it to the stream's head; ``body`` is any JSON value of words and numbers."""
    head = connection.execute(sa.select(HEADS.c.seq, HEADS.c.hash).where(HEADS.c.stream == stream)).first()
    seq, previous = (head.seq + 1, head.hash) if head else (1, GENESIS)
    text = digest.canonical_json(body).decode()
    link = _link(stream, seq, key, at, kind, subject, text, previous)
    connection.execute(
        sa.insert(EVENTS).values(
            stream=stream, seq=seq, key=key, at=at, kind=kind, subject=subject, body=text, previous=previous, hash=link
        )
    )
    if head:
        connection.execute(sa.update(HEADS).where(HEADS.c.stream == stream).values(seq=seq, hash=link))
    else:
        connection.execute(sa.insert(HEADS).values(stream=stream, seq=seq, hash=link))


def _link(*parts: str | int) -> str:
    return digest.of_value(list(parts))


def events(connection: sa.Connection, *, stream: str | None = None, after: int = 0) -> tuple[Event, ...]:
    """Events in the order they were written, of one stream or of all, with a ``position`` above ``after``.

    Raises :class:`BadWire` for one that was edited so that it cannot be read.
    """
    query = sa.select(EVENTS).where(EVENTS.c.position > after).order_by(EVENTS.c.position)
    if stream is not None:
        query = query.where(EVENTS.c.stream == stream)
    return tuple(
        Event(row.stream, row.seq, row.key, row.at, row.kind, row.subject, _body(row), row.position)
        for row in connection.execute(query)
    )


def _body(row: sa.Row[Any]) -> Mapping[str, Any]:
    try:
        body = json.loads(row.body)
    except (ValueError, RecursionError) as fault:
        raise BadWire(f"event {row.stream}/{row.seq} cannot be read: its body is no JSON") from fault
    if not isinstance(body, dict):
        raise BadWire(f"event {row.stream}/{row.seq} cannot be read: its body is no table")
    return body


def hashes(connection: sa.Connection, stream: str) -> dict[int, str]:
    """The hash of each event of a stream, by its number."""
    query = sa.select(EVENTS.c.seq, EVENTS.c.hash).where(EVENTS.c.stream == stream)
    return {row.seq: row.hash for row in connection.execute(query)}


def last_position(connection: sa.Connection) -> int:
    """The position of the newest event; 0 when there is none."""
    return int(connection.execute(sa.select(sa.func.coalesce(sa.func.max(EVENTS.c.position), 0))).scalar_one())


def streams(connection: sa.Connection) -> tuple[str, ...]:
    """Every stream that has an event or a head."""
    names = sa.union(sa.select(EVENTS.c.stream), sa.select(HEADS.c.stream))
    return tuple(sorted(connection.execute(names).scalars()))


def verify_chain(connection: sa.Connection, stream: str) -> ChainFault | None:
    """Recompute a stream's chain; None when every link and the head hold."""
    previous, expected = GENESIS, 1
    for row in connection.execute(sa.select(EVENTS).where(EVENTS.c.stream == stream).order_by(EVENTS.c.seq)):
        if row.seq != expected:
            return ChainFault(stream, expected, "an event is missing")
        if row.previous != previous:
            return ChainFault(stream, row.seq, "the event does not follow the one before it")
        link = _link(stream, row.seq, row.key, row.at, row.kind, row.subject, row.body, previous)
        if link != row.hash:
            return ChainFault(stream, row.seq, "the event was changed after it was written")
        previous, expected = row.hash, expected + 1
    head = connection.execute(sa.select(HEADS.c.seq, HEADS.c.hash).where(HEADS.c.stream == stream)).first()
    if head is None or (head.seq, head.hash) != (expected - 1, previous):
        return ChainFault(stream, expected - 1, "the head does not match the last event")
    return None
