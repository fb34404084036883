"""The signing key of a state home: made once, readable by its owner alone, and followed by others when it is rotated.

Each key comes with a statement about itself, signed by it and by the key that it replaces. These statements are kept
and published: by them old signatures go on being checked, and a reader who trusts one key finds those that follow.
"""

from __future__ import annotations

import fcntl
import os
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from snapline.base import statement
from snapline.base.clock import Clock, stamp
from snapline.base.errors import EnvironmentFault
from snapline.base.ids import Digest
from snapline.base.signing import BadKey, PublicKey, SigningKey, UnusableKey
from snapline.base.statement import NotAuthentic, Subject
from snapline.base.wire import BadWire, Wire

KEY_TYPE = "urn:snapline:schema:key:1"
"""The predicate type of a key's statement: the id of the schema that describes it."""
_PRIVATE = "signing.pem"
_OTHERS = 0o077


class NoKey(EnvironmentFault):
    """There is no signing key yet."""

    code = "no-key"
    hint = "`snapline init` makes one."


class KeyStatement(Wire, frozen=True):
    """What a key says of itself: its public half in PEM, since when, and the id of the key that it replaces."""

    public: str
    at: str
    replaces: Digest | None = None
    version: int = 1


@dataclass(frozen=True)
class Key:
    """A key whose statement it signed itself; ``endorsed_by`` are the keys that signed the statement as well."""

    public: PublicKey
    at: str
    replaces: Digest | None
    endorsed_by: frozenset[Digest]


@dataclass(frozen=True)
class Keyring:
    """The keys in one folder of the state home."""

    folder: Path

    def key(self) -> SigningKey:
        """The key that signs now; raises :class:`NoKey` and :class:`UnusableKey`."""
        path = self.folder / _PRIVATE
        try:
            mode = path.stat().st_mode
            raw = path.read_bytes()
        except FileNotFoundError as fault:
            raise NoKey from fault
        except OSError as fault:
            raise UnusableKey(f"{path} cannot be read: {fault.strerror}") from fault
        if mode & _OTHERS:
            hint = f"Others could read it: `chmod 600 {path}`, then make another: `snapline attest key --rotate`."
            raise UnusableKey(f"{path} is open to other users", hint=hint)
        return SigningKey.read(raw)

    def ensure(self, clock: Clock) -> SigningKey:
        """The key that signs now, made where there is none; raises :class:`UnusableKey`."""
        with self._locked():
            if not (self.folder / _PRIVATE).exists():
                self._install(SigningKey.generate(), clock, None)
            return self.key()

    def rotate(self, clock: Clock) -> SigningKey:
        """Put a new key in the place of the old one, whose private half is gone after it has signed the new one."""
        with self._locked():
            try:
                old: SigningKey | None = self.key()
            except NoKey:
                old = None
            return self._install(SigningKey.generate(), clock, old)

    def statements(self) -> tuple[bytes, ...]:
        """The statements of all keys that this home ever signed with, as they are published."""
        return tuple(one.read_bytes() for one in sorted(self.folder.glob("*.json")))

    def _install(self, new: SigningKey, clock: Clock, old: SigningKey | None) -> SigningKey:
        replaced = old.public.keyid if old else None
        said = KeyStatement(new.public.pem, stamp(clock.now()), replaced)
        subject = Subject("key", {"sha256": new.public.keyid})
        sealed = statement.sign((subject,), KEY_TYPE, said, new, *((old,) if old else ()))
        # Known before it is used: a key that signed anything always has its statement.
        self._publish(f"{new.public.keyid}.json", sealed)
        self._publish(_PRIVATE, new.pem)
        return new

    def _publish(self, name: str, content: bytes) -> None:
        draft = self.folder / f".{secrets.token_hex(8)}"
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        draft.rename(self.folder / name)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """One process at a time makes keys."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with (self.folder / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def read_key(raw: bytes) -> Key:
    """The key of a statement, which must be signed by that very key; raises :class:`NotAuthentic`.

    ``endorsed_by`` holds what the envelope claims; :func:`known_keys` checks it.
    """
    envelope, said = statement.unseal(raw)
    if said.predicate_type != KEY_TYPE:
        raise NotAuthentic(f"it is about {said.predicate_type}, not a key")
    try:
        one = said.read(KeyStatement)
        public = PublicKey(one.public)
        itself = statement.signers(envelope, {public.keyid: public})
    except (BadWire, BadKey) as fault:
        raise NotAuthentic(f"it is no key's statement: {fault.message}") from fault
    if not itself or said.named("key", "sha256") != public.keyid:
        raise NotAuthentic("the key did not sign its own statement")
    others = frozenset(Digest(each.keyid) for each in envelope.signatures) - itself
    return Key(public, one.at, one.replaces, others)


def known_keys(statements: Iterable[bytes], pinned: PublicKey | None = None) -> dict[str, PublicKey]:
    """The keys to check signatures with, by id.

    Without ``pinned`` these are all whose statements hold by themselves: whoever can write the records can add one.
    With it they are that key and those that follow it, each signed by one before it.
    """
    found = list(_readable(statements))
    if pinned is None:
        return {one.public.keyid: one.public for one, _ in found}
    trusted = {str(pinned.keyid): pinned}
    grown = True
    while grown:
        new = [one for one, raw in found if one.public.keyid not in trusted and _endorsed(raw, trusted)]
        trusted |= {one.public.keyid: one.public for one in new}
        grown = bool(new)
    return trusted


def _readable(statements: Iterable[bytes]) -> Iterator[tuple[Key, bytes]]:
    for raw in statements:
        try:
            yield read_key(raw), raw
        except NotAuthentic:
            continue  # whoever looks for faults finds it by read_key


def _endorsed(raw: bytes, trusted: dict[str, PublicKey]) -> bool:
    envelope, _ = statement.unseal(raw)
    return bool(statement.signers(envelope, trusted))
