"""The configuration reference, from the tables of :mod:`snapline.app.settings`."""

from __future__ import annotations

import inspect
import json
from collections.abc import Iterator
from typing import Annotated, Any, Literal, get_args, get_origin

import msgspec

from snapline.app.config import named_hints
from snapline.app.settings import Config
from snapline.base.wire import Wire


def page() -> str:
    """The whole page."""
    intro = (
        "`snapline.toml` stands at the root of a repository; every key is optional. Unknown keys are errors. "
        "What a run uses is the file as it stands at the base commit that the approval names: what an agent or an "
        "uncommitted edit makes of it has no effect."
    )
    return "\n\n".join(("# Configuration: `snapline.toml`", intro, *_tables(Config, ""))) + "\n"


def _tables(shape: type[Wire], heading: str) -> Iterator[str]:
    rows = []
    nested: list[tuple[type[Wire], str]] = []
    for name, hint in named_hints(shape).items():
        inner = _wire(hint)
        if inner:
            repeated = get_origin(get_args(hint)[0]) is dict
            nested.append((inner, f"{heading}.{name}".lstrip(".") + (".NAME" if repeated else "")))
        else:
            rows.append(f"| `{name}` | {_kind(hint)} | {_default(shape, name)} | {_meaning(hint)} |")
    if rows:
        yield f"## `[{heading}]`\n\n{inspect.getdoc(shape)}"
        yield "| key | type | default | meaning |\n| --- | --- | --- | --- |\n" + "\n".join(rows)
    for inner, name in nested:
        yield from _tables(inner, name)


def _wire(hint: Any) -> type[Wire] | None:  # noqa: ANN401 - a type form
    parts = [get_args(hint)[0], *get_args(get_args(hint)[0])]
    return next((one for one in parts if isinstance(one, type) and issubclass(one, Wire)), None)


def _kind(hint: Any) -> str:  # noqa: ANN401 - a type form
    for meta in get_args(hint)[1:]:
        if meta.extra:
            return str(meta.extra["form"]).split(" such as ")[0]
    return _type(get_args(hint)[0])


def _type(bare: Any) -> str:  # noqa: ANN401 - a type form
    if get_origin(bare) is Annotated:
        return _type(get_args(bare)[0])
    if get_origin(bare) is Literal:
        return " or ".join(f"`{one}`" for one in get_args(bare))
    if get_origin(bare) is tuple:
        return "list of texts"
    if get_origin(bare) is dict:
        return {tuple: "table of lists of texts", Literal: f"table of {_type(get_args(bare)[1])}"}.get(
            get_origin(get_args(bare)[1]), "table of texts"
        )
    if get_args(bare):
        return " or ".join(_type(one) for one in get_args(bare) if one is not type(None))
    return {str: "text", bool: "`true` or `false`", int: "whole number"}[bare]


def _default(shape: type[Wire], name: str) -> str:
    field = next(one for one in msgspec.structs.fields(shape) if one.encode_name == name)
    if field.required:
        return "required"
    value = field.default_factory() if field.default is msgspec.NODEFAULT else field.default
    return "none" if value in (None, "", (), {}) else f"`{json.dumps(value)}`"


def _meaning(hint: Any) -> str:  # noqa: ANN401 - a type form
    return next(str(meta.description) for meta in get_args(hint)[1:] if meta.description)
