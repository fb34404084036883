"""Ed25519 keys: signing, verifying, and the two forms in which keys are kept.

The only module that knows ``cryptography``, which is loaded when a key is first used.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from snapline.base import digest
from snapline.base.errors import EnvironmentFault, UsageFault
from snapline.base.ids import Digest

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey


class BadKey(UsageFault):
    """This is no Ed25519 public key in PEM."""

    code = "bad-key"
    hint = "`snapline attest key` prints a key in the form that is read."


class UnusableKey(EnvironmentFault):
    """The signing key cannot be used."""

    code = "unusable-key"


@dataclass(frozen=True)
class PublicKey:
    """What signatures are checked with. ``pem`` is its SubjectPublicKeyInfo (RFC 8410) in PEM."""

    pem: str

    @cached_property
    def keyid(self) -> Digest:
        """SHA-256 of the key's SubjectPublicKeyInfo in DER; raises :class:`BadKey`."""
        from cryptography.hazmat.primitives import serialization  # noqa: PLC0415 - loaded when a key is used

        form = serialization.PublicFormat.SubjectPublicKeyInfo
        return digest.of_bytes(self._key.public_bytes(serialization.Encoding.DER, form))

    def verifies(self, signature: bytes, content: bytes) -> bool:
        """Whether this key made ``signature`` over ``content``; raises :class:`BadKey`."""
        from cryptography.exceptions import InvalidSignature  # noqa: PLC0415 - loaded when a key is used

        try:
            self._key.verify(signature, content)
        except InvalidSignature:
            return False
        return True

    @cached_property
    def _key(self) -> Ed25519PublicKey:
        from cryptography.exceptions import UnsupportedAlgorithm  # noqa: PLC0415 - loaded when a key is used
        from cryptography.hazmat.primitives import serialization  # noqa: PLC0415 - as above
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey  # noqa: PLC0415 - as above

        try:
            key = serialization.load_pem_public_key(self.pem.encode())
        except (ValueError, UnsupportedAlgorithm) as fault:
            raise BadKey from fault
        if not isinstance(key, Ed25519PublicKey):
            raise BadKey
        return key


@dataclass(frozen=True)
class SigningKey:
    """A private key. It is never printed: ``repr`` shows nothing of it."""

    _key: Ed25519PrivateKey

    @classmethod
    def generate(cls) -> SigningKey:
        """A new key from the system's randomness."""
        from cryptography.hazmat.primitives.asymmetric.ed25519 import (  # noqa: PLC0415 - loaded when a key is used
            Ed25519PrivateKey,
        )

        return cls(Ed25519PrivateKey.generate())

    @classmethod
    def read(cls, pem: bytes) -> SigningKey:
        """A key from its PKCS #8 form; raises :class:`UnusableKey`."""
        from cryptography.exceptions import UnsupportedAlgorithm  # noqa: PLC0415 - loaded when a key is used
        from cryptography.hazmat.primitives import serialization  # noqa: PLC0415 - as above
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey  # noqa: PLC0415 - as above

        try:
            key = serialization.load_pem_private_key(pem, password=None)
        except (ValueError, TypeError, UnsupportedAlgorithm) as fault:
            raise UnusableKey("the signing key is not readable as an Ed25519 key without a password") from fault
        if not isinstance(key, Ed25519PrivateKey):
            raise UnusableKey("the signing key is no Ed25519 key")
        return cls(key)

    @property
    def pem(self) -> bytes:
        """The key in PKCS #8, not encrypted: for a file that its owner alone can read."""
        from cryptography.hazmat.primitives import serialization  # noqa: PLC0415 - loaded when a key is used

        form = serialization.PrivateFormat.PKCS8
        return self._key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption())

    @cached_property
    def public(self) -> PublicKey:
        """The public half."""
        from cryptography.hazmat.primitives import serialization  # noqa: PLC0415 - loaded when a key is used

        form = serialization.PublicFormat.SubjectPublicKeyInfo
        return PublicKey(self._key.public_key().public_bytes(serialization.Encoding.PEM, form).decode())

    def sign(self, content: bytes) -> bytes:
        """The signature of ``content``, 64 bytes; the same content always gives the same."""
        return self._key.sign(content)

    def __repr__(self) -> str:
        return "SigningKey()"
