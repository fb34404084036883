"""The JSON documents of the verbs about evidence, as types; see :mod:`snapline.cli.documents`."""

from __future__ import annotations

from typing import Literal

from snapline.base.wire import Wire
from snapline.cli.documents import Texts
from snapline.verify.attestation import Attestation


class AttestationRow(Wire, frozen=True):
    """An attestation as it was found, unchecked: what it is about, who claims to have signed it, and what it says."""

    digest: str
    commit: str
    tree: str
    signed_by: Texts
    says: Attestation


class AttestShow(Wire, frozen=True):
    """The attestations in a file, or about a commit."""

    attestations: tuple[AttestationRow, ...]
    version: Literal[1] = 1


class CheckedRow(Wire, frozen=True):
    """An attestation that was checked. ``reason`` says why it does not hold, ``notes`` what could not be looked at.

    ``key`` is the key that signed it, null where no known key did.
    """

    digest: str
    work: str
    commit: str
    tree: str
    key: str | None
    holds: bool
    reason: str
    notes: Texts
    accepted: bool


class AttestVerify(Wire, frozen=True):
    """Whether all attestations in a file, or about a commit, hold."""

    holds: bool
    attestations: tuple[CheckedRow, ...]
    version: Literal[1] = 1


class AttestKey(Wire, frozen=True):
    """The key that signs on this machine: its id, its public half in PEM, and the ids of those it replaced."""

    keyid: str
    public: str
    replaced: Texts
    version: Literal[1] = 1
