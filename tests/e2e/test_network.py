"""A closed network where nothing can close it: refused before anything is spent."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.e2e.desk import desk

CONFIG = '[lanes.default]\nsandbox = "none"\nnetwork = {}\n'


@pytest.mark.parametrize(
    ("network", "constraint", "wanted"),
    [
        ('["api.example.org"]', "", "only api.example.org"),
        pytest.param('"none"', "", "none", marks=pytest.mark.soak),
        pytest.param('"on"', "\n- C2: No network", "none", marks=pytest.mark.soak),
    ],
)
def test_a_network_that_cannot_be_closed_is_refused(tmp_path: Path, network: str, constraint: str, wanted: str) -> None:
    stage = desk(tmp_path)
    spec = next((stage.root / "specs").glob("calc*.md"))
    text = spec.read_text()
    line = next(line for line in text.splitlines() if line.startswith("- C1:"))
    spec.write_text(text.replace(line, line + constraint))
    stage.write({"snapline.toml": CONFIG.format(network)})
    stage.commit("Close it")
    approved = stage.snapline("approve", "calc", "--by", "Ada")
    assert approved.status == 0, approved.stderr
    refused = stage.snapline("run", "calc", "--agent-cmd", f"touch {tmp_path}/ran")
    error = refused.document["error"]
    assert (refused.status, error["code"]) == (3, "no-network-wall")
    assert f"the agent's network is to be {wanted}, but at tier T0" in error["message"]
    assert 'network = "on"' in error["hint"]
    assert stage.snapline("status").document["runs"] == []
    assert not (tmp_path / "ran").exists()
