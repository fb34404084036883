"""``snapline lint``."""

from __future__ import annotations

import sys

import click

from snapline.app.linting import lint_files
from snapline.base.errors import ExitStatus
from snapline.cli.options import reports
from snapline.cli.output import Output, colourful
from snapline.cli.verbs import Command
from snapline.lint.render import json as as_json
from snapline.lint.render import text as as_text
from snapline.lint.result import summarise


@click.command(
    cls=Command,
    short_help="Show what is wrong with specs, and their spec debt.",
    examples=(
        ("snapline lint", "All specs of this repository."),
        ("snapline lint specs/retry-uploads.md", "One spec."),
        ("snapline lint --json | jq .summary", "The counts, for a program."),
    ),
)
@click.argument("paths", metavar="[PATH]...", nargs=-1)
@reports
def command(output: Output, paths: tuple[str, ...]) -> ExitStatus:
    """Show what is wrong with specs, each finding with its line, its rule and a hint.

    A PATH is a file, a folder or the id of a spec; without one, all of specs/ is linted. Exits 1 when there is an
    error among the findings; warnings and infos do not count.
    """
    results = lint_files(paths)
    if output.as_json:
        output.document(as_json.document(results))
    else:
        style = as_text.ansi if colourful(sys.stdout) else as_text.plain
        output.line(as_text.render(results, style).rstrip("\n"))
    return ExitStatus.FAILED if summarise(results).errors else ExitStatus.DONE
