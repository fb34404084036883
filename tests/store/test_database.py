from __future__ import annotations

import threading
from pathlib import Path

import pytest
import sqlalchemy as sa

from snapline.store.database import DatabaseTooNew, all_migrations, open_database
from snapline.store.tables import METADATA


def test_the_migrations_make_exactly_the_tables_that_the_code_reads(tmp_path: Path) -> None:
    migrated = open_database(tmp_path / "state.db")
    fresh = sa.create_engine("sqlite://")
    METADATA.create_all(fresh)
    made, wanted = sa.inspect(migrated.engine), sa.inspect(fresh)
    assert set(made.get_table_names()) == {*wanted.get_table_names(), "migrations"}
    for table in METADATA.tables:
        columns = [(c["name"], str(c["type"]), c["nullable"]) for c in made.get_columns(table)]
        assert columns == [(c["name"], str(c["type"]), c["nullable"]) for c in wanted.get_columns(table)], table


def test_opening_twice_migrates_once(tmp_path: Path) -> None:
    open_database(tmp_path / "state.db").close()
    with open_database(tmp_path / "state.db").read() as connection:
        done = connection.exec_driver_sql("SELECT number FROM migrations").scalars().all()
    assert done == [number for number, _ in all_migrations()]


def test_a_state_of_a_newer_version_is_refused(tmp_path: Path) -> None:
    with open_database(tmp_path / "state.db").write() as connection:
        connection.exec_driver_sql("INSERT INTO migrations VALUES (9999, 'the future')")
    with pytest.raises(DatabaseTooNew, match="9999"):
        open_database(tmp_path / "state.db")


def test_two_writers_take_turns_from_their_first_read_on(tmp_path: Path) -> None:
    """Begun deferred, both would read 0 and one would fail or be lost; begun immediate, they queue."""
    database = open_database(tmp_path / "state.db")
    with database.write() as connection:
        connection.exec_driver_sql("CREATE TABLE counter (n INTEGER)")
        connection.exec_driver_sql("INSERT INTO counter VALUES (0)")

    def count() -> None:
        for _ in range(25):
            with database.write() as connection:
                number = connection.exec_driver_sql("SELECT n FROM counter").scalar_one()
                connection.exec_driver_sql("UPDATE counter SET n = ?", (number + 1,))

    threads = [threading.Thread(target=count) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.read() as connection:
        assert connection.exec_driver_sql("SELECT n FROM counter").scalar_one() == 100


def test_an_exception_undoes_the_transaction(tmp_path: Path) -> None:
    database = open_database(tmp_path / "state.db")

    def fail_half_way() -> None:
        with database.write() as connection:
            connection.exec_driver_sql("CREATE TABLE half (n INTEGER)")
            raise KeyError

    with pytest.raises(KeyError):
        fail_half_way()
    assert "half" not in sa.inspect(database.engine).get_table_names()
