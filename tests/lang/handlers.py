"""Taking a part of the language away, to prove that its cases need it.

A handler is named ``module:name`` (``module`` below ``snapline.spec``, or the whole name), ``module:Class.name`` or
``module:TABLE[key]``. An entry of a table is taken out of it; a pattern becomes one that never matches; a function
becomes one that always returns the same, nothing unless a row says what; any other value becomes what the row says.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from importlib import import_module
from types import FunctionType
from typing import Any

from snapline.base.regex import regex

SHORTCUTS = ("plainfront:plain_front",)
"""Quicker readers of the plain cases, which are left out too: they say the same as the handlers, or nothing."""

_NAMED = re.compile(r"(?P<module>[\w.]+):(?P<path>[\w.]+?)(?:\[(?P<key>.+)\])?")
_NEVER = re.compile(r"(?!)")
_LATER = type(regex(""))
"""What stands for a pattern that is compiled when it is first used."""


@contextmanager
def disabled(handler: str, put: str | None = None) -> Iterator[None]:
    """Take the handler away for a while; ``put`` is a literal, or ``Name()`` of a class that its module knows.

    Raises :class:`LookupError` where there is no such handler.
    """
    with ExitStack() as stack:
        for shortcut in SHORTCUTS:
            stack.enter_context(_disabled(shortcut, None))
        stack.enter_context(_disabled(handler, put))
        _forget()
        yield
    _forget()


@contextmanager
def _disabled(handler: str, put: str | None) -> Iterator[None]:
    named = _NAMED.fullmatch(handler)
    if named is None:
        raise LookupError(f"{handler} names no handler")
    module = named["module"] if named["module"].startswith("snapline.") else f"snapline.spec.{named['module']}"
    *outer, last = named["path"].split(".")
    owner: Any = import_module(module)
    value = _literal(put, vars(owner)) if put is not None else None
    for name in outer:
        owner = getattr(owner, name)
    if not hasattr(owner, last):
        raise LookupError(f"there is no {handler}")
    with _replaced(owner, last, _without(vars(owner)[last], named["key"], value, handler)):
        yield


def _literal(put: str, names: dict[str, Any]) -> object:
    return names[put[:-2]]() if re.fullmatch(r"\w+\(\)", put) else ast.literal_eval(put)


def _without(value: Any, key: str | None, put: object, handler: str) -> object:  # noqa: ANN401 - any part of the language
    if key is not None:
        if key not in value:
            raise LookupError(f"there is no {handler}")
        if isinstance(value, dict):
            return {name: one for name, one in value.items() if name != key}
        return type(value)(one for one in value if one != key)
    if isinstance(value, re.Pattern | _LATER):
        return _NEVER if put is None else re.compile(str(put))
    if isinstance(value, property):
        return property(lambda _: put)
    if isinstance(value, FunctionType) or hasattr(value, "cache_clear"):
        return lambda *_, **__: put
    if put is None:
        raise LookupError(f"{handler} is no table, pattern or function, so its row has to say what to put there")
    return put


@contextmanager
def _replaced(owner: object, name: str, value: object) -> Iterator[None]:
    """Set an attribute, and every name of other modules that stands for the same object."""
    old = vars(owner)[name]
    places = [(owner, name)]
    if not isinstance(old, str | int) and isinstance(owner, type(sys)):
        places += [
            (module, other)
            for module in list(sys.modules.values())
            if getattr(module, "__name__", "").startswith("snapline.") and module is not owner
            for other, found in vars(module).items()
            if found is old
        ]
    try:
        for place, other in places:
            setattr(place, other, value)
        yield
    finally:
        for place, other in places:
            setattr(place, other, old)


def _forget() -> None:
    """Empty the caches of all modules that read specs."""
    for module in list(sys.modules.values()):
        if getattr(module, "__name__", "").startswith("snapline."):
            for value in list(vars(module).values()):
                clear = getattr(value, "cache_clear", None)
                if clear is not None and getattr(value, "__module__", "").startswith("snapline.spec"):
                    clear()
