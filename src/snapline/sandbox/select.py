"""Which sandbox a lane gets: the best that works, none only where a person wrote so."""

from __future__ import annotations

from pathlib import Path

from snapline.base.errors import EnvironmentFault
from snapline.sandbox import bubblewrap
from snapline.sandbox.bare import Bare
from snapline.sandbox.bubblewrap import Bubblewrap

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
