"""Evidence that others can check: a real run, and everything that somebody may do to what it left."""

from __future__ import annotations

import base64
import json
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from securesystemslib.dsse import Envelope as TheirEnvelope
from securesystemslib.exceptions import VerificationError
from securesystemslib.signer import SSlibKey  # type: ignore[attr-defined] # documented there, but not re-exported
from tests.e2e.desk import ADD, approved, desk
from tests.e2e.stage import Stage

from snapline.app import attesting
from snapline.app.attesting import NotAttested
from snapline.app.audit.material import Material
from snapline.app.audit.report import Audit
from snapline.app.audit.walk import audit
from snapline.app.project import Project
from snapline.app.running import Floor
from snapline.base import digest, statement, wire
from snapline.base.clock import SystemClock
from snapline.base.ids import Oid
from snapline.base.signing import PublicKey, SigningKey
from snapline.base.statement import Envelope
from snapline.engine.context import Context
from snapline.engine.pinning import pin
from snapline.engine.places import Places
from snapline.repo.user import UserRepository
from snapline.store import checkpoints, ledger
from snapline.store.database import open_database
from snapline.store.evidence import EvidenceStore
from snapline.store.keys import Keyring
from snapline.verify import attestation
from snapline.verify.report import Report

AGENT = f"case $SNAPLINE_ATTEMPT in *#1) echo nothing >> notes.txt;; *) {ADD};; esac"
"""Fails once and then does the work: two attempts, with two verdicts."""


@dataclass
class Left:
    """What a run left: a repository and a state home, in this process."""

    root: Path
    home: Path

    @property
    def project(self) -> Project:
        return Project(UserRepository.discover(self.root), {"SNAPLINE_HOME": str(self.home)})

    @property
    def evidence(self) -> EvidenceStore:
        return EvidenceStore(self.home / "evidence")

    def audit(self, key: PublicKey | None = None) -> Audit:
        floor = Floor(self.project)
        try:
            return audit(Material(floor, key), lambda *_: None)
        finally:
            floor.database.close()

    def faults(self) -> dict[str, str]:
        """Everything that the audit says, by record."""
        said: dict[str, str] = {}
        for one in self.audit().faults:
            said[one.record] = "; ".join(filter(None, (said.get(one.record), one.message)))
        return said

    @contextmanager
    def sql(self) -> Iterator[sqlite3.Connection]:
        with closing(sqlite3.connect(self.home / "state.db")) as connection, connection:
            connection.row_factory = sqlite3.Row
            yield connection

    def one(self, query: str, *values: object) -> Any:  # noqa: ANN401 - a value of the database
        with self.sql() as connection:
            return connection.execute(query, values).fetchone()[0]

    @property
    def run(self) -> str:
        return str(self.one("select id from runs"))

    def attested(self, number: int) -> bytes:
        """The envelope of an attempt, from the evidence."""
        query = "select body from events where kind = 'attempt.attested' order by seq"
        with self.sql() as connection:
            bodies = [json.loads(row[0]) for row in connection.execute(query)]
        (body,) = [one for one in bodies if one["number"] == number]
        return self.evidence.read(body["attestation"])

    def rewrite(self, change: Callable[[dict[str, Any]], bool]) -> None:
        """Change events and compute the whole chain anew, as whoever can write the database would."""
        with self.sql() as connection:
            previous = ledger.GENESIS
            for row in map(dict, connection.execute("select * from events order by seq").fetchall()):
                body = json.loads(row["body"])
                if change(row | {"body": body}):
                    row["body"] = digest.canonical_json(body).decode()
                parts = [row[name] for name in ("stream", "seq", "key", "at", "kind", "subject", "body")]
                row |= {"previous": previous, "hash": digest.of_value([*parts, previous])}
                values = (row["body"], row["previous"], row["hash"], row["seq"])
                connection.execute("update events set body = ?, previous = ?, hash = ? where seq = ?", values)
                previous = row["hash"]
            connection.execute("update heads set hash = ?", (previous,))

    def chain_holds(self) -> bool:
        database = open_database(self.home / "state.db")
        with database.read() as connection:
            held = ledger.verify_chain(connection, self.run) is None
        database.close()
        return held

    def signature_holds(self, raw: bytes) -> bool:
        """What a check of the signature alone would say."""
        envelope, _ = statement.unseal(raw)
        key = Keyring(self.home / "keys").key().public
        return bool(statement.signers(envelope, {key.keyid: key}))

    def unpublish(self, path: str) -> None:
        """Take a record out by a commit, as git lets whoever can write the repository."""
        stage = Stage(self.root, self.home, self.root, "shell")
        tree = stage.git("ls-tree", "-r", "refs/snapline/records").splitlines()
        kept = "".join(f"{line}\n" for line in tree if not line.endswith(f"\t{path}"))
        index = {"GIT_INDEX_FILE": str(self.root / ".git" / "index-of-the-attack")}
        stage.environment.update(index)
        lines = self.root.parent / "lines"
        lines.write_text(kept)
        stage.git("-c", "alias.fill=!git update-index --index-info < ../lines", "fill")
        made = stage.git("commit-tree", stage.git("write-tree"), "-p", "refs/snapline/records", "-m", "Tidy")
        stage.git("update-ref", "refs/snapline/records", made)

    def records(self, kind: str) -> list[str]:
        stage = Stage(self.root, self.home, self.root, "shell")
        listed = stage.git("ls-tree", "-r", "--name-only", "refs/snapline/records", f"{kind}/")
        return listed.splitlines()


@pytest.fixture(scope="module")
def landed(tmp_path_factory: pytest.TempPathFactory) -> Stage:
    """A run of two attempts that has landed."""
    stage = approved(desk(tmp_path_factory.mktemp("landed")))
    done = stage.say("run", "calc", "--agent-cmd", AGENT)
    assert done.status == 0, done.all
    return stage


@pytest.fixture
def left(landed: Stage, tmp_path: Path) -> Left:
    """A copy of what the run left, to be tampered with."""
    shutil.copytree(landed.root, tmp_path / "repo", symlinks=True)
    shutil.copytree(landed.home, tmp_path / "state", symlinks=True)
    return Left(tmp_path / "repo", tmp_path / "state")


def test_an_honest_run_holds_and_everything_of_it_was_looked_at(left: Left) -> None:
    found = left.audit()
    assert (found.faults, found.unpinned, found.elsewhere) == ((), (), 0)
    assert (found.walked.runs, found.walked.attestations) == (1, 3)
    assert found.walked.events == left.one("select count(*) from events")
    assert found.walked.checkpoints >= 1
    assert found.keys == (Keyring(left.home / "keys").key().public.keyid,)


def test_an_attestation_says_what_was_verified_and_how(left: Left, landed: Stage) -> None:
    failed, proved = (attesting.read(left.attested(number)) for number in (1, 2))
    assert (failed.one.accepted, proved.one.accepted) == (False, True)
    assert [row.verdict for row in failed.one.verdicts] == ["fail", "pass"]
    said = proved.one
    assert proved.commit == left.one("select candidate from attempts where number = 2")
    assert proved.tree == landed.git("rev-parse", f"{proved.commit}^{{tree}}")
    assert (said.spec, said.work.name, said.tier) == ("calc", "calc#2", "T2")
    assert said.revision == left.one("select revision from runs")
    assert said.policy.approval == left.records("approvals")[0].rpartition("/")[2]
    assert said.agent is not None
    assert (said.agent.cause, said.agent.exit) == ("exit", 0)
    phases = [(row.clause, str(row.phase), str(row.state), row.exit) for row in said.runs]
    assert ("A1", "base", "failed", 1) in phases
    assert phases.count(("A1", "candidate", "passed", 0)) == 2
    assert all(left.evidence.has(name) for row in said.runs for name in row.evidence)
    assert {row.containment for row in said.runs} == set(said.containment)
    assert 3000 < len(proved.raw) < 6000


def their_key(public: PublicKey) -> SSlibKey:
    from cryptography.hazmat.primitives.serialization import load_pem_public_key  # noqa: PLC0415 - theirs, not ours

    return SSlibKey.from_crypto(load_pem_public_key(public.pem.encode()), keyid=public.keyid)


def test_securesystemslib_verifies_it_and_refuses_an_edited_one(left: Left) -> None:
    raw = left.attested(2)
    key = their_key(Keyring(left.home / "keys").key().public)
    theirs = TheirEnvelope.from_dict(json.loads(raw))
    assert list(theirs.verify([key], 1)) == [key.keyid]
    assert theirs.payload_type == "application/vnd.in-toto+json"
    payload = json.loads(theirs.payload)
    assert payload["_type"] == "https://in-toto.io/Statement/v1"
    assert [sorted(one["digest"]) for one in payload["subject"]] == [["gitCommit"], ["gitTree"]]
    assert payload["predicateType"] == "urn:snapline:schema:attestation:1"
    for bad, with_key in ((edited(raw), key), (raw, their_key(SigningKey.generate().public))):
        with pytest.raises(VerificationError):
            TheirEnvelope.from_dict(json.loads(bad)).verify([with_key], 1)


def test_the_program_on_the_page_verifies_it(left: Left) -> None:
    page = (Path(__file__).resolve().parents[2] / "docs" / "how-to" / "check-evidence.md").read_text("utf-8")
    program = page.partition("```python\n")[2].partition("```")[0]
    folder = left.home.parent
    (folder / "landed.json").write_bytes(left.attested(2))
    (folder / "team.pem").write_text(Keyring(left.home / "keys").key().public.pem)
    subprocess.run([sys.executable, "-c", program], cwd=folder, check=True)
    (folder / "landed.json").write_bytes(edited(left.attested(2)))
    assert subprocess.run([sys.executable, "-c", program], cwd=folder, check=False, capture_output=True).returncode == 1


def edited(raw: bytes) -> bytes:
    """The same envelope with every failing verdict turned into a pass, and the signature left as it was."""
    envelope = wire.decode(raw, Envelope)
    text = base64.b64decode(envelope.payload).decode()
    text = text.replace('"verdict":"fail"', '"verdict":"pass"').replace('"accepted":false', '"accepted":true')
    if text == base64.b64decode(envelope.payload).decode():
        text = text.replace('"tier":"T2"', '"tier":"T3"')
    return wire.encode(Envelope(base64.b64encode(text.encode()).decode(), envelope.payloadType, envelope.signatures))


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


def test_what_another_made_with_a_key_of_their_own_holds_only_until_a_key_is_named(left: Left) -> None:
    found = attesting.read(left.attested(1))
    ring = Keyring(left.home.parent / "their-keys")
    forger = ring.rotate(SystemClock())
    envelope, said = statement.unseal(edited(found.raw))
    forged = statement.sign(said.subject, said.predicate_type, attesting.read(edited(found.raw)).one, forger)
    records = left.project.records
    records.put("keys", "", ring.statements()[0])
    records.put("attestations", "calc", forged)
    mine = Keyring(left.home / "keys").key().public
    known, pinned = attesting.keys(left.project, None), attesting.keys(left.project, mine)
    assert attesting.check(left.project, attesting.read(forged), known).holds
    checked = attesting.check(left.project, attesting.read(forged), pinned)
    assert "no such key is known" in checked.reason
    assert attesting.check(left.project, found, pinned).holds
    assert envelope.signatures[0].keyid == mine.keyid
    assert left.audit().elsewhere == 1
    assert len(left.audit(mine).faults) >= 1


@pytest.mark.parametrize("name", ["HEAD", "", "--all", "a\0b"])
def test_a_subject_that_is_no_commit_does_not_hold_whoever_signed_it(left: Left, name: str) -> None:
    key = Keyring(left.home / "keys").key()
    said = attesting.read(left.attested(2)).one
    found = attesting.read(attestation.seal(said, Oid(name), Oid("HEAD^{tree}"), key))
    checked = attesting.check(left.project, found, attesting.keys(left.project, None))
    assert checked.reason == "it names no commit and tree"


def test_another_machine_checks_it_with_the_records_alone(left: Left, tmp_path: Path) -> None:
    clone = Left(tmp_path / "clone", tmp_path / "their-state")
    stage = Stage(left.root, left.home, left.root, "shell")
    stage.git("clone", "-q", str(left.root), str(clone.root))
    with pytest.raises(NotAttested):
        attesting.find(clone.project, "HEAD")
    clone.project.records.sync(str(left.root))
    (one,) = attesting.find(clone.project, "HEAD")
    checked = attesting.check(clone.project, one, attesting.keys(clone.project, None))
    assert (checked.holds, checked.notes, one.one.accepted) == (True, (), True)
    found = clone.audit()
    assert found.faults == ()
    assert (
        found.elsewhere == found.walked.attestations + found.walked.checkpoints == 3 + len(left.records("checkpoints"))
    )


def test_the_command_line_checks_a_file_far_from_its_repository(left: Left, tmp_path: Path) -> None:
    far = Stage(tmp_path / "far", tmp_path / "no-state", tmp_path, "shell")
    far.root.mkdir()
    key = Keyring(left.home / "keys").key().public
    owner = Stage(left.root, left.home, tmp_path, "shell")
    (far.root / "key.pem").write_text(owner.say("attest", "key").out)
    (far.root / "good.json").write_bytes(left.attested(2))
    (far.root / "bad.json").write_bytes(edited(left.attested(1)))
    good = far.snapline("attest", "verify", "good.json", "--key", "key.pem")
    assert (good.status, good.document["holds"], good.document["attestations"][0]["key"]) == (0, True, key.keyid)
    bad = far.say("attest", "verify", "bad.json", "--key", "key.pem")
    assert (bad.status, "does not hold: its signature does not fit its content" in bad.out) == (1, True)
    unknown = far.snapline("attest", "verify", "good.json")
    assert (unknown.status, "no such key is known" in unknown.document["attestations"][0]["reason"]) == (1, True)
    assert far.snapline("attest", "verify", "key.pem").document["error"]["code"] == "not-authentic"
    assert far.snapline("attest", "show", "HEAD").status == 2


def test_the_verbs_in_the_repository(left: Left, landed: Stage) -> None:
    stage = Stage(left.root, left.home, landed.user_home, "shell")
    shown = stage.say("attest", "show", "HEAD", "--envelope")
    assert shown.out.encode() in [
        stage.git("show", f"refs/snapline/records:{one}").encode() for one in left.records("attestations")
    ]
    assert stage.snapline("attest", "show", "HEAD").document["attestations"][0]["says"]["accepted"] is True
    assert stage.say("attest", "verify", "HEAD").status == 0
    assert stage.snapline("attest", "verify", "HEAD~1").document["error"]["code"] == "not-attested"
    with left.sql() as connection:
        connection.execute("update attempts set candidate = tree")
    said = stage.say("audit")
    assert (said.status, "fault attempt calc#2: its commit" in said.out, "2 records do not hold" in said.out) == (
        1,
        True,
        True,
    )
    document = stage.snapline("audit")
    assert (document.status, len(document.document["faults"])) == (1, 2)


def test_a_rotated_key_is_followed_and_a_rollback_is_pinned(left: Left, landed: Stage) -> None:
    stage = Stage(left.root, left.home, landed.user_home, "shell")
    old = stage.snapline("attest", "key").document
    new = stage.snapline("attest", "key", "--rotate").document
    assert (new["replaced"], old["replaced"]) == ([old["keyid"]], [])
    done = stage.say("rollback", "calc")
    assert done.status == 0, done.all
    found = left.audit(PublicKey(old["public"]))
    assert (found.faults, found.unpinned, set(found.keys)) == ((), (), {old["keyid"], new["keyid"]})
    only_new = {one.message for one in left.audit(PublicKey(new["public"])).faults}
    assert len(only_new) == 1
    assert old["keyid"][:16] in only_new.pop()


def test_without_a_usable_key_nothing_is_judged_and_a_person_is_waited_for(tmp_path: Path) -> None:
    stage = approved(desk(tmp_path))
    Keyring(stage.home / "keys").ensure(SystemClock())
    (stage.home / "keys" / "signing.pem").chmod(0o644)
    done = stage.say("run", "calc", "--agent-cmd", ADD)
    assert (done.status, "cannot be attested" in done.all, "open to other users" in done.all) == (3, True, True)
    assert stage.git("log", "--merges", "--format=%H") == ""
