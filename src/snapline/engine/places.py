"""Where things live below the state home."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from snapline.base.ids import file_name


@dataclass(frozen=True, slots=True)
class Places:
    """The folders of one state home. Nothing here is ever below a person's repository."""

    home: Path

    @property
    def database(self) -> Path:
        """The file with our tables and the workflow engine's."""
        return self.home / "state.db"

    @property
    def lock(self) -> Path:
        """The file whose lock makes a process the executor."""
        return self.home / "executor.lock"

    @property
    def evidence(self) -> Path:
        """The content-addressed artefacts."""
        return self.home / "evidence"

    @property
    def layers(self) -> Path:
        """The built environments."""
        return self.home / "layers"

    @property
    def trees(self) -> Path:
        """Materialised trees that checks run in."""
        return self.home / "trees"

    @property
    def trash(self) -> Path:
        """What waits to be deleted."""
        return self.home / "trash"

    @property
    def keys(self) -> Path:
        """The signing key, and the statements of all keys there ever were."""
        return self.home / "keys"

    def checkpoint(self, repository: str) -> Path:
        """The file that names the last checkpoint of a repository's ledgers."""
        return self.vault(repository).parent / "checkpoint"

    def vault(self, repository: str) -> Path:
        """Our bare repository of a person's repository."""
        return self.home / "repos" / repository / "vault.git"

    def seed(self, repository: str, name: str) -> Path:
        """A read-only source of clones."""
        return self.home / "repos" / repository / "seeds" / file_name(name)

    def workspace(self, repository: str, attempt: str) -> Path:
        """The folder of an attempt's clone and private home."""
        return self.home / "ws" / repository / file_name(attempt)

    def run_folder(self, repository: str, attempt: str, part: str) -> Path:
        """Where the supervised run ``part`` (``agent``, ``collect``) of an attempt keeps its record."""
        return self.home / "runs" / repository / file_name(attempt) / part

    def verification(self, repository: str, subject: str) -> Path:
        """Where checks of one subject keep their trees and records."""
        return self.home / "runs" / repository / file_name(subject) / "checks"
