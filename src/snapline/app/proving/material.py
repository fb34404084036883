"""The attacks: what their agents play, and the specs that they are given."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from importlib.resources import files
from typing import Any

from snapline.app.demo.material import Material
from snapline.app.scratch.playing import filled

BREAK = "SNAPLINE_PROVE_BREAK"
"""The variable that takes a defence away on purpose, to prove that the proof notices."""
_WALL = "5m"


class Breach(StrEnum):
    """What is taken away on purpose: the isolation, or the comparison outside of the code under test."""

    WALLS = "walls"
    CHECKS = "checks"


@dataclass(frozen=True)
class Arsenal:
    """Every attack, by its name."""

    breach: Breach | None = None

    @cached_property
    def _raw(self) -> dict[str, Any]:
        return tomllib.loads((files(__package__) / "attacks.toml").read_text("utf-8"))

    @cached_property
    def _demo(self) -> Material:
        return Material()

    @cached_property
    def titles(self) -> dict[str, str]:
        """What each attack does, in words."""
        own = {name: str(one["title"]) for name, one in self._raw["attacks"].items()}
        return own | self._demo.cheats

    def scripts(self, names: tuple[str, ...]) -> Iterator[tuple[str, str]]:
        """The script of each attack, as JSON."""
        borrowed = dict(self._demo.scripts())
        own = self._raw["attacks"]
        for name in names:
            yield name, json.dumps({"play": [{"steps": own[name]["steps"]}]}) if name in own else borrowed[name]

    def repository(self, names: tuple[str, ...], values: Mapping[str, str]) -> Iterator[tuple[str, str]]:
        """The files of the repository: the package, the settings, and the spec of each attack."""
        yield from self._demo.package.items()
        yield "snapline.toml", filled(self._raw["settings"], values).lstrip("\n")
        for name in names:
            yield f"specs/{name}.md", self._spec(name, values)

    def _spec(self, name: str, values: Mapping[str, str]) -> str:
        own = self._raw["attacks"].get(name, {})
        kind = own.get("acceptance", "test")
        if kind == "outside" and self.breach is Breach.CHECKS:
            kind = "test"
        mine = {
            "ID": name,
            "AGENT": name,
            "TITLE": self.titles[name],
            "WALL": own.get("wall", _WALL),
            "PROVES": "A1, A2" if kind == "outside" else "A1",
            "ACCEPTANCE": self._raw["acceptance"][kind].strip(),
        }
        return filled(self._raw["spec"], {**mine, **values}).lstrip("\n")
