"""Attestations of a real run: what they say, and who can check them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from securesystemslib.dsse import Envelope as TheirEnvelope
from securesystemslib.exceptions import VerificationError
from securesystemslib.signer import SSlibKey  # type: ignore[attr-defined] # documented there, but not re-exported
from tests.e2e.desk import ADD, approved, desk
from tests.e2e.leavings import Left, edited
from tests.e2e.stage import Stage

from snapline.app import attesting
from snapline.app.attesting import NotAttested
from snapline.base import statement
from snapline.base.clock import SystemClock
from snapline.base.ids import Oid
from snapline.base.signing import PublicKey, SigningKey
from snapline.store.keys import Keyring
from snapline.verify import attestation


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
    found = Left(stage.root, stage.home).audit()
    assert (found.faults, found.walked.attestations) == ((), 0)
