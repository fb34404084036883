"""The command reference, from the commands themselves."""

from __future__ import annotations

import inspect
from collections.abc import Iterator

import click

from snapline.base.errors import ExitStatus
from snapline.cli.main import snapline
from snapline.cli.verbs import VERBS, Command, Family

_OUTPUT = """\
Results go to stdout, messages and progress to stderr. With `--json` (the same as `--format json`) stdout is exactly one
JSON document, errors included:
`{"error": {"code", "message", "hint"}}`. Colour appears on terminals only and never when
`NO_COLOR` is set. Of several outcomes the worst decides the exit status: 70, 1, 3, 4, 5, 0."""

_STATUSES = {
    ExitStatus.DONE: "done, accepted, no error among the findings",
    ExitStatus.FAILED: "error findings, or a criterion or constraint failed, is vacuous or flaky",
    ExitStatus.USAGE: "the command line, a configuration file or the name of a spec or task is wrong",
    ExitStatus.ENVIRONMENT: "the machine lacks something, or a check could not run and nothing is worse",
    ExitStatus.REFUSED: "a gate refused",
    ExitStatus.WAITS: "something waits for a person",
    ExitStatus.BUG: "a bug in Snapline",
    ExitStatus.INTERRUPTED: "interrupted by Ctrl-C",
    ExitStatus.TERMINATED: "ended by SIGTERM",
}


def page() -> str:
    """The whole page."""
    parts = [
        "# Commands",
        inspect.cleandoc(snapline.help or ""),
        "\n".join(f"- [`{verb.name}`](#snapline-{verb.name}): {verb.summary}" for verb in VERBS),
        *(_section(verb.name) for verb in VERBS),
        "## Output and exit status",
        _OUTPUT,
        "| status | meaning |\n| --- | --- |\n"
        + "\n".join(f"| {status.value} | {meaning} |" for status, meaning in _STATUSES.items()),
    ]
    return "\n\n".join(parts) + "\n"


def _section(name: str) -> str:
    with click.Context(snapline, info_name="snapline") as parent:
        return "\n\n".join(_command(snapline.get_command(parent, name), name, parent))


def _command(command: click.Command | None, name: str, parent: click.Context) -> Iterator[str]:
    """The parts of one command, and of those that it is a family of."""
    if not isinstance(command, Command):
        raise TypeError(f"{name} is not one of our commands")
    with click.Context(command, info_name=name, parent=parent) as context:
        usage = command.get_usage(context).removeprefix("Usage: ")
        options = list(_options(command, context))
        yield f"{'#' if isinstance(parent.command, Family) else ''}## `{context.command_path}`"
        yield f"    {' '.join(usage.split())}"
        yield inspect.cleandoc(command.help or "")
        yield "| option | meaning |\n| --- | --- |\n" + "\n".join(options)
        examples = "\n".join(f"$ {line}\n# {remark}" for line, remark in command.examples)
        yield f"```sh\n{examples}\n```"
        if isinstance(command, Family):
            for one in command.list_commands(context):
                yield from _command(command.get_command(context, one), one, context)


def _options(command: click.Command, context: click.Context) -> Iterator[str]:
    for parameter in command.get_params(context):
        record = parameter.get_help_record(context)
        if record is not None:
            name, meaning = record
            yield f"| `{name.replace('|', chr(92) + '|')}` | {' '.join(meaning.split()).replace('|', chr(92) + '|')} |"
