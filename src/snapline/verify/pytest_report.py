"""Runs inside the check: reports pytest's results test by test, on a file outside the tree.

This file is copied next to the report and run by the *environment's* interpreter, so it uses the standard library and
pytest only and stays readable for Python 3.8. It has two entrances:

- ``python -s pytest_report.py CONTROL`` runs the named tests. Nothing of the tree is on the path when pytest and the
  environment's plugins are imported, so a ``pytest.py``, a ``sitecustomize.py`` or plugin metadata in the tree finds
  no one to load it. The control file is removed before the tree's code runs; its nonce is in every line we write.
- as a plugin (``PYTEST_PLUGINS``) of a pytest that a command of the spec started.
"""

from __future__ import annotations

import json
import os
import sys
import uuid
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pytest

NO_RUNNER = 127
_NO_AUTOLOAD = "PYTEST_DISABLE_PLUGIN_AUTOLOAD"
FOLDER_VARIABLE = "SNAPLINE_REPORT_FOLDER"


class Reporter:
    """Writes one JSON line per event."""

    def __init__(self, stream: IO[str], nonce: str, root: str) -> None:
        self._stream = stream
        self._nonce = nonce
        self._root = root
        self._rootdir = root

    def write(self, event: str, **fields: object) -> None:
        """Write one event at once, so that an early exit loses nothing that was already seen."""
        self._stream.write(json.dumps({"nonce": self._nonce, "event": event, **fields}) + "\n")
        self._stream.flush()

    def test_id(self, nodeid: str) -> str:
        """A node id with its path counted from the tree's root, wherever pytest's own root is."""
        path, _, name = nodeid.partition("::")
        inside = os.path.relpath(os.path.realpath(f"{self._rootdir}/{path}"), self._root)
        return f"{inside}::{name}" if name else inside

    def pytest_configure(self, config: pytest.Config) -> None:
        """Learn pytest's own root."""
        self._rootdir = str(config.rootpath)

    def pytest_itemcollected(self, item: pytest.Item) -> None:
        """Report that a test exists, before anyone deselects it."""
        self.write("collected", id=self.test_id(item.nodeid))

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Report a file that could not be collected, or was skipped as a whole."""
        if not report.passed:
            self.write("broken", id=self.test_id(report.nodeid), outcome=report.outcome, message=_why(report))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Report one phase of one test."""
        expected_failure = hasattr(report, "wasxfail") and report.outcome == "skipped"
        message = "expected to fail (xfail)" if expected_failure else _why(report)
        self.write("result", id=self.test_id(report.nodeid), when=report.when, outcome=report.outcome, message=message)

    def pytest_sessionfinish(self, exitstatus: int) -> None:
        """Report the end: without this line the report is incomplete."""
        self.write("finished", status=int(exitstatus))


class Selection:
    """Puts the tree on the path only when pytest is loaded, and keeps the wanted tests in the wanted order."""

    def __init__(self, paths: list[str], wanted: list[str], reporter: Reporter, *, backwards: bool) -> None:
        self._paths = paths
        self._wanted = wanted
        self._reporter = reporter
        self._backwards = backwards

    def pytest_load_initial_conftests(self) -> None:
        """Let the tree's own code be imported from now on, by this process and its children."""
        sys.path[:0] = self._paths
        os.environ["PYTHONPATH"] = os.pathsep.join(self._paths)

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Keep what is wanted (everything where nothing is named); the second run of a pass goes backwards."""
        if self._wanted:
            items[:] = [one for one in items if self._is_wanted(self._reporter.test_id(one.nodeid))]
        if self._backwards:
            items.reverse()

    def _is_wanted(self, test_id: str) -> bool:
        return any(test_id == one or test_id.startswith((one + "[", one + "::")) for one in self._wanted)


def _why(report: Any) -> str:  # noqa: ANN401 - pytest's three kinds of report share no typed base
    """The assertion or error in short; the empty string where all is well."""
    if report.passed:
        return ""
    crash = getattr(report.longrepr, "reprcrash", None)
    if crash is not None:
        return str(crash.message)
    if isinstance(report.longrepr, tuple):
        return str(report.longrepr[-1])
    lines = str(report.longrepr or report.outcome).strip().splitlines()
    errors = [line[1:].strip() for line in lines if line.startswith("E ")]
    return errors[-1] if errors else lines[-1]


def pytest_configure(config: pytest.Config) -> None:
    """Entrance as a plugin: the outermost pytest of a command reports, its workers and inner runs do not."""
    folder = os.environ.pop(FOLDER_VARIABLE, None)
    os.environ.pop("PYTEST_PLUGINS", None)
    if folder is None or hasattr(config, "workerinput"):
        return
    report = Path(folder, f"{uuid.uuid4().hex}.jsonl")
    stream = report.open("w", encoding="utf-8")
    reporter = Reporter(stream, os.environ.get("SNAPLINE_NONCE", ""), os.path.realpath(Path(folder, "..", "root")))
    reporter.pytest_configure(config)
    config.pluginmanager.register(reporter, "snapline-reporter")


def main(control_path: str) -> int:
    """Run the tests that the control file names; returns pytest's exit status, or 127 without a pytest."""
    control_file = Path(control_path)
    control = json.loads(control_file.read_text(encoding="utf-8"))
    control_file.unlink()
    root = Path(control["root"]).resolve()
    with Path(control["report"]).open("w", encoding="utf-8") as stream:
        reporter = Reporter(stream, control["nonce"], str(root))
        try:
            import pytest  # noqa: PLC0415 - whether it is there is the question
        except ImportError as error:
            reporter.write("no-runner", message=str(error))
            return NO_RUNNER
        there = [str(root / path) for path in control["files"] if (root / path).exists()]
        if not there:
            reporter.write("finished", status=int(pytest.ExitCode.NO_TESTS_COLLECTED))
            return int(pytest.ExitCode.NO_TESTS_COLLECTED)
        paths = [str(root / path) for path in control["paths"]]
        selection = Selection(paths, control["wanted"], reporter, backwards=control["backwards"])
        return int(pytest.main([*_arguments(), *there], plugins=[reporter, selection]))


def _arguments() -> list[str]:
    """Arguments that undo what would hide results, and load the environment's plugins by name.

    Autoloading is off: it would look again when the tree is on the path. Where the project's environment has turned it
    off itself, no plugin is loaded but those that its own configuration names.
    """
    found = set() if os.environ.get(_NO_AUTOLOAD) else set(_environment_plugins())
    os.environ[_NO_AUTOLOAD] = "1"
    arguments = [part for name in sorted(found) for part in ("-p", name)]
    arguments += ["--maxfail=0", "-k", "", "-m", "", "--tb=short"]
    if "xdist" in found:
        arguments += ["-n", "0"]
    if "pytest_cov" in found:
        arguments += ["--no-cov"]
    return arguments


def _environment_plugins() -> Iterable[str]:
    from importlib.metadata import distributions  # noqa: PLC0415 - only here

    return (
        entry.name
        for distribution in distributions()
        for entry in distribution.entry_points
        if entry.group == "pytest11"
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
