"""Options that several verbs have."""

from __future__ import annotations

import functools
from collections.abc import Callable

import click

from snapline.base.errors import ExitStatus
from snapline.cli.output import Output

Verb = Callable[..., ExitStatus]


def reports(function: Verb) -> Verb:
    """Give a verb ``--format`` and ``--json``, and the output that they ask for as its first argument."""

    @_formats("text", "json", words="text, or exactly one JSON document")
    @functools.wraps(function)
    def command(output: Output, /, *, form: str, **arguments: object) -> ExitStatus:
        del form
        return function(output, **arguments)

    return command


def reports_as(*more: str, words: str) -> Callable[[Verb], Verb]:
    """The same with further forms; the verb is told which as ``form``."""
    return _formats("text", "json", *more, words=words)


def _formats(*forms: str, words: str) -> Callable[[Verb], Verb]:
    def decorated(function: Verb) -> Verb:
        @click.option(
            "--format",
            "form",
            type=click.Choice(forms),
            default="text",
            show_default=True,
            help=f"What stdout holds: {words}.",
        )
        @click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
        @click.pass_obj
        @functools.wraps(function)
        def command(output: Output, /, *, form: str, as_json: bool, **arguments: object) -> ExitStatus:
            output.as_json = as_json or form == "json"
            return function(output, form="json" if output.as_json else form, **arguments)

        return command

    return decorated
