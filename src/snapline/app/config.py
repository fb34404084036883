"""Reads ``snapline.toml`` strictly: every mistake at once, each with its line, its column and a hint."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal, get_args, get_origin, get_type_hints

import msgspec

from snapline.app.settings import Config, LintTable, Words
from snapline.app.tomlkeys import KeyPath, key_offsets
from snapline.base.errors import UnreadableText, UsageFault
from snapline.base.text import Source
from snapline.base.wire import Wire

FILE = "snapline.toml"


class BadConfig(UsageFault):
    """The configuration has mistakes."""

    code = "bad-config"


@dataclass(frozen=True)
class Misfit:
    """One mistake: the key it is about, what is wrong, and what may be meant."""

    key: KeyPath
    message: str
    hint: str = ""


def read_config(path: Path, shown: str = FILE) -> Config:
    """The configuration in a file; the defaults where there is none. Raises :class:`BadConfig`."""
    return parse_config(path.read_bytes(), shown) if path.is_file() else Config()


def parse_config(raw: bytes, shown: str = FILE) -> Config:
    """The configuration in ``raw``; ``shown`` names it in errors. Raises :class:`BadConfig` with every mistake."""
    try:
        source = Source.from_bytes(shown, raw)
    except UnreadableText as fault:
        raise BadConfig(fault.message, hint="The file is TOML 1.0: https://toml.io") from fault
    try:
        data = tomllib.loads(source.text)
    except tomllib.TOMLDecodeError as error:
        raise BadConfig(f"{shown}: {error}", hint="The file is TOML 1.0: https://toml.io") from error
    misfits = tuple(_table(data, Config, ()))
    if misfits:
        raise BadConfig(_report(source, misfits))
    config = msgspec.convert(data, Config)
    if odd := (*_weak_lanes(config), *_odd_destinations(config), *_odd_rules(config)):
        raise BadConfig(_report(source, odd))
    return config


def _odd_rules(config: Config) -> Iterator[Misfit]:
    """What ``[lint]`` says of rules that are not there, or that stay as they are."""
    if config.lint == LintTable(strict=config.lint.strict):
        return  # what most say, for which nobody should pay the reading of every rule
    from snapline.app.lintkeys import odd_keys  # noqa: PLC0415 - see above

    for odd in odd_keys(config.lint):
        path = ("lint", *odd.key)
        yield Misfit(path, f"{_words(path)}: {odd.message}", odd.hint)


def _weak_lanes(config: Config) -> Iterator[Misfit]:
    """Lanes that do without the isolation that they demand. What ``auto`` chooses is never weaker than T2."""
    for name, lane in config.lanes.items():
        if lane.tier == "T2" and lane.sandbox == "none":
            path = ("lanes", name, "sandbox")
            yield Misfit(path, f'{_words(path)}: "none" is tier T0, but the lane demands T2', "Take one of them out.")


def _odd_destinations(config: Config) -> Iterator[Misfit]:
    """Entries of network lists that name no host."""
    lists: list[tuple[KeyPath, Words]] = [
        (("lanes", name, "network"), lane.network)
        for name, lane in config.lanes.items()
        if not isinstance(lane.network, str)
    ]
    for path, entries in lists:
        if not entries:
            yield Misfit(path, f"{_words(path)}: the list names no host", 'Write "none" if that is meant.')
    lists += [(("agents", name, "endpoints"), agent.endpoints) for name, agent in config.agents.items()]
    if not any(entries for _, entries in lists):
        return  # what most say, for which nobody should pay
    from snapline.sandbox.destinations import BadDestination, parse  # noqa: PLC0415 - see above

    for path, entries in lists:
        for entry in entries:
            try:
                parse(entry)
            except BadDestination as bad:
                yield Misfit(path, f"{_words(path)}: {bad}", "Write `host`, `host:port` or `*.host`.")


def _table(data: Mapping[str, Any], shape: type[Wire], path: KeyPath) -> Iterator[Misfit]:
    """What does not fit in one table, field by field."""
    hints = named_hints(shape)
    for key, value in data.items():
        if key in hints:
            yield from _value(value, hints[key], (*path, key))
        else:
            yield _unknown((*path, key), hints)
    for field in msgspec.structs.fields(shape):
        if field.required and field.encode_name not in data:
            yield Misfit(path, f"`{field.name}` is missing in [{'.'.join(path)}]")


def named_hints(shape: type[Wire]) -> dict[str, Any]:
    """The types of a table's keys, by the names that the file gives them."""
    hints = get_type_hints(shape, include_extras=True)
    return {field.encode_name: hints[field.name] for field in msgspec.structs.fields(shape)}


def _value(data: Any, hint: Any, path: KeyPath) -> Iterator[Misfit]:  # noqa: ANN401 - any TOML value
    kind = _plain(hint)
    inner: Any = get_args(kind)[1] if get_origin(kind) is dict else None
    if _is_table(kind):
        yield from _nested(data, kind, path)
    elif _is_table(inner) and isinstance(data, dict):
        for name, one in data.items():
            yield from _nested(one, inner, (*path, name))
    elif _is_table(inner):
        yield Misfit(path, f"{_words(path)} must be a table of tables: [{'.'.join(path)}.NAME]")
    else:
        try:
            msgspec.convert(data, hint)
        except msgspec.ValidationError as error:
            yield Misfit(path, f"{_words(path)}: {_expected(hint, error)}")


def _nested(data: Any, shape: type[Wire], path: KeyPath) -> Iterator[Misfit]:  # noqa: ANN401 - any TOML value
    if isinstance(data, dict):
        yield from _table(data, shape, path)
    else:
        yield Misfit(path, f"{_words(path)} must be a table: [{'.'.join(path)}]")


def _is_table(kind: Any) -> bool:  # noqa: ANN401 - a type form
    return isinstance(kind, type) and issubclass(kind, Wire)


def _plain(hint: Any) -> Any:  # noqa: ANN401 - a type form
    """The type below ``Annotated`` and an optional table."""
    bare = get_args(hint)[0] if get_origin(hint) is Annotated else hint
    tables = [one for one in get_args(bare) if _is_table(one)]
    return tables[0] if tables and type(None) in get_args(bare) else bare


_KINDS = {
    "array": "a list",
    "str": "a text",
    "object": "a table",
    "bool": "`true` or `false`",
    "int": "a whole number",
    "float": "a number",
}
"""The types that msgspec names, as people call them in TOML."""


def _expected(hint: Any, error: msgspec.ValidationError) -> str:  # noqa: ANN401 - a type form
    for meta in get_args(hint)[1:]:
        if isinstance(meta, msgspec.Meta) and meta.extra and "form" in meta.extra:
            return f"expected {meta.extra['form']}"
    bare = get_args(hint)[0]
    choices = [one for part in (bare, *get_args(bare)) if get_origin(part) is Literal for one in get_args(part)]
    if choices:
        return f"expected {' or '.join(f'`{one}`' for one in choices)}"
    said, _, inside = str(error).replace("Expected", "expected").partition(" - at ")
    told = re.sub(r"`(\w+)`", lambda found: _KINDS.get(found[1], found[0]), said)
    return f"inside it: {told}" if inside else told


def _unknown(path: KeyPath, known: Iterable[str]) -> Misfit:
    near = difflib.get_close_matches(path[-1], list(known), n=1)
    hint = f"Did you mean `{near[0]}`?" if near else f"Known here: {', '.join(known)}."
    return Misfit(path, f"unknown key {_words(path)}", hint)


def _words(path: KeyPath) -> str:
    table = f" in [{'.'.join(path[:-1])}]" if path[:-1] else ""
    return f"`{path[-1]}`{table}"


def _report(source: Source, misfits: Iterable[Misfit]) -> str:
    offsets = key_offsets(source.text)
    lines = []
    for misfit in sorted(misfits, key=lambda one: offsets.get(one.key, 0)):
        place = source.position(offsets.get(misfit.key, 0))
        hint = f" {misfit.hint}" if misfit.hint else ""
        lines.append(f"{source.path}:{place.line}:{place.column}: {misfit.message}.{hint}")
    return "\n".join(lines)
