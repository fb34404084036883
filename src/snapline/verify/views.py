"""What verification looks up in trees again and again, read once: their entries, and the files that steer a runner."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import TypeVar

from snapline.base.ids import Oid
from snapline.repo.objects import TreeView
from snapline.repo.vault import Vault
from snapline.verify import checkfiles, runnerconfig
from snapline.verify.orders import CheckOrder

_ROOM = 64
_Key = TypeVar("_Key")
_Value = TypeVar("_Value")


def make_room(remembered: dict[_Key, _Value]) -> None:
    """Forget the oldest of what is remembered, so that a process that lives for days does not grow."""
    while len(remembered) >= _ROOM:
        del remembered[next(iter(remembered))]


@dataclass(frozen=True)
class Views:
    """Trees of one vault. ``roots`` are the folders on the import path, ``patterns`` the names of test files."""

    vault: Vault
    roots: frozenset[str]
    patterns: tuple[str, ...]
    _views: dict[Oid, TreeView] = field(default_factory=dict)
    _steering: dict[Oid, tuple[str, ...]] = field(default_factory=dict)

    def of(self, treeish: Oid) -> TreeView:
        """A tree."""
        if treeish not in self._views:
            make_room(self._views)
            self._views[treeish] = self.vault.tree_view(treeish)
        return self._views[treeish]

    def watched(self, tree: Oid, orders: Iterable[CheckOrder]) -> tuple[str, ...]:
        """The check files that checks must find, and leave, as they are: named ones, hooks and configuration."""
        paths = self.of(tree).paths
        named: set[str] = set()
        for order in orders:
            if order.path:
                named |= set(order.places)
            else:
                words = (word for word in checkfiles.words_of(order) if word in paths)
                named |= {word for word in words if checkfiles.is_pattern(word, self.patterns)}
        return tuple(sorted({*self._steers(tree), *(named & paths)}))

    def _steers(self, tree: Oid) -> tuple[str, ...]:
        if tree not in self._steering:
            make_room(self._steering)
            self._steering[tree] = tuple(path for path in self.of(tree).paths if self._is_steering(path))
        return self._steering[tree]

    def _is_steering(self, path: str) -> bool:
        return PurePosixPath(path).name in runnerconfig.WHOLE_FILES or runnerconfig.is_hook(path, self.roots)

    def mentions(self, word: str, tree: Oid, orders: Iterable[CheckOrder], files: Iterable[str]) -> bool:
        """Whether the text of a check, or one of its files, holds a word."""
        texts = [line for order in orders for line in (order.text, *(step.command for step in order.steps))]
        return any(word in text for text in texts) or any(
            word.encode() in (self.of(tree).read(path) or b"") for path in files
        )
