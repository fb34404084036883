"""What scripted agents play: their tables in ``snapline.toml``, texts with values filled in, and faults on purpose."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from snapline.agents import scripted
from snapline.base.errors import UsageFault

Way = TypeVar("Way", bound=StrEnum)


def agent_tables(folder: Path, names: Iterable[str], variables: Mapping[str, str]) -> str:
    """The ``[agents.NAME]`` tables for the scripts in ``folder``; every agent sees ``variables``."""
    env = ", ".join(f"{name} = {json.dumps(value)}" for name, value in variables.items())
    tables = []
    for name in names:
        script = folder / f"{name}.json"
        command = json.dumps(scripted.command(script))
        tables.append(f"[agents.{name}]\ncommand = {command}\nreads = [{json.dumps(str(script))}]\nenv = {{ {env} }}\n")
    return "\n".join(tables)


def filled(text: str, values: Mapping[str, str]) -> str:
    """``text`` with each ``{NAME}`` replaced by its value."""
    for name, value in values.items():
        text = text.replace(f"{{{name}}}", value)
    return text


def asked_to_break(variable: str, ways: type[Way], environment: Mapping[str, str] = os.environ) -> Way | None:
    """What ``variable`` asks to have broken on purpose; raises :class:`UsageFault` for a word that is none of them."""
    word = environment.get(variable)
    if word and word not in set(ways):
        raise UsageFault(f"{variable} cannot be `{word}`", hint=f"It is one of {', '.join(ways)}.")
    return ways(word) if word else None
