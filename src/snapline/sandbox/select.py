"""Which sandbox a lane gets: the best that works, none only where a person wrote so."""

from __future__ import annotations

from pathlib import Path

from snapline.base.errors import EnvironmentFault
from snapline.sandbox import bubblewrap
from snapline.sandbox.bare import Bare, NoNetworkWall
from snapline.sandbox.bubblewrap import Bubblewrap
from snapline.sandbox.policy import Reach, Sandbox, Tier
from snapline.sandbox.probes import probe_network

AUTO, NONE = "auto", "none"
KEY = '[lanes.default] sandbox = "none"'
"""What a person writes into snapline.toml to do without."""


class NoSandbox(EnvironmentFault):
    """Nothing on this machine can isolate agents and checks."""

    code = "no-sandbox"


def choose(setting: str, state: tuple[Path, ...] = ()) -> Bubblewrap | Bare:
    """The sandbox for ``setting``, tried out.

    ``none`` gives :class:`Bare`; everything else must be isolated, or raises :class:`NoSandbox` naming what to
    install and the key that does without. ``state`` are our own folders, which no job may see.
    """
    if setting == NONE:
        return Bare()
    probe = bubblewrap.probe()
    if probe.ok:
        return Bubblewrap(state)
    without = f"Or run agents and checks without isolation: write {KEY} into snapline.toml."
    raise NoSandbox(f"cannot isolate agents and checks: {probe.detail}", hint=f"{probe.hint} {without}".strip())


def demand_network(sandbox: Sandbox, wanted: Reach) -> None:
    """Raise :class:`NoNetworkWall` where ``sandbox`` cannot hold a job to ``wanted``; a list is tried out."""
    if wanted.network:
        return
    if sandbox.tier is Tier.T0:
        raise NoNetworkWall(
            f"the agent's network is to be {wanted}, but at tier T0 there is no network namespace to close it by",
            hint='Let the lane be isolated (`sandbox = "auto"`), or write `network = "on"` for it.',
        )
    probe = probe_network() if wanted.allowed else None
    if probe is not None and not probe.ok:
        raise NoNetworkWall(f"the agent's network is to be {wanted}, but {probe.detail}", hint=probe.hint)
