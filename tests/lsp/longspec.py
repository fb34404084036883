"""A spec of a thousand lines, as somebody might really write it: nearly all of it in order."""

from __future__ import annotations

LINES = 1_000
_GOALS, _MODULES, _CRITERIA = 60, 120, 300


def files() -> dict[str, str]:
    """What the spec speaks about."""
    modules = {f"src/upload/part{n}.py": f"def send{n}():\n    return {n}\n" for n in range(1, _MODULES + 1)}
    tests = {f"tests/upload/test_part{n}.py": f"def test_{n}():\n    assert False\n" for n in range(1, _MODULES + 1)}
    others = {f"lib/package{n // 50}/module{n}.py": "" for n in range(2_500)}
    return modules | tests | others


def text() -> str:
    """The spec."""
    lines = ["---", "id: long", "title: A long spec 🚀", 'owner: "@alice"', "---", "# Task", ""]
    lines += ["Uploads of large files break off 😀 when the connection is lost, and people begin them again.", ""]
    lines += ["# Goal", ""]
    lines += [f"- G{n}: Uploads of kind {n} 😀 resume where they broke off within {n} s." for n in range(1, _GOALS + 1)]
    lines += ["", "# Constraints", "", "- C1: Change only: `src/**`, `tests/**`", "- C2: At most: 4000 lines"]
    lines += ["- C3: Do not change: `lib/**`", "- C4: Keep passing: `$ pytest -q tests/upload`"]
    lines += [f"- C{n}: Clients of release {n} keep working, see G{n % _GOALS + 1}." for n in range(5, 13)]
    lines += ["", "# Interfaces", ""]
    for n in range(1, _MODULES + 1):
        lines.append(f"- I{n}: Changes `src/upload/part{n}.py`; uses `src/upload/part{n}.py::send{n}`.")
    lines += ["", "# Acceptance", ""]
    for n in range(1, _CRITERIA + 1):
        part, goal = n % _MODULES + 1, n % _GOALS + 1
        if n % 3:
            lines.append(f"- A{n}: A resumed upload of case {n} 😀 sends no byte twice (G{goal}):")
            lines.append(f"  `tests/upload/test_part{part}.py::test_{part}` (timeout 2m).")
        else:
            lines.append(f"- A{n}: The refusal of case {n} prints `no login` and ends with 1. Proves G{goal}.")
            lines += ["", f"  `$ python -m upload --case {n} | grep -x 'no login'` (timeout 2m)", ""]
    lines += ["", "# Failure plan", "", "- F1: Rollback: `$ python -m upload --downgrade`, revert"]
    lines += ["- F2: Verify rollback: `$ pytest -q tests/upload`"]
    while len(lines) < LINES:
        lines.append(f"- F{len(lines)}: The queue of host {len(lines)} is emptied before anything else.")
    return "\n".join(lines) + "\n"
