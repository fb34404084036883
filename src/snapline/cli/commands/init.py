"""``snapline init``."""

from __future__ import annotations

import os
from pathlib import Path

import click

from snapline.app.doctor import examine
from snapline.app.init import set_up
from snapline.app.project import Project
from snapline.base.errors import ExitStatus
from snapline.cli.commands.doctor import as_rows, line
from snapline.cli.options import reports
from snapline.cli.output import Output
from snapline.cli.verbs import Command

_NEXT = """
Next:
  git add snapline.toml && git commit -m "Set up Snapline"
  snapline new my-first-spec"""


@click.command(
    cls=Command,
    short_help="Set up Snapline in this repository.",
    examples=(("snapline init", "Once, anywhere inside a git repository."),),
)
@reports
def command(output: Output) -> ExitStatus:
    """Write a commented snapline.toml and the folder specs/, register the repository, and run the doctor.

    The environment that snapline.toml proposes is read from the lock files in the repository: look it over. Run
    twice, it changes nothing.
    """
    setup = set_up(Project.discover(Path.cwd()))
    diagnosis = examine(setup.root, os.environ)
    if output.as_json:
        output.document(
            {
                "version": 1,
                "root": str(setup.root),
                "repository": setup.repository,
                "created": list(setup.created),
                "environment": setup.saw or None,
                "offers": list(setup.offers),
                "probes": as_rows(diagnosis),
            }
        )
    for path in setup.created:
        output.line(f"wrote {path}")
    if not setup.created:
        output.line("everything is there already")
    elif setup.saw:
        output.line(f"[env] is proposed from {setup.saw}: look it over")
    output.line()
    for probe in diagnosis.probes:
        output.line(line(output, probe))
    if setup.created:
        output.line(_NEXT)
        for offer in setup.offers:
            output.line(
                f"\nApprovals and sign-offs travel by `snapline sync`. To see others' by `git fetch`:\n  {offer}"
            )
    return ExitStatus.DONE
