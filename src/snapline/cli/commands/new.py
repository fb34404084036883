"""``snapline new``."""

from __future__ import annotations

import click

from snapline.app.drafting import new_spec
from snapline.app.specs import shown
from snapline.base.errors import ExitStatus
from snapline.cli.options import reports
from snapline.cli.output import Output
from snapline.cli.verbs import Command


@click.command(
    cls=Command,
    short_help="Write a new spec from the template.",
    examples=(
        ("snapline new retry-uploads", "Writes specs/retry-uploads.md."),
        ('snapline new retry-uploads --title "Retry uploads" --owner @alice', "With its title and its owner."),
    ),
)
@click.argument("spec_id", metavar="ID")
@click.option("--title", default="", help="The spec's title; its id if none is given.")
@click.option("--owner", default="", help="Who answers questions and signs what a person must judge.")
@reports
def command(output: Output, spec_id: str, title: str, owner: str) -> ExitStatus:
    """Write specs/ID.md from the template: six headings, each with a comment that says what belongs there."""
    path = shown(new_spec(spec_id, title, owner))
    if output.as_json:
        output.document({"version": 1, "spec": spec_id, "path": path})
    output.line(f"wrote {path}: fill in its six sections, then run `snapline lint {path}`")
    return ExitStatus.DONE
