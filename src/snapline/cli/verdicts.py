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
_VERDICT_WIDTH = max(map(len, _COLOURS)) + 2
_UNSAFE = "T0"


def show(output: Output, report: Report) -> None:
    """A whole report: the criteria with their checks, the constraints, and what it comes to."""
    approved = "approved" if report.approved else "not approved"
    output.line(
        f"{report.spec}@{short(report.revision)} ({approved}) on {short(report.commit)}, base {short(report.base)}"
    )
    judged = [one for one in report.constraints if one.verdict is not ConstraintVerdict.PROSE]
    width = max([len(row.id) for row in report.verdicts] + [len(one.id) for one in judged], default=0)
    for row in report.verdicts:
        for line in _criterion(output, row, width):
            output.line(line)
    for one in judged:
        output.line(_line(output, one.id, one.verdict, plain(one.message), width))
    output.line()
    output.line(_ending(report))
    if report.tier == _UNSAFE:
        output.line("Tier T0: nothing was isolated. Whatever was checked could have reached everything of yours.")


def _criterion(output: Output, row: CriterionRow, width: int) -> Iterator[str]:
    notes = [str(row.strength)] if row.strength not in (None, Strength.FULL) else []
    notes += ["regression"] if row.regression else []
    noted = f"({', '.join(notes)})" if notes else ""
    yield _line(output, row.id, row.verdict, noted, width)
    if row.verdict is not Verdict.PASS:
        for check in row.checks:
            if check.verdict is not Verdict.PASS:
                yield from (f"{'':{width + 5}}{line}" for line in _reason(check))


def _reason(check: CheckRow) -> list[str]:
    return plain(check.message or check.cause or "judged by a person").splitlines()


def _line(output: Output, name: str, verdict: str, words: str, width: int) -> str:
    gap = " " * (_VERDICT_WIDTH - len(verdict)) + words if words else ""
    return f"  {name:<{width}}   {output.paint(verdict, fg=_COLOURS[verdict])}{gap}"


def _ending(report: Report) -> str:
    passed = sum(row.verdict is Verdict.PASS for row in report.verdicts)
    count = f"{passed} of {len(report.verdicts)} criteria pass at tier {report.tier}"
    if report.accepted:
        return f"Accepted: {count}."
    # Ids of clauses begin with a capital; what our own rules found stands in its row in words.
    broken = [one.id for one in report.constraints if one.verdict is ConstraintVerdict.FAIL and one.id[0].isupper()]
    if broken:
        count += f", but {', '.join(broken)} {'does' if len(broken) == 1 else 'do'} not hold"
    if report.waiting:
        count += f"; waiting for a person: {', '.join(report.waiting)}"
    return f"Not accepted: {count}."
