"""The ground of a proof: a scratch repository with the lane's settings, and a made-up person whose things are bait."""

from __future__ import annotations

import json
import os
import secrets
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import msgspec

from snapline.app.proving.listening import Listener
from snapline.app.proving.material import Arsenal, Breach
from snapline.app.proving.sighting import new_mark
from snapline.app.scratch.place import Scratch, write
from snapline.app.scratch.playing import agent_tables
from snapline.app.settings import LaneTable
from snapline.sandbox.policy import Tier
from snapline.sandbox.view import person_home

SLOTS = 4
LOGIN = "login"
"""The bait in login folders."""
_BAIT = {
    "state-home": "state/private.pem",
    "ssh-key": "person/.ssh/id_ed25519",
    "cloud": "person/.aws/credentials",
    "git": "person/.git-credentials",
}
_ENVIRONMENT = "environment"
BAIT_VARIABLE = "BAIT_API_KEY"
"""A variable of the made-up person's environment."""


@dataclass(frozen=True)
class Ground(Scratch):
    """One proof's folder: which lane it is about, what attacks it, and who listens."""

    lane: str
    table: LaneTable
    tier: Tier
    arsenal: Arsenal
    attacks: tuple[str, ...]
    listener: Listener

    @property
    def person(self) -> Path:
        """The home of the made-up person."""
        return self.folder / "person"

    @property
    def socket(self) -> Path:
        """Where the made-up person's SSH agent listens."""
        return self.listener.place

    @cached_property
    def secrets(self) -> dict[str, str]:
        """The bait by name: words that are nowhere else."""
        return {name: f"{name}-{secrets.token_hex(8)}" for name in (*_BAIT, _ENVIRONMENT, LOGIN)}

    @cached_property
    def marks(self) -> dict[str, str]:
        """What the processes of an attack are known by, by its name."""
        return {name: new_mark() for name in ("daemon", "hang")}

    @cached_property
    def logins(self) -> tuple[str, ...]:
        """The lane's login folders; the made-up person has them as well."""
        return logins_in_home(self.table)

    @cached_property
    def environment(self) -> dict[str, str]:
        """What the made-up person's commands see: nothing of the real person's home, and bait."""
        kept = {name: value for name, value in super().environment.items() if not name.startswith("XDG_")}
        bait = {BAIT_VARIABLE: self.secrets[_ENVIRONMENT], "SSH_AUTH_SOCK": str(self.socket)}
        return kept | {"HOME": str(self.person)} | bait

    @property
    def variables(self) -> dict[str, str]:
        """What every agent finds: where the bait lies, as if it had found out by itself."""
        logins = [str(self.person / one.removeprefix("~/") / "token") for one in self.logins]
        return super().variables | {
            "DAEMON": self.marks["daemon"],
            "HANG": self.marks["hang"],
            "STATE": str(self.home),
            "PERSON": str(self.person),
            "LOGINS": " ".join(logins),
            "REPOSITORY": str(self.repository),
            "SOCKET": str(self.socket),
            "PYTHON": sys.executable,
            "PORT": str(self.listener.port),
            "NAME": self.listener.name,
        }

    def lay_out(self) -> None:
        """Write the bait, the agents' scripts and the repository, and commit it."""
        for name, path in _BAIT.items():
            write(self.folder / path, f"{self.secrets[name]}\n")
        for one in self.logins:
            write(self.person / one.removeprefix("~/") / "token", f"{self.secrets[LOGIN]}\n")
        self.write_scripts(self.arsenal.scripts(self.attacks))
        values = {
            "ENV": self.machine.environment(),
            "LANE": self.lane,
            "SETTINGS": "\n".join(f"{name} = {_toml(value)}" for name, value in self._settings().items()),
            "AGENTS": agent_tables(self.agents, self.attacks, self.variables),
            "PORT": str(self.listener.port),
            "NAME": self.listener.name,
        }
        self.commit(self.arsenal.repository(self.attacks, values))

    def _settings(self) -> dict[str, Any]:
        """The lane as it is written, with what is the person's own replaced: logins by the bait, toolchains in full."""
        table = msgspec.to_builtins(self.table)
        toolchains = [str(Path(one).expanduser()) for one in self.table.toolchains]
        table |= {"slots": SLOTS, "login": self.logins, "toolchains": toolchains}
        if self.arsenal.breach is Breach.WALLS:
            table |= {"sandbox": "none", "tier": None}
        return {name: value for name, value in table.items() if value}


def logins_in_home(table: LaneTable) -> tuple[str, ...]:
    """The login folders of a lane that lie in the person's home, as ``~/...``; no others are tried."""
    homes = (Path(os.environ.get("HOME", person_home())), person_home())
    places = [Path(one).expanduser() for one in table.login]
    found = ((place, home) for place in places for home in homes if home in place.parents)
    return tuple(dict.fromkeys(f"~/{place.relative_to(home)}" for place, home in found))


def _toml(value: Any) -> str:  # noqa: ANN401 - any value of a settings table
    """A value as TOML writes it; lists, texts, numbers and truths it writes as JSON does."""
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{json.dumps(name)} = {_toml(one)}" for name, one in value.items()) + " }"
    return json.dumps(value, ensure_ascii=False)
