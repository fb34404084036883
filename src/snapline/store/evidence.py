"""Evidence: artefacts named by their content, written once, never changed."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from pathlib import Path

from snapline.base import digest
from snapline.base.errors import NotFound
from snapline.base.ids import Digest
from snapline.base.regex import regex

_KIND = regex(r"[a-z][a-z0-9-]*")
_NAME = regex(r"[0-9a-f]{64}")


class EvidenceMissing(NotFound):
    """A piece of evidence is gone from the store."""

    code = "evidence-missing"


class EvidenceStore:
    """A folder of artefacts: ``<root>/<first two digits>/<digest>.<kind>``."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def put(self, content: bytes | Path, kind: str) -> Digest:
        """Keep some bytes, or a file's; the same content twice is kept once, under the kind it first came as."""
        if not _KIND.fullmatch(kind):
            raise ValueError(f"not a kind of evidence: {kind!r}")
        raw = content if isinstance(content, bytes) else content.read_bytes()
        name = digest.of_bytes(raw)
        if not self.has(name):
            self._publish(self.root / name[:2] / f"{name}.{kind}", raw)
        return name

    def has(self, name: str) -> bool:
        """Whether the artefact is there."""
        return self._find(name) is not None

    def read(self, name: str) -> bytes:
        """The artefact's bytes, checked against its name; raises :class:`EvidenceMissing` when gone or changed."""
        path = self._find(name)
        if path is None:
            raise EvidenceMissing(f"evidence {name[:12]} is not in {self.root}")
        raw = path.read_bytes()
        if digest.of_bytes(raw) != name:
            raise EvidenceMissing(f"evidence {name[:12]} was changed after it was stored: {path}")
        return raw

    def path(self, name: str) -> Path:
        """Where the artefact lies, for a person to open; raises :class:`EvidenceMissing`."""
        path = self._find(name)
        if path is None:
            raise EvidenceMissing(f"evidence {name[:12]} is not in {self.root}")
        return path

    def kind(self, name: str) -> str | None:
        """The kind that an artefact was stored under; None when it is gone."""
        path = self._find(name)
        return path.suffix.removeprefix(".") if path is not None else None

    def files(self) -> Iterator[Path]:
        """Every artefact's file."""
        return (path for path in sorted(self.root.glob("??/*.*")) if not path.name.startswith("."))

    def _find(self, name: str) -> Path | None:
        # What is no digest leads nowhere: a name may come from an edited row.
        return next((self.root / name[:2]).glob(f"{name}.*"), None) if _NAME.fullmatch(name) else None

    def _publish(self, path: Path, raw: bytes) -> None:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        # A hidden name that no reader's pattern matches: a crash leaves rubbish, never half an artefact.
        partial = path.parent / f".{secrets.token_hex(8)}"
        with partial.open("wb") as stream:
            stream.write(raw)
            stream.flush()
            os.fsync(stream.fileno())
        partial.rename(path)
