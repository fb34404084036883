"""Durations and counts as people write them: ``90s``, ``2m``, ``1.5h``, ``400k``."""

from __future__ import annotations

import re
from typing import Final

from snapline.base.regex import regex

_DURATION: Final = regex(
    r"([0-9]{1,6}(?:\.[0-9]{1,3})?)[ ]?(s|sec|secs|second|seconds|m|min|mins|minute|minutes|h|hour|hours|d|day|days)",
    re.IGNORECASE,
)
_SECONDS: Final = {"s": 1, "m": 60, "h": 3600, "d": 86400}
DURATION: Final = r"[0-9]{1,6}(?:\.[0-9]{1,3})?[ ]?(?:seconds?|secs?|s|minutes?|mins?|m|hours?|h|days?|d)"


def seconds(text: str) -> float | None:
    """The length of time that ``text`` says, in seconds; None if it says none or says zero."""
    match = _DURATION.fullmatch(text.strip())
    if match is None:
        return None
    return float(match[1]) * _SECONDS[match[2][0].lower()] or None
