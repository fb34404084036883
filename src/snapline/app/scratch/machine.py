"""What this machine allows: how jobs are isolated, and where their Python with pytest comes from."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from snapline.base.errors import EnvironmentFault
from snapline.sandbox import bubblewrap
from snapline.sandbox.policy import Probe, Tier

_ALWAYS_SEEN = Path("/usr")


class NoPytest(EnvironmentFault):
    """The checks of the demo and of `prove` are tests, and no pytest can be had."""

    code = "no-pytest"
    hint = "Install it beside Snapline: pip install 'snapline[demo]'"


@dataclass(frozen=True)
class Machine:
    """``sandbox`` is bubblewrap as it was probed; ``has_pytest`` tells whether this interpreter can run the tests."""

    sandbox: Probe
    has_pytest: bool

    @classmethod
    def look(cls) -> Machine:
        """Probe this machine; raises :class:`NoPytest`."""
        has_pytest = _has_pytest()
        if not has_pytest and not (find_spec("ensurepip") and find_spec("venv")):
            raise NoPytest("this Python has neither pytest nor what makes a virtual environment")
        return cls(bubblewrap.probe(), has_pytest)

    @property
    def tier(self) -> Tier:
        """T2, or T0 where bubblewrap does not work."""
        return Tier.T2 if self.sandbox.ok else Tier.T0

    def environment(self) -> str:
        """The lines of ``[env]``: this interpreter, or a virtual environment that set-up makes with it."""
        roots = sorted({str(root) for root in (Path(sys.prefix), Path(sys.base_prefix)) if root != _ALWAYS_SEEN})
        lines = [f"toolchains = {json.dumps(roots)}"]
        if self.has_pytest:
            lines.append(f"path = {json.dumps([f'{sys.prefix}/bin'])}")
            lines.append('variables = { PYTEST_DISABLE_PLUGIN_AUTOLOAD = "1" }')  # whatever else is installed there
        else:
            make = (f"'{sys.executable}' -m venv .venv", ".venv/bin/python -m pip install --quiet pytest")
            lines += [f"setup = {json.dumps(make)}", 'outputs = [".venv"]', 'path = [".venv/bin"]']
        return "\n".join(lines)


def _has_pytest() -> bool:
    """Whether the checks' Python, this one without the person's own site folder, would find pytest."""
    found = find_spec("pytest")
    roots = (Path(sys.prefix), Path(sys.base_prefix))
    here = found is not None and any(Path(found.origin or "").is_relative_to(root) for root in roots)
    return here and any(Path(sys.prefix, "bin", name).exists() for name in ("python", "python3"))
