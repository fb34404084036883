from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa

from snapline.store import ledger
from snapline.store.database import Database, open_database
from snapline.store.tables import EVENTS, HEADS

AT = "2026-11-22T17:30:00Z"


@pytest.fixture
def database(tmp_path: Path) -> Database:
    opened = open_database(tmp_path / "state.db")
    with opened.write() as connection:
        for number in range(1, 6):
            ledger.append(connection, "run", f"key-{number}", AT, "task.queued", "T1", {"number": number})
        ledger.append(connection, "other", "other-1", AT, "task.queued", "T1", {})
    return opened


def test_events_come_back_in_order_and_the_chain_holds(database: Database) -> None:
    with database.read() as connection:
        told = ledger.events(connection, stream="run")
        assert [event.seq for event in told] == [1, 2, 3, 4, 5]
        assert [event.body["number"] for event in told] == [1, 2, 3, 4, 5]
        assert ledger.streams(connection) == ("other", "run")
        assert ledger.verify_chain(connection, "run") is None
        assert ledger.verify_chain(connection, "other") is None
        assert len(ledger.events(connection, after=told[3].position)) == 2


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        (sa.update(EVENTS).where(EVENTS.c.key == "key-3").values(body='{"number":4}'), "changed"),
        (sa.update(EVENTS).where(EVENTS.c.key == "key-3").values(at="2020-01-01T00:00:00Z"), "changed"),
        (sa.delete(EVENTS).where(EVENTS.c.key == "key-3"), "missing"),
        (sa.delete(EVENTS).where(EVENTS.c.key == "key-5"), "head"),
        (sa.delete(HEADS).where(HEADS.c.stream == "run"), "head"),
        (sa.update(EVENTS).where(EVENTS.c.key == "key-2").values(previous="0"), "follow"),
    ],
)
def test_an_edit_behind_our_back_breaks_the_chain(database: Database, statement: sa.Executable, message: str) -> None:
    with database.write() as connection:
        connection.execute(statement)
    with database.read() as connection:
        fault = ledger.verify_chain(connection, "run")
    assert fault is not None
    assert message in fault.message


def test_a_key_is_never_written_twice(database: Database) -> None:
    with pytest.raises(sa.exc.IntegrityError), database.write() as connection:
        ledger.append(connection, "run", "key-1", AT, "task.queued", "T1", {})
    with database.read() as connection:
        assert ledger.verify_chain(connection, "run") is None
        assert ledger.known(connection, "key-1")
        assert not ledger.known(connection, "key-9")
