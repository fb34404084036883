"""What is stored or sent: frozen msgspec structs that forbid unknown fields, as JSON."""

from __future__ import annotations

from typing import TypeVar

import msgspec

from snapline.base.errors import SnaplineError

Shape = TypeVar("Shape")


class Wire(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=False):
    """Base of everything that is stored or sent."""


class BadWire(SnaplineError):
    """Stored data does not have the shape that this version reads."""

    code = "bad-wire"
    hint = "It was written by another version, or edited; `snapline doctor` says which is installed."


def encode(value: object) -> bytes:
    """Compact JSON, keys in a fixed order: equal values give equal bytes."""
    return msgspec.json.encode(value, order="deterministic")


def decode(raw: bytes | str, shape: type[Shape]) -> Shape:
    """Read ``raw`` strictly as ``shape``; raises :class:`BadWire` with the path of the first misfit."""
    try:
        return msgspec.json.decode(raw, type=shape)
    except (msgspec.DecodeError, msgspec.ValidationError, RecursionError) as error:
        raise BadWire(f"cannot read a stored {shape.__name__}: {error}") from error
