"""Verdicts as people read them in a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from snapline.base.ids import short
from snapline.base.plain import plain
from snapline.cli.output import Output
from snapline.verify.report import CheckRow, ConstraintVerdict, CriterionRow, Report
from snapline.verify.verdict import Strength, Verdict

_COLOURS = {
    "pass": "green",
    "fail": "red",
    "vacuous": "red",
    "flaky": "yellow",
    "could-not-run": "yellow",
    "unsigned": "yellow",
    "ask": "yellow",
    "prose": "white",
}
_UNSAFE = "T0"


def show(output: Output, report: Report) -> None:
    """A whole report: the criteria with their checks, the constraints, and what it comes to."""
    approved = "approved" if report.approved else "not approved"
    output.line(
        f"{report.spec}@{short(report.revision)} ({approved}) on {short(report.commit)}, base {short(report.base)}"
    )
    for row in report.verdicts:
        for line in _criterion(output, row):
            output.line(line)
    for one in report.constraints:
        if one.verdict is not ConstraintVerdict.PROSE:
            words = f"  {plain(one.message)}" if one.message else ""
            output.line(f"  {one.id:<4} {_painted(output, one.verdict)}{words}")
    output.line()
    output.line(_ending(report))
    if report.tier == _UNSAFE:
        output.line("Tier T0: nothing was isolated. Whatever was checked could have reached everything of yours.")


def _criterion(output: Output, row: CriterionRow) -> Iterator[str]:
    notes = [str(row.strength)] if row.strength not in (None, Strength.FULL) else []
    notes += ["regression"] if row.regression else []
    noted = f"  ({', '.join(notes)})" if notes else ""
    yield f"  {row.id:<4} {_painted(output, row.verdict)}{noted}"
    if row.verdict is not Verdict.PASS:
        for check in row.checks:
            if check.verdict is not Verdict.PASS:
                yield from (f"         {line}" for line in _reason(check))


def _reason(check: CheckRow) -> list[str]:
    return plain(check.message or check.cause or "judged by a person").splitlines()


def _painted(output: Output, verdict: str) -> str:
    return output.paint(f"{verdict:<13}", fg=_COLOURS[verdict])


def _ending(report: Report) -> str:
    passed = sum(row.verdict is Verdict.PASS for row in report.verdicts)
    count = f"{passed} of {len(report.verdicts)} criteria pass at tier {report.tier}"
    if report.accepted:
        return f"Accepted: {count}."
    if report.waiting:
        return f"Not accepted: {count}; waiting for a person: {', '.join(report.waiting)}."
    return f"Not accepted: {count}."
