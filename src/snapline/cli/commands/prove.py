"""``snapline prove``."""

from __future__ import annotations

import shlex
import shutil
import textwrap
from pathlib import Path

import click

from snapline.app.fence import refuse_inside_attempt
from snapline.app.proving.claims import CLAIMS
from snapline.app.proving.performance import prove
from snapline.app.proving.report import ProofReport, ProofRow, Standing
from snapline.base import wire
from snapline.base.errors import ExitStatus
from snapline.cli.columns import columns
from snapline.cli.options import reports
from snapline.cli.output import Output
from snapline.cli.verbs import Command

_WIDEST = 120
_COLOURS = {
    Standing.HELD: "green",
    Standing.WEAKER: "yellow",
    Standing.BROKEN: "red",
    Standing.UNPROVED: "red",
}

_NAMES = click.Choice([one.name for one in CLAIMS])
_HINT = "`snapline prove --only CLAIM --keep --json` keeps what happened, and tells the facts."


@click.command(
    cls=Command,
    short_help="Attack this machine and a lane in a scratch repository; show what holds.",
    examples=(
        ("snapline prove", "The lane `default`, with every attack."),
        ("snapline prove --lane trusted", "Another lane of this repository's snapline.toml."),
        ("snapline prove --only keys --only network", "Two claims; the others take no time."),
        ("snapline prove --keep --json", "Each claim with the facts that decided it, and the folder to look into."),
    ),
)
@click.option("--lane", metavar="LANE", default="default", show_default=True, help="Whose isolation is attacked.")
@click.option(
    "--only",
    metavar="CLAIM",
    multiple=True,
    type=click.Choice([one.name for one in CLAIMS]),
    help="Try only this claim, named as in the table; repeatable.",
)
@click.option("--keep", is_flag=True, help="Keep the scratch folder, and name it.")
@reports
def command(output: Output, lane: str, only: tuple[str, ...], *, keep: bool) -> ExitStatus:
    """Attack what LANE gets on this machine, as hostile agents would, and show what holds and what is weaker here.

    Each attack is first tried on a naive stand-in, where it works. All happens in a scratch repository with a made-up
    person's home and a state home of its own, without any key or model; nothing of yours is touched. Takes about half
    a minute; exits 1 when something that the tier promises does not hold.
    """
    refuse_inside_attempt()
    report = prove(lane, only, Path.cwd(), output.note, keep=keep)
    if output.as_json:
        output.document(wire.encode(report))
    else:
        show(output, report)
    if report.failed:
        output.error("not-proved", f"it does not hold here: {', '.join(report.failed)}", _HINT)
    return ExitStatus.FAILED if report.failed else ExitStatus.DONE


def show(output: Output, report: ProofReport) -> None:
    """The table, with why something is weaker or does not hold and what to do about it, and a line that sums up."""
    width = min(shutil.get_terminal_size((80, 24)).columns, _WIDEST)
    lines = columns([(str(one.standing), one.name, _said(one)) for one in report.rows], width)
    output.line()
    for one, line in zip(report.rows, lines, strict=True):
        mark = str(one.standing)
        output.line(output.paint(mark, fg=_COLOURS[one.standing], bold=True) + line.removeprefix(mark))
    output.line()
    output.line(textwrap.fill(_sum(report), width))
    if report.folder:
        output.line(f"It is kept: rm -rf {shlex.quote(report.folder)}   # when you have seen enough")


def _said(row: ProofRow) -> str:
    """The claim; where there is more to say than that it holds, that on lines of its own."""
    more = [] if row.standing is Standing.HELD else [f"why: {row.why}"]
    return "\n".join((row.claim, *more, *([f"to get it: {row.how}"] if row.how else [])))


def _sum(report: ProofReport) -> str:
    counts = [(one, sum(row.standing is one for row in report.rows)) for one in Standing]
    said = ", ".join(f"{count} {one}" for one, count in counts if count)
    stood = "" if counts[-1][1] else " Each attack works on its naive stand-in."
    return f"Lane {report.lane} at tier {report.tier}: {said}, in {report.seconds:.0f} s.{stood}"
