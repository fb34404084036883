"""The specs of a project by their ids: a file is read when its spec is asked for; the cache remembers the ids."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path

import msgspec

from snapline.app.caching import SETTLED_NS, Stamp, load, stamp_of, store
from snapline.app.specfiles import spec_names
from snapline.app.specs import read_spec, shown
from snapline.base.digest import of_bytes
from snapline.base.errors import UnreadableText
from snapline.base.ids import SpecId
from snapline.base.text import Source
from snapline.spec.model import Spec
from snapline.spec.parser import id_of

FORMAT = 1


class Known(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The ids of a folder's specs, by file, each with the stamp of the file that it was read from."""

    format: int
    folder: str
    ids: dict[str, tuple[Stamp, str]]


class Corpus(Mapping[SpecId, Spec]):
    """The specs below a folder; of two with one id the first file counts. Files that are no text are left out.

    ``settled``: for how many nanoseconds a file has to be unchanged before its id is remembered.
    """

    def __init__(self, folder: Path, cache: Path | None = None, settled: int = SETTLED_NS) -> None:
        self._folder = folder
        self._settled = settled
        self._cache = cache / "ids" / f"{of_bytes(os.fsencode(folder))[:32]}" if cache else None
        self._specs: dict[SpecId, Spec] = {}

    def __getitem__(self, key: SpecId) -> Spec:
        found = self._specs.get(key)
        if found is None:
            found = self._specs[key] = read_spec(self.files[key])
        return found

    def __iter__(self) -> Iterator[SpecId]:
        return iter(self.files)

    def __len__(self) -> int:
        return len(self.files)

    def __contains__(self, key: object) -> bool:
        return key in self.files

    @cached_property
    def files(self) -> dict[SpecId, Path]:
        """The file of each spec."""
        found: dict[SpecId, Path] = {}
        for name, identifier in self._ids().items():
            found.setdefault(identifier, self._folder / name)
        return found

    def _ids(self) -> dict[str, SpecId]:
        known = load(self._cache, Known) if self._cache else None
        told = known.ids if known and known.format == FORMAT and known.folder == str(self._folder) else {}
        now = time.time_ns()
        ids: dict[str, SpecId] = {}
        stamps: dict[str, tuple[Stamp, str]] = {}
        for name in spec_names(self._folder):
            path = f"{self._folder}/{name}"
            stamp = stamp_of(path)
            entry = told.get(name)
            identifier = SpecId(entry[1]) if entry and entry[0] == stamp else _read_id(path)
            if identifier is None or stamp is None:
                continue
            ids[name] = identifier
            if max(stamp[:2]) < now - self._settled:
                stamps[name] = (stamp, identifier)
        if self._cache and stamps != told:
            store(self._cache, Known(FORMAT, str(self._folder), stamps))
        return ids


class Others(Mapping[SpecId, Spec]):
    """A corpus without one of its specs."""

    def __init__(self, corpus: Mapping[SpecId, Spec], left_out: SpecId) -> None:
        self._corpus = corpus
        self._left_out = left_out

    def __getitem__(self, key: SpecId) -> Spec:
        if key == self._left_out:
            raise KeyError(key)
        return self._corpus[key]

    def __iter__(self) -> Iterator[SpecId]:
        return (key for key in self._corpus if key != self._left_out)

    def __len__(self) -> int:
        return len(self._corpus) - (self._left_out in self._corpus)

    def __contains__(self, key: object) -> bool:
        return key != self._left_out and key in self._corpus


def _read_id(path: str) -> SpecId | None:
    try:
        return id_of(Source.from_bytes(shown(Path(path)), Path(path).read_bytes()))
    except (OSError, UnreadableText):
        return None
