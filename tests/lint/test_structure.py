"""Near misses of the rules about what a spec has: at least ten for each, whole sections of the sample replaced."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from tests.lint.sample import findings, spec

STRUCTURE: Mapping[str, tuple[Mapping[str, str], ...]] = {
    "SEC005": (
        {"Task": "Commuters lose finished uploads whenever trains enter tunnels."},
        {"Task": "The `UploadClient` restarts long nightly videos at byte zero after each `ConnectionError`."},
        {"Task": "Uploads fail.\n\n```text\nTraceback: ConnectionError in client.py line 12, in send\n```"},
        {"Task": "> Customers write: my video upload restarted from zero again, twice today."},
        {"Task": "- Uploads restart at zero.\n- People on trains pay for their traffic twice."},
        {"Task": "<!-- short -->\nOwners cannot see which customers still use expired vouchers."},
        {"Task": "Users of Safari can't log in since version 2.3 shipped on Monday evening."},
        {"Task": ""},
        {"Task": "Die Datei geht verloren, sobald der Zug in einen langen Tunnel einfährt und das Netz fehlt."},
        {"Task": "Resume uploads: interrupted uploads restart, so commuters waste money on traffic."},
    ),
    "SEC006": tuple(
        {"Constraints": f"- C1: Budget: 3 attempts\n- C2: {one}"}
        for one in (
            "Change only: `src/**`",
            "Do not change: `src/a.py`",
            "Ask first: `src/**`",
            "No new dependencies",
            "No network",
            "Nobody's password is ever logged, and it never leaves the server.",
            "The API must not change.",
            "It doesn't write to the database.",
            "Public names stay.",
            "The API remains unchanged.",
            "Billing is out of scope.",
            "Nothing that is stored today is changed.",
        )
    ),
    "TRC401": (
        {"Goal": "- G1: a\n- G2: b", "Acceptance": "- A1: x `$ make a`"},
        {"Goal": "- G1: a\n- G2: b", "Acceptance": "- A1: x `$ make a` (G1)\n- A2: y `$ make b`"},
        {"Goal": "- G1: a\n- G2: b", "Acceptance": "- A1: x `$ make a` (G1, G2)"},
        {"Goal": "- G1: a\n- G2: b", "Acceptance": "- A1: x `$ make a` (G1-G2)"},
        {"Goal": "- G1: a\n- G2: b", "Acceptance": "- A1: x `$ make a` (G1)\n- A2: y (G2, manual)"},
        {"Goal": "- G1: a\n- G2: b", "Acceptance": "- A1: proves G1 and G2. `$ make a`"},
        {"Goal": "- G1: a\n- G2: b", "Acceptance": "- A1: x `$ make a` (G1)\n- A2: `$ make b` (G2, regression)"},
        {"Goal": "- G1: a\n- G2: b", "Acceptance": ""},
        {"Goal": "- a\n- b", "Acceptance": "- x `$ make a`"},
        {"Goal": "One paragraph.", "Acceptance": "- A1: x `$ make a` (G1)"},
    ),
    "FPL802": tuple(
        {"Failure plan": one}
        for one in (
            "- F1: Rollback: revert",
            "- F1: Rollback: `$ make down`\n- F2: Verify rollback: `$ make smoke`",
            "- F1: Verify rollback: A1\n- F2: Rollback: `$ make down`, revert",
            "Revert the commit.",
            "- F1: We run `$ make down` by hand.",
            "- F1: Retry: 3",
            "- F1: Roll back when: `$ make smoke` fails within 30m",
            "- F1: Escalate: @alice",
            "- F1: Rollback: revert\n- F2: The command `make down` is run by support.",
            "None.",
        )
    ),
    "FPL803": tuple(
        {"Failure plan": one}
        for one in (
            "- F1: Roll back when: `$ make smoke` fails within 30m",
            "- F1: Roll back when: A1 fails within 2h",
            "- F1: roll back when: A1 fails within 2 hours every 5m",
            "- F1: **Roll back when:** A1 fails within 1d",
            "- F1: Roll back when: A1 fails\n  within 30m",
            "- F1: We roll back when it fails.",
            "- F1: Rollback: revert",
            "- F1: Roll back when support says so.",
            "- F1: Roll back when: A1 fails every 5m within 30m",
            "- F1: Roll back when: A1 fails within thirty minutes",
        )
    ),
    "FPL804": tuple(
        {"Interfaces": "- I1: New `tools/undo.py`, `ops/`", "Failure plan": f"- F1: Rollback: {one}"}
        for one in (
            "`$ python tools/undo.py`, revert",
            "revert",
            "revert, `$ make down`",
            "revert, `$ python tools/old.py`",
            "revert, `$ rm -f tools/undo.py`",
            "revert, `$ test ! -e tools/undo.py`",
            "revert, `$ python tools/undo.pyc.py`",
            "`$ bash ops/down.sh`, revert, `$ make clean`",
            "`$ python tools/undo.py`",
            "revert, `$ ! grep -r undo docs`",
        )
    ),
}


@pytest.mark.parametrize(("code", "sections"), [(code, one) for code, group in STRUCTURE.items() for one in group])
def test_near_misses_are_left_alone(code: str, sections: Mapping[str, str]) -> None:
    assert not findings(spec(sections), code)


@pytest.mark.parametrize("code", STRUCTURE)
def test_there_are_ten_of_each(code: str) -> None:
    assert len(STRUCTURE[code]) >= 10
