"""The condition of the database, for the doctor."""

from __future__ import annotations

from dataclasses import dataclass

from snapline.store.database import Database


@dataclass(frozen=True, slots=True)
class Condition:
    """What SQLite says: its version, the file's journal mode, and the first thing amiss in it (``ok`` for nothing)."""

    version: str
    journal: str
    integrity: str


def condition(database: Database) -> Condition:
    """Ask the open database; reads every page of it."""
    with database.read() as connection:
        asked = (
            "SELECT sqlite_version()",
            "PRAGMA journal_mode",
            "PRAGMA quick_check(1)",
        )
        version, journal, integrity = (str(connection.exec_driver_sql(one).scalar_one()) for one in asked)
    return Condition(version, journal, integrity)
