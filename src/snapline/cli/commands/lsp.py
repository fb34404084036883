"""``snapline lsp``."""

from __future__ import annotations

from importlib.util import find_spec

import click

from snapline.base.errors import EnvironmentFault, ExitStatus
from snapline.cli.verbs import Command


class NoServer(EnvironmentFault):
    """The language server needs packages that are not installed."""

    code = "no-language-server"
    hint = "Install them: pip install 'snapline[lsp]'"


@click.command(
    cls=Command,
    short_help="Serve editors: diagnostics, completion, fixes, over standard input and output.",
    examples=(("snapline lsp", "For an editor to start; nobody types here."),),
)
@click.option("--stdio", is_flag=True, hidden=True, help="What it does anyway; some editors say it.")
def command(*, stdio: bool) -> ExitStatus:
    """Be a language server: editors start this, and talk to it over standard input and output.

    How to set up VS Code, Neovim, Helix and Emacs stands in docs/how-to/editors.md. Needs the extra `lsp`:
    pip install 'snapline[lsp]'.
    """
    del stdio
    if find_spec("pygls") is None:
        raise NoServer
    from snapline.lsp.stdio import serve  # noqa: PLC0415 - an extra

    return ExitStatus.DONE if serve() else ExitStatus.FAILED
