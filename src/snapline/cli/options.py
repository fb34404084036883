"""Options that several verbs have."""

from __future__ import annotations

import functools
from collections.abc import Callable

import click

from snapline.base.errors import ExitStatus
from snapline.cli.output import Output


def reports(function: Callable[..., ExitStatus]) -> Callable[..., ExitStatus]:
    """Give a verb ``--format`` and ``--json``, and the output that they ask for as its first argument."""

    @click.option(
        "--format",
        "form",
        type=click.Choice(["text", "json"]),
        default="text",
        show_default=True,
        help="What stdout holds: text, or exactly one JSON document.",
    )
    @click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
    @click.pass_obj
    @functools.wraps(function)
    def command(output: Output, /, *, form: str, as_json: bool, **arguments: object) -> ExitStatus:
        output.as_json = as_json or form == "json"
        return function(output, **arguments)

    return command
