"""Start-up stays cheap: the version and the help load click and nothing else that is not ours."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

LOADED = """
import json, sys
from importlib.metadata import packages_distributions
before = set(sys.modules)
sys.argv = ["snapline", *{arguments!r}]
from snapline.cli.main import main
try:
    main()
except SystemExit:
    pass
new = {{name.partition(".")[0] for name in set(sys.modules) - before}} - set(sys.stdlib_module_names)
print(json.dumps(sorted(new & set(packages_distributions()))), file=sys.__stderr__)
print(json.dumps(sorted(set(sys.modules) - before)), file=sys.__stderr__)
"""


def loaded(*arguments: str) -> tuple[set[str], set[str]]:
    """The installed packages, and all modules, that a command line loads."""
    done = subprocess.run(
        [sys.executable, "-c", LOADED.format(arguments=arguments)], capture_output=True, text=True, check=True, env={}
    )
    packages, modules = done.stderr.splitlines()
    return set(json.loads(packages)), set(json.loads(modules))


@pytest.mark.parametrize("arguments", [["--version"], ["--help"], []])
def test_start_up_loads_click_and_nothing_heavy(arguments: list[str]) -> None:
    packages, modules = loaded(*arguments)
    assert packages - {"snapline"} == {"click"}
    assert not {"asyncio", "sqlite3", "subprocess", "logging", "importlib.metadata"} & modules


def test_importing_the_package_has_no_side_effect() -> None:
    script = "import sys; before = set(sys.modules); import snapline; print(sorted(set(sys.modules) - before))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, env={})
    assert (done.stdout, done.stderr) == ("['snapline']\n", "")
