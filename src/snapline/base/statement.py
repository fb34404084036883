"""Signed statements: in-toto Statement v1 in a DSSE envelope, as others' tools read them.

Sources: the in-toto attestation framework (Statement v1, DigestSet) and the DSSE protocol 1.0.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable, Mapping
from typing import Literal, TypeVar

import msgspec

from snapline.base import wire
from snapline.base.errors import CriteriaFailed
from snapline.base.ids import Digest
from snapline.base.signing import PublicKey, SigningKey
from snapline.base.wire import BadWire, Wire

PAYLOAD_TYPE = "application/vnd.in-toto+json"
STATEMENT_TYPE: Literal["https://in-toto.io/Statement/v1"] = "https://in-toto.io/Statement/v1"

Predicate = TypeVar("Predicate", bound=Wire)
Keys = Mapping[str, PublicKey]
"""Public keys by their id."""


class NotAuthentic(CriteriaFailed):
    """A signed statement does not hold."""

    code = "not-authentic"


class Signature(Wire, frozen=True):
    """One signature over an envelope: who made it, and in base64 what it is."""

    keyid: str
    sig: str


class Envelope(Wire, frozen=True):
    """A DSSE envelope; ``payload`` is base64."""

    payload: str
    payloadType: str  # noqa: N815 - DSSE's own name
    signatures: tuple[Signature, ...]


class Subject(Wire, frozen=True):
    """A thing that a statement is about: a name, and its digests by algorithm (``gitCommit``, ``sha256``)."""

    name: str
    digest: dict[str, str]


class Statement(Wire, frozen=True, rename={"kind": "_type", "predicate_type": "predicateType"}):
    """An in-toto Statement v1; ``predicate`` is JSON, to be read as ``predicate_type`` says."""

    kind: Literal["https://in-toto.io/Statement/v1"]
    subject: tuple[Subject, ...]
    predicate_type: str
    predicate: msgspec.Raw

    def read(self, shape: type[Predicate]) -> Predicate:
        """The predicate as ``shape``; raises :class:`BadWire`."""
        return wire.decode(bytes(self.predicate), shape)

    def named(self, name: str, algorithm: str) -> str | None:
        """The digest of the subject ``name``; None where there is none."""
        return next((one.digest.get(algorithm) for one in self.subject if one.name == name), None)


def pae(payload_type: str, payload: bytes) -> bytes:
    """DSSE's pre-authentication encoding: what is really signed."""
    kind = payload_type.encode()
    return b"DSSEv1 %d %s %d %s" % (len(kind), kind, len(payload), payload)


def sign(subject: Iterable[Subject], predicate_type: str, predicate: Wire, *keys: SigningKey) -> bytes:
    """The envelope of a statement about ``subject``, signed by each of ``keys``, as JSON in a fixed order."""
    body = Statement(STATEMENT_TYPE, tuple(subject), predicate_type, msgspec.Raw(wire.encode(predicate)))
    payload = wire.encode(body)
    said = pae(PAYLOAD_TYPE, payload)
    signatures = tuple(Signature(key.public.keyid, base64.b64encode(key.sign(said)).decode()) for key in keys)
    return wire.encode(Envelope(base64.b64encode(payload).decode(), PAYLOAD_TYPE, signatures))


def unseal(raw: bytes) -> tuple[Envelope, Statement]:
    """The envelope and its statement, with nothing checked but their form; raises :class:`NotAuthentic`."""
    try:
        envelope = wire.decode(raw, Envelope)
        if envelope.payloadType != PAYLOAD_TYPE:
            raise NotAuthentic(f"the envelope holds {envelope.payloadType!r}, not an in-toto statement")
        return envelope, wire.decode(_bytes(envelope.payload), Statement)
    except BadWire as fault:
        raise NotAuthentic(f"it is no signed statement: {fault.message}") from fault


def signers(envelope: Envelope, keys: Keys) -> frozenset[Digest]:
    """The ids of the keys among ``keys`` that signed the envelope; raises :class:`NotAuthentic` for bad base64."""
    said = pae(envelope.payloadType, _bytes(envelope.payload))
    known = ((keys[one.keyid], one.sig) for one in envelope.signatures if one.keyid in keys)
    return frozenset(key.keyid for key, signature in known if key.verifies(_bytes(signature), said))


def authentic(raw: bytes, keys: Keys) -> tuple[Statement, Digest]:
    """The statement of an envelope and the key that signed it; raises :class:`NotAuthentic`, which says why not."""
    envelope, statement = unseal(raw)
    good = signers(envelope, keys)
    if good:
        return statement, min(good)
    claimed = [one.keyid for one in envelope.signatures]
    if any(one in keys for one in claimed):
        raise NotAuthentic("its signature does not fit its content: it was changed after it was signed")
    by = ", ".join(one[:16] for one in claimed) or "nobody"
    raise NotAuthentic(f"it is signed by {by}, and no such key is known here", hint="Name the key: --key FILE.")


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as fault:
        raise NotAuthentic("the envelope is not base64 where it must be") from fault
