"""The profiles that ship, and reading others: one TOML file each."""

from __future__ import annotations

import tomllib
from difflib import get_close_matches
from importlib import resources

import msgspec

from snapline.agents.base import AgentProfile, NoSuchAgent
from snapline.base.errors import UsageFault


class BadProfile(UsageFault):
    """A profile of an agent cannot be read."""

    code = "bad-profile"
    hint = "docs/reference/agents.md lists the keys of a profile."


def names() -> tuple[str, ...]:
    """The names of the profiles that ship, sorted."""
    folder = resources.files("snapline.agents") / "profiles"
    return tuple(sorted(one.name.removesuffix(".toml") for one in folder.iterdir() if one.name.endswith(".toml")))


def profile(name: str) -> AgentProfile:
    """The profile that ships under ``name``; raises :class:`NoSuchAgent` with the nearest names."""
    if name not in names():
        near = get_close_matches(name, names(), n=1)
        meant = f"Did you mean `{near[0]}`? " if near else ""
        raise NoSuchAgent(
            f"no agent is called `{name}`",
            hint=f"{meant}There are {', '.join(names())}; `--agent-cmd` runs any command.",
        )
    text = (resources.files("snapline.agents") / "profiles" / f"{name}.toml").read_text("utf-8")
    return read_profile(name, text)


def read_profile(name: str, text: str) -> AgentProfile:
    """A profile from the text of its file; raises :class:`BadProfile` at the first misfit."""
    try:
        return msgspec.convert({"name": name, **tomllib.loads(text)}, AgentProfile)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise BadProfile(f"the profile of `{name}` cannot be read: {error}") from error
