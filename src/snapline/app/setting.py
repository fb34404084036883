"""The setting of a commit: the configuration in force there, and the bench on which it is verified."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from snapline.app.config import FILE, parse_config
from snapline.app.environments import declared
from snapline.app.project import Project
from snapline.app.quantities import seconds
from snapline.app.settings import Config, LaneTable
from snapline.base.errors import NotFound
from snapline.base.ids import Oid
from snapline.sandbox import removal
from snapline.sandbox.environment import Environment
from snapline.sandbox.layers import Layers
from snapline.sandbox.policy import Sandbox
from snapline.sandbox.select import choose
from snapline.store.database import open_database
from snapline.store.evidence import EvidenceStore
from snapline.store.results import ResultStore
from snapline.verify.settings import VerifySettings
from snapline.verify.subject import Bench

Say = Callable[[str], None]
"""How a use case tells a person what it is doing, beside its result."""


class NoSuchLane(NotFound):
    """There is no such lane."""

    code = "no-such-lane"


@dataclass(frozen=True)
class Setting:
    """``snapline.toml`` as committed at ``base``; where the base has none, the work tree's file counts."""

    project: Project
    base: Oid
    say: Say

    @cached_property
    def text(self) -> str:
        """The configuration's text; empty where there is none."""
        committed = self.project.vault.read(self.base, FILE)
        here = self.project.root / FILE
        kept = here.read_bytes() if here.is_file() else b""
        if committed is None:
            if kept:
                self.say(f"note: {FILE} is not committed at {self.base[:8]}; the one in the work tree is used")
            return kept.decode("utf-8", "replace")
        if kept != committed:
            self.say(f"note: {FILE} differs from the one at {self.base[:8]}, which is used")
        return committed.decode("utf-8", "replace")

    @cached_property
    def config(self) -> Config:
        """The configuration; raises :class:`BadConfig`."""
        return parse_config(self.text.encode(), FILE)

    @cached_property
    def environment(self) -> Environment:
        """What ``[env]`` declares; without it what the lock files suggest (and said so), else nothing."""
        return declared(self.config.env, self.project.vault.tree_view(self.base), self.project.environment, self.say)

    def lane(self, name: str) -> LaneTable:
        """A lane of the configuration; raises :class:`NoSuchLane`."""
        found = self.config.lane(name)
        if found is None:
            known = ", ".join(sorted({"default", *self.config.lanes}))
            raise NoSuchLane(f"there is no lane `{name}`", hint=f"{FILE} at the base has: {known}.")
        return found

    def sandbox(self, lane: str) -> Sandbox:
        """How checks are isolated; raises :class:`NoSandbox`."""
        return choose(self.lane(lane).sandbox, (self.project.home.root,))

    def bench(self, lane: str, name: str) -> Bench:
        """The bench for a verification called ``name``, with a folder of its own below the state home."""
        home, sandbox = self.project.home, self.sandbox(lane)
        return Bench(
            vault=self.project.vault,
            sandbox=sandbox,
            layers=Layers(home.layers, sandbox),
            results=ResultStore(open_database(home.database)),
            evidence=EvidenceStore(home.evidence),
            folder=home.repository(self.project.id) / "checks" / f"{name}.{os.getpid()}",
            environment=self.environment,
            settings=verify_settings(self.config),
            hide=tuple(dict.fromkeys((str(self.project.root), str(self.project.repository.common_dir)))),
        )


def verify_settings(config: Config) -> VerifySettings:
    """``[verify]`` as the floors below read it."""
    table = config.verify
    return VerifySettings(timeout=seconds(table.timeout), always=table.always, check_files=table.check_files)


def remove(folder: Path) -> None:
    """Remove a bench's folder; what cannot be removed stays, and is not worth failing for."""
    with suppress(removal.NotRemoved):
        removal.remove(folder)
