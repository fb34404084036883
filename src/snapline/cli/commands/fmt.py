"""``snapline fmt``."""

from __future__ import annotations

import click

from snapline.app.drafting import write_ids
from snapline.base.errors import ExitStatus
from snapline.cli.options import reports
from snapline.cli.output import Output
from snapline.cli.verbs import Command


@click.command(
    cls=Command,
    short_help="Write the missing clause ids into a spec.",
    examples=(("snapline fmt retry-uploads", "`- Uploads resume.` becomes `- G1: Uploads resume.`"),),
)
@click.argument("spec")
@reports
def command(output: Output, spec: str) -> ExitStatus:
    """Write the ids that the clauses of SPEC lack; every other byte of the file stays as it is."""
    written = write_ids(spec)
    if output.as_json:
        output.document({"version": 1, "path": written.path, "ids": list(written.ids)})
    output.line(f"{written.path}: wrote {', '.join(written.ids)}" if written.ids else f"{written.path}: nothing to do")
    return ExitStatus.DONE
