"""Runs the gates one after the other, all of them, and says at the end which failed:  tools/gates.py [NAME...]."""

from __future__ import annotations

import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import run_tests

ROOT = Path(__file__).resolve().parent.parent
BIN = ROOT / ".venv" / "bin"


@dataclass(frozen=True)
class Gate:
    """One gate: its name, the command that must exit 0, and what to do when it does not."""

    name: str
    command: tuple[str, ...]
    remedy: str


def _program(name: str, *arguments: str) -> tuple[str, ...]:
    return (str(BIN / name), *arguments)


def _tool(name: str, *arguments: str) -> tuple[str, ...]:
    return (sys.executable, str(ROOT / "tools" / name), *arguments)


GATES = (
    Gate("format", _program("ruff", "format", "--check", "."), ".venv/bin/ruff format ."),
    Gate("style", _program("ruff", "check", "."), ".venv/bin/ruff check --fix ., then by hand"),
    Gate("types", _program("mypy"), "mend the types; see CONTRIBUTING.md"),
    Gate("floors", _program("lint-imports", "--no-logo"), "import from a lower floor only; see CONTRIBUTING.md"),
    Gate("sizes", _tool("sizes.py"), "split what has grown too long"),
    Gate("docs", _tool("generate_docs.py", "--check"), "make docs"),
    Gate("readme", _tool("readme.py"), "mend the README, or what it promises"),
    Gate("specs", _program("snapline", "lint", "specs"), "mend the specs"),
    Gate("package", _tool("check_package.py"), "mend pyproject.toml or the locks"),
    Gate("coverage", _program("coverage", "report"), "test the branches that are named"),
)


def _run(gate: Gate) -> bool:
    if gate.name == "coverage" and not run_tests.is_current() and run_tests.run() != 0:
        return False
    done = subprocess.run(gate.command, cwd=ROOT, check=False, capture_output=True, text=True)
    if done.returncode != 0:
        print(done.stdout + done.stderr, end="")
        print(f"{gate.name}: try: {gate.remedy}")
    return done.returncode == 0


def main(names: list[str]) -> int:
    """Run the named gates (none: all); 1 if one of them fails, 2 for a name that is no gate."""
    unknown = set(names) - {gate.name for gate in GATES}
    if unknown:
        print(f"no such gate: {', '.join(sorted(unknown))}; there are {', '.join(gate.name for gate in GATES)}")
        return 2
    failed = []
    for gate in GATES:
        if names and gate.name not in names:
            continue
        start = time.monotonic()
        passed = _run(gate)
        print(f"{'ok' if passed else 'FAILED':<7}{gate.name} ({time.monotonic() - start:.1f} s)", flush=True)
        if not passed:
            failed.append(gate.name)
    if failed:
        print(f"failed: {', '.join(failed)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
