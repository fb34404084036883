"""Patterns that specs bring along. They are a stranger's, so they run on an engine that takes linear time."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Final

MAX_LENGTH: Final = 500
MAX_MEMORY: Final = 1 << 20
"""Bytes that a compiled pattern may take: counted repetitions make large ones out of few characters."""


@lru_cache(maxsize=256)
def compiled(pattern: str) -> Any | str:  # noqa: ANN401 - the engine has no types of its own
    """``pattern`` ready to search with, or why it cannot be used, in words.

    The engine is RE2 (https://github.com/google/re2): no look-around and no back-references.
    """
    if len(pattern) > MAX_LENGTH:
        return f"it is longer than {MAX_LENGTH} characters"
    import re2  # type: ignore[import-untyped] # noqa: PLC0415 - only specs with patterns pay for the engine

    options = re2.Options()
    options.log_errors = False
    options.max_mem = MAX_MEMORY
    try:
        return re2.compile(pattern, options)
    except re2.error as error:
        return _reason(error)


def _reason(error: Exception) -> str:
    said = error.args[0] if error.args else ""
    return said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
