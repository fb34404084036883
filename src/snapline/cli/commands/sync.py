"""``snapline sync``."""

from __future__ import annotations

from pathlib import Path

import click

from snapline.app.project import Project
from snapline.base.errors import ExitStatus
from snapline.base.plain import plain
from snapline.cli.options import reports
from snapline.cli.output import Output
from snapline.cli.verbs import Command


@click.command(
    cls=Command,
    short_help="Exchange approvals, sign-offs and other records with a remote.",
    examples=(
        ("snapline sync", "With origin."),
        ("snapline sync git@example.org:team/project.git", "With any remote, by name or address."),
    ),
)
@click.argument("remote", default="origin")
@reports
def command(output: Output, remote: str) -> ExitStatus:
    """Exchange records with REMOTE (default: origin); both have the union of them afterwards.

    Records are approvals, reviews and sign-offs. They live in refs/snapline/records of the repository, are never
    changed, and travel with nothing but this command. What a remote holds that is no intact record is not taken.
    """
    done = Project.discover(Path.cwd()).records.sync(remote)
    if output.as_json:
        faults = [{"path": fault.path, "message": fault.message} for fault in done.faults]
        output.document({"version": 1, "received": done.received, "sent": done.sent, "faults": faults})
    output.line(f"received {done.received}, sent {done.sent}")
    for fault in done.faults:
        output.note(f"not taken: {plain(fault.path)}: {plain(fault.message)}")
    return ExitStatus.DONE
