"""Content digests: SHA-256 in hex, and the one canonical JSON that is ever hashed."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from snapline.base.ids import Digest


def of_bytes(content: bytes) -> Digest:
    """SHA-256 of ``content``, 64 hex digits."""
    return Digest(hashlib.sha256(content).hexdigest())


def of_value(value: Any) -> Digest:  # noqa: ANN401 - any JSON value
    """SHA-256 of the canonical JSON of ``value`` (see :func:`canonical_json`)."""
    return of_bytes(canonical_json(value))


def of_file(path: Path) -> Digest:
    """SHA-256 of a file, read in blocks."""
    with path.open("rb") as stream:
        return Digest(hashlib.file_digest(stream, "sha256").hexdigest())


def canonical_json(value: Any) -> bytes:  # noqa: ANN401 - any JSON value
    """JSON with sorted keys, no blanks, UTF-8: equal values give equal bytes."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()
