"""Measures the lint rules over the corpus of seeded defects:  tools/lint_eval.py [--sealed] [--json] [CODE...].

Prints a table; 1 if a rule, or what clean specs carry, misses its bar. ``--sealed`` measures the third of the wordings
that is kept apart, in all clean specs, and what the sealed third of these carries: it is run once, when nothing changes
any more. ``--sealed-second`` and ``--sealed-third`` measure, in all clean specs of both, the wordings that were written
for some rules later, each to be run once, too. ``--wrong`` tells of each case that went wrong.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.corpus.bases import read_bases
from tests.corpus.cases import Kind, read_cases
from tests.corpus.measures import Report, wilson
from tests.corpus.report import evaluated, failures, table
from tests.corpus.trials import Outcome

SEEDS = 90
"""Seeded cases per rule, about: every wording equally often."""
OTHERS = 3
"""Clean specs that each fix and each near miss is tried in."""

LENDERS = {"open": (), "sealed": ("open",), "sealed-second": ("sealed", "open"), "sealed-third": ("sealed", "open")}
"""The parts whose clean specs the cases of a part go into, beside its own."""
SEALED = {
    "sealed": "the third that is kept apart",
    "sealed-second": "the wordings that were written later for seven rules",
    "sealed-third": "the wordings that were written later still for three of these",
}
"""The parts that an option of their name asks for, and what they are."""


def main(arguments: list[str]) -> int:
    """Measure, print, and tell by the exit status whether all bars hold."""
    asked = _asked(arguments)
    part = asked.part
    cases = {code: found for code, found in read_cases(part).items() if code.startswith(tuple(asked.codes) or "")}
    own = read_bases(part)
    bases = (*own, *(base for other in LENDERS[part] for base in read_bases(other)))
    report = evaluated(cases, bases, SEEDS, OTHERS, own)
    missed = list(failures(report, cases))
    print(json.dumps(_plain(report, missed), indent=2) if asked.json else table(report, cases))
    if asked.wrong:
        print("\n".join(("", *map(_told, report.wrong))))
    if missed and not asked.json:
        print("\nBars missed:\n" + "\n".join(f"- {one}" for one in missed))
    return 1 if missed else 0


def _asked(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition(":")[0])
    parser.add_argument("codes", nargs="*", metavar="CODE", help="rules, by the beginning of their code")
    parts = parser.add_mutually_exclusive_group()
    for part, what in SEALED.items():
        parts.add_argument(f"--{part}", dest="part", action="store_const", const=part, help=what)
    parser.set_defaults(part="open")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--wrong", action="store_true", help="tell of each case that went wrong")
    return parser.parse_args(arguments)


def _plain(report: Report, missed: list[str]) -> dict[str, object]:
    """The report as JSON has it."""
    rules = {
        code: {
            **vars(tally),
            "recall": [tally.recall, *wilson(tally.hits, tally.seeded)],
            "precision": [tally.precision, *wilson(tally.hits, tally.hits + tally.false)],
        }
        for code, tally in sorted(report.tallies.items())
    }
    clean = {name: [one.code for one in found] for name, found in report.clean.items()}
    return {"version": 1, "rules": rules, "clean": clean, "missed": missed}


def _told(outcome: Outcome) -> str:
    """One case that went wrong: which it was, and what nobody seeded."""
    trial = outcome.trial
    wrong = outcome.hit != (trial.case.kind in {Kind.SEEDED, Kind.PARAPHRASE})
    strays = " ".join(f"{one.code} {trial.text[one.span.start : one.span.end][:50]!r}" for one in outcome.strays)
    lead = f"{trial.case.code} {trial.case.kind} {trial.base.name} [{trial.case.place}] {trial.case.text!r}"
    return f"{lead}{' WRONG' if wrong else ''}{f' and {strays}' if strays else ''}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
