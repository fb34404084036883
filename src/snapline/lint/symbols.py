"""Which names a Python source defines, read from its syntax tree; nothing is imported or run."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from snapline.spec.interfaces import Tree


class Presence(StrEnum):
    """Whether a name is defined in a source; ``UNKNOWN`` where only running it would tell."""

    THERE = "there"
    MISSING = "missing"
    UNKNOWN = "unknown"


_DYNAMIC = frozenset({"globals", "setattr", "exec", "vars", "locals"})
_Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


@dataclass(frozen=True, slots=True)
class Scope:
    """The names of a module or a class; a class among them has its own. ``open`` ones may have names unseen here."""

    names: Mapping[str, Scope | None]
    open: bool


@lru_cache(maxsize=256)
def read(source: bytes) -> Scope | None:
    """The names that a Python source defines; None for one that this Python cannot parse."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what the source is told about its style is none of our business
            module = ast.parse(source)
            return Scope(_names(module.body), _open_ended(module))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


class Symbols:
    """The names in a tree's Python files, each file read once."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._scopes: dict[str, Scope | None] = {}

    def find(self, path: str, names: Sequence[str]) -> Presence:
        """Whether ``names`` (a name, or a class and a name in it, and so on) are defined in a file of the tree."""
        scope = self._scope(path)
        for index, name in enumerate(names):
            if scope is None:
                return Presence.UNKNOWN
            if name not in scope.names:
                return Presence.UNKNOWN if scope.open else Presence.MISSING
            if index + 1 < len(names):
                scope = scope.names[name]
        return Presence.THERE

    def defined(self, path: str) -> tuple[str, ...]:
        """The names at the top of a file, and ``Class.name`` for those in its classes."""
        scope = self._scope(path)
        if scope is None:
            return ()
        inner = (f"{name}.{one}" for name, found in scope.names.items() if found for one in found.names)
        return (*scope.names, *inner)

    def _scope(self, path: str) -> Scope | None:
        if path not in self._scopes:
            source = self._tree.read(path)
            self._scopes[path] = read(source) if source is not None else None
        return self._scopes[path]


def _names(body: Sequence[ast.stmt]) -> dict[str, Scope | None]:
    names: dict[str, Scope | None] = {}
    for node in _statements(body):
        inner = Scope(_names(node.body), _inherits(node)) if isinstance(node, ast.ClassDef) else None
        names |= dict.fromkeys(sorted(_bound(node)), inner)
    return names


def _statements(body: Sequence[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements of a body and of the branches in it, not of functions and classes."""
    for node in body:
        yield node
        if isinstance(node, _Definition):
            continue
        for _, value in ast.iter_fields(node):
            for child in value if isinstance(value, list) else ():
                if isinstance(child, ast.stmt):
                    yield from _statements([child])
                elif isinstance(child, ast.ExceptHandler | ast.match_case):
                    yield from _statements(child.body)


def _bound(node: ast.stmt) -> frozenset[str]:
    """The names that one statement binds."""
    if isinstance(node, _Definition):
        return frozenset({node.name})
    if isinstance(node, ast.Import | ast.ImportFrom):
        return frozenset((alias.asname or alias.name).partition(".")[0] for alias in node.names)
    if isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign | ast.For | ast.With):
        stored = (one for one in ast.walk(node) if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store))
        return frozenset(one.id for one in stored)
    alias = getattr(node, "name", None)
    return frozenset({alias.id}) if isinstance(alias, ast.Name) else frozenset()


def _inherits(node: ast.ClassDef) -> bool:
    return bool(node.keywords or node.decorator_list) or any(
        not (isinstance(base, ast.Name) and base.id == "object") for base in node.bases
    )


def _open_ended(module: ast.Module) -> bool:
    """Whether names may come from where the syntax does not show them."""
    for node in ast.walk(module):
        if isinstance(node, ast.ImportFrom) and any(alias.name == "*" for alias in node.names):
            return True
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _DYNAMIC:
            return True
        if isinstance(node, ast.FunctionDef) and node.name == "__getattr__" and node in module.body:
            return True
    return False
