"""The signing key: made once, for its owner alone, and followed by others."""

from __future__ import annotations

import base64
import hashlib
import stat
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from snapline.base import statement
from snapline.base.clock import ManualClock
from snapline.base.signing import BadKey, PublicKey, SigningKey, UnusableKey
from snapline.base.statement import NotAuthentic, Subject
from snapline.store.keys import KEY_TYPE, Keyring, KeyStatement, NoKey, known_keys, read_key

CLOCK = ManualClock(datetime(2026, 11, 22, 17, 30, tzinfo=UTC))


@pytest.fixture
def ring(tmp_path: Path) -> Keyring:
    return Keyring(tmp_path / "keys")


def test_a_key_is_made_once_and_only_its_owner_can_read_it(ring: Keyring) -> None:
    with pytest.raises(NoKey):
        ring.key()
    first = ring.ensure(CLOCK)
    assert ring.ensure(CLOCK).public == first.public == ring.key().public
    path = ring.folder / "signing.pem"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(ring.folder.stat().st_mode) == 0o700
    assert repr(first) == "SigningKey()"
    assert b"PRIVATE" not in b"".join(ring.statements())


def test_its_id_is_the_digest_of_the_public_half(ring: Keyring) -> None:
    public = ring.ensure(CLOCK).public
    der = base64.b64decode("".join(public.pem.splitlines()[1:-1]))
    assert hashlib.sha256(der).hexdigest() == public.keyid


def test_many_who_make_a_key_at_once_get_one(ring: Keyring) -> None:
    script = (
        "import sys; from pathlib import Path; from snapline.store.keys import Keyring;"
        "from snapline.base.clock import SystemClock;"
        "print(Keyring(Path(sys.argv[1])).ensure(SystemClock()).public.keyid)"
    )
    started = [
        subprocess.Popen([sys.executable, "-c", script, str(ring.folder)], stdout=subprocess.PIPE) for _ in range(4)
    ]
    ids = {one.communicate()[0] for one in started}
    assert len(ids) == len(ring.statements()) == 1


def test_a_key_that_others_could_read_or_that_is_none_is_refused(ring: Keyring) -> None:
    ring.ensure(CLOCK)
    path = ring.folder / "signing.pem"
    path.chmod(0o640)
    with pytest.raises(UnusableKey, match="open to other users"):
        ring.key()
    path.chmod(0o600)
    path.write_text("no key")
    with pytest.raises(UnusableKey, match="not readable"):
        ring.ensure(CLOCK)


def test_whoever_trusts_a_key_trusts_those_that_follow_it_and_no_others(ring: Keyring, tmp_path: Path) -> None:
    first = ring.ensure(CLOCK)
    second, third = ring.rotate(CLOCK), ring.rotate(CLOCK)
    stranger = Keyring(tmp_path / "other")
    theirs = stranger.ensure(CLOCK)
    everything = (*stranger.statements(), *ring.statements())
    ours = {one.public.keyid for one in (first, second, third)}
    assert set(known_keys(everything)) == ours | {theirs.public.keyid}  # anybody can add a key
    assert set(known_keys(everything, first.public)) == ours
    assert set(known_keys(everything, third.public)) == {third.public.keyid}  # never backwards
    assert set(known_keys((), first.public)) == {first.public.keyid}
    assert ring.key().public == third.public
    assert sorted(one.name for one in ring.folder.glob("*.pem")) == ["signing.pem"]


def test_a_key_that_only_claims_to_follow_another_is_not_trusted(ring: Keyring) -> None:
    mine, forger = ring.ensure(CLOCK), SigningKey.generate()
    said = KeyStatement(forger.public.pem, "2026-11-22T17:30:00Z", mine.public.keyid)
    forged = statement.sign((Subject("key", {"sha256": forger.public.keyid}),), KEY_TYPE, said, forger)
    # The naive reading believes what it says of itself.
    assert read_key(forged).replaces == mine.public.keyid
    assert set(known_keys((forged, *ring.statements()), mine.public)) == {mine.public.keyid}


def test_a_statement_that_its_key_did_not_sign_is_none(ring: Keyring) -> None:
    mine, victim = ring.ensure(CLOCK), SigningKey.generate()
    said = KeyStatement(victim.public.pem, "2026-11-22T17:30:00Z")
    forged = statement.sign((Subject("key", {"sha256": victim.public.keyid}),), KEY_TYPE, said, mine)
    with pytest.raises(NotAuthentic, match="did not sign"):
        read_key(forged)
    assert victim.public.keyid not in known_keys((forged, *ring.statements()))


@pytest.mark.parametrize("pem", ["", "no key", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n"])
def test_what_is_no_key_is_said_to_be_none(pem: str) -> None:
    with pytest.raises(BadKey):
        _ = PublicKey(pem).keyid
