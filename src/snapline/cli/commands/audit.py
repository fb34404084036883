"""``snapline audit``."""

from __future__ import annotations

import time
from pathlib import Path

import click

from snapline.app import attesting
from snapline.app.audit.material import Material
from snapline.app.audit.report import Audit, Progress
from snapline.app.audit.walk import audit
from snapline.app.project import Project
from snapline.app.running import Floor
from snapline.base import wire
from snapline.base.errors import ExitStatus
from snapline.base.plain import plain
from snapline.base.signing import PublicKey
from snapline.cli.options import reports
from snapline.cli.output import Output
from snapline.cli.verbs import Command

_EVERY_SECONDS = 1.0
"""How often long work tells how far it is."""


@click.command(
    cls=Command,
    short_help="Walk the ledgers and all evidence, and name what does not hold.",
    examples=(
        ("snapline audit", "Ledgers, checkpoints, attestations, artefacts and records of this repository."),
        ("snapline audit --key team.pem", "Trusting one key, and those that follow it."),
        ("snapline audit --json", "The same for a program."),
    ),
)
@click.option("--key", metavar="FILE", help="Trust this public key (PEM), and those that were signed over to by it.")
@reports
def command(output: Output, key: str | None) -> ExitStatus:
    """Recompute every ledger, hold it against its signed checkpoints, check all attestations, artefacts and records.

    Each record that does not hold is named, and the exit status is 1.

    Events after the last checkpoint are said to be unpinned: cut off, they would not be missed. An audit shows what
    agents and later edits did; whoever is root here, or holds the key, can forge all of it.
    """
    pinned = PublicKey(attesting.content(Path(key)).decode("utf-8", "replace")) if key is not None else None
    found = audit(Material(Floor(Project.discover(Path.cwd())), pinned), _progress(output))
    if output.as_json:
        output.document(wire.encode(found))
    _tell(output, found)
    return found.status


def _progress(output: Output) -> Progress:
    told = time.monotonic()

    def tell(what: str, done: int, all_of_them: int) -> None:
        nonlocal told
        if time.monotonic() - told >= _EVERY_SECONDS:
            told = time.monotonic()
            output.note(f"  {what}: {done} of {all_of_them}")

    return tell


def _tell(output: Output, found: Audit) -> None:
    walked = found.walked
    for fault in found.faults:
        output.line(f"{output.paint('fault', fg='red')} {plain(fault.record)}: {plain(fault.message)}")
    for one in found.unpinned:
        behind = f"after event {one.after}" if one.after else "of its ledger"
        output.line(f"{output.paint('note', fg='yellow')}  {plain(one.run)}: {one.events} events {behind} are unpinned")
    output.line(
        f"looked at {walked.runs} runs ({walked.events} events), {walked.checkpoints} checkpoints, "
        f"{walked.attestations} attestations, {walked.evidence} artefacts, {walked.records} records"
    )
    if found.elsewhere:
        output.line(f"of other machines' ledgers: {found.elsewhere}, of which only the signatures were checked")
    for key in found.keys:
        output.line(f"trusted key {key}")
    count = len({one.record for one in found.faults})
    output.line("everything holds" if not count else f"{count} record{'s do' if count > 1 else ' does'} not hold")
