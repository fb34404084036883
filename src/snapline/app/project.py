"""A project: one repository with its specs, its configuration and its part of the state home."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from snapline.app.config import FILE, read_config
from snapline.app.home import Home
from snapline.app.settings import Config
from snapline.repo.records import Records
from snapline.repo.user import NotARepository, UserRepository
from snapline.repo.vault import Vault

SPECS = "specs"
"""The folder of a repository that holds its specs."""


@dataclass(frozen=True)
class Project:
    """What the use cases work on; everything in it is found or opened when it is first needed."""

    repository: UserRepository
    environment: Mapping[str, str] = field(default_factory=lambda: os.environ)

    @classmethod
    def discover(cls, path: Path) -> Project:
        """The project around ``path``; raises :class:`NotARepository` outside of one."""
        return cls(UserRepository.discover(path))

    @classmethod
    def around(cls, path: Path) -> Project | None:
        """The project around ``path``, or None outside of a repository."""
        try:
            return cls.discover(path)
        except NotARepository:
            return None

    @property
    def root(self) -> Path:
        """The work tree."""
        return self.repository.root

    @property
    def specs(self) -> Path:
        """The folder of the specs."""
        return self.root / SPECS

    @cached_property
    def config(self) -> Config:
        """``snapline.toml`` as it is in the work tree; raises :class:`BadConfig`."""
        return read_config(self.root / FILE)

    @cached_property
    def home(self) -> Home:
        """The state home, made and proved; raises :class:`UnusableHome`."""
        home = Home.locate(self.environment, os.getuid())
        home.prepare()
        return home

    @cached_property
    def id(self) -> str:
        """The repository's name in the state home, given where it has none yet."""
        return self.repository.register()

    @cached_property
    def vault(self) -> Vault:
        """Our bare repository beside the person's."""
        return Vault.open(self.home.repository(self.id) / "vault.git", self.repository)

    @cached_property
    def records(self) -> Records:
        """Approvals, sign-offs and rejections, which travel with the repository."""
        return Records(self.repository)
