"""Moving what was read to another place of a text: the same values with every span moved by as much."""

from __future__ import annotations

import typing
from collections.abc import Callable, Hashable
from dataclasses import fields, is_dataclass
from functools import cache
from types import UnionType
from typing import Any, Final, TypeVar, Union

from snapline.base.record import Record
from snapline.base.text import Span

Value = TypeVar("Value", bound=Record)

OFFSETS: Final = frozenset({("Clause", "insert_at")})
"""Fields that hold a bare offset."""


def shifted(value: Value, by: int) -> Value:
    """A value of the model with every place in it moved by some code points."""
    moved: Value = _mover(type(value))(value, by) if by else value
    return moved


@cache
def _mover(kind: Hashable) -> Callable[[Any, int], Any]:
    """How a value of a class is moved; made from the types of its fields, once."""
    if kind is Span:
        return lambda value, by: Span(value.start + by, value.end + by)
    if not isinstance(kind, type) or not _holds_places(kind):
        return lambda value, _by: value
    hints = typing.get_type_hints(kind)
    steps = tuple((name, _step(kind, name, hints[name])) for name in _fields(kind))

    def move(value: Any, by: int) -> Any:  # noqa: ANN401 - any value of the model
        found = []
        for name, step in steps:
            field = getattr(value, name)
            found.append(step(field, by) if step is not None and field else field)
        return kind(*found)

    return move


def _fields(kind: type) -> tuple[str, ...]:
    """The fields of a record or a dataclass, in the order in which it takes them; none of anything else."""
    if issubclass(kind, Record):
        return kind.__struct_fields__
    return tuple(field.name for field in fields(kind)) if is_dataclass(kind) else ()


def _step(kind: type, name: str, hint: object) -> Callable[[Any, int], Any] | None:
    """How a field is moved; None for one that holds no places."""
    if (kind.__name__, name) in OFFSETS:
        return lambda value, by: value + by
    if not _mentions_places(hint):
        return None
    if typing.get_origin(hint) is tuple:
        return lambda value, by: tuple([_mover(_kind(one))(one, by) for one in value])
    return lambda value, by: _mover(_kind(value))(value, by)


def _kind(value: object) -> Any:  # noqa: ANN401 - a class, which mypy does not take for hashable
    return type(value)


@cache
def _holds_places(kind: Hashable) -> bool:
    """Whether a value of a class has a place in the text, somewhere inside."""
    if kind is Span:
        return True
    if not isinstance(kind, type) or not _fields(kind):
        return False
    return any(_mentions_places(hint) for hint in typing.get_type_hints(kind).values())


def _mentions_places(hint: object) -> bool:
    if isinstance(hint, type) and typing.get_origin(hint) is None:
        kind: Hashable = hint
        return _holds_places(kind)
    if typing.get_origin(hint) in (tuple, Union, UnionType):
        return any(_mentions_places(one) for one in typing.get_args(hint))
    return False
