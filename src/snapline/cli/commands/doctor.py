"""``snapline doctor``."""

from __future__ import annotations

import os
from dataclasses import asdict
from pathlib import Path

import click

from snapline.app.doctor import Diagnosis, Probe, examine
from snapline.base.errors import ExitStatus
from snapline.base.plain import plain
from snapline.cli.options import reports
from snapline.cli.output import Output
from snapline.cli.verbs import Command


@click.command(
    cls=Command,
    short_help="Probe what this machine offers and say what to do.",
    examples=(
        ("snapline doctor", "Tries out git, Python, the state home, SQLite, the sandbox and more."),
        ("snapline doctor --json", "The same for a program."),
    ),
)
@reports
def command(output: Output) -> ExitStatus:
    """Try out everything that the work rests on, each thing by running it, and say what to do about what is missing.

    Exits 3 when something that the work needs does not work. What is only good to have is shown as a note.
    """
    diagnosis = examine(Path.cwd(), os.environ)
    if output.as_json:
        output.document({"version": 1, "ok": diagnosis.status is ExitStatus.DONE, "probes": as_rows(diagnosis)})
    for probe in diagnosis.probes:
        output.line(line(output, probe))
    return diagnosis.status


def as_rows(diagnosis: Diagnosis) -> list[dict[str, object]]:
    """The probes as JSON values."""
    return [asdict(probe) for probe in diagnosis.probes]


def line(output: Output, probe: Probe) -> str:
    """One probe for a person: its outcome in a word, what was seen, and below it what to do."""
    word, colour = ("ok", "green") if probe.ok else ("lacks", "red") if probe.needed else ("note", "yellow")
    text = f"{output.paint(f'{word:<6}', fg=colour)}{probe.name}: {plain(probe.detail)}"
    return f"{text}\n      {plain(probe.hint)}" if probe.hint else text
