"""The console script: finds the verb, runs it, and turns every ending into its message and exit status."""

from __future__ import annotations

import os
import signal
import sys
import traceback
from collections.abc import Sequence
from itertools import pairwise
from types import FrameType

import click
from click.shell_completion import shell_complete

from snapline import __version__
from snapline.base.errors import ExitStatus, SnaplineError
from snapline.cli.endings import Terminated
from snapline.cli.output import Output, lost, open_closed, patient
from snapline.cli.verbs import Verbs

_COMPLETION = "_SNAPLINE_COMPLETE"


@click.group(cls=Verbs, context_settings={"help_option_names": ["-h", "--help"]}, invoke_without_command=True)
@click.version_option(__version__, message="snapline %(version)s")
@click.pass_obj
def snapline(output: Output) -> None:
    """Turn a spec into the system that work runs on.

    Write a spec, lint it, approve it; agents work on it in isolation; what they bring back is verified against the
    spec in a fresh checkout, reviewed criterion by criterion, landed, and rolled back by the plan it already had.
    """
    context = click.get_current_context()
    if context.invoked_subcommand is None:
        output.line(context.get_help())


def _terminate(_signal: int, _frame: FrameType | None) -> None:
    raise Terminated


def wants_json(arguments: Sequence[str]) -> bool:
    """Whether these arguments ask for JSON, judged before they are parsed: a usage error has to answer in kind."""
    options = arguments[: arguments.index("--")] if "--" in arguments else arguments
    return "--json" in options or "--format=json" in options or ("--format", "json") in pairwise(options)


def execute(arguments: Sequence[str], root: click.Command = snapline, output: Output | None = None) -> int:
    """Run one command line and return its exit status; every error has been reported."""
    output = output or Output(as_json=wants_json(arguments))
    try:
        return _invoke(root, arguments, output)
    except SnaplineError as fault:
        output.error(fault.code, fault.message, fault.hint)
        return fault.exit_status
    except click.ClickException as mistake:
        output.error("usage", mistake.format_message(), _usage_hint(mistake))
        return ExitStatus.USAGE
    except (KeyboardInterrupt, click.Abort):
        output.error("interrupted", "interrupted")
        return ExitStatus.INTERRUPTED
    except Terminated:
        output.error("terminated", "terminated")
        return ExitStatus.TERMINATED
    except Exception as bug:  # noqa: BLE001 - the last resort: a bug must say so and exit 70
        output.note("".join(traceback.format_exception(bug)))
        output.error(
            "bug",
            f"this is a bug in Snapline {__version__}: {type(bug).__name__}: {bug}",
            "Please report it with the traceback and the command that you ran.",
        )
        return ExitStatus.BUG


def _invoke(root: click.Command, arguments: Sequence[str], output: Output) -> int:
    try:
        with root.make_context("snapline", list(arguments), obj=output) as context:
            status = root.invoke(context)
    except click.exceptions.Exit as end:
        status = end.exit_code
    return int(status or ExitStatus.DONE)


def _usage_hint(mistake: click.ClickException) -> str:
    context = mistake.ctx if isinstance(mistake, click.UsageError) else None
    path = context.command_path if context else "snapline"
    return f"`{path} --help` shows how it is used."


def main(root: click.Command = snapline) -> None:
    """Run the process's own command line; never returns."""
    if instruction := os.environ.get(_COMPLETION):
        sys.exit(shell_complete(snapline, {}, "snapline", _COMPLETION, instruction))
    signal.signal(signal.SIGTERM, _terminate)
    open_closed()
    status = _execute(sys.argv[1:], root)
    fault = lost(sys.stdout)
    if fault:
        Output().error("unwritable", f"the output cannot be written: {fault.strerror}")
    sys.exit(status or (ExitStatus.ENVIRONMENT if fault else ExitStatus.DONE))


def _execute(arguments: Sequence[str], root: click.Command) -> int:
    if arguments[:1] == ["lint"]:
        from snapline.cli.remembering import execute_once  # noqa: PLC0415 - only lint remembers

        return execute_once(arguments, lambda output: execute(arguments, root, output), wants_json(arguments))
    sys.stdout, sys.stderr = patient(sys.stdout), patient(sys.stderr)
    return execute(arguments, root)
