"""The demo's own files: the package, its specs, and the scripts that its agents play."""

from __future__ import annotations

import json
import os
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from importlib.resources import files
from typing import Any

from snapline.app.scratch.playing import asked_to_break, filled

BREAK = "SNAPLINE_DEMO_BREAK"
"""The variable that makes the demo fail on purpose, to prove that it can."""
_PACKAGE = "snapline.app.demo"
_SETTINGS = "snapline.toml"
_IDLE = [{"steps": [{"say": "Done! All tests pass."}]}]
_RIGHT, _WRONG = "  1500\n  800\n", "  1500\n  801\n"


class Sabotage(StrEnum):
    """What is broken on purpose: agents do nothing, a check cannot pass, or the landing is hindered."""

    AGENT = "agent"
    CHECK = "check"
    LAND = "land"

    @classmethod
    def asked(cls, environment: Mapping[str, str] = os.environ) -> Sabotage | None:
        """What ``SNAPLINE_DEMO_BREAK`` asks for; raises :class:`UsageFault` for a word that it does not know."""
        return asked_to_break(BREAK, cls, environment)


@dataclass(frozen=True)
class Material:
    """Everything that the demo writes down before it begins."""

    sabotage: Sabotage | None = None

    @cached_property
    def _raw(self) -> dict[str, Any]:
        return tomllib.loads((files(_PACKAGE) / "parcel.toml").read_text("utf-8"))

    @property
    def cheats(self) -> dict[str, str]:
        """The cheats by name, each with what it does in words."""
        return {name: one["title"] for name, one in self._raw["cheats"].items()}

    @property
    def package(self) -> dict[str, str]:
        """The files of the package by their paths, without specs and settings."""
        return {path: text.lstrip("\n") for path, text in self._raw["files"].items() if path != _SETTINGS}

    def repository(self, settings: Mapping[str, str]) -> Iterator[tuple[str, str]]:
        """The files of the repository, with ``settings`` filled into ``snapline.toml``, and the specs."""
        yield from self.package.items()
        yield _SETTINGS, filled(self._raw["files"][_SETTINGS], settings).lstrip("\n")
        for name, text in self._raw["specs"].items():
            if name != "cheat":
                broken = name == "parcel" and self.sabotage is Sabotage.CHECK
                yield f"specs/{name}.md", (text.replace(_RIGHT, _WRONG) if broken else text).lstrip("\n")
        for name, title in self.cheats.items():
            text = filled(self._raw["specs"]["cheat"], {"ID": name, "TITLE": title})
            yield f"specs/{name}.md", text.lstrip("\n")

    def scripts(self) -> Iterator[tuple[str, str]]:
        """The script of each agent, as JSON, by the agent's name."""
        for name, one in self._raw["agents"].items():
            plays = _IDLE if self.sabotage is Sabotage.AGENT else one["play"]
            yield name, json.dumps({"play": plays}, indent=1)
        for name, one in self._raw["cheats"].items():
            yield name, json.dumps({"play": one["play"]}, indent=1)
