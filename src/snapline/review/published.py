"""What is published of the evidence: attestations, checkpoints of the ledgers, and the keys that signed them."""

from __future__ import annotations

from collections.abc import Iterable

from snapline.base.ids import Digest, SpecId
from snapline.repo.records import Records
from snapline.repo.user import UserRepository

ATTESTATIONS = "attestations"
CHECKPOINTS = "checkpoints"
KEYS = "keys"
"""The kinds that they are recorded under."""


def publish(
    repository: UserRepository, spec: SpecId, attestations: Iterable[bytes], keys: Iterable[bytes]
) -> tuple[Digest, ...]:
    """Record the attestations of a spec, and the statements of the keys; what is recorded already stays as it is."""
    wanted = [(KEYS, "", one) for one in keys] + [(ATTESTATIONS, spec, one) for one in attestations]
    return Records(repository).put_all(wanted)


def publish_checkpoint(repository: UserRepository, sealed: bytes, keys: Iterable[bytes]) -> Digest:
    """Record a checkpoint with the statements of the keys; returns the checkpoint's digest."""
    return Records(repository).put_all([*((KEYS, "", one) for one in keys), (CHECKPOINTS, "", sealed)])[-1]


def attestations(records: Records, spec: SpecId | None = None) -> tuple[bytes, ...]:
    """The attestations that are recorded, of one spec or of all."""
    return records.all(ATTESTATIONS, spec or "")


def checkpoints(records: Records) -> tuple[bytes, ...]:
    """The checkpoints that are recorded."""
    return records.all(CHECKPOINTS)


def keys(records: Records) -> tuple[bytes, ...]:
    """The statements of keys that are recorded."""
    return records.all(KEYS)
