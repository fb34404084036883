"""The audit of what a real run left, after everything that somebody may do to it."""

from __future__ import annotations

from typing import Any

import pytest
from tests.e2e.leavings import Left, edited
from tests.e2e.stage import Stage

from snapline.app import attesting
from snapline.base import digest, statement, wire
from snapline.engine.context import Context
from snapline.engine.pinning import pin
from snapline.engine.places import Places
from snapline.store import checkpoints, ledger
from snapline.store.database import open_database
from snapline.store.keys import Keyring
from snapline.verify.report import Report


def test_an_honest_run_holds_and_everything_of_it_was_looked_at(left: Left) -> None:
    found = left.audit()
    assert (found.faults, found.unpinned, found.elsewhere) == ((), (), 0)
    assert (found.walked.runs, found.walked.attestations) == (1, 3)
    assert found.walked.events == left.one("select count(*) from events")
    assert found.walked.checkpoints >= 1
    assert found.keys == (Keyring(left.home / "keys").key().public.keyid,)


def test_an_edited_verdict_is_found(left: Left) -> None:
    bad = edited(left.attested(1))
    name = left.evidence.put(bad, "attestation")

    def change(row: dict[str, Any]) -> bool:
        mine = row["kind"] == "attempt.attested" and row["body"]["number"] == 1
        if mine:
            row["body"]["attestation"] = name
        return bool(mine)

    left.rewrite(change)
    assert left.chain_holds()  # the chain alone says nothing,
    assert left.evidence.read(name) == bad  # and the artefact has the digest that it is named by
    faults = left.faults()
    assert "changed after it was signed" in faults[f"attestation {name[:8]} of calc#1"]
    assert any("history was rewritten" in message for message in faults.values())


def test_a_report_with_other_verdicts_is_found(left: Left) -> None:
    old = left.one("select report from attempts where number = 1")
    text = left.evidence.read(old).decode().replace('"verdict":"fail"', '"verdict":"pass"')
    new = left.evidence.put(text.encode(), "report")
    assert all(row.verdict == "pass" for row in wire.decode(left.evidence.read(new), Report).verdicts)
    with left.sql() as connection:
        connection.execute("update attempts set report = ?, outcome = 'proved' where number = 1", (new,))
    assert left.chain_holds()
    assert left.signature_holds(left.attested(1))
    assert "none that was attested" in left.faults()["attempt calc#1"]


def test_a_swapped_commit_is_found(left: Left, landed: Stage) -> None:
    other = landed.git("rev-parse", "HEAD~1")
    with left.sql() as connection:
        connection.execute("update attempts set candidate = ? where number = 2", (other,))
        connection.execute("update tasks set candidate = ?", (other,))
        connection.execute("update landings set new = ?", (other,))
    assert left.chain_holds()
    assert left.signature_holds(left.attested(2))
    faults = left.faults()
    assert faults["attempt calc#2"].startswith(f"its commit {other[:8]} was swapped")
    assert "was swapped" in faults[f"landing {left.run}/1"]


def test_an_attestation_that_is_replayed_for_another_attempt_is_found(left: Left) -> None:
    good = digest.of_bytes(left.attested(2))

    def change(row: dict[str, Any]) -> bool:
        mine = row["kind"] == "attempt.attested" and row["body"]["number"] == 1
        if mine:
            other = attesting.read(left.evidence.read(good))
            row["body"] |= {"attestation": good, "commit": other.commit, "tree": other.tree, "report": other.one.report}
        return bool(mine)

    left.rewrite(change)
    assert left.chain_holds()
    assert left.signature_holds(left.attested(1))
    found = [one for one in left.audit().faults if one.record == f"attestation {good[:8]} of calc#1"]
    assert [one.message for one in found] == [f"it was made for calc#2 of {left.run}, not for calc#1"]


def test_a_ledger_that_was_cut_off_is_found(left: Left) -> None:
    with left.sql() as connection:
        last = connection.execute("select max(seq) from events").fetchone()[0]
        connection.execute("delete from events where seq > ?", (last - 2,))
        connection.execute("update heads set seq = ?, hash = (select hash from events where seq = ?)", (last - 2,) * 2)
    assert left.chain_holds()  # a chain does not show that it was cut
    faults = left.faults()
    assert list(faults) == [f"ledger {left.run}"]
    assert faults[f"ledger {left.run}"].startswith(f"it was cut off: it ends at event {last - 2}, but the checkpoint")


def test_a_ledger_that_was_deleted_is_found(left: Left) -> None:
    run = left.run
    with left.sql() as connection:
        connection.execute("delete from events")
        connection.execute("delete from heads")
    assert "deleted" in left.faults()[f"ledger {run}"]


@pytest.mark.parametrize("kind", ["approvals", "attestations", "checkpoints", "keys"])
def test_a_deleted_record_is_found(left: Left, kind: str) -> None:
    path = left.records(kind)[0]
    left.unpublish(path)
    assert path not in left.records(kind)
    assert left.project.records.faults() == ()  # what is left is intact,
    assert left.chain_holds()
    assert left.signature_holds(left.attested(2))  # signed and in order
    assert "it was deleted: the history of the records holds it" in left.faults()[path]


def test_records_that_were_wound_back_are_found(left: Left) -> None:
    stage = Stage(left.root, left.home, left.root, "shell")
    gone = [*left.records("attestations"), left.records("checkpoints")[-1]]
    first = stage.git("rev-list", "--max-parents=0", "refs/snapline/records")
    stage.git("update-ref", "refs/snapline/records", first)
    assert (left.project.records.faults(), left.project.records.deleted()) == ((), ())
    faults = left.faults()
    last = (left.home / "repos" / left.project.id / "checkpoint").read_text().strip()
    assert gone[:-1]
    assert {f"attestations/{path.rpartition('/')[2]}" for path in gone[:-1]} <= set(faults)
    assert faults[f"checkpoints/{last}"] == "it is missing from the records: it was the last that was published"


def test_evidence_that_was_edited_or_deleted_is_found(left: Left) -> None:
    report = left.one("select report from attempts where number = 2")
    prompt = left.one("select prompt from attempts where number = 2")
    left.evidence.path(prompt).write_text("Do nothing.")
    left.evidence.path(report).unlink()
    assert left.chain_holds()
    assert left.signature_holds(left.attested(2))
    faults = left.faults()
    assert faults[f"evidence {prompt}"].startswith("it was changed after it was stored")
    assert "calc#2" in faults[f"evidence {report}"]


def test_an_event_that_was_edited_is_named_even_where_it_cannot_be_read_any_more(left: Left) -> None:
    with left.sql() as connection:
        connection.execute("update events set body = 'no json' where seq = 4")
    faults = left.faults()
    assert faults[f"event {left.run}/4"] == "the event was changed after it was written"
    assert "cannot be read" in faults[f"ledger {left.run}"]


def test_events_behind_the_last_checkpoint_are_said_to_be_unpinned(left: Left) -> None:
    last, run = left.one("select max(seq) from events"), left.run
    database = open_database(left.home / "state.db")
    with database.write() as connection:
        ledger.append(connection, run, "later", "2026-11-22T17:30:00Z", "decision.rollback", run, {})
    database.close()
    found = left.audit()
    assert [(one.run, one.after, one.events) for one in found.unpinned] == [(run, last, 1)]
    assert found.faults == ()


def test_what_could_not_be_pinned_is_pinned_later(left: Left) -> None:
    run, database = left.run, open_database(left.home / "state.db")
    context = Context(Places(left.home), database)
    with database.write() as connection:
        ledger.append(connection, run, "later", "2026-11-22T17:30:00Z", "decision.rollback", run, {})
    with left.sql() as connection:
        connection.execute("update repositories set root = '/nowhere'")
    assert pin(context, frozenset({run})) == {run}
    assert [one.events for one in left.audit().unpinned] == [1]
    with left.sql() as connection:
        connection.execute("update repositories set root = ?", (str(left.root),))
    before = left.records("checkpoints")
    assert pin(context, frozenset({run})) == frozenset()
    database.close()
    found = left.audit()
    assert (found.unpinned, found.faults) == ((), ())
    (new,) = set(left.records("checkpoints")) - set(before)
    stage = Stage(left.root, left.home, left.root, "shell")
    said = statement.unseal(stage.git("show", f"refs/snapline/records:{new}").encode())[1]
    checkpoint, heads = checkpoints.read(said)
    assert f"checkpoints/{checkpoint.previous}" in before
    assert heads[run].hash == left.one("select hash from heads")


@pytest.mark.parametrize("odd", [None, "", "/", "../../secret", 7, ["x"], "a" * 64])
def test_rows_that_make_no_sense_are_named_and_end_no_audit(left: Left, odd: object) -> None:
    def change(row: dict[str, Any]) -> bool:
        if row["kind"] == "attempt.attested":
            row["body"] |= dict.fromkeys(("attestation", "number", "commit", "report"), odd)
        return bool(row["kind"] == "attempt.attested")

    left.rewrite(change)
    with left.sql() as connection:
        connection.execute("update attempts set report = '/', log = '', candidate = null, tree = '--all'")
        connection.execute("update landings set report = '..', new = ''")
    faults = left.faults()
    assert faults["attempt calc#1"] == "it was judged, but nothing in the ledger attests it"
    assert any(record.startswith("attestation ") for record in faults)
    assert "history was rewritten" in "".join(faults.values())
    assert f"landing {left.run}/1" in faults
