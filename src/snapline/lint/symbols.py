"""Which names a Python source defines, read from its syntax tree; nothing is imported or run."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from enum import StrEnum


class Presence(StrEnum):
    """Whether a name is defined in a source; ``UNKNOWN`` where only running it would tell."""

    THERE = "there"
    MISSING = "missing"
    UNKNOWN = "unknown"


_DYNAMIC = frozenset({"globals", "setattr", "exec", "vars", "locals"})
_Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def find(source: bytes, names: Sequence[str]) -> Presence:
    """Whether ``names`` (a name, or a class and a name in it, and so on) are defined in ``source``."""
    try:
        module = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return Presence.UNKNOWN
    body: list[ast.stmt] = module.body
    for index, name in enumerate(names):
        found = [node for node in _statements(body) if name in _bound(node)]
        if not found:
            return Presence.UNKNOWN if index == 0 and _open_ended(module) else Presence.MISSING
        definition = found[-1]
        rest = names[index + 1 :]
        if not rest:
            return Presence.THERE
        if not isinstance(definition, ast.ClassDef):
            return Presence.UNKNOWN
        if _inherits(definition) and not any(rest[0] in _bound(node) for node in _statements(definition.body)):
            return Presence.UNKNOWN
        body = definition.body
    return Presence.THERE


def defined(source: bytes) -> tuple[str, ...]:
    """The names that a source defines at its top, and ``Class.name`` for those in its classes."""
    try:
        module = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ()
    names: list[str] = []
    for node in _statements(module.body):
        names += sorted(_bound(node))
        if isinstance(node, ast.ClassDef):
            names += [f"{node.name}.{name}" for inner in _statements(node.body) for name in sorted(_bound(inner))]
    return tuple(dict.fromkeys(names))


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
