"""The database: one SQLite file, opened so that writers wait for each other and never see half a transaction."""

from __future__ import annotations

import importlib
import pkgutil
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol, cast

import sqlalchemy as sa
from sqlalchemy.pool import ConnectionPoolEntry

from snapline.base.errors import EnvironmentFault
from snapline.store import migrations

BUSY_TIMEOUT_MS = 30_000
"""How long a connection waits for another's transaction, in milliseconds."""

_READ_ONLY = "snapline_read_only"


class DatabaseTooNew(EnvironmentFault):
    """The state was written by a newer Snapline."""

    code = "state-too-new"
    hint = "Use the newer version, or point SNAPLINE_HOME at another folder."


class Migration(Protocol):
    """A module of :mod:`snapline.store.migrations`."""

    REASON: str
    STATEMENTS: tuple[str, ...]


class Database:
    """The open database. ``write`` and ``read`` give connections, each in a transaction of its own."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.engine = sa.create_engine(self.url)
        sa.event.listen(self.engine, "connect", _configure)
        sa.event.listen(self.engine, "begin", _begin)

    @property
    def url(self) -> str:
        """The address that the workflow engine opens the same file by."""
        return f"sqlite:///{self.path}"

    @contextmanager
    def write(self) -> Iterator[sa.Connection]:
        """A write transaction, from the first statement on alone; an exception inside rolls it back."""
        with self.engine.begin() as connection:
            yield connection

    @contextmanager
    def read(self) -> Iterator[sa.Connection]:
        """A read transaction: one consistent view, that blocks no other reader."""
        with self.engine.connect().execution_options(**{_READ_ONLY: True}) as connection:
            yield connection

    def close(self) -> None:
        """Give back all connections."""
        self.engine.dispose()


def open_database(path: Path) -> Database:
    """Open the file at ``path``, making or migrating it first; raises :class:`DatabaseTooNew`."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    database = Database(path)
    with database.write() as connection:
        _migrate(connection)
    return database


def _configure(connection: sqlite3.Connection, _entry: ConnectionPoolEntry) -> None:
    """Leave transactions to us: the driver's own would begin deferred and fail when two upgrade at once."""
    connection.isolation_level = None
    connection.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
    connection.execute("PRAGMA foreign_keys=ON")


def _begin(connection: sa.Connection) -> None:
    reads = connection.get_execution_options().get(_READ_ONLY, False)
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")


def all_migrations() -> Sequence[tuple[int, Migration]]:
    """Every migration with its number, in order."""
    names = sorted(module.name for module in pkgutil.iter_modules(migrations.__path__))
    modules = (importlib.import_module(f"{migrations.__name__}.{name}") for name in names)
    return [(int(name[1:5]), cast("Migration", module)) for name, module in zip(names, modules, strict=True)]


def _migrate(connection: sa.Connection) -> None:
    connection.exec_driver_sql("CREATE TABLE IF NOT EXISTS migrations (number INTEGER PRIMARY KEY, reason TEXT)")
    done = connection.exec_driver_sql("SELECT coalesce(max(number), 0) FROM migrations").scalar_one()
    known = all_migrations()
    if done > known[-1][0]:
        raise DatabaseTooNew(f"the state has schema {done}; this version knows {known[-1][0]}")
    for number, migration in known:
        if number <= done:
            continue
        for statement in migration.STATEMENTS:
            connection.exec_driver_sql(statement)
        connection.execute(
            sa.text("INSERT INTO migrations VALUES (:number, :reason)"),
            {"number": number, "reason": migration.REASON},
        )
