"""What lint knows of a project besides the one text: its tree, its other specs, approvals, what is not committed."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Generic, TypeVar

from snapline.app.caching import cache_home
from snapline.app.corpus import Corpus, Others
from snapline.app.project import Project
from snapline.app.settings import Config
from snapline.app.specs import head_tree
from snapline.base.ids import ClauseId, SpecId
from snapline.lint.commands import path_words
from snapline.lint.declared import Declared
from snapline.lint.rule import LintSettings, Uncommitted
from snapline.repo.records import REF
from snapline.repo.vault import read_ref
from snapline.spec.interfaces import Tree
from snapline.spec.model import Spec
from snapline.spec.parser import parse
from snapline.spec.revision import revision

if TYPE_CHECKING:
    from snapline.review.approval import Approval

Key = TypeVar("Key")
Value = TypeVar("Value")


@dataclass(frozen=True)
class Asked:
    """What a person asks of one lint, on top of the configuration.

    ``select`` takes the place of what the configuration selects and ignores; ``ignore`` and ``strict`` add to it.
    ``fresh``: nothing is taken from the cache.
    """

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    strict: bool = False
    fresh: bool = False


@dataclass(frozen=True)
class Surroundings:
    """Everything around a spec, each part found when it is first asked for, and then kept.

    ``tree`` is what paths are compared with, None for nothing; ``config`` is the configuration in force. One object
    serves every text that is linted at one state of the repository; whoever lives longer (a language server) makes a
    new one when files, ``HEAD`` or records have changed.
    """

    project: Project | None
    tree: Tree | None = None
    config: Config = field(default_factory=Config)
    asked: Asked = Asked()

    @classmethod
    def at_head(cls, project: Project | None, asked: Asked = Asked()) -> Surroundings:
        """The surroundings in the work tree, paths compared with what is checked out; raises :class:`BadConfig`."""
        return cls(project, head_tree(project), project.config, asked) if project else cls(None, asked=asked)

    @cached_property
    def corpus(self) -> Mapping[SpecId, Spec] | None:
        """The project's specs by id, each read when it is asked for; None outside of a project."""
        if self.project is None:
            return None
        return Corpus(self.project.specs, None if self.asked.fresh else cache_home(self.project.environment))

    def others(self, spec: SpecId) -> Mapping[SpecId, Spec] | None:
        """The corpus without one spec."""
        return None if self.corpus is None else Others(self.corpus, spec)

    @cached_property
    def seen(self) -> set[str]:
        """The paths that were looked for in the work tree, where everything may change unseen."""
        return set()

    @cached_property
    def settings(self) -> dict[tuple[str, ...], LintSettings]:
        """The settings of lint by the globs of ``per-path`` that a file matches, once they have been made."""
        return {}

    def place(self, path: str) -> str | None:
        """A file's place from the repository's root, as git writes it; None for one that lies elsewhere."""
        if self.project is None:
            return None
        root = f"{self.project.root}/"
        named = os.path.normpath(os.path.join(os.getcwd(), path))  # noqa: PTH109, PTH118 - once for each file of many
        meant = named if named.startswith(root) else os.path.realpath(named)
        return meant.removeprefix(root) if meant.startswith(root) else None

    def ids(self, spec: SpecId) -> tuple[frozenset[ClauseId], frozenset[ClauseId]]:
        """The ids that approved revisions of a spec ever had, and those of them that the latest one does not have."""
        if not self._recorded:
            return frozenset(), frozenset()
        from snapline.app.naming import used_ids  # noqa: PLC0415 - only where there are records

        found = self.approvals(spec)
        used = used_ids(found)
        return used, used - used_ids(found[-1:])

    def in_flight(self, spec: Spec) -> Mapping[SpecId, Spec]:
        """The other specs that are approved and have not landed, as approved; read when it is first looked into.

        None where the spec itself has landed as it is: it changes nothing any more.
        """
        if not self._recorded:
            return {}
        return Later(lambda: self._beside(spec))

    def _beside(self, spec: Spec) -> dict[SpecId, Spec]:
        own = self._approved.get(spec.id, ())
        if own and spec.id not in self._in_flight and revision(spec) == own[-1].revision:
            return {}
        return {key: one for key, one in self._in_flight.items() if key != spec.id}

    def uncommitted(self, spec: Spec) -> Mapping[str, Uncommitted]:
        """The paths in the spec's commands that the work tree has, or git would ignore, and the tree does not have."""
        if self.project is None or self.tree is None:
            return {}
        known = self.tree.listing.known
        lacking = [path for path in path_words(spec) if path.rstrip("/") not in known]
        if not lacking:
            return {}
        self.seen.update(lacking)
        made = tuple(f"{path.rstrip('/')}/" for path in (*self._made_by_setup, *Declared(spec).paths))
        asked = {path: self._told_by(path) for path in lacking if not f"{path}/".startswith(made)}
        self._ask([one for one in asked.values() if one])
        return {
            path: Uncommitted.IGNORED if self._ignored[one] else Uncommitted.UNTRACKED
            for path, one in asked.items()
            if one and (self._ignored[one] or one == path)
        }

    def _told_by(self, path: str) -> str:
        """What git is asked about a path that the tree lacks: itself where it is, else its top folder, if new."""
        if self.project is None or self.tree is None or (self.project.root / path).exists():
            return path
        top, folder, _ = path.partition("/")
        return f"{top}/" if folder and top not in self.tree.listing.known else ""

    def _ask(self, paths: list[str]) -> None:
        """Learn which paths git ignores; one process for all that are not known yet."""
        new = [path for path in dict.fromkeys(paths) if path not in self._ignored]
        if new and self.project is not None:
            ignored = self.project.repository.ignored(new)
            self._ignored.update({path: path in ignored for path in new})

    @cached_property
    def _ignored(self) -> dict[str, bool]:
        """What git has said about paths so far."""
        return {}

    @cached_property
    def _made_by_setup(self) -> tuple[str, ...]:
        """What the environment's set-up makes in each checkout, so that checks may use it."""
        if self.config.env is not None:
            return self.config.env.outputs
        from snapline.sandbox.guess import guess_environment  # noqa: PLC0415 - only where a path is lacking

        guess = guess_environment(self.tree.paths, self.tree.read) if self.tree else None
        return guess.environment.outputs if guess else ()

    @cached_property
    def _recorded(self) -> bool:
        """Whether anything was ever recorded here: what spares most repositories the rest."""
        return self.project is not None and read_ref(self.project.repository.git, REF) is not None

    def approvals(self, spec: SpecId | None = None) -> tuple[Approval, ...]:
        """The approvals of one spec or of all, oldest first."""
        if spec is not None:
            return self._approved.get(spec, ())
        return tuple(one for found in self._approved.values() for one in found)

    @cached_property
    def _approved(self) -> dict[SpecId, tuple[Approval, ...]]:
        """All approvals by their spec, the oldest first: records are read once."""
        if not self._recorded or self.project is None:
            return {}
        from snapline.review.approval import approvals  # noqa: PLC0415 - only where there are records

        found: dict[SpecId, tuple[Approval, ...]] = {}
        for one in approvals(self.project.records):
            found[one.spec] = (*found.get(one.spec, ()), one)
        return found

    @cached_property
    def _in_flight(self) -> dict[SpecId, Spec]:
        latest = {spec: found[-1] for spec, found in self._approved.items()}
        landed = {target: self._landed(target) for target in {one.target for one in latest.values()}}
        there = {key: landed[one.target].get(key) for key, one in latest.items()}
        return {key: parse(one.source) for key, one in latest.items() if there[key] not in ("", one.revision)}

    def _landed(self, branch: str) -> dict[str, str]:
        return self.project.repository.landed(branch) if self.project else {}


class Later(Mapping[Key, Value], Generic[Key, Value]):
    """A mapping that is made when it is first looked into."""

    def __init__(self, make: Callable[[], Mapping[Key, Value]]) -> None:
        self._make = make

    @cached_property
    def _made(self) -> Mapping[Key, Value]:
        return self._make()

    def __getitem__(self, key: Key) -> Value:
        return self._made[key]

    def __iter__(self) -> Iterator[Key]:
        return iter(self._made)

    def __len__(self) -> int:
        return len(self._made)
