"""Durations and sizes as people write them in ``snapline.toml``."""

from __future__ import annotations

from snapline.base.regex import regex

DURATION = r"^[1-9][0-9]{0,5}(s|m|h)$"
SIZE = r"^[1-9][0-9]{0,5}(kB|MB|GB)$"

_SECONDS = {"s": 1.0, "m": 60.0, "h": 3600.0}
_BYTES = {"kB": 1000, "MB": 1000**2, "GB": 1000**3}
_PARTS = regex(r"([0-9]+)([a-zA-Z]+)")


def seconds(duration: str) -> float:
    """Seconds in a duration of the form :data:`DURATION`, such as ``90s``, ``10m`` or ``2h``."""
    number, unit = _parts(duration)
    return number * _SECONDS[unit]


def size(text: str) -> int:
    """Bytes in a size of the form :data:`SIZE`, such as ``64MB``."""
    number, unit = _parts(text)
    return number * _BYTES[unit]


def _parts(text: str) -> tuple[int, str]:
    match = _PARTS.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is no number with a unit")
    return int(match[1]), match[2]
