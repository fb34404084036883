"""Results of checks, kept by what they depend on, so that no check runs twice for the same question."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert

from snapline.base.clock import Clock, SystemClock, stamp
from snapline.store.database import Database
from snapline.store.tables import CHECK_RESULTS


class ResultStore:
    """Rows of bytes by key; the first row of a key stays."""

    def __init__(self, database: Database, clock: Clock | None = None) -> None:
        self._database = database
        self._clock = clock or SystemClock()

    def get(self, key: str) -> bytes | None:
        """The row of a key; None when the check has not run."""
        with self._database.read() as connection:
            return connection.execute(
                sa.select(CHECK_RESULTS.c.body).where(CHECK_RESULTS.c.key == key)
            ).scalar_one_or_none()

    def put(self, key: str, row: bytes) -> bytes:
        """Store a row unless the key has one; returns the row that the key has now."""
        with self._database.write() as connection:
            connection.execute(
                insert(CHECK_RESULTS)
                .values(key=key, body=row, at=stamp(self._clock.now()))
                .on_conflict_do_nothing(index_elements=["key"])
            )
            kept = connection.execute(sa.select(CHECK_RESULTS.c.body).where(CHECK_RESULTS.c.key == key))
            return bytes(kept.scalar_one())
