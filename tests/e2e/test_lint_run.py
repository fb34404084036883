"""``snapline lint --run``: the checks run at HEAD, and those that prove nothing are findings."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from tests.e2e.desk import A1, A3, approved, desk, spec
from tests.e2e.stage import Stage

VACUOUS = "- A2: There is a page for readers: `$ touch ran && test -s README.md`"


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Stage:
    """One repository, in which nothing is approved."""
    return desk(tmp_path_factory.mktemp("lint"))


def test_only_a_run_tells_that_a_check_proves_nothing(shared: Stage) -> None:
    shared.write({"specs/calc.md": spec(f"{A1}\n{VACUOUS}\n{A3}")})
    still = shared.snapline("lint", "calc", "--select", "ACC315")
    assert (still.status, still.document["findings"]) == (0, [])
    ran = shared.snapline("lint", "calc", "--select", "ACC315", "--run")
    (finding,) = ran.document["findings"]
    assert (ran.status, finding["code"], finding["clause"]) == (1, "ACC315", "A2")
    assert finding["message"] == "the check passes before the work: passes now"
    assert "A1 on the base: failed" in ran.stderr
    assert not (shared.root / "ran").exists()


def test_a_check_that_cannot_run_is_said_and_weighs_less_than_an_error(shared: Stage) -> None:
    absent = "- A2: With a tool: `$ no-such-program --all`"
    shared.write({"specs/calc.md": spec(f"{A1}\n{absent}\n{A3}")})
    ran = shared.snapline("lint", "calc", "--select", "ACC315", "--run")
    assert (ran.status, ran.document["findings"]) == (3, [])
    assert "could not run: calc A2: could not run: the program `no-such-program`" in ran.stderr
    shared.write({"specs/calc.md": spec(f"{VACUOUS.replace('A2', 'A1')}\n{absent}")})
    assert shared.snapline("lint", "calc", "--select", "ACC315", "--run").status == 1


def test_a_text_from_stdin_is_run_too(shared: Stage) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "snapline", "lint", "-", "--run", "--select", "ACC315", "--json"],
        cwd=shared.root, env=shared.env(), input=spec(f"{A1}\n{VACUOUS}"), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert [one["clause"] for one in json.loads(done.stdout)["findings"]] == ["A2"]


def test_debt_is_told_with_its_change_since_the_approval(tmp_path: Path) -> None:
    stage = approved(desk(tmp_path))
    before = stage.snapline("lint", "calc").document
    assert (before["summary"]["debt_change"], before["since"][0]["change"]) == (0, 0)
    text = (stage.root / "specs/calc.md").read_text()
    stage.write({"specs/calc.md": text.replace("# Failure plan", "- A9: It is nice to use.\n\n# Failure plan")})
    after = stage.snapline("lint", "calc").document
    change = after["summary"]["debt"] - before["summary"]["debt"]
    assert after["summary"]["debt_change"] == change > 0
    assert after["since"][0]["revision"].startswith("calc@")
    said = stage.say("lint", "calc").out.splitlines()[-1]
    assert said.endswith(f"(+{change} since {after['since'][0]['revision']})")
