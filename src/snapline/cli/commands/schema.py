"""``snapline schema``."""

from __future__ import annotations

import json

import click

from snapline.base.errors import ExitStatus, NotFound
from snapline.cli.options import reports
from snapline.cli.output import Output
from snapline.cli.schemas import PUBLISHED, find_schema, schema
from snapline.cli.verbs import Command
from snapline.lint.similar import closest


class NoSuchSchema(NotFound):
    """There is no such schema."""

    code = "no-such-schema"
    hint = "`snapline schema` lists them."


@click.command(
    cls=Command,
    short_help="Print the JSON Schema of the configuration and of every JSON document.",
    examples=(
        ("snapline schema", "Which schemas there are."),
        ("snapline schema lint", "What `snapline lint --json` prints."),
        ("snapline schema config > snapline.schema.json", "For an editor that completes snapline.toml."),
    ),
)
@click.argument("name", required=False)
@reports
def command(output: Output, name: str | None) -> ExitStatus:
    """Print a JSON Schema (2020-12): of the model of a spec, of the configuration, or of what a verb prints as JSON.

    Without NAME all of them are listed; with --json they are all in one document.
    """
    if name is None:
        if output.as_json:
            output.document({"version": 1, "schemas": {one.name: schema(one) for one in PUBLISHED}})
        width = max(len(one.name) for one in PUBLISHED)
        for one in PUBLISHED:
            output.line(f"{one.name:<{width}}  {one.about}")
        return ExitStatus.DONE
    found = find_schema(name)
    if found is None:
        near = closest(name, (one.name for one in PUBLISHED))
        raise NoSuchSchema(f"there is no schema `{name}`", hint=f"Did you mean `{near}`?" if near else "")
    document = schema(found)
    if output.as_json:
        output.document(document)
    output.line(json.dumps(document, indent=2))
    return ExitStatus.DONE
