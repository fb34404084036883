"""The part that runs in the check's own process, run as it is there: by a Python of its own, without a sandbox."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from snapline.verify import pytest_report, reports
from snapline.verify.tests import TestOutcome, TestReport

RUNNER = Path(pytest_report.__file__)
TESTS = """import sys

import pytest

print("order", __name__)


class TestThings:
    def test_good(self):
        pass

    def test_bad(self):
        assert 1 == 2


@pytest.mark.parametrize("case", ["a", "b c"])
def test_cases(case):
    assert case == "a"


@pytest.mark.skip(reason="not now")
def test_skipped():
    pass


@pytest.mark.xfail
def test_expected():
    assert False


@pytest.fixture
def broken():
    raise RuntimeError("no set-up")


def test_set_up(broken):
    pass
"""


def run(folder: Path, files: Mapping[str, str], wanted: list[str], *, backwards: bool = False) -> TestReport:
    """Run the tests of ``test_x.py`` as a check of test nodes does."""
    tree, control = folder / "tree", folder / "control.json"
    for path, text in files.items():
        (tree / path).parent.mkdir(parents=True, exist_ok=True)
        (tree / path).write_text(text, encoding="utf-8")
    selection = {
        "root": str(tree),
        "report": str(folder / "report.jsonl"),
        "nonce": "n",
        "files": ["test_x.py"],
        "wanted": wanted,
        "paths": ["src", "."],
        "backwards": backwards,
    }
    control.write_text(json.dumps(selection), encoding="utf-8")
    ours = ("COVERAGE_", "COV_CORE_", "PYTEST_XDIST_")  # what the pytest around us says to its own processes
    env = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    env["PYTHONDONTWRITEBYTECODE"] = "1"
    done = subprocess.run(
        [sys.executable, "-s", str(RUNNER), str(control)], cwd=tree, env=env, capture_output=True, check=False
    )
    assert not control.exists(), "nobody finds the nonce afterwards"
    report = reports.read_lines((folder / "report.jsonl").read_bytes(), "n")
    assert report.finished in (done.returncode, None)
    return report


def test_every_test_is_reported_with_its_end(tmp_path: Path) -> None:
    report = run(tmp_path, {"test_x.py": TESTS}, [])
    assert {one.id.removeprefix("test_x.py::"): (one.outcome.value, one.message) for one in report.results} == {
        "TestThings::test_good": ("passed", ""),
        "TestThings::test_bad": ("failed", "assert 1 == 2"),
        "test_cases[a]": ("passed", ""),
        "test_cases[b c]": ("failed", "AssertionError: assert 'b c' == 'a'\n  \n  - a\n  + b c"),
        "test_skipped": ("skipped", "Skipped: not now"),
        "test_expected": ("skipped", "expected to fail (xfail)"),
        "test_set_up": ("error", "RuntimeError: no set-up"),
    }
    assert len(report.collected) == 7
    assert report.finished == 1


def test_what_is_wanted_runs_and_the_rest_is_known(tmp_path: Path) -> None:
    report = run(tmp_path, {"test_x.py": TESTS}, ["test_x.py::test_cases", "test_x.py::TestThings"], backwards=True)
    assert [one.id for one in report.results] == [
        "test_x.py::test_cases[b c]",
        "test_x.py::test_cases[a]",
        "test_x.py::TestThings::test_bad",
        "test_x.py::TestThings::test_good",
    ]
    assert len(report.collected) == 7


def test_a_file_that_cannot_be_collected_says_why(tmp_path: Path) -> None:
    report = run(tmp_path, {"test_x.py": "import not_there\n"}, [])
    assert report.broken == (("test_x.py", "ModuleNotFoundError: No module named 'not_there'"),)
    skipped = "import pytest\npytest.skip('not here', allow_module_level=True)\n"
    assert run(tmp_path, {"test_x.py": skipped}, []).broken == (("test_x.py", "Skipped: not here"),)


def test_no_file_is_no_test(tmp_path: Path) -> None:
    report = run(tmp_path, {"README": ""}, [])
    assert (report.collected, report.finished) == ((), 5)


def test_what_would_hide_results_is_undone(tmp_path: Path) -> None:
    ini = "[pytest]\naddopts = -x -k nothing -m nothing -p no:cacheprovider\n"
    report = run(tmp_path, {"test_x.py": TESTS, "pytest.ini": ini}, [])
    assert len(report.results) == 7


def test_the_tree_is_on_the_path_only_when_the_runner_is_loaded(tmp_path: Path) -> None:
    files = {
        "test_x.py": "import calc\nimport helper\n\n\ndef test_it():\n    assert calc.x == helper.x == 1\n",
        "src/calc.py": "x = 1\n",
        "helper.py": "x = 1\n",
        "pytest.py": "raise SystemExit(0)\n",
        "_pytest/__init__.py": "raise SystemExit(0)\n",
        "sitecustomize.py": "import os\nos._exit(0)\n",
        "evil.egg-info/PKG-INFO": "Metadata-Version: 2.1\nName: evil\nVersion: 1\n",
        "evil.egg-info/entry_points.txt": "[pytest11]\nevil = evil\n",
        "evil.py": "raise SystemExit(0)\n",
    }
    report = run(tmp_path, files, [])
    assert [one.outcome for one in report.results] == [TestOutcome.PASSED]
    assert report.finished == 0


@pytest.mark.parametrize(
    "inner", ["", "import subprocess, sys\nsubprocess.run([sys.executable, '-m', 'pytest', '-q'])\n"]
)
def test_a_pytest_of_a_command_reports_itself_and_not_its_inner_runs(tmp_path: Path, inner: str) -> None:
    tree, control = tmp_path / "tree", tmp_path / "control"
    (control / "reports").mkdir(parents=True)
    (control / "root").symlink_to(tree)
    (tree / "inner").mkdir(parents=True)
    (tree / "inner" / "test_inner.py").write_text("def test_inner():\n    assert False\n")
    (tree / "test_x.py").write_text(
        f"import os\n\n\ndef test_it():\n    os.chdir('inner')\n    {inner!r} and exec({inner!r})\n"
    )
    env = {
        **os.environ,
        "PYTHONPATH": str(RUNNER.parent),
        "PYTEST_PLUGINS": "pytest_report",
        pytest_report.FOLDER_VARIABLE: str(control / "reports"),
        "SNAPLINE_NONCE": "n",
    }
    argv = [sys.executable, "-m", "pytest", "-q", "test_x.py"]
    assert subprocess.run(argv, cwd=tree, env=env, capture_output=True, check=False).returncode == 0
    (written,) = (control / "reports").iterdir()
    report = reports.read_lines(written.read_bytes(), "n")
    assert [(one.id, one.outcome.value) for one in report.results] == [("test_x.py::test_it", "passed")]
    assert report.finished == 0


NEEDS_PLUGINS = """import pytest

@pytest.mark.asyncio
async def test_waits():
    pass

def test_in_one_process(request):
    assert not hasattr(request.config, "workerinput")
"""


@pytest.mark.parametrize(("declared", "waits"), [(False, TestOutcome.PASSED), (True, TestOutcome.FAILED)])
def test_the_plugins_of_the_environment_serve_unless_it_declares_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, declared: bool, waits: TestOutcome
) -> None:
    if not declared:
        monkeypatch.delenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD")
    options = "" if declared else "-n 2"
    ini = f"[pytest]\naddopts = {options}\n"
    wanted = ["test_x.py::test_waits", "test_x.py::test_in_one_process"]
    report = run(tmp_path, {"test_x.py": NEEDS_PLUGINS, "pytest.ini": ini}, wanted)
    assert [one.outcome for one in report.results] == [waits, TestOutcome.PASSED]
