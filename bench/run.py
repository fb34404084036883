"""Measures how quick lint is beside other tools on the same content:  bench/run.py [--quick] [--runs N] [--json FILE].

The peers come from npm and PyPI into a temporary folder. A goal that is missed is red, and the exit status is 1.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import places
from measuring import Cost, measure

SPECS, MANY = 1_000, 10_000
SETTLED = 2.2
"""Seconds after which the cache takes a file for settled."""
RED, PLAIN = "\x1b[1;31m", "\x1b[0m"


@dataclass(frozen=True)
class Row:
    """One measured command; ``value`` is what is compared with ``goal``: a ratio, or milliseconds of CPU."""

    name: str
    what: str
    cost: Cost
    value: float | None = None
    goal: float | None = None
    unit: str = ""

    @property
    def short(self) -> bool:
        """Whether the goal is missed."""
        return self.value is not None and self.goal is not None and self.value > self.goal


class Bench:
    """One run of all measurements in a temporary folder."""

    def __init__(self, work: Path, runs: int, seed: int, *, quick: bool) -> None:
        self.work, self.runs, self.seed, self.quick = work, runs, seed, quick
        self.cache = work / "cache"
        self.environment = {"SNAPLINE_CACHE": str(self.cache), "SNAPLINE_HOME": str(work / "home"), "NO_COLOR": "1"}
        self.snapline = str(Path(sys.executable).with_name("snapline"))

    def rows(self) -> Iterator[Row]:
        """Every measurement, as soon as it is there."""
        ours = places.repository(self.work / "ours", SPECS, self.seed)
        openspec = places.install_openspec(self.work / "npm")
        theirs = places.openspec_project(self.work / "theirs", SPECS, self.seed)
        peer = measure([str(openspec), "validate", "--all", "--strict", "--json"], theirs, self.runs, {})
        yield Row("peer", f"openspec validate --all --strict --json, {SPECS} specs", peer)
        if not self.quick:
            yield from self._others()
        cold = self._lint(ours, "--json", before=self._forget)
        yield Row("P1", f"snapline lint --json, {SPECS} specs, cold", cold, cold.cpu / peer.cpu, 0.5, "x OpenSpec")
        time.sleep(SETTLED)
        self._lint(ours, "--json", runs=1)
        warm = self._lint(ours, "--json")
        yield Row("P2", "the same, nothing changed since", warm, warm.cpu / peer.cpu, 0.1, "x OpenSpec")
        yield from self._one_of_many(ours)
        yield from self._start_up(ours, openspec)

    def _others(self) -> Iterator[Row]:
        programs = places.install_python_peers(self.work / "venv")
        strictdoc = places.strictdoc_project(self.work / "sdoc", SPECS, self.seed)
        output = self.work / "sdoc-out"
        export = [str(programs / "strictdoc"), "export", "--formats=json", f"--output-dir={output}", "."]
        cost = measure(export, strictdoc, self.runs, {}, lambda: shutil.rmtree(output, ignore_errors=True))
        yield Row("peer", f"strictdoc export --formats=json, {SPECS} documents", cost)
        doorstop = places.doorstop_project(self.work / "doorstop", SPECS, self.seed)
        cost = measure([str(programs / "doorstop"), "-F"], doorstop, self.runs, {}, statuses=(0, 1))
        yield Row("peer", f"doorstop -F, {8 * SPECS} items", cost)

    def _one_of_many(self, few: Path) -> Iterator[Row]:
        many = places.repository(self.work / "many", MANY, self.seed)
        for folder, count, goal in ((few, SPECS, None), (many, MANY, 200.0)):
            cost = self._edited(min((folder / "specs").iterdir()))
            yield Row("P3", f"snapline lint of one edited spec among {count}", cost, cost.cpu * 1000, goal, "ms")

    def _edited(self, spec: Path) -> Cost:
        text = spec.read_text()
        edits = iter(range(self.runs))
        return self._lint(
            spec.parent.parent, "--json", str(spec), before=lambda: spec.write_text(f"{text}\n<!-- {next(edits)} -->\n")
        )

    def _start_up(self, ours: Path, openspec: Path) -> Iterator[Row]:
        cost = measure([sys.executable, "-c", "pass"], ours, self.runs, {})
        yield Row("peer", "python -c pass", cost)
        cost = measure([str(openspec), "--version"], ours, self.runs, {})
        yield Row("peer", "openspec --version", cost)
        for argument, goal in (("--version", 60.0), ("--help", 120.0)):
            cost = measure([self.snapline, argument], ours, self.runs, self.environment)
            yield Row("P4", f"snapline {argument}", cost, cost.cpu * 1000, goal, "ms")
        alone = places.repository(self.work / "alone", 1, self.seed)
        cost = self._lint(alone, str(next((alone / "specs").iterdir())))
        yield Row("P4", "snapline lint of one spec", cost, cost.cpu * 1000, 200.0, "ms")

    def _lint(self, folder: Path, *arguments: str, runs: int = 0, before: object = None) -> Cost:
        prepare = before if callable(before) else (lambda: None)
        command = [self.snapline, "lint", *arguments]
        return measure(command, folder, runs or self.runs, self.environment, prepare, statuses=(0, 1))

    def _forget(self) -> None:
        shutil.rmtree(self.cache, ignore_errors=True)


def _line(row: Row) -> str:
    compared = ""
    if row.value is not None:
        goal = f" (goal {row.goal:g})" if row.goal is not None else ""
        compared = f"{row.value:.2f} {row.unit}{goal}" if row.unit != "ms" else f"{row.value:.0f} ms{goal}"
    line = f"{row.name:5} {row.what:56} {row.cost.cpu:8.3f} {row.cost.wall:8.3f}  {compared}"
    return f"{RED}{line}{PLAIN}" if row.short else line


def main() -> int:
    """Measure, print the table, and write the JSON; 1 if a goal is missed."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--runs", type=int, default=5)
    asked.add_argument("--seed", type=int, default=7)
    asked.add_argument("--quick", action="store_true", help="leave out StrictDoc and Doorstop, which take minutes")
    asked.add_argument("--json", type=Path, default=Path("build/bench.json"))
    chosen = asked.parse_args()
    print(f"{'':5} {'what':56} {'CPU s':>8} {'wall s':>8}  compared")
    with tempfile.TemporaryDirectory(prefix="snapline-bench-") as work:
        rows = []
        for row in Bench(Path(work), chosen.runs, chosen.seed, quick=chosen.quick).rows():
            rows.append(row)
            print(_line(row), flush=True)
    chosen.json.parent.mkdir(parents=True, exist_ok=True)
    machine = subprocess.run(["uname", "-srm"], capture_output=True, text=True, check=False).stdout.strip()
    facts = {"machine": machine, "python": sys.version.split()[0], "runs": chosen.runs, "seed": chosen.seed}
    measured = [asdict(row) | {"short": row.short} for row in rows]
    chosen.json.write_text(json.dumps({**facts, "rows": measured}, indent=2) + "\n")
    return 1 if any(row.short for row in rows) else 0


if __name__ == "__main__":
    sys.exit(main())
